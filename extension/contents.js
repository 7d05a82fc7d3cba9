/** The contents of files in the folder: below `data/files/`, each named after the id of its row. */
import { SchemaSyncError } from './errors.js';

/**
 * @typedef {import('./errors.js').Diagnostic} Diagnostic
 * @typedef {import('./model.js').Row} Row
 *
 * @typedef {object} ContentFile
 * @property {string} path in the folder
 * @property {string} extension with its dot, or empty
 * @property {string} sha256 hex
 */

/** Stands for the content among the fields of `directus_files`: its SHA-256. As in `src/system.rs`. */
export const CONTENT = '$content';
const PATH = /^data\/files\/([0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})(\.[A-Za-z0-9]{1,16})?$/;
/** How many files a message names before it counts the rest. */
const NAMED = 10;

/** @param {string} id of a row of `directus_files` @param {string} extension with its dot @returns {string} */
export function contentPath(id, extension) {
  return `data/files/${id}${extension}`;
}

/** @param {string | null} name in a storage @returns {string} its extension with the dot, where that is safe everywhere */
export function extensionOf(name) {
  const [extension = ''] = /\.[A-Za-z0-9]{1,16}$/.exec(name ?? '') ?? [];
  return extension;
}

/** The contents that the folder holds, and the rows that they belong to as far as those were read. */
export class FolderContents {
  /** @type {Map<string, ContentFile>} */
  #files = new Map();
  /** @type {Map<string, string[]>} */
  #rows = new Map();
  /** @type {string[]} */
  #missing = [];

  /**
   * @param {Record<string, string>} hashes SHA-256 by path of the folder
   * @throws {SchemaSyncError} CONTENT_AMBIGUOUS
   */
  constructor(hashes) {
    for (const [path, sha256] of Object.entries(hashes)) {
      const [, id, extension = ''] = PATH.exec(path) ?? [];
      if (!id) continue;
      const other = this.#files.get(id);
      if (other) throw ambiguous(id, [other.path, path]);
      this.#files.set(id, { path, extension, sha256 });
    }
  }

  /** @param {string} id of a file @returns {ContentFile | undefined} */
  of(id) {
    return this.#files.get(id);
  }

  /** @returns {string[]} paths of all contents */
  get paths() {
    return [...this.#files.values()].map(({ path }) => path);
  }

  /** @returns {string[]} ids of all files with a content */
  get ids() {
    return [...this.#files.keys()];
  }

  /** @param {string} entry its id @returns {string[]} ids of its rows in the order of its files */
  rowsOf(entry) {
    return this.#rows.get(entry) ?? [];
  }

  /** @param {string} entry its id @param {Row[]} rows the next ones of its files, in their order */
  note(entry, rows) {
    const ids = this.#rows.get(entry) ?? [];
    for (const { id } of rows) ids.push(id);
    this.#rows.set(entry, ids);
  }

  /**
   * @param {(Row | null)[]} rows
   * @returns {(Row | null)[]} with the hashes of their contents; a row without one says nothing about it
   */
  addTo(rows) {
    return rows.map(row => {
      if (!row) return null;
      const file = this.#files.get(row.id);
      if (!file) this.#missing.push(row.id);
      return file ? { ...row, [CONTENT]: file.sha256 } : row;
    });
  }

  /** @returns {Diagnostic[]} */
  warnings() {
    if (this.#missing.length === 0) return [];
    const message =
      `The folder has no content for these files, so that only their rows are imported: ${named(this.#missing)}. ` +
      'Run `directus schema-sync export` where the contents are.';
    return [{ severity: 'warning', code: 'CONTENT_MISSING', message, path: 'directus_files' }];
  }
}

/** @param {string[]} names @returns {string} the first of them, and how many more there are */
export function named(names) {
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : '';
  return names.slice(0, NAMED).join(', ') + more;
}

/** @param {string} id @param {string[]} paths */
function ambiguous(id, paths) {
  const message = `The file ${id} has two contents: ${paths.join(' and ')}. Remove one, and run \`schema-sync hash\`.`;
  return new SchemaSyncError('CONTENT_AMBIGUOUS', message, { path: paths[1] });
}
