import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reasonToSkip } from '../../extension/deployments.js';

/**
 * @param {object} state
 * @param {string} [state.applied]
 * @param {any[]} [state.runs] the newest first
 */
function instance({ applied = 'present', runs = [] }) {
  const all = runs.map((run, index) => ({
    id: runs.length - index,
    outcome: 'changed',
    revision: null,
    ...run,
  }));
  return { appliedFingerprint: async () => applied, runs: async () => all };
}

const IMPORT = { start: 'IMPORT', known: 0 };
/** @param {string} fingerprint @param {number | null} [revision] */
const deployment = (fingerprint, revision = null) => ({ fingerprint, revision });

test('what is applied already is not imported', async () => {
  assert.equal(await reasonToSkip(instance({ applied: 'a' }), deployment('a'), IMPORT), 'applied');
});

test('a folder that was replaced since it was imported is an older deployment', async () => {
  const state = instance({ runs: [{ fingerprint: 'new' }, { fingerprint: null }, { fingerprint: 'old' }] });
  assert.equal(await reasonToSkip(state, deployment('old'), IMPORT), 'older');
  assert.equal(await reasonToSkip(state, deployment('never seen'), IMPORT), null);
  assert.equal(await reasonToSkip(state, deployment('old'), { start: 'BOTH', known: 0 }), null);
});

test('the last folder is imported again when something else was applied by hand', async () => {
  const state = instance({ applied: 'by hand', runs: [{ fingerprint: 'last' }] });
  assert.equal(await reasonToSkip(state, deployment('last'), IMPORT), null);
});

test('a revision decides alone: lower is older, equal or higher is imported', async () => {
  const state = instance({
    runs: [
      { fingerprint: 'b', revision: 2 },
      { fingerprint: 'a', revision: 1 },
    ],
  });
  assert.equal(await reasonToSkip(state, deployment('c', 1), IMPORT), 'older');
  assert.equal(await reasonToSkip(state, deployment('a', 2), IMPORT), null);
  assert.equal(await reasonToSkip(state, deployment('a', 3), IMPORT), null, 'a revert');
});

test('a failure does not make a folder older', async () => {
  const state = instance({ runs: [{ fingerprint: 'b', outcome: 'failed' }, { fingerprint: 'a' }] });
  assert.equal(await reasonToSkip(state, deployment('a'), { start: 'IMPORT', known: 2 }), null);
});

test('what failed on another server while this one waited is not tried again', async () => {
  const failure = {
    fingerprint: 'a',
    outcome: 'failed',
    code: 'JSON_INVALID',
    message: 'Broken.',
    who: 'another',
  };
  const state = instance({ runs: [failure] });
  await assert.rejects(() => reasonToSkip(state, deployment('a'), IMPORT), {
    code: 'JSON_INVALID',
    message: /another failed with the same folder just now.*Broken\./,
  });
  assert.equal(
    await reasonToSkip(state, deployment('a'), { start: 'IMPORT', known: 1 }),
    null,
    'a restart tries',
  );
});
