/** Reading real instances: our columns in the settings, facts, rows. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DIRECTUS_VERSIONS, MAJORS } from '../harness/directus.js';
import { callCase, createBenchProject } from '../support/bench/run.js';
import { uuid } from '../support/cases/shop.js';

for (const major of MAJORS) {
  test(`Directus ${major}: the settings heal, whatever the community extension left`, async t => {
    const project = await createBenchProject(t, { major });
    const { untouched, complete, rows, fingerprint, lock, claim } = await callCase(
      project,
      'instance',
      'settings',
    );
    assert.deepEqual(untouched, { complete: false, fingerprint: null, lock: null });
    assert.equal(complete, true);
    assert.deepEqual(rows, [{ count: 1 }]);
    assert.equal(fingerprint, 'community');
    assert.equal(lock, null, 'mv_locked without an owner is no lock');
    assert.equal(claim, true);
  });

  test(`Directus ${major}: facts name what the core plans with`, async t => {
    const project = await createBenchProject(t, { major });
    const facts = await callCase(project, 'instance', 'facts');
    assert.equal(facts.directus, DIRECTUS_VERSIONS[major]);
    assert.equal(facts.vendor, 'sqlite');
    assert.equal(facts.adminRole, true);
    assert.equal(facts.key.generated, true);
    assert.equal(facts.key.type, 'integer');
    assert.equal(facts.name.unique, true);
    assert.equal(facts.name.generated, false);
    assert.equal(facts.alias, 'alias');
    assert.deepEqual(facts.relation, {
      collection: 'posts',
      field: 'author',
      related: 'authors',
      collectionField: null,
      allowed: null,
      constraint: true,
      onDelete: 'CASCADE',
    });
    assert.equal(facts.anyRelation.related, 'directus_dashboards');
    assert.equal(facts.ambiguous.code, 'ADMIN_AMBIGUOUS');
    assert.match(facts.ambiguous.message, new RegExp(uuid(70)));
    assert.deepEqual(facts.named, { role: uuid(70), policy: uuid(71) });
    assert.equal(facts.notFound.code, 'ADMIN_NOT_FOUND');
    if (major === '11') assert.deepEqual(facts.limits, {});
    else assert.deepEqual(facts.limits.collections, { limit: 25, used: 2 });
  });

  test(`Directus ${major}: rows come in pages, as ItemsService gives them`, async t => {
    const project = await createBenchProject(t, { major });
    const rows = await callCase(project, 'instance', 'rows');
    assert.deepEqual(rows.pages, [1000, 1000, 502]);
    assert.deepEqual(rows.ours, rows.theirs);
    assert.equal(
      rows.filtered,
      Array.from({ length: 2500 }, (_, n) => n).filter(n => n % 7 === 3 && `t${n}`.startsWith('t1')).length,
    );
    assert.deepEqual(
      rows.limited.map((/** @type {any} */ { id }) => id),
      [3499, 3498],
    );
    assert.deepEqual(rows.newCollection, []);
    assert.deepEqual(Object.keys(rows.newField[0]), ['id', 'title']);
    assert.deepEqual(rows.newFilter, [], 'nothing is inside a filter over a field that is yet to come');
    assert.equal(rows.failure.code, 'READ_FAILED');
    assert.equal(rows.failure.path, 'posts');
    assert.deepEqual(rows.existing, [uuid(1)]);
    assert.deepEqual(rows.existingNumbers, [7, '9']);
    assert.deepEqual(rows.existingNowhere, []);
  });

  test(`Directus ${major}: a dry run sees its own writes and leaves none`, async t => {
    const project = await createBenchProject(t, { major });
    assert.deepEqual(await callCase(project, 'instance', 'dryRun'), {
      seen: [{ id: 1 }],
      same: true,
      cached: null,
    });
  });

  test(`Directus ${major}: our own tables keep base and runs, and stay out of what is shared`, async t => {
    const project = await createBenchProject(t, { major });
    const { sameSecret, bytes, base, hasBase, age, count, newest, oldest, ...shared } = await callCase(
      project,
      'instance',
      'ownTables',
    );
    assert.deepEqual([sameSecret, bytes, base], [true, 32, '{"a":2}']);
    assert.deepEqual(hasBase, [false, true]);
    assert.ok(age >= 0 && age < 60_000, `agreed on ${age} ms ago by the clock of the database`);
    assert.deepEqual([count, oldest], [200, { number: 5 }], 'the newest hundred of each sort are kept');
    const [failed, last] = newest;
    assert.deepEqual(
      [failed.outcome, failed.code, failed.message, failed.counts],
      ['failed', 'APPLY_FAILED', 'It broke.', null],
    );
    assert.deepEqual([last.outcome, last.who, last.counts], ['changed', 'somebody', { number: 104 }]);
    assert.equal(last.started, '1970-01-01T00:00:00.001Z');
    const used = major === '11' ? null : 0;
    assert.deepEqual(shared, { inFacts: [], inSnapshot: false, used });
  });
}
