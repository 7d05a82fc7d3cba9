/** The Directus that this process runs in, through its in-process services. */
import { withSchemaKept } from '../errors.js';
import { announce } from './local/announcing.js';
import { clearCaches, reloadFlows } from './local/caches.js';
import { Contents } from './local/contents.js';
import { dialectOf } from './local/dialect.js';
import { readLicence } from './local/licence.js';
import { Runs } from './local/runs.js';
import { LocalSession } from './local/session.js';
import { Settings } from './local/settings.js';
import { State } from './local/state.js';
import { runTransaction } from './local/transaction.js';
import { repairUnfinished } from './local/unfinished.js';

/**
 * @typedef {import('./local/context.js').Context} Context
 * @typedef {import('./local/settings.js').Claim} Claim
 */

/**
 * @param {Context} context
 * @returns {LocalInstance}
 */
export function localInstance(context) {
  return new LocalInstance(context);
}

export class LocalInstance {
  #context;
  #dialect;
  #settings;
  #state;
  #runs;
  #contents;

  /** @param {Context} context */
  constructor(context) {
    this.#context = context;
    this.#dialect = dialectOf(context.database);
    this.#settings = new Settings(context.database, this.#dialect);
    this.#state = new State(context.database, this.#dialect);
    this.#runs = new Runs(context.database, this.#dialect);
    this.#contents = new Contents(context);
  }

  /** Adds our columns to `directus_settings`, its row, and our own tables, where they are missing. */
  async ensureSettings() {
    for (const part of this.#parts()) await part.ensure();
  }

  /** @returns {Promise<boolean>} whether `ensureSettings` would do nothing */
  async hasSettings() {
    for (const part of this.#parts()) if (!(await part.isComplete())) return false;
    return true;
  }

  #parts() {
    return [this.#settings, this.#state, this.#runs, this.#contents.table];
  }

  /** @returns {Promise<import('./local/state.js').Agreement>} what files and instance last agreed on */
  agreement() {
    return this.#state.agreement();
  }

  /** @returns {Promise<boolean>} whether they have ever agreed on anything */
  hasBase() {
    return this.#state.hasBase();
  }

  /** @returns {Promise<string>} what keys the hashes that are kept; hex, empty where nothing was kept so far */
  secret() {
    return this.#state.secret();
  }

  /** @returns {Promise<import('../runs.js').PastRun[]>} the newest first */
  runs() {
    return this.#runs.list();
  }

  /** @returns {Promise<import('./local/runs.js').LastImport>} */
  lastImport() {
    return this.#runs.lastImport();
  }

  /** @returns {Promise<string | null>} hash of the manifest that files and instance last agreed on */
  lastFolder() {
    return this.#runs.lastFolder();
  }

  /** @returns {Promise<number>} the database's clock, in milliseconds since the epoch */
  now() {
    return this.#runs.now();
  }

  /**
   * The error of the run is what people have to see, so that one of the recording is only told.
   *
   * @param {import('../runs.js').Run} run
   */
  async recordFailure(run) {
    try {
      await this.#runs.add(run);
    } catch (error) {
      const reason = /** @type {Error} */ (error).message;
      this.#context.logger.warn(`Schema Sync: the failed ${run.kind} could not be recorded (${reason}).`);
    }
  }

  /** @returns {Promise<string | null>} hex; `null` when nothing was applied yet */
  appliedFingerprint() {
    return this.#settings.appliedFingerprint();
  }

  /** @returns {Promise<import('./local/settings.js').LockState | null>} */
  lockState() {
    return this.#settings.lockState();
  }

  /** @param {string} owner @param {number} ttlMs @returns {Promise<Claim | null>} `null` when it is taken */
  acquireLock(owner, ttlMs) {
    return this.#settings.acquire(owner, ttlMs);
  }

  /** @param {Claim} claim @param {number} ttlMs @returns {Promise<boolean>} false when it was lost */
  renewLock(claim, ttlMs) {
    return this.#settings.renew(claim, ttlMs);
  }

  /** @param {Claim} claim @returns {Promise<boolean>} false when it was lost */
  releaseLock(claim) {
    return this.#settings.release(claim);
  }

  /** @param {unknown} error @returns {boolean} whether it only says that another process writes right now */
  isBusy(error) {
    return this.#dialect.isBusy(error);
  }

  /** Takes the lock from whoever holds it. */
  forceReleaseLock() {
    return this.#settings.forceRelease();
  }

  /**
   * Takes back or carries through what a killed import began of the schema, where the database does not do that by
   * itself. Only for who holds the lock.
   */
  async repairSchema() {
    if (!this.#dialect.commitsSchema) return;
    const note = await this.#state.unfinished();
    if (!note) return;
    await repairUnfinished(this.#session(this.#context.database), note);
    await this.#state.forgetUnfinished();
    await this.flush();
  }

  /**
   * Runs `work` in ONE transaction. A failure rolls everything back, but for what the database commits by itself of the
   * schema, and so does `commit: false`. Caches are emptied
   * afterwards, unless `work` is known to change nothing that they hold. Then events tell of what was committed.
   *
   * @template T
   * @param {(session: LocalSession) => Promise<T>} work
   * @param {{commit: boolean, keepsCaches?: boolean}} options
   * @returns {Promise<T>}
   */
  async transaction(work, { commit, keepsCaches = false }) {
    const { database, getSchema } = this.#context;
    await readLicence();
    // Directus' counters ask for the cached schema. Filled now, they cannot fill it from inside.
    await getSchema();
    let isCommitted = false;
    /** @type {LocalSession[]} one for each attempt */
    const sessions = [];
    /** @type {T} */
    let result;
    try {
      const attempt = (/** @type {import('./local/context.js').Knex} */ trx) => {
        sessions.push(this.#session(trx));
        return work(/** @type {LocalSession} */ (sessions.at(-1)));
      };
      result = await runTransaction(database, this.#dialect, attempt, { commit });
      isCommitted = commit;
      if (isCommitted) this.#contents.settle();
    } catch (error) {
      throw sessions.some(({ keepsSchema }) => keepsSchema) ? withSchemaKept(error) : error;
    } finally {
      if (!keepsCaches) await this.#flushAfter(isCommitted);
    }
    if (isCommitted) await announce(this.#context, sessions.at(-1)?.announced ?? []);
    return result;
  }

  /**
   * Also after a rollback, since Directus may have kept what it saw inside. A failure changes nothing about
   * what was committed, so it is only told.
   *
   * @param {boolean} isCommitted
   */
  async #flushAfter(isCommitted) {
    try {
      await clearCaches(this.#context);
      if (isCommitted) await reloadFlows(this.#context);
    } catch (error) {
      const reason = /** @type {Error} */ (error).message;
      this.#context.logger.warn(`Schema Sync: caches could not be emptied (${reason}). Restart the servers.`);
    }
  }

  /**
   * Copies contents beside those that are there, for the rows of a plan to refer to.
   *
   * @param {import('./local/contents.js').Wanted[]} wanted
   * @param {(wanted: import('./local/contents.js').Wanted) => Promise<import('node:stream').Readable>} open
   */
  stageContents(wanted, open) {
    return this.#contents.stage(wanted, open);
  }

  /** Removes contents that were replaced, and those that no row came to refer to. Only for who holds the lock. */
  tidyContents() {
    return this.#contents.tidy();
  }

  /** Empties Directus' caches and reloads its flows, in all servers that share its message bus. */
  async flush() {
    await clearCaches(this.#context);
    await reloadFlows(this.#context);
  }

  /** @param {import('./local/context.js').Knex} trx */
  #session(trx) {
    return new LocalSession({
      context: this.#context,
      trx,
      dialect: this.#dialect,
      settings: this.#settings,
      state: this.#state,
      runs: this.#runs,
      contents: this.#contents,
    });
  }
}
