/** The history of imports and exports, of which the newest are kept. */
import { ensureTable } from './once.js';
import { DEFINITIONS, RUNS } from './tables.js';

/**
 * @typedef {import('../../runs.js').Run} Run
 * @typedef {import('../../runs.js').PastRun} PastRun
 * @typedef {import('./context.js').Knex} Knex
 * @typedef {import('./dialect.js').Dialect} Dialect
 */

const KEPT = 100;

/** The table of runs. */
export class Runs {
  #database;
  #dialect;

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
   * Adds a run that ends now, and lets go of the oldest.
   *
   * @param {Run} run
   * @param {Knex} [trx] the transaction of the changes that the run made
   */
  async add({ counts, ...run }, trx = this.#database) {
    const ended = trx.raw(this.#dialect.nowMs);
    await trx(RUNS).insert({ ...run, ended, counts: counts ? JSON.stringify(counts) : null });
    const [oldest] = await newest(trx).offset(KEPT).limit(1).select('id');
    if (oldest) await trx(RUNS).where('id', '<=', oldest.id).delete();
  }

  /** @returns {Promise<PastRun[]>} the newest first */
  async list() {
    if (!(await this.isComplete())) return [];
    return (await newest(this.#database).select()).map(pastRun);
  }
}

/** @param {Knex} trx */
function newest(trx) {
  return trx(RUNS).orderBy('id', 'desc');
}

/** @param {any} row @returns {PastRun} */
function pastRun({ started, ended, counts, ...row }) {
  return {
    ...row,
    started: new Date(Number(started)),
    ended: new Date(Number(ended)),
    counts: counts === null ? null : JSON.parse(counts),
  };
}
