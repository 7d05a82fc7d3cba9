/**
 * How the rows of a collection are read: a page at a time, by key.
 *
 * Rows come straight from the database, and Directus' `PayloadService` gives them the form in which its `ItemsService`
 * would return them, in half of that one's time. The service itself is asked for what takes more than that: which rows
 * a filter finds, and geometries as text.
 */
import { chunks } from './chunks.js';
import { isPossibleKey } from './keys.js';

/**
 * @typedef {import('../../model.js').Row} Row
 * @typedef {import('./rows.js').Readable} Readable
 * @typedef {import('./session.js').LocalSession} LocalSession
 *
 * @typedef {object} Source where pages come from
 * @property {LocalSession} session
 * @property {string} name of the collection
 * @property {any} collection as Directus' schema has it
 * @property {string} primary its key
 * @property {string[]} fields to read
 * @property {any} items Directus' ItemsService
 * @property {any} payloads Directus' PayloadService
 */

const PAGE_SIZE = 1000;

/**
 * @param {LocalSession} session
 * @param {Readable} entry of a collection that exists
 * @returns {AsyncGenerator<Row[], void, void>}
 */
export async function* rowPages(session, entry) {
  const source = await sourceOf(session, entry);
  const { filter, limit } = entry;
  if (limit) yield await firstRows(source, entry);
  else if (filter || holdsGeometry(source)) yield* pagesByKeys(source, filter);
  else yield* pagesInOrder(source);
}

/** @param {LocalSession} session @param {Readable} entry @returns {Promise<Source>} */
async function sourceOf(session, entry) {
  const name = entry.collection;
  const collection = (await session.schema()).collections[name];
  await session.assertActive(name, 'read');
  const items = await session.items(name);
  const known = entry.fields.filter(field => collection.fields[field] && !collection.fields[field].alias);
  const fields = [...new Set([collection.primary, ...known])];
  const payloads = await session.payloads(name);
  return { session, name, collection, primary: collection.primary, fields, items, payloads };
}

/** @param {Source} source */
function holdsGeometry({ fields, collection }) {
  return fields.some(field => collection.fields[field].type.startsWith('geometry'));
}

/** @param {Source} source @param {Readable} entry @returns {Promise<Row[]>} */
async function firstRows(source, { filter, sort, limit }) {
  return byService(source, { filter, sort: sort?.length ? sort : [source.primary], limit });
}

/**
 * Each page begins behind the last key of the one before, so that none depends on counting.
 *
 * @param {Source} source
 * @returns {AsyncGenerator<Row[], void, void>}
 */
async function* pagesInOrder(source) {
  const { session, name, primary, fields } = source;
  let size = PAGE_SIZE;
  for (let last; size === PAGE_SIZE; ) {
    const query = session.trx(name).select(fields).orderBy(primary).limit(PAGE_SIZE);
    /** @type {any[]} */
    const rows = await (last === undefined ? query : query.where(primary, '>', last));
    // Noted at once, since the conversion works on the rows themselves.
    last = rows.at(-1)?.[primary];
    size = rows.length;
    if (size > 0) yield await converted(source, rows);
  }
}

/**
 * @param {Source} source
 * @param {any} filter
 * @returns {AsyncGenerator<Row[], void, void>}
 */
async function* pagesByKeys(source, filter) {
  const { session, name, primary, fields } = source;
  const keys = keysNamedBy(filter, source) ?? (await keysFoundBy(filter, source));
  refuseInexact(primary, keys);
  const isPlain = !holdsGeometry(source);
  for (const chunk of chunks(keys)) {
    if (isPlain)
      yield await converted(source, await session.trx(name).select(fields).whereIn(primary, chunk));
    else yield await byService(source, { filter: { [primary]: { _in: chunk } }, limit: -1 });
  }
}

/**
 * @param {any} filter
 * @param {Source} source
 * @returns {unknown[] | null} null for a filter that asks for anything but keys
 */
function keysNamedBy(filter, { primary, collection }) {
  const isOnly = (/** @type {any} */ object, /** @type {string} */ name) =>
    Object.keys(object ?? {}).join() === name;
  if (!isOnly(filter, primary) || !isOnly(filter[primary], '_in')) return null;
  return filter[primary]._in.filter((/** @type {unknown} */ key) => isPossibleKey(collection, key));
}

/** @param {any} filter @param {Source} source @returns {Promise<unknown[]>} */
async function keysFoundBy(filter, { primary, items }) {
  const query = { fields: [primary], filter, sort: [primary], limit: -1 };
  const rows = await items.readByQuery(query, { emitEvents: false });
  return rows.map((/** @type {Row} */ row) => row[primary]);
}

/** @param {Source} source @param {any} query @returns {Promise<Row[]>} */
async function byService(source, query) {
  return exactIntegers(
    source,
    await source.items.readByQuery({ fields: source.fields, ...query }, { emitEvents: false }),
  );
}

/** @param {Source} source @param {any[]} rows of the database @returns {Promise<Row[]>} */
async function converted(source, rows) {
  return exactIntegers(source, await source.payloads.processValues('read', rows));
}

/**
 * SQLite's driver gives 64 bit integers as numbers, which lose digits beyond 2^53. Such values are read
 * again as text.
 *
 * @param {Source} source
 * @param {Row[]} rows
 */
async function exactIntegers({ session, name, collection, primary, fields }, rows) {
  for (const field of fields) {
    if (collection.fields[field].type !== 'bigInteger') continue;
    const inexact = rows.filter(row => isInexact(row[field]));
    if (field === primary)
      refuseInexact(
        primary,
        inexact.slice(0, 1).map(row => row[field]),
      );
    for (const row of inexact) {
      const text = session.trx.raw('CAST(?? AS TEXT) AS value', [field]);
      row[field] = (await session.trx(name).where(primary, row[primary]).first(text)).value;
    }
  }
  return rows;
}

/** @param {string} primary @param {unknown[]} keys */
function refuseInexact(primary, keys) {
  if (keys.some(isInexact)) throw new Error(`Its key "${primary}" holds numbers beyond 2^53.`);
}

/** @param {unknown} value */
function isInexact(value) {
  return typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value);
}
