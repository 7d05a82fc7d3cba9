/** Rows of the instance: those of an entry, and which of some keys exist. */
import { SchemaSyncError } from '../../errors.js';
import { chunks } from './chunks.js';
import { isPossibleKey } from './keys.js';
import { revealedPages, revealedRows } from './secret-fields.js';

/**
 * @typedef {import('../../model.js').Entry} Entry
 * @typedef {import('../../model.js').Row} Row
 * @typedef {import('./session.js').LocalSession} LocalSession
 * @typedef {import('../../variables.js').Variables} Variables
 * @typedef {Pick<Entry, 'collection' | 'fields' | 'filter'> & Partial<Entry> & {variables?: Variables}} Readable what is
 *   read of an entry
 */

/**
 * @typedef {object} Instead what is read in place of the entry's own
 * @property {any} [filter]
 * @property {string[]} [fields]
 * @property {Variables} [variables] that hashed values may be made of
 */

/**
 * @template Page
 * @typedef {(session: LocalSession, entry: Readable) => AsyncGenerator<Page, void, void>} Reader
 */

/**
 * The rows of an entry, as objects.
 *
 * @param {LocalSession} session
 * @param {Readable} entry
 * @param {Instead} [instead]
 * @returns {AsyncGenerator<Row[], void, void>} pages
 */
export function readRows(session, entry, instead) {
  return read(session, entry, instead, revealedRows);
}

/**
 * The same rows as text, which is several times faster.
 *
 * @param {LocalSession} session
 * @param {Readable} entry
 * @param {Instead} [instead]
 * @returns {AsyncGenerator<import('./row-pages.js').JsonPage, void, void>}
 */
export function readPages(session, entry, instead) {
  return read(session, entry, instead, revealedPages);
}

/**
 * A collection that is not there yet has no rows, and a field that is not there yet is left out: the import that reads
 * them is about to create both.
 *
 * @template Page
 * @param {LocalSession} session
 * @param {Readable} entry
 * @param {Instead | undefined} instead
 * @param {Reader<Page>} reader
 * @returns {AsyncGenerator<Page, void, void>}
 */
async function* read(session, entry, instead = {}, reader) {
  const { filter = entry.filter, fields = entry.fields, variables } = instead;
  const schema = await session.schema();
  const collection = schema.collections[entry.collection];
  if (!collection || namesUnknownField(filter, collection)) return;
  try {
    yield* reader(session, { ...entry, filter, fields, variables });
  } catch (error) {
    throw readFailed(entry.collection, error);
  }
}

/**
 * Which of `keys` exist.
 *
 * @param {LocalSession} session
 * @param {string} name of the collection
 * @param {unknown[]} keys
 * @returns {Promise<unknown[]>}
 */
export async function existingKeys(session, name, keys) {
  const collection = (await session.schema()).collections[name];
  if (!collection) return [];
  const possible = keys.filter(key => isPossibleKey(collection, key));
  const found = new Set();
  try {
    for (const chunk of chunks(possible)) {
      const rows = await session.trx(name).whereIn(collection.primary, chunk).pluck(collection.primary);
      for (const key of rows) found.add(String(key).toLowerCase());
    }
  } catch (error) {
    throw readFailed(name, error);
  }
  return possible.filter(key => found.has(String(key).toLowerCase()));
}

/**
 * Whether a filter asks for a field that is not there yet. Then no row can be said to be inside, which is
 * the careful answer: what nobody has seen is never deleted.
 *
 * @param {any} filter
 * @param {any} collection
 * @returns {boolean}
 */
function namesUnknownField(filter, collection) {
  if (!filter || typeof filter !== 'object') return false;
  return Object.entries(filter).some(([name, condition]) => {
    if (name === '_and' || name === '_or') {
      return condition.some((/** @type {any} */ part) => namesUnknownField(part, collection));
    }
    return isPlainField(name) && !collection.fields[name];
  });
}

/** @param {string} name a function such as `year(date)` or a dynamic name is Directus' to judge */
function isPlainField(name) {
  return /^[A-Za-z]\w*$/.test(name);
}

/** @param {string} collection @param {unknown} error */
export function readFailed(collection, error) {
  const reason = /** @type {any} */ (error)?.message ?? error;
  const message = `The rows of "${collection}" cannot be read: ${reason} Nothing was changed.`;
  return new SchemaSyncError('READ_FAILED', message, { path: collection, cause: error });
}
