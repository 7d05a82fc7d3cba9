/** What an export leaves in the folder, on real databases: work of others that waits for an import. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callCase, createBenchProject } from '../support/bench/run.js';
import { combinations } from '../support/combinations.js';

/**
 * @typedef {import('../support/cases/three-way.js').Content} Content
 * @typedef {import('../support/cases/three-way.js').Situation} Situation
 */

/**
 * Base, files and instance, what the folder holds after the export, and the step that an import then has to do.
 *
 * @type {Record<string, {is: [base: Content, desired: Content, current: Content], holds: Content, waits?: string}>}
 */
const MERGED = {
  equal: { is: ['a', 'a', 'a'], holds: 'a' },
  equalAgain: { is: ['a', 'c', 'c'], holds: 'c' },
  created: { is: [null, null, 'b'], holds: 'b' },
  changed: { is: ['a', 'a', 'b'], holds: 'b' },
  deleted: { is: ['a', 'a', null], holds: null },
  createdInFiles: { is: [null, 'b', null], holds: 'b', waits: 'create' },
  changedInFiles: { is: ['a', 'b', 'a'], holds: 'b', waits: 'update' },
  removedFromFiles: { is: ['a', null, 'a'], holds: null, waits: 'delete' },
  goneFromBoth: { is: ['a', null, null], holds: null },
};

/** @type {Record<string, [base: Content, desired: Content, current: Content]>} */
const CONFLICTS = {
  changedInBoth: ['a', 'b', 'c'],
  createdInBoth: [null, 'b', 'c'],
  deletedButChangedInFiles: ['a', 'b', null],
  removedFromFilesButChanged: ['a', null, 'b'],
};

/** @param {[string, [base: Content, desired: Content, current: Content]][]} rows @returns {Record<string, Situation>} */
function situationsOf(rows) {
  return Object.fromEntries(
    rows.map(([name, [base, desired, current]]) => [name, { base, desired, current }]),
  );
}

const merged = situationsOf(Object.entries(MERGED).map(([name, { is }]) => [name, is]));
const conflicting = situationsOf(Object.entries(CONFLICTS));

/** @param {Record<string, Content>} rows */
function present(rows) {
  return Object.fromEntries(Object.entries(rows).filter(([, content]) => content !== null));
}

/** @param {Record<string, Situation>} situations @param {keyof Situation} side */
function rowsOf(situations, side) {
  return present(
    Object.fromEntries(Object.entries(situations).map(([name, situation]) => [name, situation[side]])),
  );
}

for (const { name, major, database, skip } of await combinations()) {
  test(`${name}: what was changed in the folder alone stays there`, { skip }, async t => {
    const project = await createBenchProject(t, { major, database });
    const outcome = await callCase(project, 'three-way', 'exportMerges', { situations: merged });
    const waiting = Object.entries(MERGED).filter(([, { waits }]) => waits);
    assert.equal(outcome.refused, null);
    assert.deepEqual(
      outcome.rows,
      present(Object.fromEntries(Object.entries(MERGED).map(([name, { holds }]) => [name, holds]))),
    );
    assert.deepEqual(outcome.named.PENDING_IMPORT, waiting.map(([name]) => name).sort());
    assert.equal(outcome.isTarget, true, 'an export changes no instance');
    assert.deepEqual(outcome.again, { steps: waiting.length, codes: ['DELETE_ROWS'] }, 'nothing is drift');
  });

  test(`${name}: the schema is merged as well`, { skip }, async t => {
    const project = await createBenchProject(t, { major, database });
    const done = await callCase(project, 'three-way', 'exportMergesSchema');
    assert.deepEqual([done.merged.refused, done.merged.pending], [null, true]);
    assert.deepEqual(done.notes, ['From git', 'From the Studio']);
    assert.equal(done.fields.includes('price'), false, 'what the folder removed stays removed');
    assert.equal(done.row.includes('price'), false, 'its values, too');
    assert.deepEqual(done.steps, ['field.update text', 'field.delete price']);
    assert.equal(done.stopped.refused, 'EXPORT_CONFLICT');
    assert.deepEqual([done.overwritten.refused, done.after], [null, 'From the Studio']);
  });

  test(`${name}: what changed on both sides stops the export`, { skip }, async t => {
    const project = await createBenchProject(t, { major, database });
    const stopped = await callCase(project, 'three-way', 'exportMerges', { situations: conflicting });
    assert.equal(stopped.refused, 'EXPORT_CONFLICT');
    assert.deepEqual(stopped.named.EXPORT_CONFLICT, Object.keys(CONFLICTS).sort());
    assert.deepEqual(stopped.rows, rowsOf(conflicting, 'desired'), 'not a byte was written');
    const input = { situations: { ...merged, ...conflicting }, overwrite: true };
    const overwritten = await callCase(project, 'three-way', 'exportMerges', input);
    assert.deepEqual([overwritten.refused, overwritten.pending], [null, false]);
    assert.deepEqual(overwritten.rows, rowsOf(input.situations, 'current'));
    assert.deepEqual(overwritten.again, { steps: 0, codes: [] });
  });
}
