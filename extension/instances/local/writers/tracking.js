/** Activity and revisions of rows, as Directus' services write them for the requests of a user, many at a time. */
import { chunks } from '../chunks.js';
import { insertBatch } from './bulk.js';
import { quietly } from './options.js';

/**
 * @typedef {import('../../../model.js').Row} Row
 * @typedef {import('../session.js').LocalSession} LocalSession
 * @typedef {import('./effects.js').Written} Written
 * @typedef {{key: unknown, payload: Row}} Tracked a row and what was written of it
 */

/** Who did it, since no user did. */
const USER_AGENT = 'Schema Sync';

/**
 * Writes what the collection is set to keep: nothing, activity, or activity with revisions.
 *
 * @param {LocalSession} session
 * @param {Written} written
 */
export async function track(session, { collection, act, parts }) {
  const { accountability } = (await session.schema()).collections[collection];
  if (accountability === null) return;
  const rows = parts.flatMap(({ keys, payload }) => keys.map(key => ({ key, payload })));
  for (const chunk of chunks(rows)) {
    const items = chunk.map(({ key }) => ({ collection, item: String(key) }));
    const activity = await insert(
      session,
      'directus_activity',
      items.map(item => ({ ...item, action: act, user_agent: USER_AGENT })),
    );
    if (accountability !== 'all' || act === 'delete') continue;
    const contents = await (act === 'create' ? ofCreated : ofUpdated)(session, collection, chunk);
    const revisions = items.map((item, index) => ({
      ...item,
      activity: activity[index],
      ...contents[index],
    }));
    await insert(
      session,
      'directus_revisions',
      revisions.filter(({ delta }) => delta),
    );
  }
}

/**
 * @param {LocalSession} session
 * @param {string} name of a collection of Directus whose keys count up
 * @param {Row[]} rows with the same fields
 * @returns {Promise<unknown[]>} their keys
 */
async function insert(session, name, rows) {
  if (rows.length === 0) return [];
  const inserted = await insertBatch(session, name, rows);
  return inserted ?? (await session.items(name)).createMany(rows, quietly());
}

/**
 * The first revision of a row holds its values, without references.
 *
 * @param {LocalSession} session
 * @param {string} collection
 * @param {Tracked[]} rows
 * @returns {Promise<{data: Row | null, delta: Row | null}[]>}
 */
async function ofCreated(session, collection, rows) {
  const payloads = await session.payloads(collection);
  const relational = await relationalFields(session, collection);
  const contents = [];
  for (const { payload } of rows) {
    const plain = Object.entries(payload).filter(([field]) => !relational.has(field));
    const delta = await payloads.prepareDelta(Object.fromEntries(plain));
    contents.push({ data: delta, delta });
  }
  return contents;
}

/**
 * A later one holds what changed, and what the row is like since then, without references.
 *
 * @param {LocalSession} session
 * @param {string} collection
 * @param {Tracked[]} rows
 * @returns {Promise<{data: Row | null, delta: Row | null}[]>}
 */
async function ofUpdated(session, collection, rows) {
  const { primary, fields } = (await session.schema()).collections[collection];
  const payloads = await session.payloads(collection);
  const relational = await relationalFields(session, collection);
  const plain = Object.keys(fields).filter(field => !relational.has(field) && !fields[field].alias);
  const query = { filter: { [primary]: { _in: rows.map(({ key }) => key) } }, fields: plain, limit: -1 };
  const found = await (await session.items(collection)).readByQuery(query, { emitEvents: false });
  const byKey = new Map(found.map((/** @type {Row} */ row) => [String(row[primary]), row]));
  const contents = [];
  for (const { key, payload } of rows) {
    const now = byKey.get(String(key));
    contents.push({
      data: now ? await payloads.prepareDelta(now) : null,
      delta: await payloads.prepareDelta(payload),
    });
  }
  return contents;
}

/**
 * @param {LocalSession} session
 * @param {string} name of a collection
 * @returns {Promise<Set<string>>} its fields that belong to relations
 */
async function relationalFields(session, name) {
  const { relations } = await session.schema();
  const fields = relations.map((/** @type {any} */ { collection, field, related_collection, meta }) => {
    if (collection === name) return field;
    return related_collection === name ? meta?.one_field : null;
  });
  return new Set(fields);
}
