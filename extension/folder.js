/** The only module that touches the sync folder (with its helpers `folder-*.js`). */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { SchemaSyncError } from './errors.js';
import { finishReplacing, isSource, replaceFiles } from './folder-journal.js';
import { ignoreMissing, locate } from './folder-paths.js';

/**
 * @typedef {import('./core.js').Core} Core
 *
 * @typedef {object} FolderContent
 * @property {Map<string, Uint8Array>} files content of every JSON file under `data/`, by path such as `data/posts.json`
 * @property {Record<string, string>} hashes SHA-256 of every file under `data/`, by path
 * @property {string | null} manifest the text of `hash.txt`
 *
 * @typedef {string | Uint8Array | import('./exporting-contents.js').ContentSource} NewContent a source is known to differ
 *   from what is there
 *
 * @typedef {object} Written
 * @property {string[]} written paths whose bytes changed, sorted
 * @property {string[]} removed paths, sorted
 * @property {number} unchanged number of files that had these bytes already
 */

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

  /**
   * @param {Core} core hashes the files
   * @returns {Promise<FolderContent>}
   */
  async readData(core) {
    /** @type {FolderContent} */
    const content = { files: new Map(), hashes: {}, manifest: await this.readText(MANIFEST) };
    for (const path of await this.#list(DATA)) {
      if (isContentPath(path)) {
        content.hashes[path] = await this.#hash(path);
        continue;
      }
      const bytes = await readFile(await locate(this.root, path)).catch(unreadable(path));
      content.hashes[path] = core.sha256(bytes);
      if (path.endsWith('.json')) content.files.set(path, bytes);
    }
    return content;
  }

  /** The content of a file may be larger than the memory. @param {string} path @returns {Promise<string>} hex */
  async #hash(path) {
    const hash = createHash('sha256');
    try {
      for await (const chunk of createReadStream(await locate(this.root, path))) hash.update(chunk);
    } catch (error) {
      unreadable(path)(error);
    }
    return hash.digest('hex');
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
   * Writes the files whose bytes change and removes others, all or none.
   *
   * @param {Map<string, NewContent>} contents by path
   * @param {string[]} remove paths
   * @returns {Promise<Written>}
   */
  async write(contents, remove) {
    const changed = await this.changed(contents);
    if (changed.size > 0 || remove.length > 0) {
      await replaceFiles(this.root, changed, remove).catch(unwritable(this.root));
    }
    return {
      written: [...changed.keys()].sort(),
      removed: [...remove].sort(),
      unchanged: contents.size - changed.size,
    };
  }

  /**
   * @param {Map<string, NewContent>} contents by path
   * @returns {Promise<Map<string, NewContent>>} those that differ from what is there
   */
  async changed(contents) {
    /** @type {Map<string, NewContent>} */
    const changed = new Map();
    for (const [path, content] of contents) {
      if (isSource(content)) {
        changed.set(path, content);
        continue;
      }
      const there = await this.#read(path);
      const bytes = typeof content === 'string' ? Buffer.from(content) : content;
      if (!there?.equals(bytes)) changed.set(path, content);
    }
    return changed;
  }

  /** @param {string} path @returns {Promise<Buffer | undefined>} undefined when there is no such file */
  async #read(path) {
    return readFile(await locate(this.root, path))
      .catch(ignoreMissing)
      .catch(unreadable(path));
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

/** @param {string} root @returns {(error: unknown) => never} */
function unwritable(root) {
  return error => {
    if (error instanceof SchemaSyncError) throw error;
    const reason = /** @type {Error} */ (error).message;
    const message = `The sync folder cannot be written: ${reason}. Check its permissions and free space.`;
    throw new SchemaSyncError('FOLDER_UNWRITABLE', message, { path: root, cause: error });
  };
}
