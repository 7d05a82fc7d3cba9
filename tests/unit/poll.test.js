import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { withLock } from '../../extension/lock.js';
import { ImportPoll } from '../../extension/poll.js';
import { fakeInstance } from '../support/fake-instance.js';

const NEVER = Number.POSITIVE_INFINITY;
const OTHER = '0123abcd-1 on another machine, process 1';
const WEEK_MS = 7 * 24 * 60 * 60 * 1000;

/**
 * A poll on an instance whose last import the test sets, under a clock that only the test moves.
 *
 * @param {import('node:test').TestContext} t
 */
function polling(t) {
  mock.timers.enable({ apis: ['setTimeout'] });
  t.after(() => mock.timers.reset());
  const state = { last: { id: 0, who: '', agoMs: NEVER }, failing: false, flushed: 0 };
  /** @type {string[]} */
  const lines = [];
  const log = (/** @type {string} */ line) => lines.push(line);
  const instance = /** @type {any} */ ({
    lastImport: async () => state.last,
    flush: async () => {
      if (state.failing) throw new Error('Redis is gone.');
      state.flushed += 1;
    },
  });
  const poll = new ImportPoll({ instance, logger: { info: log, warn: log, error: log } });
  const nextLook = async () => {
    mock.timers.tick(1000);
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  };
  return { poll, state, lines, nextLook };
}

/** @returns {Promise<string>} how this process is named as the owner of a lock */
async function ownName() {
  let name = '';
  await withLock(/** @type {any} */ (fakeInstance([])), { wait: 0, ttl: 60 }, async lock => {
    name = lock.owner;
  });
  return name;
}

test('an import by another process empties the caches once', async t => {
  const { poll, state, lines, nextLook } = polling(t);
  await poll.start(1);
  await nextLook();
  assert.equal(state.flushed, 0);
  state.last = { id: 7, who: OTHER, agoMs: 10 };
  await nextLook();
  await nextLook();
  assert.equal(state.flushed, 1);
  assert.deepEqual(lines, ['Schema Sync: another process imported; its state is served now.']);
});

test('an import of its own is no news', async t => {
  const { poll, state, lines, nextLook } = polling(t);
  await poll.start(1);
  state.last = { id: 7, who: await ownName(), agoMs: 10 };
  await nextLook();
  assert.equal(state.flushed, 0);
  assert.deepEqual(lines, []);
});

test('what was imported since this process started is not in its caches, however often it looks', async t => {
  const { poll, state } = polling(t);
  state.last = { id: 7, who: OTHER, agoMs: 10 };
  await poll.start(0);
  assert.equal(state.flushed, 1);
});

test('what was imported long before this process started is in its caches', async t => {
  const { poll, state, nextLook } = polling(t);
  state.last = { id: 7, who: OTHER, agoMs: WEEK_MS };
  await poll.start(1);
  await nextLook();
  assert.equal(state.flushed, 0);
});

test('caches that could not be emptied are emptied later, and the problem is said once', async t => {
  const { poll, state, lines, nextLook } = polling(t);
  await poll.start(1);
  state.last = { id: 7, who: OTHER, agoMs: 10 };
  state.failing = true;
  for (let look = 0; look < 3; look++) await nextLook();
  assert.equal(lines.length, 1);
  assert.match(lines[0] ?? '', /cannot look for imports.*\n.*Redis is gone/);
  state.failing = false;
  await nextLook();
  await nextLook();
  assert.equal(state.flushed, 1);
});

test('once it has stopped it looks no more', async t => {
  const { poll, state, nextLook } = polling(t);
  await poll.start(1);
  await poll.stop();
  state.last = { id: 7, who: OTHER, agoMs: 10 };
  await nextLook();
  assert.equal(state.flushed, 0);
});
