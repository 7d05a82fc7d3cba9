/**
 * The contents of an instance's files. What they hold is known by their SHA-256, which is taken once and believed as long
 * as the storage says that nothing was written since. New ones come under names of their own, beside what is there, so
 * that nothing is lost before the commit.
 */
import { randomBytes } from 'node:crypto';
import { SchemaSyncError } from '../../errors.js';
import { chunks } from './chunks.js';
import { Ledger, placeOf } from './ledger.js';
import { inParallel } from './parallel.js';
import { diskAt, firstLocation, removeFrom, sha256At, statOf, writeTo } from './storage.js';

/**
 * @typedef {import('./context.js').Context} Context
 * @typedef {import('./context.js').Knex} Knex
 * @typedef {import('./ledger.js').Content} Content
 * @typedef {import('./storage.js').Stat} Stat
 *
 * @typedef {{id: string, storage: string, filename_disk: string | null}} FileRow of `directus_files`
 *
 * @typedef {object} Wanted a content that a row is to have
 * @property {string} file the row's id
 * @property {string} sha256
 * @property {string} extension with its dot, or empty
 * @property {string} [type] of media, where the row's changes
 */

const AT_ONCE = 8;
/** A content that was written so shortly before it was hashed may be written again without looking newer. */
const SETTLED_MS = 2000;
const NAME_BYTES = 4;

export class Contents {
  #context;
  #ledger;
  /** Hashes that were taken and are not noted yet, by place. @type {Map<string, Content>} */
  #taken = new Map();

  /** @param {Context} context */
  constructor(context) {
    this.#context = context;
    this.#ledger = new Ledger(context.database);
  }

  /** @returns {Ledger} its table */
  get table() {
    return this.#ledger;
  }

  /** @param {FileRow} row @returns {Promise<import('node:stream').Readable>} its content */
  async open({ storage, filename_disk: name }) {
    return (await diskAt(storage)).read(/** @type {string} */ (name));
  }

  /**
   * @param {FileRow[]} rows
   * @param {Knex} trx
   * @returns {Promise<(string | null)[]>} the SHA-256 of each row's content; null where it has none
   */
  async hashes(rows, trx) {
    const names = rows.map(({ filename_disk }) => filename_disk).filter(name => name !== null);
    const known = await this.#ledger.known(names, trx);
    return inParallel(rows, AT_ONCE, row => this.#hash(row, known));
  }

  /** @param {FileRow} row @param {Map<string, Content>} known */
  async #hash({ id: file, storage, filename_disk: name }, known) {
    if (name === null) return null;
    const disk = await diskAt(storage);
    const stat = await statOf(disk, name);
    if (!stat) return null;
    const place = placeOf({ storage, disk: name });
    const noted = this.#taken.get(place) ?? known.get(place);
    if (noted && noted.size === stat.size && noted.modified === stat.modified) return noted.sha256;
    const sha256 = await sha256At(disk, name);
    if (Date.now() - stat.modified > SETTLED_MS)
      this.#taken.set(place, { file, storage, disk: name, state: 'known', sha256, ...stat });
    return sha256;
  }

  /** Notes the hashes that were taken. @param {Knex} trx */
  async note(trx) {
    await this.#ledger.put([...this.#taken.values()], trx);
  }

  /** What was noted is committed. */
  settle() {
    this.#taken.clear();
  }

  /**
   * Writes contents beside those that are there. No row refers to them until {@link Contents.claim}.
   *
   * @param {Wanted[]} wanted
   * @param {(wanted: Wanted) => Promise<import('node:stream').Readable>} open
   */
  async stage(wanted, open) {
    const rows = await this.#rowsOf(wanted.map(({ file }) => file));
    /** @type {[Wanted, Content, string | undefined][]} */
    const staged = wanted.map(one => {
      const row = rows.get(one.file);
      const disk = `${one.file}-${randomBytes(NAME_BYTES).toString('hex')}${one.extension}`;
      const storage = row?.storage ?? firstLocation(this.#context.env);
      const { file, sha256 } = one;
      const content = { file, storage, disk, state: /** @type {const} */ ('staged'), sha256 };
      return [one, { ...content, size: null, modified: null }, one.type ?? row?.type];
    });
    // Noted before anything is written, so that a killed run leaves nothing that nobody knows of.
    await this.#ledger.put(staged.map(([, content]) => content));
    await inParallel(staged, AT_ONCE, async ([one, content, type]) => {
      const stat = await writeWhole(content, await open(one), type);
      await this.#ledger.put([{ ...content, ...stat }]);
    });
  }

  /** @param {string[]} ids @returns {Promise<Map<string, any>>} rows that are there */
  async #rowsOf(ids) {
    const found = new Map();
    for (const chunk of chunks(ids)) {
      const rows = await this.#context.database('directus_files').whereIn('id', chunk).select();
      for (const row of rows) found.set(row.id, row);
    }
    return found;
  }

  /**
   * @param {string} file
   * @param {string | undefined} sha256
   * @param {Knex} trx
   * @returns {Promise<Record<string, any>>} what the file's row says of its content from now on
   */
  async claim(file, sha256, trx) {
    const content = sha256 ? await this.#ledger.staged(file, sha256, trx) : null;
    if (sha256 && !content) throw notStaged(file);
    if (!content) return { storage: firstLocation(this.#context.env), filename_disk: file };
    await this.#ledger.put([{ ...content, state: 'known' }], trx);
    return { storage: content.storage, filename_disk: content.disk, filesize: content.size };
  }

  /**
   * Gives up the contents of files. They go when that is committed, see {@link Contents.tidy}.
   *
   * @param {string[]} files
   * @param {Knex} trx
   */
  async release(files, trx) {
    for (const chunk of chunks(files)) {
      /** @type {FileRow[]} */
      const rows = await trx('directus_files').whereIn('id', chunk).select('id', 'storage', 'filename_disk');
      const obsolete = rows.flatMap(({ id: file, storage, filename_disk: disk }) =>
        disk === null
          ? []
          : [{ file, storage, disk, state: /** @type {const} */ ('obsolete'), ...NOTHING_KNOWN }],
      );
      await this.#ledger.put(obsolete, trx);
    }
  }

  /** Removes contents that no row refers to: what was replaced, and what runs left that failed or were killed. */
  async tidy() {
    for (const content of await this.#ledger.abandoned()) {
      try {
        if (!(await this.#isUsed(content))) await removeFrom(await diskAt(content.storage), content.disk);
        await this.#ledger.drop(content);
      } catch (error) {
        const reason = /** @type {Error} */ (error).message;
        const what = `${content.disk} could not be removed from the storage "${content.storage}"`;
        this.#context.logger.warn(`Schema Sync: ${what} (${reason}). The next import tries again.`);
      }
    }
  }

  /** @param {Content} content */
  async #isUsed({ storage, disk }) {
    const row = await this.#context
      .database('directus_files')
      .where({ storage, filename_disk: disk })
      .first('id');
    return row !== undefined;
  }
}

const NOTHING_KNOWN = Object.freeze({ sha256: null, size: null, modified: null });

/**
 * @param {Content} content
 * @param {import('node:stream').Readable} stream
 * @param {string | undefined} type of media
 * @returns {Promise<Stat>}
 */
async function writeWhole(content, stream, type) {
  const disk = await diskAt(content.storage);
  const sha256 = await writeTo(disk, content.disk, stream, type);
  const stat = await statOf(disk, content.disk);
  if (sha256 === content.sha256 && stat) return stat;
  const message = `The content of the file ${content.file} changed while it was copied. Nothing was changed; run it again.`;
  throw new SchemaSyncError('CONTENT_CHANGED', message, { path: `directus_files[${content.file}]` });
}

/** @param {string} file */
function notStaged(file) {
  const message = `The file ${file} was changed on the target while contents were copied. Nothing was changed; run it again.`;
  return new SchemaSyncError('PLAN_STALE', message, { path: `directus_files[${file}]` });
}
