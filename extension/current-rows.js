/**
 * Rows of an instance, with keys in place of the ids of rows whose primary keys do not travel, so that functions of the
 * config, files and planner all see what stands in the files. They are read ahead: the database begins while the files
 * are still on their way to the core.
 */
import { ReadAhead } from './read-ahead.js';

/**
 * @typedef {import('./core-thread.js').Remote<import('./core.js').Planner>} Planner
 * @typedef {import('./model.js').Entry} Entry
 * @typedef {import('./model.js').Row} Row
 * @typedef {{filter: any, fields: string[]}} Wanted what is read of an entry, in the target's names
 * @typedef {{rows: Row[] | Uint8Array, count: number}} Page as objects, or as text
 *
 * @typedef {object} Source
 * @property {any} session of an instance
 * @property {Planner} planner
 * @property {Entry[]} entries in the order in which they are asked for
 * @property {(entry: Entry) => boolean} wantsObjects whether somebody wants to see the rows
 * @property {import('./variables.js').Variables} variables that hashed values may be made of
 * @property {number} room bytes that are read ahead at most
 * @property {import('./report.js').OnProgress} onProgress
 */

/** What a row takes in memory is not known before it is text. */
const OBJECT_BYTES = 2048;

export class CurrentRows {
  #source;
  #early;
  /** @type {ReadAhead<Page | null>} */
  #ahead;
  /** Pages of the early entries, and null behind the last one of each. */
  #pages;

  /** @param {Source} source @param {[Entry, Wanted][]} early entries, and what is read of them */
  constructor(source, early) {
    this.#source = source;
    this.#early = new Set(early.map(([entry]) => entry));
    this.#ahead = new ReadAhead(this.#readAll(early), source.room);
    this.#pages = this.#ahead.items();
  }

  /**
   * Begins to read. What is read of an entry may depend on placeholders in its files; such a one waits for them.
   *
   * @param {Source} source
   */
  static async begin(source) {
    const early = source.entries.filter(({ withheld = [] }) => withheld.length === 0);
    const wanted = await Promise.all(early.map(entry => wantedOf(source.planner, entry)));
    return new CurrentRows(
      source,
      early.map((entry, index) => [entry, /** @type {Wanted} */ (wanted[index])]),
    );
  }

  /** Tells the planner which row has which key. Reads nothing where nobody refers by key. */
  async readKeys() {
    const { session, planner } = this.#source;
    for (const { collection, fields } of await planner.keysToRead()) {
      for await (const { json } of session.readPages({ collection, fields, filter: null })) {
        await planner.addKeys(collection, json);
      }
    }
  }

  /**
   * Gives the rows inside the entry's filter, then others, which the files have. To be asked once, entry after entry, after
   * {@link readKeys}.
   *
   * @param {Entry} entry
   * @param {{inside: (page: Page) => Promise<unknown>, outside: (page: Page) => Promise<unknown>}} take
   */
  async give(entry, { inside, outside }) {
    const { planner, onProgress } = this.#source;
    const told = (/** @type {number} */ count) => onProgress({ phase: 'read', subject: entry.id, count });
    for await (const page of this.#inside(entry)) {
      await inside(page);
      told(page.count);
    }
    for (const filter of await planner.missingKeys(entry.id)) {
      for await (const page of this.#outside(entry, filter)) {
        await outside(page);
        told(page.count);
      }
    }
  }

  /** @param {Entry} entry @returns {AsyncGenerator<Page, void, void>} */
  async *#inside(entry) {
    if (!this.#early.has(entry)) {
      yield* this.#read(entry, await wantedOf(this.#source.planner, entry));
      return;
    }
    for (;;) {
      const { value } = await this.#pages.next();
      if (!value) return;
      yield await this.#byKey(entry, value);
    }
  }

  /** @param {Entry} entry @param {any} filter @returns {AsyncGenerator<Page, void, void>} */
  async *#outside(entry, filter) {
    const { fields } = await wantedOf(this.#source.planner, entry);
    yield* this.#read(entry, { filter, fields });
  }

  /** Returns once nothing is being read any more. */
  stop() {
    return this.#ahead.stop();
  }

  /** @param {[Entry, Wanted][]} early @returns {AsyncGenerator<import('./read-ahead.js').Read<Page | null>, void, void>} */
  async *#readAll(early) {
    for (const [entry, wanted] of early) {
      for await (const page of this.#plain(entry, wanted)) yield { item: page, bytes: sizeOf(page) };
      yield { item: null, bytes: 0 };
    }
  }

  /** @param {Entry} entry @param {Wanted} wanted @returns {AsyncGenerator<Page, void, void>} */
  async *#read(entry, wanted) {
    for await (const page of this.#plain(entry, wanted)) yield await this.#byKey(entry, page);
  }

  /** @param {Entry} entry @param {Wanted} wanted @returns {AsyncGenerator<Page, void, void>} as the instance has them */
  async *#plain(entry, wanted) {
    const { session, variables, wantsObjects } = this.#source;
    const options = { ...wanted, variables };
    if (!wantsObjects(entry)) {
      for await (const { json, count } of session.readPages(entry, options)) yield { rows: json, count };
      return;
    }
    for await (const rows of session.readRows(entry, options)) yield { rows, count: rows.length };
  }

  /** @param {Entry} entry @param {Page} page @returns {Promise<Page>} */
  async #byKey(entry, { rows, count }) {
    if (!entry.byKey) return { rows, count };
    const text = await this.#source.planner.byKey(entry.id, rows);
    return { rows: Array.isArray(rows) ? JSON.parse(Buffer.from(text).toString()) : text, count };
  }
}

/** @param {Planner} planner @param {Entry} entry @returns {Promise<Wanted>} */
async function wantedOf(planner, { id }) {
  const [filter, fields] = await Promise.all([planner.filterToRead(id), planner.fieldsToRead(id)]);
  return { filter, fields };
}

/** @param {Page} page */
function sizeOf({ rows, count }) {
  return Array.isArray(rows) ? count * OBJECT_BYTES : rows.length;
}
