/**
 * What users of other tools reported, by the number of the report, on every version and database: lost data, and
 * imports that fail. One target goes through all of them.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ids } from '../harness/sample-project.js';
import { callCase, createBenchProject } from '../support/bench/run.js';
import { uuid } from '../support/cases/shop.js';
import { combinations } from '../support/combinations.js';
import { testProjects } from '../support/projects.js';
import { copyFolder } from '../support/sync-folder.js';

const projects = testProjects();

/** @type {{name: string, reports: string, title: string, check: (result: any) => void}[]} */
const KNOWN = [
  {
    name: 'freshDatabase',
    reports:
      'bcc-code/directus-schema-sync#26, #39, #42, #70, #110, tractr/directus-sync#46, #99, directus#9723',
    title: 'a fresh database takes schema, groups, folders, logo and operations at once',
    check({ pending, logo, parent, linked, grouped, created }) {
      assert.ok(created > 10);
      assert.deepEqual(pending, []);
      assert.equal(logo, ids.file.logo);
      assert.equal(parent, ids.folder.media);
      assert.ok(linked >= 2);
      assert.ok(grouped >= 5);
    },
  },
  {
    name: 'rebuiltTable',
    reports: 'directus#17657, #17832',
    title: 'columns that change or go leave rows and references of other tables alone',
    check(result) {
      nothingLost(result);
      for (const step of ['field.update sku', 'field.delete slug', 'field.delete external_id']) {
        assert.ok(result.steps.includes(step), step);
      }
    },
  },
  {
    name: 'nestedRemoval',
    reports: 'directus#27877',
    title: 'a setting that goes from inside a collection or field drops no table',
    check(result) {
      nothingLost(result);
      assert.equal(result.note, null);
    },
  },
  {
    name: 'mergeDeletes',
    reports: 'bcc-code/directus-schema-sync#54, #67',
    title: 'merge deletes neither rows nor fields nor tables',
    check(result) {
      nothingLost(result);
      assert.deepEqual(result.kept, [1]);
      assert.equal(result.sections, true);
    },
  },
  {
    name: 'userPolicies',
    reports: 'tractr/directus-sync#148, #156, #170, #199',
    title: 'users keep their policies and presets',
    check({ links, presets, user }) {
      assert.deepEqual(links, [uuid(80), uuid(81)]);
      assert.deepEqual(presets, ['My own']);
      assert.deepEqual(user, ['customer@example.com']);
    },
  },
  {
    name: 'lastAdmin',
    reports: 'bcc-code/directus-schema-sync#51',
    title: 'a folder without the Administrator locks nobody out',
    check({ admins, codes }) {
      assert.ok(admins.includes('admin@example.com'));
      assert.ok(codes.includes('ADMIN_KEPT'));
    },
  },
  {
    name: 'olderSnapshot',
    reports: 'directus#23235',
    title: 'an older snapshot drops nothing that belongs to Directus',
    check({ before, after, steps }) {
      assert.deepEqual(after, before);
      assert.deepEqual(steps, []);
    },
  },
  {
    name: 'failedApply',
    reports: 'directus#18689',
    title: 'a failed import leaves every foreign key',
    check({ failure, before, after }) {
      assert.equal(failure.code, 'APPLY_FAILED');
      assert.deepEqual(after, before);
    },
  },
  {
    name: 'readError',
    reports: 'tractr/directus-sync#164',
    title: 'an error while reading is not taken for "does not exist"',
    check({ failure, before, after }) {
      assert.equal(failure.code, 'READ_FAILED');
      assert.match(failure.message, /reviews/);
      assert.ok(Number(before) > 0);
      assert.equal(after, before);
    },
  },
  {
    name: 'missingColumns',
    reports: 'bcc-code/directus-schema-sync#9, #59',
    title: 'missing columns of the lock heal',
    check({ healed, tag }) {
      assert.equal(healed, true);
      assert.deepEqual(tag, ['Healed']);
    },
  },
  {
    name: 'repeatedDrop',
    reports: 'directus#24961',
    title: 'a foreign key is dropped once, however often it comes and goes',
    check({ counts, pending }) {
      assert.deepEqual(counts, [0, 1, 0, 1]);
      assert.deepEqual(pending, []);
    },
  },
  {
    name: 'keyThatRefers',
    reports: 'directus#22775',
    title: 'a primary key may be a foreign key',
    check({ pending, rule }) {
      assert.deepEqual(pending, []);
      assert.equal(rule, 'CASCADE');
    },
  },
  {
    name: 'defaults',
    reports: 'directus#23379, #25761',
    title: 'defaults arrive as they are: question marks, quotes, empty, zero, false',
    check({ pending, expected, row }) {
      const { zero, off, ...texts } = row;
      assert.deepEqual(pending, []);
      assert.deepEqual(texts, expected);
      assert.equal(zero, 0);
      assert.ok(off === false || off === 0);
    },
  },
  {
    name: 'counters',
    reports: 'directus#10358, #14677, tractr/directus-sync#41',
    title: 'a sequence of another database becomes a counter of this one',
    check({ pending, keys }) {
      assert.deepEqual(pending, []);
      assert.deepEqual(keys, [1, 2]);
    },
  },
  {
    name: 'largeRow',
    reports: 'directus#23326',
    title: 'a row of several megabytes is not too large',
    check({ pending, arrived }) {
      assert.equal(pending, 0);
      assert.equal(arrived, true);
    },
  },
];

/** @param {{before: any, after: any}} result */
function nothingLost({ before, after }) {
  assert.ok(before.products.length > 0);
  assert.deepEqual(after, before);
}

for (const { name, major, database, skip } of await combinations()) {
  test(`${name}: known problems of other tools`, { skip }, async t => {
    const target = await createBenchProject(t, { major, database, template: 'b' });
    await copyFolder(await projects.exportedSample({ major, database }), target);
    const results = await callCase(target, 'known-problems', 'provokeAll');
    for (const { name, reports, title, check } of KNOWN) {
      await t.test(`${reports}: ${title}`, () => {
        assert.equal(results[name].crash, undefined);
        check(results[name]);
      });
    }
  });
}
