/** The only module that touches the sync folder (with its helpers `folder-*.js`). */
import { readdir, readFile, stat } from 'node:fs/promises';
import { SchemaSyncError } from './errors.js';
import { ContentReader } from './folder-content.js';
import { FolderDraft, unwritable } from './folder-draft.js';
import { finishReplacing } from './folder-journal.js';
import { ignoreMissing, locate } from './folder-paths.js';
import { sha256 } from './sha256.js';

/** @typedef {import('./folder-content.js').FolderContent} FolderContent */

const DATA = 'data';
export const MANIFEST = 'hash.txt';

/** The sync folder. */
export class Folder {
  /** @param {string} root absolute */
  constructor(root) {
    this.root = root;
  }

  /**
   * Opens the folder and completes an export that was interrupted after its point of no return.
   *
   * @param {string} root absolute
   * @throws {SchemaSyncError} FOLDER_MISSING
   */
  static async open(root) {
    const found = await stat(root).catch(ignoreMissing);
    if (!found?.isDirectory()) {
      const advice = 'Run `directus schema-sync install`, or set SCHEMA_SYNC_DIR.';
      throw new SchemaSyncError('FOLDER_MISSING', `There is no sync folder at ${root}. ${advice}`, {
        path: root,
      });
    }
    await finishReplacing(root).catch(unwritable(root));
    return new Folder(root);
  }

  /** @returns {Promise<FolderContent>} */
  async readData() {
    const manifest = await this.readText(MANIFEST);
    const reader = new ContentReader(path => this.locate(path));
    for (const path of await this.#list(DATA)) {
      const isData = path.endsWith('.json') && !isContentPath(path);
      await reader.add(path, isData).catch(unreadable(path));
    }
    return reader.finish(manifest);
  }

  /** @param {string} path @returns {Promise<string | null>} null when there is no such file */
  async readText(path) {
    const file = await locate(this.root, path);
    return (await readFile(file, 'utf8').catch(ignoreMissing).catch(unreadable(path))) ?? null;
  }

  /** @param {string} path @returns {Promise<string>} absolute, certain to be inside the folder */
  locate(path) {
    return locate(this.root, path);
  }

  /**
   * @param {FolderContent} content as it is
   * @param {{isDry?: boolean}} [options] whether nothing is written, only said what would be
   * @returns {FolderDraft} of new contents: all of them are published, or none
   */
  draft({ hashes, manifest }, options) {
    const before = { ...hashes, ...(manifest !== null && { [MANIFEST]: sha256(manifest) }) };
    return new FolderDraft(this.root, before, options);
  }

  /**
   * Writes texts that are at hand, all or none.
   *
   * @param {Map<string, string>} texts by path
   * @param {string[]} [remove] paths
   * @returns {Promise<import('./folder-draft.js').Written>}
   */
  async write(texts, remove = []) {
    /** @type {Record<string, string>} */
    const before = {};
    for (const path of texts.keys()) {
      const text = await this.readText(path);
      if (text !== null) before[path] = sha256(text);
    }
    const draft = new FolderDraft(this.root, before);
    try {
      for (const [path, text] of texts) await draft.add(path, [Buffer.from(text)]);
      return await draft.publish(remove);
    } finally {
      await draft.discard();
    }
  }

  /** @param {string} path @returns {Promise<string[]>} all files below, sorted; hidden ones are nobody's data */
  async #list(path) {
    const place = await locate(this.root, path);
    const names = await readdir(place).catch(ignoreMissing).catch(unreadable(path));
    const visible = (names ?? []).filter(name => !name.startsWith('.')).sort();
    const lists = [];
    for (const name of visible) lists.push(await this.#listOne(`${path}/${name}`));
    return lists.flat();
  }

  /** @param {string} path */
  async #listOne(path) {
    const found = await stat(await locate(this.root, path)).catch(unreadable(path));
    return found.isDirectory() ? this.#list(path) : [path];
  }
}

/**
 * Whether a file below `data/` is data: JSON, or the binary of a file. Others, such as a README, are nobody's concern.
 *
 * @param {string} path
 */
export function isDataPath(path) {
  return path.endsWith('.json') || isContentPath(path);
}

/** @param {string} path */
function isContentPath(path) {
  return path.startsWith('data/files/');
}

/** @param {string} path @returns {(error: unknown) => never} */
function unreadable(path) {
  return error => {
    if (error instanceof SchemaSyncError) throw error;
    const message = `${path} cannot be read: ${/** @type {Error} */ (error).message}. Nothing was changed.`;
    throw new SchemaSyncError('FOLDER_UNREADABLE', message, { path, cause: error });
  };
}
