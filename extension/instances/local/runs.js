/** The history of imports and exports, of which the newest are kept. */
import { SUCCESSES } from '../../runs.js';
import { ensureTable } from './once.js';
import { DEFINITIONS, RUNS } from './tables.js';

/**
 * @typedef {object} LastImport the last one that changed something
 * @property {number} id counts up; 0 before the first
 * @property {string} who process and machine
 * @property {number} agoMs milliseconds since it was recorded, by the database's clock
 *
 * @typedef {import('../../runs.js').Run} Run
 * @typedef {import('../../runs.js').PastRun} PastRun
 * @typedef {import('./context.js').Knex} Knex
 * @typedef {import('./dialect.js').Dialect} Dialect
 */

/** Of each kind, and of those that succeeded and those that did not: what was imported must outlast endless failures. */
const KEPT = 100;
/** Names of machines may be longer than the column. */
const WHO_LENGTH = 255;

/** The table of runs. */
export class Runs {
  #database;
  #dialect;
  #found = false;

  /** @param {Knex} database @param {Dialect} dialect */
  constructor(database, dialect) {
    this.#database = database;
    this.#dialect = dialect;
  }

  /** Adds the table where it is missing. Two processes may do so at once. */
  ensure() {
    return ensureTable(this.#database, RUNS, /** @type {any} */ (DEFINITIONS[RUNS]));
  }

  /** @returns {Promise<boolean>} */
  isComplete() {
    return this.#database.schema.hasTable(RUNS);
  }

  /** @returns {Promise<number>} the database's clock, in milliseconds since the epoch */
  async now() {
    const query = this.#database.select(this.#database.raw(`${this.#dialect.nowMs} AS now_ms`)).first();
    return Number((await query).now_ms);
  }

  /**
   * Adds a run that ends now, and lets go of the oldest of its sort.
   *
   * @param {Run} run
   * @param {Knex} [trx] the transaction of the changes that the run made
   */
  async add({ who, counts, ...run }, trx = this.#database) {
    await trx(RUNS).insert({
      ...run,
      who: who.slice(0, WHO_LENGTH),
      ended: trx.raw(this.#dialect.nowMs),
      counts: counts ? JSON.stringify(counts) : null,
    });
    const [oldest] = await ofSort(newest(trx), run).offset(KEPT).limit(1).select('id');
    if (oldest) await ofSort(trx(RUNS), run).where('id', '<=', oldest.id).delete();
  }

  /** @returns {Promise<LastImport>} */
  async lastImport() {
    const none = { id: 0, who: '', agoMs: Number.POSITIVE_INFINITY };
    if (!(await this.#isThere())) return none;
    const now = this.#database.raw(`${this.#dialect.nowMs} AS now_ms`);
    const imports = newest(this.#database).where({ kind: 'import', outcome: 'changed' });
    const last = await imports.first('id', 'who', 'ended', now);
    return last ? { id: last.id, who: last.who, agoMs: Number(last.now_ms) - Number(last.ended) } : none;
  }

  /** @returns {Promise<string | null>} hash of the manifest that files and instance last agreed on */
  async lastFolder() {
    if (!(await this.#isThere())) return null;
    const last = await newest(this.#database).whereIn('outcome', SUCCESSES).first('folder');
    return last?.folder ?? null;
  }

  /** The table does not go away again, so it is looked for only until it is found. */
  async #isThere() {
    this.#found ||= await this.isComplete();
    return this.#found;
  }

  /** @returns {Promise<PastRun[]>} the newest first */
  async list() {
    if (!(await this.#isThere())) return [];
    return (await newest(this.#database).select()).map(pastRun);
  }
}

/** @param {Knex} trx */
function newest(trx) {
  return trx(RUNS).orderBy('id', 'desc');
}

/** @param {any} query @param {Pick<Run, 'kind' | 'outcome'>} run */
function ofSort(query, { kind, outcome }) {
  const isSuccess = SUCCESSES.includes(outcome);
  return query.where({ kind })[isSuccess ? 'whereIn' : 'whereNotIn']('outcome', SUCCESSES);
}

/** @param {any} row @returns {PastRun} */
function pastRun({ started, ended, revision, counts, ...row }) {
  return {
    ...row,
    started: new Date(Number(started)),
    ended: new Date(Number(ended)),
    revision: revision === null ? null : Number(revision),
    counts: counts === null ? null : JSON.parse(counts),
  };
}
