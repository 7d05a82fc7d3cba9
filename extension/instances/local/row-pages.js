/**
 * How the rows of a collection are read: a page at a time, by key.
 *
 * Pages come straight from the database, which writes them as JSON where it can be trusted with that (`row-json.js`).
 * Else Directus' `PayloadService` gives rows the form in which its `ItemsService` would return them, in half of that
 * one's time. The service itself is asked for what takes more than that: which rows a filter finds, and geometries as
 * text.
 */
import { isUtf8 } from 'node:buffer';
import { withBase64 } from './bytes.js';
import { chunks } from './chunks.js';
import { isPossibleKey } from './keys.js';
import { pageQuery } from './row-json.js';

/**
 * @typedef {import('../../model.js').Row} Row
 * @typedef {import('./rows.js').Readable} Readable
 * @typedef {import('./session.js').LocalSession} LocalSession
 *
 * @typedef {object} JsonPage
 * @property {Uint8Array} json the rows as a JSON array
 * @property {number} count of rows
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

/**
 * @template Page
 * @typedef {object} Form in which pages are wanted
 * @property {(source: Source, rows: any) => Promise<{page: Page, count: number, last: unknown}>} read what a query for
 *   rows finds
 * @property {(rows: Row[]) => Page} of rows that the service gave
 */

const PAGE_SIZE = 1000;

/** @type {Form<Row[]>} */
const ROWS = Object.freeze({
  read: async (source, rows) => {
    const found = await rows.select(source.fields);
    // Noted at once, since the conversion works on the rows themselves.
    const last = found.at(-1)?.[source.primary];
    return { page: await converted(source, found), count: found.length, last };
  },
  of: rows => rows,
});

/** @type {Form<JsonPage>} */
const JSON_PAGES = Object.freeze({
  read: async (source, rows) => {
    const query = pageQuery(source.session.dialect.vendor, source.collection, source.fields);
    const written = query && (await writtenPage(source, rows, query));
    if (written) return written;
    const { page, count, last } = await ROWS.read(source, rows);
    return { page: JSON_PAGES.of(page), count, last };
  },
  of: rows => ({ json: Buffer.from(JSON.stringify(rows)), count: rows.length }),
});

/**
 * @param {LocalSession} session
 * @param {Readable} entry of a collection that exists
 * @returns {AsyncGenerator<Row[], void, void>}
 */
export function rowPages(session, entry) {
  return pages(session, entry, ROWS);
}

/**
 * The same rows, none of which becomes an object where the database can write it.
 *
 * @param {LocalSession} session
 * @param {Readable} entry of a collection that exists
 * @returns {AsyncGenerator<JsonPage, void, void>}
 */
export function jsonPages(session, entry) {
  return pages(session, entry, JSON_PAGES);
}

/**
 * @template Page
 * @param {LocalSession} session
 * @param {Readable} entry
 * @param {Form<Page>} form
 * @returns {AsyncGenerator<Page, void, void>}
 */
async function* pages(session, entry, form) {
  const source = await sourceOf(session, entry);
  const { filter, limit } = entry;
  if (limit) yield form.of(await firstRows(source, entry));
  else if (filter || holdsGeometry(source)) yield* pagesByKeys(source, filter, form);
  else yield* pagesInOrder(source, form);
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
 * Each page begins behind the last key of the one before, so that none depends on counting. The next one is on its way
 * while a page is taken.
 *
 * @template Page
 * @param {Source} source
 * @param {Form<Page>} form
 * @returns {AsyncGenerator<Page, void, void>}
 */
async function* pagesInOrder(source, form) {
  const { session, name, primary } = source;
  const read = (/** @type {unknown} */ last) => {
    const rows = session.trx(name).orderBy(primary).limit(PAGE_SIZE);
    const next = form.read(source, last === undefined ? rows : rows.where(primary, '>', last));
    // Whoever waits for it is told; nobody does after a page that was not taken.
    next.catch(() => {});
    return next;
  };
  for (let next = read(undefined); ; ) {
    const { page, count, last } = await next;
    if (count === PAGE_SIZE) next = read(last);
    if (count > 0) yield page;
    if (count < PAGE_SIZE) return;
  }
}

/**
 * @template Page
 * @param {Source} source
 * @param {any} filter
 * @param {Form<Page>} form
 * @returns {AsyncGenerator<Page, void, void>}
 */
async function* pagesByKeys(source, filter, form) {
  const { session, name, primary } = source;
  const keys = keysNamedBy(filter, source) ?? (await keysFoundBy(filter, source));
  refuseInexact(primary, keys);
  const isPlain = !holdsGeometry(source);
  for (const chunk of chunks(keys)) {
    if (isPlain) yield (await form.read(source, session.trx(name).whereIn(primary, chunk))).page;
    else yield form.of(await byService(source, { filter: { [primary]: { _in: chunk } }, limit: -1 }));
  }
}

/**
 * A page that the database wrote; null where it cannot be trusted with one of the values.
 *
 * @param {Source} source
 * @param {any} rows a query for them
 * @param {import('./row-json.js').PageQuery} query
 * @returns {Promise<{page: JsonPage, count: number, last: unknown} | null>}
 */
async function writtenPage({ session }, rows, query) {
  const { trx } = session;
  const texts = rows.clone().select(trx.raw(query.sql)).as('page');
  const { count, last, exact, rows: text } = await trx.from(texts).select(trx.raw(query.page)).first();
  if (count === 0) return { page: { json: Buffer.from('[]'), count }, count, last };
  // SQLite takes any bytes for text.
  const json = typeof text === 'string' ? Buffer.from(text) : text;
  return exact && isUtf8(json) ? { page: { json, count }, count, last } : null;
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
  return exact(
    source,
    await source.items.readByQuery({ fields: source.fields, ...query }, { emitEvents: false }),
  );
}

/** @param {Source} source @param {any[]} rows of the database @returns {Promise<Row[]>} */
async function converted(source, rows) {
  return exact(source, await source.payloads.processValues('read', rows));
}

/** @param {Source} source @param {Row[]} rows as Directus gives them */
async function exact(source, rows) {
  return withBase64(source.collection, await exactIntegers(source, rows));
}

/**
 * The drivers of SQLite and MySQL give 64 bit integers as numbers, which lose digits beyond 2^53. Such values are read
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
      const text = session.trx.raw(`${session.dialect.asText} AS value`, [field]);
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
