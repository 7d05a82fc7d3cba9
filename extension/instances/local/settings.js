/**
 * Our columns in `directus_settings`: the fingerprint that was applied last, and the lock. The first three
 * have the names that the community extension gave them, so that its instances are taken over as they are.
 *
 * All times are the database's, so that servers with different clocks agree.
 */
import { unlessDone } from './once.js';

/**
 * @typedef {import('./context.js').Knex} Knex
 * @typedef {import('./dialect.js').Dialect} Dialect
 *
 * @typedef {object} LockState
 * @property {string} owner
 * @property {Date | null} since when it was taken
 * @property {Date | null} expires
 * @property {boolean} expired whether it may be taken over
 *
 * @typedef {{owner: string, epoch: number}} Claim what a holder shows to prove that the lock is still its own
 */

const TABLE = 'directus_settings';

/** @type {readonly {name: string, add: (table: any) => void}[]} */
const COLUMNS = Object.freeze([
  { name: 'mv_hash', add: table => table.string('mv_hash').defaultTo('') },
  { name: 'mv_ts', add: table => table.timestamp('mv_ts', { useTz: true }).nullable() },
  { name: 'mv_locked', add: table => table.boolean('mv_locked').defaultTo(false) },
  { name: 'mv_owner', add: table => table.string('mv_owner').nullable() },
  { name: 'mv_epoch', add: table => table.integer('mv_epoch').defaultTo(0) },
  { name: 'mv_expires', add: table => table.bigInteger('mv_expires').nullable() },
]);

/** The settings row of one database. */
export class Settings {
  #database;
  #dialect;

  /** @param {Knex} database @param {Dialect} dialect */
  constructor(database, dialect) {
    this.#database = database;
    this.#dialect = dialect;
  }

  /** Adds what is missing. Two processes may do so at once. */
  async ensure() {
    for (const column of COLUMNS) await this.#ensureColumn(column);
    await this.#ensureRow();
  }

  /** @returns {Promise<boolean>} whether all columns and the row are there */
  async isComplete() {
    const columns = await this.#database(TABLE).columnInfo();
    return COLUMNS.every(({ name }) => name in columns) && (await this.#row(['id'])) !== undefined;
  }

  /** @returns {Promise<string | null>} hex; `null` when nothing was applied yet */
  async appliedFingerprint() {
    const row = await this.#rowIfComplete(['mv_hash']);
    return row?.mv_hash || null;
  }

  /**
   * A lock without an owner is none: the community extension left `mv_locked` behind when it was killed.
   *
   * @returns {Promise<LockState | null>}
   */
  async lockState() {
    const row = await this.#rowIfComplete(['mv_owner', 'mv_ts', 'mv_expires', this.#nowColumn()]);
    if (!row?.mv_owner) return null;
    const expires = row.mv_expires === null ? null : Number(row.mv_expires);
    return {
      owner: row.mv_owner,
      since: asDate(row.mv_ts),
      expires: expires === null ? null : new Date(expires),
      expired: expires === null || expires < Number(row.now_ms),
    };
  }

  /**
   * One statement, so that of several processes exactly one succeeds.
   *
   * @param {string} owner
   * @param {number} ttlMs
   * @returns {Promise<Claim | null>} `null` when somebody else holds it
   */
  async acquire(owner, ttlMs) {
    const free = (/** @type {any} */ query) =>
      query.whereNull('mv_owner').orWhereNull('mv_expires').orWhere('mv_expires', '<', this.#now());
    const values = {
      mv_owner: owner,
      mv_epoch: this.#database.raw('COALESCE(mv_epoch, 0) + 1'),
      mv_expires: this.#expiry(ttlMs),
      mv_locked: true,
      mv_ts: this.#timestamp(),
    };
    const taken = await this.#atOnce(trx => this.#update(values, trx).where(free));
    if (taken === 0) return null;
    const row = await this.#row(['mv_owner', 'mv_epoch']);
    return row.mv_owner === owner ? { owner, epoch: Number(row.mv_epoch) } : null;
  }

  /**
   * @param {Claim} claim
   * @param {number} ttlMs
   * @param {Knex} [trx] a transaction, which then keeps the row for itself until it ends
   * @returns {Promise<boolean>} false when the lock is somebody else's by now
   */
  async renew(claim, ttlMs, trx) {
    const renewed = await this.#update({ mv_expires: this.#expiry(ttlMs) }, trx).where(mine(claim));
    return renewed > 0;
  }

  /** @param {Claim} claim @returns {Promise<boolean>} false when it was not ours any more */
  async release(claim) {
    const released = await this.#update({ mv_owner: null, mv_expires: null, mv_locked: false }).where(
      mine(claim),
    );
    return released > 0;
  }

  /** Takes the lock from whoever holds it; the epoch makes sure that the former holder cannot commit. */
  async forceRelease() {
    const values = {
      mv_owner: null,
      mv_expires: null,
      mv_locked: false,
      mv_epoch: this.#database.raw('COALESCE(mv_epoch, 0) + 1'),
    };
    await this.#atOnce(trx => this.#update(values, trx));
  }

  /** @param {string} fingerprint hex @param {Knex} trx */
  async recordFingerprint(fingerprint, trx) {
    await this.#update({ mv_hash: fingerprint, mv_ts: this.#timestamp() }, trx);
  }

  /**
   * Fails where it would have to wait for the transaction of a holder, so that a caller's patience is its own.
   *
   * @param {(database: Knex) => Promise<number>} act
   * @returns {Promise<number>}
   */
  #atOnce(act) {
    if (!this.#dialect.locksRows) return act(this.#database);
    return this.#database.transaction(async (/** @type {Knex} */ trx) => {
      await trx(TABLE).select('id').forUpdate().noWait();
      return act(trx);
    });
  }

  /** @param {Record<string, unknown>} values @param {Knex} [trx] */
  #update(values, trx = this.#database) {
    return trx(TABLE).update(values);
  }

  /** @param {unknown[]} columns @returns {Promise<any>} */
  #row(columns) {
    return this.#database(TABLE).select(columns).orderBy('id').first();
  }

  /**
   * An instance that was never imported into has no columns of ours, and reading does not make them.
   *
   * @param {unknown[]} columns
   */
  async #rowIfComplete(columns) {
    try {
      return await this.#row(columns);
    } catch (error) {
      if (await this.isComplete()) throw error;
      return undefined;
    }
  }

  /** @param {typeof COLUMNS[number]} column */
  #ensureColumn({ name, add }) {
    const exists = () => this.#database.schema.hasColumn(TABLE, name);
    return unlessDone(() => this.#database.schema.alterTable(TABLE, add), exists);
  }

  async #ensureRow() {
    const exists = async () => (await this.#row(['id'])) !== undefined;
    // A fixed key makes the second of two processes fail instead of adding a second row.
    await unlessDone(() => this.#database(TABLE).insert({ id: 1 }), exists);
  }

  #now() {
    return this.#database.raw(this.#dialect.nowMs);
  }

  #nowColumn() {
    return this.#database.raw(`${this.#dialect.nowMs} AS now_ms`);
  }

  #timestamp() {
    return this.#database.raw(this.#dialect.nowTimestamp);
  }

  /** @param {number} ttlMs */
  #expiry(ttlMs) {
    return this.#database.raw(`${this.#dialect.nowMs} + ?`, [Math.round(ttlMs)]);
  }
}

/** @param {Claim} claim */
function mine({ owner, epoch }) {
  return { mv_owner: owner, mv_epoch: epoch };
}

/** @param {unknown} value as the driver gives a timestamp: a date, milliseconds, or text in UTC */
function asDate(value) {
  if (value === null || value === undefined) return null;
  if (value instanceof Date || typeof value === 'number') return new Date(value);
  const text = String(value);
  return new Date(/[zZ]|[+-]\d\d:?\d\d$/.test(text) ? text : `${text.replace(' ', 'T')}Z`);
}
