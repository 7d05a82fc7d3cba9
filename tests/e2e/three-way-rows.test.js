/** The table of the three-way merge on real databases: every situation of a row under every way to import. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callCase, createBenchProject } from '../support/bench/run.js';
import { combinations } from '../support/combinations.js';

/**
 * @typedef {import('../support/cases/three-way.js').Content} Content
 * @typedef {import('../support/cases/three-way.js').Situation} Situation
 * @typedef {[content: Content, code?: string]} Result what the target then has, and under which code it is told
 */

const OVERWRITTEN = 'DRIFT_OVERWRITTEN';
const KEPT = 'DRIFT_KEPT';
const REFUSED = 'DRIFT_REFUSED';

/** The columns of the table. */
const WAYS = Object.freeze([
  { name: 'sync, overwrite', options: { mode: 'sync', onDrift: 'overwrite' } },
  { name: 'sync, keep', options: { mode: 'sync', onDrift: 'keep' } },
  { name: 'merge', options: { mode: 'merge' } },
  { name: 'create', options: { mode: 'create' } },
  { name: 'mirror', options: { mode: 'mirror' } },
]);

/**
 * The rows of the table: base, files and target, and what the target has afterwards under each of the ways.
 *
 * @type {Record<string, {is: [base: Content, desired: Content, current: Content], gives: Result[], fail?: string}>}
 */
const TABLE = {
  equal: { is: ['a', 'a', 'a'], gives: [['a'], ['a'], ['a'], ['a'], ['a']] },
  equalNew: { is: [null, 'b', 'b'], gives: [['b'], ['b'], ['b'], ['b'], ['b']] },
  equalAgain: { is: ['a', 'c', 'c'], gives: [['c'], ['c'], ['c'], ['c'], ['c']] },
  created: { is: [null, 'b', null], gives: [['b'], ['b'], ['b'], ['b'], ['b']] },
  deletedOnTarget: {
    is: ['a', 'a', null],
    gives: [
      ['a', OVERWRITTEN],
      [null, KEPT],
      ['a', OVERWRITTEN],
      ['a', OVERWRITTEN],
      ['a', OVERWRITTEN],
    ],
    fail: REFUSED,
  },
  changedInFiles: { is: ['a', 'b', 'a'], gives: [['b'], ['b'], ['b'], ['a'], ['b']] },
  changedOnTarget: {
    is: ['a', 'a', 'b'],
    gives: [['a', OVERWRITTEN], ['b', KEPT], ['a', OVERWRITTEN], ['b'], ['a', OVERWRITTEN]],
    fail: REFUSED,
  },
  changedInBoth: {
    is: ['a', 'b', 'c'],
    gives: [
      ['b', 'CONFLICT_OVERWRITTEN'],
      ['c', 'CONFLICT_KEPT'],
      ['b', 'CONFLICT_OVERWRITTEN'],
      ['c'],
      ['b', 'CONFLICT_OVERWRITTEN'],
    ],
    fail: 'CONFLICT_REFUSED',
  },
  createdInBoth: {
    is: [null, 'b', 'c'],
    gives: [
      ['b', 'CONFLICT_OVERWRITTEN'],
      ['c', 'CONFLICT_KEPT'],
      ['b', 'CONFLICT_OVERWRITTEN'],
      ['c'],
      ['b', 'CONFLICT_OVERWRITTEN'],
    ],
    fail: 'CONFLICT_REFUSED',
  },
  removedFromFiles: { is: ['a', null, 'a'], gives: [[null], [null], ['a'], ['a'], [null]] },
  removedAndChanged: {
    is: ['a', null, 'b'],
    gives: [[null, 'CONFLICT_DELETED'], ['b', 'CONFLICT_KEPT'], ['b'], ['b'], [null, 'CONFLICT_DELETED']],
    fail: 'CONFLICT_REFUSED',
  },
  targetsOwn: {
    is: [null, null, 'b'],
    gives: [['b', 'TARGET_ONLY'], ['b', 'TARGET_ONLY'], ['b'], ['b'], [null]],
  },
  goneFromBoth: { is: ['a', null, null], gives: [[null], [null], [null], [null], [null]] },
};

/** Under these codes the target stays as it is, so that they are told again. */
const STAYS = new Set([KEPT, 'CONFLICT_KEPT', 'TARGET_ONLY']);
/** Told of a whole entry. */
const COUNTED = 'DELETE_ROWS';

/** @type {Record<string, Situation>} */
const situations = Object.fromEntries(
  Object.entries(TABLE).map(
    ([
      name,
      {
        is: [base, desired, current],
      },
    ]) => [name, { base, desired, current }],
  ),
);

/** @param {number} way @returns {Record<string, Content>} the rows that the target then has */
function rowsAfter(way) {
  const rows = Object.entries(TABLE).map(([name, { gives }]) => [name, gives[way][0]]);
  return Object.fromEntries(rows.filter(([, content]) => content !== null).sort());
}

/** @param {(name: string) => string | undefined} codeOf @returns {Record<string, string[]>} the rows by code */
function named(codeOf) {
  /** @type {Record<string, string[]>} */
  const rows = {};
  for (const name of Object.keys(TABLE).sort()) {
    const code = codeOf(name);
    if (code) rows[code] = [...(rows[code] ?? []), name];
  }
  return rows;
}

/** @param {{named: Record<string, string[]>}} outcome */
function told({ named: { [COUNTED]: _, ...rest } }) {
  return rest;
}

for (const { name, major, database, skip } of await combinations({ file: 'three-way-rows' })) {
  test(`${name}: rows are merged as the table says`, { skip }, async t => {
    const project = await createBenchProject(t, { major, database });
    const ways = [...WAYS.map(({ options }) => options), { mode: 'sync', onDrift: 'fail' }];
    const outcomes = await callCase(project, 'three-way', 'merges', { situations, ways });
    for (const [way, { name }] of WAYS.entries()) {
      const { rows, refused, again, ...outcome } = outcomes[way];
      assert.equal(refused, null, name);
      assert.deepEqual(rows, rowsAfter(way), name);
      const codes = named(row => TABLE[row].gives[way][1]);
      assert.deepEqual(told(outcome), codes, name);
      const left = Object.keys(codes).filter(code => STAYS.has(code));
      assert.deepEqual([again.steps, again.codes.sort()], [0, left.sort()], `${name}: planned again`);
    }
    const { rows, refused, ...outcome } = outcomes[WAYS.length];
    assert.equal(refused, 'DRIFT_REFUSED');
    assert.deepEqual(
      told(outcome),
      named(row => TABLE[row].fail),
    );
    const before = Object.entries(situations).filter(([, { current }]) => current !== null);
    assert.deepEqual(rows, Object.fromEntries(before.map(([id, { current }]) => [id, current]).sort()));
  });

  test(`${name}: a first import deletes nothing and lists what it leaves`, { skip }, async t => {
    const project = await createBenchProject(t, { major, database });
    const { rows, refused, named } = await callCase(project, 'three-way', 'firstImport');
    assert.equal(refused, null);
    assert.deepEqual(rows, { differs: 'c', fresh: 'b', own: 'a', same: 'a' });
    assert.deepEqual(named.TARGET_ONLY, ['own'], 'without a base a different row is no conflict');
  });
}
