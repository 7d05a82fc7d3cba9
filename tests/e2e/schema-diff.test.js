/**
 * The core's schema diff against Directus' own, over every kind of change to the sample project's schema: both
 * must make the same of the target. They differ on purpose only where Directus loses or repeats something, and
 * those differences are tests of their own.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { loadCore } from '../../extension/core.js';
import { DIRECTUS_VERSIONS, directusCommand, MAJORS } from '../harness/directus.js';
import { node22 } from '../harness/node22.js';
import { runChecked } from '../harness/process.js';
import { effectOf } from '../support/diff-effect.js';
import { seeded } from '../support/random.js';
import { MUTATIONS, mutated } from '../support/schema-mutations.js';

/** @typedef {import('../harness/directus.js').Major} Major */
/** @typedef {import('../support/diff-effect.js').Json} Json */
/** @typedef {{current: Json, desired: Json, name: string}} Pair */

const FIXTURES = join(import.meta.dirname, '../fixtures');
const DIRECTUS_DIFF = join(import.meta.dirname, '../support/directus-diff.mjs');

/** How often each kind of change is tried, together with others at random. */
const ROUNDS = 3;

for (const major of MAJORS) {
  test(`mirror equals the diff of Directus ${DIRECTUS_VERSIONS[major]}`, async () => {
    const pairs = mutations(major, Object.keys(MUTATIONS));
    await assertSameEffect(major, pairs, 'mirror', await directusDiffs(major, pairs));
  });
}

test('merge equals the merge of Directus 12', async () => {
  // Directus drops indexes under merge too, and leaves out one half of a change from column to alias.
  const unlike = ['droppedIndex', 'columnToAlias', 'aliasToColumn'];
  const alike = Object.keys(MUTATIONS).filter(name => !unlike.includes(name));
  const pairs = mutations('12', alike);
  await assertSameEffect('12', pairs, 'merge', await directusDiffs('12', pairs, { mode: 'merge' }));
});

test('a setting that the files leave out stays, and no diff begins with a deletion inside', async () => {
  for (const major of MAJORS) {
    const current = snapshotOf(major);
    const desired = structuredClone(current);
    for (const { meta } of [...desired.collections, ...desired.fields, ...desired.relations])
      delete meta.note;
    delete desired.collections[0].meta.icon;
    desired.collections[0].meta.hidden = !desired.collections[0].meta.hidden;
    const diff = (await loadCore()).diffSnapshots(desired, current, 'mirror');
    const { collection } = desired.collections[0];
    const { hidden } = current.collections[0].meta;
    const edit = { kind: 'E', path: ['meta', 'hidden'], lhs: hidden, rhs: !hidden };
    assert.deepEqual(diff, {
      collections: [{ collection, diff: [edit] }],
      fields: [],
      systemFields: [],
      relations: [],
    });
  }
});

test('what follows from the database is not compared', async () => {
  const current = snapshotOf('12');
  const desired = structuredClone(current);
  desired.vendor = 'postgres';
  for (const { schema, meta } of desired.fields.filter((/** @type {Json} */ field) => field.schema)) {
    schema.data_type = `other ${schema.data_type}`;
    meta.special = meta.special?.filter((/** @type {string} */ flag) => flag !== 'cast-timestamp') ?? null;
  }
  for (const { schema } of desired.relations) if (schema) schema.constraint_name = 'other';
  delete desired.systemFields;
  assert.deepEqual((await loadCore()).diffSnapshots(desired, current, 'mirror'), {
    collections: [],
    fields: [],
    systemFields: [],
    relations: [],
  });
});

test('schemas of Directus 11 and 12 converge in both directions', async () => {
  const core = await loadCore();
  const [eleven, twelve] = [snapshotOf('11'), snapshotOf('12')];
  for (const [desired, current] of [
    [eleven, twelve],
    [twelve, eleven],
  ]) {
    const diff = core.diffSnapshots(desired, current, 'mirror');
    assert.deepEqual(diff, { collections: [], fields: [], systemFields: [], relations: [] });
  }
});

/**
 * The schema of the sample project.
 *
 * @param {Major} major
 * @returns {any}
 */
function snapshotOf(major) {
  return JSON.parse(readFileSync(join(FIXTURES, `snapshot-${DIRECTUS_VERSIONS[major]}.json`), 'utf8'));
}

/**
 * @param {Major} major
 * @param {string[]} kinds
 * @returns {Pair[]}
 */
function mutations(major, kinds) {
  const current = snapshotOf(major);
  const names = Array.from({ length: ROUNDS }, () => kinds).flat();
  return names.map((name, seed) => {
    const { snapshot, names } = mutated(current, name, kinds, seeded(seed));
    return { current, desired: snapshot, name: `seed ${seed}: ${names.join(', ')}` };
  });
}

/**
 * What `getSnapshotDiff` of the installed Directus says; it is a pure function of two snapshots.
 *
 * @param {Major} major
 * @param {Pair[]} pairs
 * @param {object} [options]
 * @returns {Promise<Json[]>}
 */
async function directusDiffs(major, pairs, options) {
  const install = join(dirname(directusCommand(major)), '../..');
  const input = JSON.stringify(pairs.map(({ current, desired }) => [current, desired, options]));
  const { stdout } = await runChecked(node22().bin, [DIRECTUS_DIFF, install], { input, env: process.env });
  return JSON.parse(stdout);
}

/**
 * @param {Major} major
 * @param {Pair[]} pairs
 * @param {'merge' | 'mirror'} mode
 * @param {Json[]} expected Directus' diffs
 */
async function assertSameEffect(major, pairs, mode, expected) {
  const core = await loadCore();
  assert.ok(pairs.length >= 60, `only ${pairs.length} mutations on Directus ${major}`);
  let changes = 0;
  for (const [at, { current, desired, name }] of pairs.entries()) {
    const wanted = effectOf(current, expected[at]);
    changes += Object.keys(wanted).length;
    assert.deepEqual(effectOf(current, core.diffSnapshots(desired, current, mode)), wanted, name);
  }
  assert.ok(changes > pairs.length, 'the mutations hardly change anything');
}
