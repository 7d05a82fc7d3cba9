/** Rows of `directus_files` with the hashes of their contents. */
import { CONTENT } from '../../contents.js';
import { readFailed, readRows } from './rows.js';

/**
 * @typedef {import('../../model.js').Row} Row
 * @typedef {import('./rows.js').Readable} Readable
 * @typedef {import('./session.js').LocalSession} LocalSession
 * @typedef {{filter?: any, fields?: string[]}} Instead what is read in place of the entry's own
 */

export const FILES = 'directus_files';
/** Columns that say where the content is. */
const PLACE = Object.freeze(['storage', 'filename_disk']);

/** @param {Readable} entry @param {Instead} [instead] @returns {boolean} whether contents are asked for */
export function readsContents(entry, instead) {
  return entry.collection === FILES && (instead?.fields ?? entry.fields).includes(CONTENT);
}

/**
 * @param {LocalSession} session
 * @param {Readable} entry that reads contents
 * @param {Instead} [instead]
 * @returns {AsyncGenerator<Row[], void, void>} rows with their places
 */
export async function* readFileRows(session, entry, instead) {
  const fields = [...(instead?.fields ?? entry.fields), ...PLACE].filter(field => field !== CONTENT);
  for await (const rows of readRows(session, entry, { ...instead, fields })) {
    const hashes = await hashesOf(session, rows);
    yield rows.map((row, index) => ({ ...row, [CONTENT]: hashes[index] ?? null }));
  }
}

/**
 * @param {LocalSession} session
 * @param {Readable} entry that reads contents
 * @param {Instead} [instead]
 * @returns {AsyncGenerator<import('./row-pages.js').JsonPage, void, void>} the same as text
 */
export async function* readFilePages(session, entry, instead) {
  for await (const rows of readFileRows(session, entry, instead))
    yield { json: Buffer.from(JSON.stringify(rows)), count: rows.length };
}

/** @param {LocalSession} session @param {Row[]} rows */
async function hashesOf({ contents, trx }, rows) {
  try {
    return await contents.hashes(/** @type {any} */ (rows), trx);
  } catch (error) {
    throw readFailed(FILES, error);
  }
}
