/** What we know of contents in the storage of files: their hashes, and which of them no row refers to. */
import { chunks } from './chunks.js';
import { ensureTable } from './once.js';
import { DEFINITIONS, FILES } from './tables.js';

/**
 * @typedef {import('./context.js').Knex} Knex
 *
 * @typedef {object} Content
 * @property {string} file the id of its row in `directus_files`
 * @property {string} storage location of Directus
 * @property {string} disk name in that location
 * @property {'known' | 'staged' | 'obsolete'} state `staged` before a row refers to it, `obsolete` afterwards
 * @property {string | null} sha256 hex
 * @property {number | null} size bytes; null until it is written
 * @property {number | null} modified milliseconds since the epoch, by the storage's clock
 */

const PLACE = Object.freeze(['storage', 'disk']);

/** @param {Pick<Content, 'storage' | 'disk'>} content @returns {string} what tells it from others */
export function placeOf({ storage, disk }) {
  return `${storage}/${disk}`;
}

export class Ledger {
  #database;
  #isThere = false;

  /** @param {Knex} database */
  constructor(database) {
    this.#database = database;
  }

  /** Adds the table where it is missing. Two processes may do so at once. */
  async ensure() {
    await ensureTable(this.#database, FILES, /** @type {any} */ (DEFINITIONS[FILES]));
  }

  /** @param {Knex} [trx] @returns {Promise<boolean>} whether the table is there */
  async isComplete(trx = this.#database) {
    this.#isThere ||= await trx.schema.hasTable(FILES);
    return this.#isThere;
  }

  /**
   * @param {string[]} names in the storage
   * @param {Knex} trx
   * @returns {Promise<Map<string, Content>>} what is known of contents with these names, by {@link placeOf}
   */
  async known(names, trx) {
    const known = new Map();
    if (!(await this.isComplete(trx))) return known;
    for (const chunk of chunks(names)) {
      for (const row of await trx(FILES).where({ state: 'known' }).whereIn('disk', chunk))
        known.set(placeOf(row), contentOf(row));
    }
    return known;
  }

  /**
   * @param {string} file
   * @param {string} sha256
   * @param {Knex} trx
   * @returns {Promise<Content | null>} a content that waits for the file's row, written to its end
   */
  async staged(file, sha256, trx) {
    const row = await trx(FILES).where({ file, sha256, state: 'staged' }).whereNotNull('size').first();
    return row ? contentOf(row) : null;
  }

  /** @returns {Promise<Content[]>} those that a run left behind, or is about to */
  async abandoned() {
    if (!(await this.isComplete())) return [];
    return (await this.#database(FILES).whereIn('state', ['staged', 'obsolete'])).map(contentOf);
  }

  /** @param {Content[]} contents @param {Knex} [trx] */
  async put(contents, trx = this.#database) {
    for (const chunk of chunks(contents)) await trx(FILES).insert(chunk).onConflict(PLACE).merge();
  }

  /** @param {Content} content */
  async drop({ storage, disk }) {
    await this.#database(FILES).where({ storage, disk }).delete();
  }
}

/** @param {any} row whose large numbers some drivers give as text @returns {Content} */
function contentOf({ id: _, size, modified, ...row }) {
  const number = (/** @type {unknown} */ value) => (value === null ? null : Number(value));
  return { ...row, size: number(size), modified: number(modified) };
}
