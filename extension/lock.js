/**
 * One import or export at a time, over all processes that share a database. The lock lives in the settings row, and all
 * its times are the database's.
 *
 * A holder renews it while it prepares. Inside the import's transaction `fence` keeps the row itself, so that
 * nobody can take the lock over before that transaction has ended, however long it takes; and a holder that
 * lost the lock before finds out by it, before its first write.
 */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { SchemaSyncError } from './errors.js';

/**
 * @typedef {{owner: string, epoch: number}} Claim
 * @typedef {{owner: string, since: Date | null, expires: Date | null, expired: boolean}} LockState
 *
 * @typedef {object} Lockable the part of an instance that holds the lock
 * @property {() => Promise<void>} ensureSettings
 * @property {() => Promise<LockState | null>} lockState
 * @property {(owner: string, ttlMs: number) => Promise<Claim | null>} acquireLock
 * @property {(claim: Claim, ttlMs: number) => Promise<boolean>} renewLock
 * @property {(claim: Claim) => Promise<boolean>} releaseLock
 * @property {() => Promise<void>} forceReleaseLock
 * @property {(error: unknown) => boolean} isBusy whether an error only says that another process writes right now
 *
 * @typedef {{renewLock: (claim: Claim, ttlMs: number) => Promise<boolean>}} Fenced a session on that instance
 *
 * @typedef {object} LockOptions
 * @property {number} wait seconds to wait for another holder
 * @property {number} ttl seconds after which the lock of a dead holder is taken over
 * @property {(state: LockState | null) => void} [onWait] called once, with the holder where it can be told
 *
 * @typedef {object} Lock
 * @property {string} owner
 * @property {(session: Fenced) => Promise<void>} fence has a transaction keep the lock from now on; throws LOCK_LOST when
 *   it is somebody else's by now
 * @property {() => void} resume renews it again, where the transaction that kept it has ended
 */

/** Begins the names of this process as an owner, so that it knows its own runs. */
const PROCESS = randomUUID().slice(0, 8);
let claims = 0;

const POLL_MS = 500;
/** A renewal has this many chances before the lock expires. */
const RENEWALS_PER_TTL = 3;

/**
 * @template T
 * @param {Lockable} instance
 * @param {LockOptions} options
 * @param {(lock: Lock) => Promise<T>} work
 * @returns {Promise<T>}
 * @throws {SchemaSyncError} LOCKED when another holder kept it for longer than `wait`
 */
export async function withLock(instance, options, work) {
  await instance.ensureSettings();
  const claim = await claimLock(instance, options);
  const renewal = new Renewal(instance, claim, options.ttl * 1000);
  try {
    return await work({
      owner: claim.owner,
      fence: session => renewal.fence(session),
      resume: () => renewal.resume(),
    });
  } finally {
    await renewal.stop();
    await patiently(instance, () => instance.releaseLock(claim));
  }
}

/**
 * Takes the lock from its holder, who will not be able to commit any more.
 *
 * @param {Lockable} instance
 * @returns {Promise<LockState | null>} whose it was; null when it was free
 */
export async function forceUnlock(instance) {
  await instance.ensureSettings();
  const state = await instance.lockState();
  if (!state) return null;
  try {
    await instance.forceReleaseLock();
  } catch (error) {
    if (instance.isBusy(error)) throw stillWriting(state.owner, error);
    throw error;
  }
  return state;
}

/** @param {string} owner @param {unknown} cause */
function stillWriting(owner, cause) {
  const message = `${owner} is writing right now, so its lock cannot be released. Wait for it to end, or end that process first.`;
  return new SchemaSyncError('LOCKED', message, { cause });
}

/** @param {string} owner of a lock or a run @returns {boolean} whether it is this process */
export function isOwn(owner) {
  return owner.startsWith(`${PROCESS}-`);
}

/** @returns {string} tells a person where to look, and no two claims share one */
function ownerName() {
  claims += 1;
  return `${PROCESS}-${claims} on ${hostname()}, process ${process.pid}`;
}

/**
 * @param {Lockable} instance
 * @param {LockOptions} options
 * @returns {Promise<Claim>}
 */
async function claimLock(instance, { wait, ttl, onWait }) {
  const owner = ownerName();
  const deadline = performance.now() + wait * 1000;
  for (let attempt = 0; ; attempt++) {
    const claim = await unlessBusy(instance, () => instance.acquireLock(owner, ttl * 1000));
    if (claim) return claim;
    if (performance.now() >= deadline) throw await lockedError(instance, wait);
    if (attempt === 0) onWait?.(await unlessBusy(instance, () => instance.lockState()));
    // Replicas start together; a little chance keeps them from asking together for ever.
    await sleep(POLL_MS * (0.75 + Math.random() / 2));
  }
}

/** @param {Lockable} instance @param {number} wait */
async function lockedError(instance, wait) {
  const state = await unlessBusy(instance, () => instance.lockState());
  const holder = state
    ? `${state.owner} holds the lock since ${state.since?.toISOString() ?? 'an unknown time'}`
    : 'another process keeps the database busy';
  const message =
    `Another import or export is under way: ${holder}. Waited ${wait} s. Nothing was changed. Wait for it to end, or, ` +
    'if that process is gone for certain, run `directus schema-sync unlock`.';
  return new SchemaSyncError('LOCKED', message);
}

/**
 * @template T
 * @param {Lockable} instance
 * @param {() => Promise<T>} act
 * @returns {Promise<T | null>} null when the database was busy
 */
async function unlessBusy(instance, act) {
  try {
    return await act();
  } catch (error) {
    if (!instance.isBusy(error)) throw error;
    return null;
  }
}

/**
 * @param {Lockable} instance
 * @param {() => Promise<unknown>} act
 */
async function patiently(instance, act) {
  for (;;) {
    try {
      await act();
      return;
    } catch (error) {
      if (!instance.isBusy(error)) throw error;
      await sleep(POLL_MS);
    }
  }
}

/** Keeps a lock alive until a transaction holds its row, and after that again. */
class Renewal {
  #instance;
  #claim;
  #ttlMs;
  /** @type {NodeJS.Timeout | undefined} */
  #timer;
  /** @type {Promise<void>} */
  #running = Promise.resolve();

  /** @param {Lockable} instance @param {Claim} claim @param {number} ttlMs */
  constructor(instance, claim, ttlMs) {
    this.#instance = instance;
    this.#claim = claim;
    this.#ttlMs = ttlMs;
    this.resume();
  }

  resume() {
    this.#timer = setInterval(() => this.#renew(), this.#ttlMs / RENEWALS_PER_TTL);
    this.#timer.unref();
  }

  /** @param {Fenced} session */
  async fence(session) {
    await this.stop();
    if (await session.renewLock(this.#claim, this.#ttlMs)) return;
    const message = `The lock of ${this.#claim.owner} expired and was taken over, or was released by \`unlock\`. Nothing was changed; run the import again.`;
    throw new SchemaSyncError('LOCK_LOST', message);
  }

  /** Returns once no renewal is under way, which would wait for the row that a transaction holds. */
  async stop() {
    clearInterval(this.#timer);
    await this.#running;
  }

  #renew() {
    const renew = () => this.#instance.renewLock(this.#claim, this.#ttlMs);
    // A failure is not fatal: the next renewal may succeed, and `fence` decides in the end.
    this.#running = this.#running.then(renew).then(
      () => {},
      () => {},
    );
  }
}
