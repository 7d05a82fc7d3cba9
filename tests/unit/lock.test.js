import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { forceUnlock, withLock } from '../../extension/lock.js';

/** The lock of an instance, in memory, with the clock of this process. */
class MemoryLock {
  /** @type {{owner: string, epoch: number, expires: number} | null} */
  held = null;
  epoch = 0;
  renewals = 0;
  /** How many of the next calls find the database busy. */
  busy = 0;

  async ensureSettings() {}

  async lockState() {
    this.#meetTraffic();
    if (!this.held) return null;
    const { owner, expires } = this.held;
    return { owner, since: new Date(0), expires: new Date(expires), expired: expires < Date.now() };
  }

  /** @param {string} owner @param {number} ttlMs */
  async acquireLock(owner, ttlMs) {
    this.#meetTraffic();
    if (this.held && this.held.expires >= Date.now()) return null;
    this.epoch += 1;
    this.held = { owner, epoch: this.epoch, expires: Date.now() + ttlMs };
    return { owner, epoch: this.epoch };
  }

  /** @param {{owner: string, epoch: number}} claim @param {number} ttlMs */
  async renewLock(claim, ttlMs) {
    if (this.held?.epoch !== claim.epoch) return false;
    this.held.expires = Date.now() + ttlMs;
    this.renewals += 1;
    return true;
  }

  /** @param {{owner: string, epoch: number}} claim */
  async releaseLock(claim) {
    this.#meetTraffic();
    if (this.held?.epoch !== claim.epoch) return false;
    this.held = null;
    return true;
  }

  async forceReleaseLock() {
    this.#meetTraffic();
    this.held = null;
  }

  /** @param {any} error */
  isBusy(error) {
    return error.message === 'busy';
  }

  #meetTraffic() {
    if (this.busy-- > 0) throw new Error('busy');
  }
}

/** @param {MemoryLock} instance */
function methodsOf(instance) {
  return {
    ensureSettings: () => instance.ensureSettings(),
    lockState: () => instance.lockState(),
    acquireLock: instance.acquireLock.bind(instance),
    renewLock: instance.renewLock.bind(instance),
    releaseLock: instance.releaseLock.bind(instance),
    forceReleaseLock: () => instance.forceReleaseLock(),
    isBusy: instance.isBusy.bind(instance),
  };
}

const OPTIONS = Object.freeze({ wait: 0, ttl: 10 });

test('the lock is held during the work and released after it', async () => {
  const instance = new MemoryLock();
  const result = await withLock(instance, OPTIONS, async lock => {
    assert.equal(instance.held?.owner, lock.owner);
    return 42;
  });
  assert.equal(result, 42);
  assert.equal(instance.held, null);
});

test('it is released after work that fails, and the failure is passed on', async () => {
  const instance = new MemoryLock();
  const work = () => Promise.reject(new Error('broken'));
  await assert.rejects(withLock(instance, OPTIONS, work), { message: 'broken' });
  assert.equal(instance.held, null);
});

test('who does not get it in time is told who holds it', async () => {
  const instance = new MemoryLock();
  await instance.acquireLock('somebody', 60_000);
  /** @type {(string | undefined)[]} */
  const waited = [];
  const options = { wait: 1, ttl: 10, onWait: (/** @type {any} */ state) => waited.push(state?.owner) };
  const started = performance.now();
  await assert.rejects(
    withLock(instance, options, async () => assert.fail('the work must not run')),
    {
      code: 'LOCKED',
      exitCode: 4,
      message: /somebody holds the lock since 1970-01-01T00:00:00\.000Z.*unlock/,
    },
  );
  assert.ok(performance.now() - started >= 1000);
  assert.deepEqual(waited, ['somebody'], 'told once');
  assert.equal(instance.held?.owner, 'somebody');
});

test('it is taken over once it has expired', async () => {
  const instance = new MemoryLock();
  await instance.acquireLock('dead process', -1);
  await withLock(instance, OPTIONS, async lock => assert.equal(instance.held?.owner, lock.owner));
});

test('it is renewed while the work goes on, and no more once it is fenced', async () => {
  const instance = new MemoryLock();
  await withLock(instance, { wait: 0, ttl: 0.3 }, async lock => {
    await sleep(500);
    assert.ok(instance.renewals >= 3);
    await lock.fence(instance);
    const renewals = instance.renewals;
    await sleep(300);
    assert.equal(instance.renewals, renewals);
    lock.resume();
    await sleep(500);
    assert.ok(instance.renewals > renewals, 'again, where a transaction keeps it no more');
  });
});

test('a holder that lost it fails at the fence and leaves it to the other', async () => {
  const instance = new MemoryLock();
  const work = withLock(instance, OPTIONS, async lock => {
    assert.match((await forceUnlock(instance))?.owner ?? '', /process/);
    await instance.acquireLock('another', 60_000);
    await lock.fence(instance);
  });
  await assert.rejects(work, { code: 'LOCK_LOST', exitCode: 4 });
  assert.equal(instance.held?.owner, 'another');
});

test('a busy database is waited for, at the beginning and at the end', async () => {
  const instance = new MemoryLock();
  instance.busy = 1;
  await withLock(instance, { wait: 5, ttl: 10 }, async () => {
    instance.busy = 2;
  });
  assert.equal(instance.held, null);
});

test('the lock of a holder that writes right now is not released', async () => {
  const instance = new MemoryLock();
  await instance.acquireLock('somebody', 60_000);
  const forced = forceUnlock({
    ...methodsOf(instance),
    forceReleaseLock: () => Promise.reject(new Error('busy')),
  });
  await assert.rejects(forced, { code: 'LOCKED', message: /somebody is writing right now/ });
  assert.equal(instance.held?.owner, 'somebody');
});

test('unlocking a free lock says that it was free', async () => {
  assert.equal(await forceUnlock(new MemoryLock()), null);
});
