import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { Quiet } from '../../extension/quiet.js';

const QUIET = 100;
const CAP = 350;

/**
 * A recorder under a clock that only the test moves.
 *
 * @param {import('node:test').TestContext} t
 * @param {(noted: string[]) => unknown} [work]
 */
function quietly(t, work = () => {}) {
  mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  t.after(() => mock.timers.reset());
  /** @type {string[][]} */
  const runs = [];
  /** @type {unknown[]} */
  const failures = [];
  const quiet = new Quiet(
    async noted => {
      runs.push([...noted].sort());
      await work([...noted]);
    },
    { quietMs: QUIET, capMs: CAP, onFailure: error => failures.push(error) },
  );
  /** @param {number} ms */
  const pass = async ms => {
    mock.timers.tick(ms);
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  };
  return { quiet, runs, failures, pass };
}

test('work starts a quiet time after the last change, with all of them', async t => {
  const { quiet, runs, pass } = quietly(t);
  quiet.note(['posts']);
  await pass(QUIET - 1);
  quiet.note(['authors', 'posts']);
  await pass(QUIET - 1);
  assert.deepEqual(runs, []);
  await pass(1);
  assert.deepEqual(runs, [['authors', 'posts']]);
  await pass(10_000);
  assert.equal(runs.length, 1, 'nothing is noted any more');
});

test('a burst that does not end is interrupted', async t => {
  const { quiet, runs, pass } = quietly(t);
  for (let passed = 0; passed < CAP; passed += 50) {
    quiet.note(['posts']);
    await pass(50);
  }
  assert.deepEqual(runs, [['posts']]);
});

test('a change during the work makes it run again, and never at the same time', async t => {
  /** @type {(() => void)[]} */
  const ends = [];
  const work = () => new Promise(resolve => ends.push(() => resolve(undefined)));
  const { quiet, runs, pass } = quietly(t, work);
  quiet.note(['first']);
  await pass(QUIET);
  quiet.note(['second']);
  await pass(10_000);
  assert.deepEqual(runs, [['first']]);
  ends[0]?.();
  await pass(0);
  await pass(QUIET);
  assert.deepEqual(runs, [['first'], ['second']]);
});

test('changes that go on do not put off another try', async t => {
  let broken = true;
  const { quiet, runs, pass } = quietly(t, () => {
    if (broken) throw new Error('the disk is full');
  });
  quiet.note(['posts']);
  await pass(QUIET);
  broken = false;
  for (let passed = 0; passed < 2 * QUIET; passed += 20) {
    quiet.note(['authors']);
    await pass(20);
  }
  assert.deepEqual(runs, [['posts'], ['authors', 'posts']]);
});

test('what failed is tried again, later each time, together with what came meanwhile', async t => {
  let broken = true;
  const { quiet, runs, failures, pass } = quietly(t, () => {
    if (broken) throw new Error('The disk is full.');
  });
  quiet.note(['posts']);
  await pass(QUIET);
  await pass(QUIET * 2 - 1);
  assert.equal(runs.length, 1);
  await pass(1);
  assert.equal(runs.length, 2);
  broken = false;
  quiet.note(['authors']);
  await pass(QUIET * 4);
  assert.deepEqual(runs.at(-1), ['authors', 'posts']);
  assert.equal(failures.length, 2);
  quiet.note(['posts']);
  await pass(QUIET);
  assert.equal(runs.length, 4, 'after a success the quiet time is the usual one');
});

test('the end of a process does at once what is noted, and waits for it', async t => {
  const { quiet, runs, pass } = quietly(t);
  quiet.note(['posts']);
  await quiet.flush();
  assert.deepEqual(runs, [['posts']]);
  await quiet.flush();
  await pass(10_000);
  assert.equal(runs.length, 1);
});

test('what fails at the end is told and left', async t => {
  const { quiet, runs, failures, pass } = quietly(t, () => {
    throw new Error('The database is gone.');
  });
  quiet.note(['posts']);
  assert.deepEqual(await quiet.flush(), ['posts']);
  await pass(1_000_000);
  assert.equal(runs.length, 1);
  assert.equal(failures.length, 1);
});

test('who stops it waits for what runs, of which nothing is tried again', async t => {
  /** @type {(() => void)[]} */
  const ends = [];
  const { quiet, runs, pass } = quietly(
    t,
    () => new Promise((_, reject) => ends.push(() => reject(new Error('gone')))),
  );
  quiet.note(['first']);
  await pass(QUIET);
  quiet.note(['second']);
  let isStopped = false;
  const stopped = quiet.stop().then(forgotten => {
    isStopped = true;
    return forgotten.sort();
  });
  await pass(0);
  assert.equal(isStopped, false);
  ends[0]?.();
  assert.deepEqual(await stopped, ['first', 'second']);
  await pass(1_000_000);
  assert.deepEqual(runs, [['first']]);
});
