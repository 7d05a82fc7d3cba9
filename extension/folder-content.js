/**
 * The data files of the folder. They are read once for their hashes and for the variables that they name, and again when
 * their content is needed, since together they may be larger than the memory.
 */
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { SchemaSyncError } from './errors.js';
import { ignoreMissing } from './folder-paths.js';
import { PlaceholderSearch } from './variables.js';

/**
 * @typedef {object} DataFile a JSON file below `data/`
 * @property {string} version changes with its content
 * @property {boolean} mayHoldPlaceholders
 * @property {Uint8Array | null} bytes of a small one
 *
 * @typedef {object} Parts
 * @property {Record<string, string>} hashes SHA-256 of every file under `data/`, by path such as `data/posts.json`
 * @property {string | null} manifest the text of `hash.txt`
 * @property {string[]} variables names of all that the files take values from, sorted
 * @property {Map<string, DataFile>} files
 * @property {(path: string) => Promise<string>} locate
 */

const PART_BYTES = 1 << 20;
/** Files up to this size stay in memory, as far as there is room: many small ones would take long to open again. */
const SMALL_BYTES = 1 << 16;
const ROOM_BYTES = 1 << 24;

export class FolderContent {
  #parts;

  /** @param {Parts} parts */
  constructor(parts) {
    this.#parts = parts;
    this.hashes = parts.hashes;
    this.manifest = parts.manifest;
    this.variables = parts.variables;
  }

  /** @param {string} manifest that takes the place of the one that is there */
  withManifest(manifest) {
    return new FolderContent({ ...this.#parts, manifest });
  }

  /** Paths of all data files, which are those that are JSON. */
  get paths() {
    return [...this.#parts.files.keys()];
  }

  /** @param {string} path @returns {boolean} whether any row of it may have a placeholder */
  mayHoldPlaceholders(path) {
    return this.#parts.files.get(path)?.mayHoldPlaceholders ?? false;
  }

  /**
   * @param {string} path of a data file
   * @returns {AsyncGenerator<Uint8Array, void, void>} its content, part by part
   * @throws {SchemaSyncError} FOLDER_CHANGED where it is not what was hashed
   */
  async *read(path) {
    const { bytes = null, version = '' } = this.#parts.files.get(path) ?? {};
    // A copy, since whoever takes a part may keep it for good, and the file may be read again.
    if (bytes) return yield new Uint8Array(bytes);
    const handle = await open(await this.#parts.locate(path)).catch(ignoreMissing);
    if (!handle) throw changed(path);
    try {
      if ((await versionOf(handle)) !== version) throw changed(path);
      yield* partsOf(handle);
      if ((await versionOf(handle)) !== version) throw changed(path);
    } finally {
      await handle.close();
    }
  }

  /** @param {string} path of a data file @returns {Promise<Uint8Array>} */
  async bytes(path) {
    const parts = [];
    for await (const part of this.read(path)) parts.push(part);
    return Buffer.concat(parts);
  }
}

/** Looks at one file after the other. */
export class ContentReader {
  #locate;
  /** @type {Map<string, DataFile>} */
  #files = new Map();
  /** @type {Record<string, string>} */
  #hashes = {};
  /** @type {Set<string>} */
  #variables = new Set();
  #room = ROOM_BYTES;
  #part = Buffer.alloc(PART_BYTES);

  /** @param {(path: string) => Promise<string>} locate */
  constructor(locate) {
    this.#locate = locate;
  }

  /** @param {string} path @param {boolean} isData whether it holds rows or a schema */
  async add(path, isData) {
    const handle = await open(await this.#locate(path));
    try {
      const hash = createHash('sha256');
      if (isData) this.#files.set(path, await this.#look(handle, hash));
      else for await (const part of partsOf(handle, this.#part)) hash.update(part);
      this.#hashes[path] = hash.digest('hex');
    } finally {
      await handle.close();
    }
  }

  /**
   * @param {import('node:fs/promises').FileHandle} handle
   * @param {import('node:crypto').Hash} hash
   * @returns {Promise<DataFile>}
   */
  async #look(handle, hash) {
    const version = await versionOf(handle);
    const search = new PlaceholderSearch();
    let size = 0;
    /** @type {Uint8Array[]} */
    let kept = [];
    for await (const part of partsOf(handle, this.#part)) {
      hash.update(part);
      search.add(part);
      size += part.length;
      kept = size <= SMALL_BYTES ? [...kept, Buffer.from(part)] : [];
    }
    for (const name of search.names) this.#variables.add(name);
    const isKept = size <= Math.min(SMALL_BYTES, this.#room);
    if (isKept) this.#room -= size;
    const bytes = isKept ? Buffer.concat(kept) : null;
    return { version, mayHoldPlaceholders: search.isFound, bytes };
  }

  /** @param {string | null} manifest @returns {FolderContent} */
  finish(manifest) {
    const variables = [...this.#variables].sort();
    return new FolderContent({
      hashes: this.#hashes,
      files: this.#files,
      locate: this.#locate,
      variables,
      manifest,
    });
  }
}

/** @param {import('node:fs/promises').FileHandle} handle @returns {Promise<string>} */
async function versionOf(handle) {
  const { size, mtimeNs, ino } = await handle.stat({ bigint: true });
  return `${size} ${mtimeNs} ${ino}`;
}

/**
 * @param {import('node:fs/promises').FileHandle} handle
 * @param {Buffer} [shared] holds each part until the next one is asked for; without it each has a buffer of its own
 * @returns {AsyncGenerator<Uint8Array, void, void>}
 */
async function* partsOf(handle, shared) {
  const { size } = await handle.stat();
  for (let position = 0; ; ) {
    const part = shared ?? Buffer.allocUnsafeSlow(Math.min(PART_BYTES, Math.max(size - position, 1)));
    const { bytesRead } = await handle.read(part, 0, part.length, position);
    if (bytesRead === 0) return;
    yield part.subarray(0, bytesRead);
    position += bytesRead;
  }
}

/** @param {string} path */
function changed(path) {
  const message = `${path} changed while it was read. Nothing was changed; run it again.`;
  return new SchemaSyncError('FOLDER_CHANGED', message, { path });
}
