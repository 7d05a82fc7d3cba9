/** Rows of the instance, read in pages through Directus' `ItemsService`. */
import { SchemaSyncError } from '../../errors.js';
import { chunks } from './chunks.js';

/**
 * @typedef {import('../../model.js').Entry} Entry
 * @typedef {import('../../model.js').Row} Row
 * @typedef {import('./session.js').LocalSession} LocalSession
 * @typedef {Pick<Entry, 'collection' | 'fields' | 'filter'> & Partial<Entry>} Readable what is read of an entry
 */

const PAGE_SIZE = 1000;
const INTEGER = /^-?\d+$/;
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/**
 * The rows of an entry. A collection that is not there yet has none, and a field that is not there yet is
 * left out: the import that reads them is about to create both.
 *
 * @param {LocalSession} session
 * @param {Readable} entry
 * @param {{filter?: any, fields?: string[]}} [options] in place of the entry's own
 * @returns {AsyncGenerator<Row[], void, void>} pages
 */
export async function* readRows(session, entry, { filter = entry.filter, fields = entry.fields } = {}) {
  const schema = await session.schema();
  const collection = schema.collections[entry.collection];
  if (!collection || namesUnknownField(filter, collection)) return;
  try {
    yield* pages(session, { ...entry, filter, fields }, collection);
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
 * @param {LocalSession} session
 * @param {Readable} entry
 * @param {any} collection
 */
async function* pages(session, entry, collection) {
  const { filter } = entry;
  const fields = fieldsToRead(entry, collection);
  const service = await session.items(entry.collection);
  const read = async (/** @type {any} */ query) => {
    const rows = await service.readByQuery({ fields, ...query }, { emitEvents: false });
    return exactIntegers(session, entry.collection, collection, rows);
  };
  if (entry.limit) {
    const sort = entry.sort?.length ? entry.sort : [collection.primary];
    yield await read({ filter, sort, limit: entry.limit });
  } else {
    yield* keysetPages(read, filter, collection.primary);
  }
}

/**
 * Pages by primary key: each begins behind the last key of the one before, so that none depends on counting.
 *
 * @param {(query: any) => Promise<Row[]>} read
 * @param {any} filter
 * @param {string} primary
 */
async function* keysetPages(read, filter, primary) {
  /** @type {any} */
  let behind = null;
  for (;;) {
    const conditions = [filter, behind].filter(Boolean);
    const rows = await read({ filter: { _and: conditions }, sort: [primary], limit: PAGE_SIZE });
    if (rows.length > 0) yield rows;
    if (rows.length < PAGE_SIZE) return;
    behind = { [primary]: { _gt: rows[rows.length - 1]?.[primary] } };
  }
}

/** @param {Readable} entry @param {any} collection */
function fieldsToRead(entry, collection) {
  const known = entry.fields.filter(field => collection.fields[field] && !collection.fields[field].alias);
  return [...new Set([collection.primary, ...known])];
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

/**
 * SQLite's driver gives 64 bit integers as numbers, which lose digits beyond 2^53. Such values are read
 * again as text.
 *
 * @param {LocalSession} session
 * @param {string} name
 * @param {any} collection
 * @param {Row[]} rows
 */
async function exactIntegers(session, name, collection, rows) {
  const { primary, fields } = collection;
  for (const field of Object.keys(rows[0] ?? {})) {
    if (fields[field]?.type !== 'bigInteger') continue;
    const inexact = rows.filter(row => typeof row[field] === 'number' && !Number.isSafeInteger(row[field]));
    if (inexact.length > 0 && field === primary)
      throw new Error(`Its key "${field}" holds numbers beyond 2^53.`);
    for (const row of inexact) {
      const text = session.trx.raw('CAST(?? AS TEXT) AS value', [field]);
      row[field] = (await session.trx(name).where(primary, row[primary]).first(text)).value;
    }
  }
  return rows;
}

/**
 * A text that is no UUID makes PostgreSQL fail on a uuid column, where it just matches nothing.
 *
 * @param {any} collection
 * @param {unknown} key
 */
function isPossibleKey({ primary, fields }, key) {
  if (fields[primary].type === 'uuid') return UUID.test(String(key));
  if (['integer', 'bigInteger'].includes(fields[primary].type)) return INTEGER.test(String(key));
  return key !== null && key !== undefined;
}

/** @param {string} collection @param {unknown} error */
export function readFailed(collection, error) {
  const reason = /** @type {any} */ (error)?.message ?? error;
  const message = `The rows of "${collection}" cannot be read: ${reason} Nothing was changed.`;
  return new SchemaSyncError('READ_FAILED', message, { path: collection, cause: error });
}
