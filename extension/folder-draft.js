/** New contents of the sync folder on their way: staged beside the old ones, then published together or given up. */
import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SchemaSyncError } from './errors.js';
import { createStaging, publishStaged } from './folder-journal.js';
import { StagedFile } from './staged-file.js';

/**
 * @typedef {import('./exporting-contents.js').ContentSource} ContentSource
 *
 * @typedef {object} Written
 * @property {string[]} written paths whose bytes change, sorted
 * @property {string[]} removed paths, sorted
 * @property {number} unchanged number of files that have these bytes already
 */

export class FolderDraft {
  #root;
  #before;
  #isDry;
  /** @type {string | null} */
  #staging = null;
  /** @type {string[]} */
  #changed = [];
  /** SHA-256 of all that was added, by path. @type {Record<string, string>} */
  hashes = {};

  /**
   * @param {string} root the sync folder
   * @param {Record<string, string>} before SHA-256 by path of what is there
   * @param {{isDry?: boolean}} [options]
   */
  constructor(root, before, { isDry = false } = {}) {
    this.#root = root;
    this.#before = before;
    this.#isDry = isDry;
  }

  /** Whether nothing is written, so that nothing of it can be read again. */
  get isDry() {
    return this.#isDry;
  }

  /**
   * @param {string} path
   * @param {Iterable<Uint8Array> | AsyncIterable<Uint8Array>} parts of its content, which need not fit into memory
   */
  async add(path, parts) {
    const file = this.begin();
    try {
      for await (const part of parts) await file.write(part);
      await file.end(path);
    } catch (error) {
      await file.discard();
      throw error;
    }
  }

  /** @returns {DraftFile} the next file, which has to be ended or discarded before another one is begun */
  begin() {
    const number = this.#changed.length;
    const staged = this.#isDry ? null : new StagedFile(() => this.#place(number));
    return new DraftFile(this.#root, staged, (path, hash) => this.#take(path, hash));
  }

  /** @param {string} path @param {string} hash of its content @returns {boolean} whether the folder has other bytes */
  #take(path, hash) {
    this.hashes[path] = hash;
    if (this.#before[path] === hash) return false;
    this.#changed.push(path);
    return true;
  }

  /**
   * @param {string} path
   * @param {ContentSource} source of a content that is not what is there
   * @throws {SchemaSyncError} CONTENT_CHANGED
   */
  async addContent(path, { sha256, open }) {
    if (this.#isDry) {
      // It may be large, and is known already.
      this.#changed.push(path);
      this.hashes[path] = sha256;
      return;
    }
    await this.add(path, await open());
    if (this.hashes[path] === sha256) return;
    const message = 'A file changed in the storage while it was exported. Nothing was written; run it again.';
    throw new SchemaSyncError('CONTENT_CHANGED', message, { path: 'directus_files' });
  }

  /** @param {string[]} remove paths @returns {Promise<Written>} */
  async publish(remove) {
    const changed = this.#changed;
    if (!this.#isDry && changed.length + remove.length > 0) {
      this.#staging ??= await createStaging(this.#root).catch(unwritable(this.#root));
      await publishStaged(this.#root, this.#staging, { write: changed, remove }).catch(
        unwritable(this.#root),
      );
      this.#staging = null;
    }
    const unchanged = Object.keys(this.hashes).length - changed.length;
    return { written: [...changed].sort(), removed: [...remove].sort(), unchanged };
  }

  /** Removes what was staged and not published. */
  async discard() {
    if (this.#staging) await rm(this.#staging, { recursive: true, force: true });
    this.#staging = null;
  }

  /** @param {number} number by which the journal knows a changed file @returns {Promise<string>} where it is staged */
  async #place(number) {
    this.#staging ??= await createStaging(this.#root);
    return join(this.#staging, String(number));
  }
}

/** A file of a draft while its content comes. */
export class DraftFile {
  #root;
  #staged;
  #take;
  #hash = createHash('sha256');

  /**
   * @param {string} root the sync folder
   * @param {StagedFile | null} staged
   * @param {(path: string, hash: string) => boolean} take is told what it is, and says whether it is kept
   */
  constructor(root, staged, take) {
    this.#root = root;
    this.#staged = staged;
    this.#take = take;
  }

  /** @param {Uint8Array} part */
  async write(part) {
    this.#hash.update(part);
    await this.#staged?.write(part).catch(unwritable(this.#root));
  }

  /**
   * Puts what was written in order.
   *
   * @param {import('./model.js').Arrangement} arrangement
   */
  async arrange({ begin, between, end, ranges }) {
    if (ranges.length > 1) await this.#reorder(begin, between, ranges);
    await this.write(Buffer.from(end));
  }

  /** @param {string} begin @param {string} between @param {import('./staged-file.js').Range[]} ranges */
  async #reorder(begin, between, ranges) {
    if (!this.#staged) throw new Error('Nothing was written that could be put in order.');
    const written = await this.#staged.restart().catch(unwritable(this.#root));
    this.#hash = createHash('sha256');
    try {
      await this.write(Buffer.from(begin));
      for await (const part of written.inOrder(ranges, between)) await this.write(part);
    } finally {
      await written.discard();
    }
  }

  /** @param {string} path */
  async end(path) {
    if (!this.#take(path, this.#hash.digest('hex'))) return this.discard();
    await this.#staged?.finish().catch(unwritable(this.#root));
  }

  async discard() {
    await this.#staged?.discard();
  }
}

/** @param {string} root @returns {(error: unknown) => never} */
export function unwritable(root) {
  return error => {
    if (error instanceof SchemaSyncError) throw error;
    const reason = /** @type {Error} */ (error).message;
    const message = `The sync folder cannot be written: ${reason}. Check its permissions and free space.`;
    throw new SchemaSyncError('FOLDER_UNWRITABLE', message, { path: root, cause: error });
  };
}
