/** What the instance keeps for itself: a secret, and the base that files and instance last agreed on. */
import { randomBytes } from 'node:crypto';
import { pieces } from './chunks.js';
import { ensureTable, unlessDone } from './once.js';
import { DEFINITIONS, STATE } from './tables.js';

/**
 * @typedef {import('./context.js').Knex} Knex
 * @typedef {import('./dialect.js').Dialect} Dialect
 *
 * @typedef {object} Agreement what the core merges with
 * @property {Uint8Array} secret keys the hashes of the base
 * @property {Uint8Array} [base] as the core gave it; none before the first import or export
 * @property {Date} [since] when it was agreed on, by the database's clock
 */

const SECRET_BYTES = 32;
const UNFINISHED = 'unfinished';
/** The row of the base, or of its first piece; others have their place behind the name. */
const BASE = 'base';

/** The table of names and values. */
export class State {
  #database;
  #dialect;

  /** @param {Knex} database @param {Dialect} dialect */
  constructor(database, dialect) {
    this.#database = database;
    this.#dialect = dialect;
  }

  /** Adds what is missing. Two processes may do so at once. */
  async ensure() {
    const database = this.#database;
    await ensureTable(database, STATE, /** @type {any} */ (DEFINITIONS[STATE]));
    await unlessDone(
      () => database(STATE).insert(this.#row('secret', newSecret())),
      () => this.#has('secret'),
    );
  }

  /** @returns {Promise<boolean>} whether the table is there; the secret comes with the first need of it */
  isComplete() {
    return this.#database.schema.hasTable(STATE);
  }

  /** @returns {Promise<boolean>} whether files and instance have ever agreed on anything */
  hasBase() {
    return this.#has(BASE);
  }

  /**
   * On an instance that has no secret yet, one for this time only: nothing that is made with it is kept.
   *
   * @param {Knex} [trx]
   * @returns {Promise<Agreement>}
   */
  async agreement(trx = this.#database) {
    const rows = await this.#rows(trx);
    const secret = rows.find(({ name }) => name === 'secret')?.value ?? newSecret();
    const first = rows.find(({ name }) => name === BASE);
    const base = rows.filter(({ name }) => isOfBase(name)).sort((a, b) => placeOf(a.name) - placeOf(b.name));
    return {
      secret: Buffer.from(secret, 'hex'),
      ...(first && {
        base: Buffer.from(base.map(({ value }) => value).join('')),
        since: new Date(Number(first.changed)),
      }),
    };
  }

  /**
   * Without the base, which may be megabytes.
   *
   * @param {Knex} [trx]
   * @returns {Promise<string>} hex; empty where there is none yet
   */
  async secret(trx = this.#database) {
    if (!(await trx.schema.hasTable(STATE))) return '';
    return (await trx(STATE).where({ name: 'secret' }).first('value'))?.value ?? '';
  }

  /** @param {Uint8Array} base as the core gave it @param {Knex} trx of the changes that lead to it */
  async recordBase(base, trx) {
    const text = Buffer.from(base).toString();
    await trx(STATE).where('name', 'like', `${BASE}.%`).delete();
    let place = 0;
    for (const piece of pieces(text, this.#dialect.mostCharacters)) {
      await this.#put(this.#row(place === 0 ? BASE : `${BASE}.${place}`, piece), trx);
      place += 1;
    }
  }

  /** @param {Knex} [trx] @returns {Promise<string>} what was noted last of steps under way; empty where nothing was */
  async unfinished(trx = this.#database) {
    return (await trx(STATE).where({ name: UNFINISHED }).first('value'))?.value ?? '';
  }

  /** @param {string} note @param {Knex} trx */
  async noteUnfinished(note, trx) {
    await this.#put(this.#row(UNFINISHED, note), trx);
  }

  /** @param {Knex} [trx] */
  async forgetUnfinished(trx = this.#database) {
    await trx(STATE).where({ name: UNFINISHED }).delete();
  }

  /** @param {{name: string, value: string}} row @param {Knex} trx */
  async #put(row, trx) {
    const updated = await trx(STATE).where({ name: row.name }).update(row);
    if (updated === 0) await trx(STATE).insert(row);
  }

  /** A base may be megabytes, so it is not read for this. @param {string} name */
  async #has(name) {
    if (!(await this.isComplete())) return false;
    return (await this.#database(STATE).where({ name }).first('name')) !== undefined;
  }

  /** @param {string} name @param {string} value */
  #row(name, value) {
    return { name, value, changed: this.#database.raw(this.#dialect.nowMs) };
  }

  /** @param {Knex} trx @returns {Promise<{name: string, value: string, changed: any}[]>} */
  async #rows(trx) {
    // A statement that fails would spoil the whole transaction on PostgreSQL, so the table is asked for first.
    if (!(await trx.schema.hasTable(STATE))) return [];
    return trx(STATE).select('name', 'value', 'changed');
  }
}

/** @param {string} name */
function isOfBase(name) {
  return name === BASE || name.startsWith(`${BASE}.`);
}

/** @param {string} name of a piece */
function placeOf(name) {
  return Number(name.slice(BASE.length + 1));
}

/** @returns {string} hex */
function newSecret() {
  return randomBytes(SECRET_BYTES).toString('hex');
}
