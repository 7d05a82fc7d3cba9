/** The table of the three-way merge for schemas on real databases: collections, fields and relations. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callCase, createBenchProject } from '../support/bench/run.js';
import { combinations } from '../support/combinations.js';

/**
 * @typedef {import('../support/cases/three-way-schema.js').Content} Content
 * @typedef {import('../support/cases/three-way-schema.js').Things} Things
 * @typedef {[content: Content, code?: string]} Result what the target then has, and under which code it is told
 */

/** The columns of the table; the last one is refused. */
const WAYS = Object.freeze([
  { mode: 'sync', onDrift: 'overwrite' },
  { mode: 'sync', onDrift: 'keep' },
  { mode: 'merge' },
  { mode: 'create' },
  { mode: 'mirror' },
  { mode: 'sync', onDrift: 'fail' },
]);
const REFUSED = WAYS.length - 1;

const DRIFT = 'DRIFT_OVERWRITTEN';
const CONFLICT = 'CONFLICT_OVERWRITTEN';
const DELETED = 'CONFLICT_DELETED';

/**
 * The rows of the table: base, files and target, what the target has afterwards under each of the ways, and what
 * refuses the last one.
 *
 * @type {Record<string, {is: [base: Content, desired: Content, current: Content], gives: Result[], fail?: string}>}
 */
const TABLE = {
  equal: { is: ['a', 'a', 'a'], gives: [['a'], ['a'], ['a'], ['a'], ['a']] },
  created: { is: [null, 'b', null], gives: [['b'], ['b'], ['b'], ['b'], ['b']] },
  deleted_on_target: {
    is: ['a', 'a', null],
    gives: [
      ['a', DRIFT],
      [null, 'DRIFT_KEPT'],
      ['a', DRIFT],
      ['a', DRIFT],
      ['a', DRIFT],
    ],
    fail: 'DRIFT_REFUSED',
  },
  changed_in_files: { is: ['a', 'b', 'a'], gives: [['b'], ['b'], ['b'], ['a'], ['b']] },
  changed_on_target: {
    is: ['a', 'a', 'c'],
    gives: [['a', DRIFT], ['c', 'DRIFT_KEPT'], ['a', DRIFT], ['c'], ['a', DRIFT]],
    fail: 'DRIFT_REFUSED',
  },
  changed_in_both: {
    is: ['a', 'b', 'c'],
    gives: [['b', CONFLICT], ['c', 'CONFLICT_KEPT'], ['b', CONFLICT], ['c'], ['b', CONFLICT]],
    fail: 'CONFLICT_REFUSED',
  },
  removed_from_files: { is: ['a', null, 'a'], gives: [[null], [null], ['a'], ['a'], [null]] },
  removed_and_changed: {
    is: ['a', null, 'c'],
    gives: [[null, DELETED], ['c', 'CONFLICT_KEPT'], ['c'], ['c'], [null, DELETED]],
    fail: 'CONFLICT_REFUSED',
  },
  targets_own: {
    is: [null, null, 'c'],
    gives: [['c', 'TARGET_ONLY'], ['c', 'TARGET_ONLY'], ['c'], ['c'], [null]],
    fail: 'TARGET_ONLY',
  },
  gone_from_both: { is: ['a', null, null], gives: [[null], [null], [null], [null], [null]] },
};

/** What stays as it is on the target is told again. */
const STAYS = /_KEPT$|^TARGET_ONLY$/;

const situations = situationsOf(Object.keys(TABLE));

/** @param {string[]} names */
function situationsOf(names) {
  const sides = names.map(name => {
    const [base, desired, current] = TABLE[name].is;
    return [name, { base, desired, current }];
  });
  return Object.fromEntries(sides);
}

/** @param {Record<string, Content>} contents @returns {Record<string, Things>} the same for things of every kind */
function ofEveryKind(contents) {
  const present = Object.entries(contents).filter(([, content]) => content !== null);
  const things = Object.fromEntries(present.sort());
  return { collections: things, fields: things, relations: things };
}

/** @param {(name: string) => Content} contentOf */
function thingsWith(contentOf) {
  return ofEveryKind(Object.fromEntries(Object.keys(TABLE).map(name => [name, contentOf(name)])));
}

/** @param {(name: string) => string | undefined} codeOf @returns {Record<string, string[]>} things by code */
function named(codeOf) {
  /** @type {Record<string, string[]>} */
  const things = {};
  for (const name of Object.keys(TABLE)) {
    const code = codeOf(name);
    if (code) things[code] = [...(things[code] ?? []), `c_${name}`, `f_${name}`, `r_${name}`];
  }
  for (const list of Object.values(things)) list.sort();
  return things;
}

for (const { name, major, database, skip } of await combinations({ file: 'three-way-schema' })) {
  test(`${name}: the schema is merged as the table says`, { skip }, async t => {
    const project = await createBenchProject(t, { major, database });
    const outcomes = await callCase(project, 'three-way-schema', 'merges', { situations, ways: WAYS });
    for (const [way, { things, refused, named: told, again }] of outcomes.slice(0, REFUSED).entries()) {
      const name = JSON.stringify(WAYS[way]);
      const codes = named(thing => TABLE[thing].gives[way][1]);
      assert.equal(refused, null, name);
      assert.deepEqual(told, codes, name);
      assert.deepEqual(
        things,
        thingsWith(thing => TABLE[thing].gives[way][0]),
        name,
      );
      const left = Object.keys(codes).filter(code => STAYS.test(code));
      assert.deepEqual([again.steps, again.codes.sort()], [0, left.sort()], `${name}: planned again`);
    }
    const { things, refused, named: told } = outcomes[REFUSED];
    assert.equal(refused, 'DRIFT_REFUSED');
    const { TARGET_ONLY: _, ...refusing } = named(thing => TABLE[thing].fail);
    assert.deepEqual(told, refusing);
    assert.deepEqual(
      things,
      thingsWith(thing => TABLE[thing].is[2]),
      'nothing was changed',
    );
  });

  test(`${name}: an export leaves the schema that waits in the folder`, { skip }, async t => {
    const project = await createBenchProject(t, { major, database });
    const names = Object.keys(TABLE).filter(name => !TABLE[name].fail?.startsWith('CONFLICT'));
    const input = { situations: situationsOf(names) };
    const { waiting, things } = await callCase(project, 'three-way-schema', 'exportMerges', input);
    assert.deepEqual(waiting, ['PENDING_IMPORT']);
    assert.deepEqual(
      things,
      ofEveryKind({
        changed_in_files: 'b',
        changed_on_target: 'c',
        created: 'b',
        equal: 'a',
        targets_own: 'c',
      }),
    );
  });
}
