/** New contents of the sync folder on their way: staged beside the old ones, then published together or given up. */
import { createHash } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SchemaSyncError } from './errors.js';
import { createStaging, publishStaged } from './folder-journal.js';

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

  /**
   * @param {string} path
   * @param {Iterable<Uint8Array> | AsyncIterable<Uint8Array>} parts of its content, which need not fit into memory
   */
  async add(path, parts) {
    const hash = createHash('sha256');
    const file = this.#isDry ? null : new StagedFile(() => this.#place());
    try {
      for await (const part of parts) {
        hash.update(part);
        await file?.write(part).catch(unwritable(this.#root));
      }
      this.hashes[path] = hash.digest('hex');
      if (this.#before[path] === this.hashes[path]) return await file?.discard();
      await file?.finish().catch(unwritable(this.#root));
      this.#changed.push(path);
    } catch (error) {
      await file?.discard();
      throw error;
    }
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

  /** @returns {Promise<string>} where the next changed file is staged: the journal knows it by its number */
  async #place() {
    this.#staging ??= await createStaging(this.#root);
    return join(this.#staging, String(this.#changed.length));
  }
}

/** A file that is written only once there is more of it than one part, or when it is certain to be kept. */
class StagedFile {
  #place;
  /** @type {Uint8Array | null} */
  #first = null;
  /** @type {string | null} */
  #path = null;
  /** @type {import('node:fs/promises').FileHandle | null} */
  #handle = null;

  /** @param {() => Promise<string>} place */
  constructor(place) {
    this.#place = place;
  }

  /** @param {Uint8Array} part */
  async write(part) {
    if (!this.#first && !this.#handle) this.#first = part;
    else await (await this.#open()).writeFile(part);
  }

  /** Without bringing it to the disk, a power cut could leave an empty file behind the rename. */
  async finish() {
    await (await this.#open()).sync();
    await this.#close();
  }

  async discard() {
    await this.#close();
    if (this.#path) await rm(this.#path, { force: true });
  }

  async #open() {
    if (this.#handle) return this.#handle;
    this.#path = await this.#place();
    this.#handle = await open(this.#path, 'wx');
    if (this.#first) await this.#handle.writeFile(this.#first);
    this.#first = null;
    return this.#handle;
  }

  async #close() {
    await this.#handle?.close();
    this.#handle = null;
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
