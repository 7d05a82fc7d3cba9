/** The lock between real processes. */
import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { localInstance } from '../../../extension/instances/local.js';
import { forceUnlock, withLock } from '../../../extension/lock.js';
import { failureOf } from './tools.js';

/**
 * Takes the lock several times, and notes in a file when it came in and went out.
 *
 * @param {any} context
 * @param {{file: string, name: string, rounds: number}} input
 */
export async function contend(context, { file, name, rounds }) {
  const instance = localInstance(context);
  const note = (/** @type {string} */ what) => appendFileSync(file, `${what} ${name}\n`);
  for (let round = 0; round < rounds; round++) {
    await withLock(instance, { wait: 60, ttl: 30 }, async lock => {
      note('in');
      await instance.transaction(
        async session => {
          await lock.fence(session);
          await sleep(50);
          await session.recordFingerprint(`${name}${round}`);
        },
        { commit: true },
      );
      note('out');
    });
    await sleep(Math.random() * 100);
  }
}

/**
 * Holds the lock for longer than it lasts by itself, first while it prepares and then in a transaction.
 *
 * @param {any} context
 * @param {{ttl: number, file: string, part: number}} input how many seconds each part takes
 */
export async function outlast(context, { ttl, file, part }) {
  const instance = localInstance(context);
  await withLock(instance, { wait: 0, ttl }, async lock => {
    appendFileSync(file, 'held\n');
    await sleep(part * 1000);
    await instance.transaction(
      async session => {
        await lock.fence(session);
        await sleep(part * 1000);
        await session.recordFingerprint('of the long import');
      },
      { commit: true },
    );
  });
}

/**
 * Takes the lock and never gives it back.
 *
 * @param {any} context
 * @param {{ttl: number, file: string}} input
 */
export function hold(context, { ttl, file }) {
  return withLock(localInstance(context), { wait: 0, ttl }, async () => {
    appendFileSync(file, 'held\n');
    await sleep(600_000);
  });
}

/** @param {any} context @param {{wait: number, ttl: number}} options */
export async function take(context, { wait, ttl }) {
  const instance = localInstance(context);
  const before = await instance.lockState();
  /** @type {any} */
  let waitedFor = null;
  const onWait = (/** @type {any} */ state) => {
    waitedFor = state;
  };
  /** @type {string | null} */
  let found = null;
  const look = async () => {
    found = await instance.appliedFingerprint();
  };
  const failure = await failureOf(() => withLock(instance, { wait, ttl, onWait }, look));
  return { before, waitedFor, failure, found, after: await instance.lockState() };
}

/** @param {any} context */
export async function loses(context) {
  const instance = localInstance(context);
  const write = (/** @type {any} */ lock) =>
    instance.transaction(
      async session => {
        await lock.fence(session);
        await session.recordFingerprint('never');
      },
      { commit: true },
    );
  const unlocked = await failureOf(() =>
    withLock(instance, { wait: 0, ttl: 30 }, async lock => {
      await forceUnlock(instance);
      await write(lock);
    }),
  );
  const takenOver = await failureOf(() =>
    withLock(instance, { wait: 0, ttl: 30 }, async lock => {
      await forceUnlock(instance);
      const other = await instance.acquireLock('another process', 30_000);
      if (!other) throw new Error('The lock is not free.');
      await write(lock);
    }),
  );
  return {
    unlocked,
    takenOver,
    fingerprint: await instance.appliedFingerprint(),
    lock: await instance.lockState(),
  };
}
