/** The contents of files on their way from the instance to the folder: which of them are copied, stay, and go. */
import { CONTENT, contentPath, extensionOf, named } from './contents.js';

/**
 * @typedef {import('./contents.js').FolderContents} FolderContents
 * @typedef {import('./errors.js').Diagnostic} Diagnostic
 * @typedef {import('./model.js').Entry} Entry
 * @typedef {import('./model.js').EntryExport} EntryExport
 * @typedef {import('./model.js').Row} Row
 * @typedef {import('node:stream').Readable} Readable
 *
 * @typedef {object} ContentSource a file of the folder that is copied as a stream
 * @property {string} sha256 hex, of what the stream has to give
 * @property {() => Promise<Readable>} open
 *
 * @typedef {object} ContentsChange what becomes of the contents in the folder
 * @property {Map<string, ContentSource>} write by path
 * @property {string[]} kept paths
 * @property {string[]} remove paths
 */

export class ExportedContents {
  #folder;
  #open;
  /** Rows that are written, by entry and id. @type {Map<string, Map<string, Row>>} */
  #rows = new Map();
  /** @type {string[]} */
  #missing = [];

  /**
   * @param {FolderContents} folder
   * @param {(row: Row) => Promise<Readable>} open a content of the instance
   */
  constructor(folder, open) {
    this.#folder = folder;
    this.#open = open;
  }

  /**
   * What the storage has lost stays in the folder, from where an import brings it back.
   *
   * @param {Row[]} page of `directus_files` as the instance has it
   * @returns {Row[]} rows with the hash of what the folder is to have, if anything
   */
  settle(page) {
    return page.map(row => {
      if (row[CONTENT]) return row;
      this.#missing.push(row.filename_disk ? `${row.id} (${row.filename_disk})` : row.id);
      const { [CONTENT]: _, ...plain } = row;
      const kept = this.#folder.of(row.id);
      return kept ? { ...plain, [CONTENT]: kept.sha256 } : plain;
    });
  }

  /** @param {string} entry its id @param {Row[]} rows that are written, as {@link settle} gave them */
  add(entry, rows) {
    const added = this.#rows.get(entry) ?? new Map();
    for (const { id, storage, filename_disk, [CONTENT]: sha256 } of rows)
      added.set(id, { id, storage, filename_disk, [CONTENT]: sha256 });
    this.#rows.set(entry, added);
  }

  /** @returns {Diagnostic[]} */
  warnings() {
    if (this.#missing.length === 0) return [];
    const message =
      `The storage has no content for these files: ${named(this.#missing)}. Only their rows are exported. Upload ` +
      'the files again, or delete the rows.';
    return [{ severity: 'warning', code: 'CONTENT_MISSING', message, path: 'directus_files' }];
  }

  /**
   * @param {Entry[]} entries of the run that carry contents
   * @param {Record<string, EntryExport>} staying what of the folder's rows stays, by entry id
   * @param {string[]} before ids of files whose contents these entries have in the folder so far
   * @returns {ContentsChange}
   */
  change(entries, staying, before) {
    /** @type {ContentsChange} */
    const change = { write: new Map(), kept: [], remove: [] };
    const needed = new Set();
    for (const { id: entry } of entries) {
      const stay = this.#staying(entry, staying[entry]);
      const own = this.#written(entry, staying[entry]).filter(({ id }) => !stay.has(id));
      for (const row of own) this.#place(row, change);
      change.kept.push(...[...stay].flatMap(id => this.#folder.of(id)?.path ?? []));
      for (const id of [...stay, ...own.map(({ id }) => id)]) needed.add(id);
    }
    const gone = [...new Set(before)].filter(id => !needed.has(id));
    change.remove.push(...gone.flatMap(id => this.#folder.of(id)?.path ?? []));
    return change;
  }

  /** @param {string} entry @param {EntryExport} [staying] @returns {Set<string>} ids of rows of the folder that stay */
  #staying(entry, staying) {
    if (!staying) return new Set();
    const { keep, leftOut, replace } = staying;
    const rows = this.#folder.rowsOf(entry);
    return new Set(
      [...keep, ...leftOut, ...replace.map(([, index]) => index)].flatMap(index => rows[index] ?? []),
    );
  }

  /** @param {string} entry @param {EntryExport} [staying] @returns {Row[]} of the instance that are written */
  #written(entry, staying) {
    const left = new Set([...(staying?.omit ?? []), ...(staying?.replace ?? []).map(([key]) => key)]);
    return [...(this.#rows.get(entry)?.values() ?? [])].filter(({ id }) => !left.has(id));
  }

  /** @param {Row} row @param {ContentsChange} change is added to */
  #place(row, change) {
    const { id, filename_disk, [CONTENT]: sha256 } = row;
    const there = this.#folder.of(id);
    if (there && (!sha256 || there.sha256 === sha256)) change.kept.push(there.path);
    if (!sha256 || there?.sha256 === sha256) return;
    const path = contentPath(id, extensionOf(filename_disk));
    change.write.set(path, { sha256, open: () => this.#open(row) });
    if (there && there.path !== path) change.remove.push(there.path);
  }
}
