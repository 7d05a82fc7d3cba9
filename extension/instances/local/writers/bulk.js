/**
 * New rows of a collection of one's own, many with each statement. Directus' `PayloadService` gives values the form of
 * columns, as its `ItemsService` would, which takes ten times as long for one row after the other.
 */
import { randomUUID } from 'node:crypto';
import { withBytes } from '../bytes.js';
import { bySize } from '../chunks.js';
import { isPossibleKey } from '../keys.js';
import { noteCreated, withKeysOfCreated } from './created.js';
import { insertAsJson } from './rows-as-json.js';
import { asWritten, writingSchema } from './values.js';

/**
 * @typedef {import('../../../model.js').Row} Row
 * @typedef {import('../session.js').LocalSession} LocalSession
 * @typedef {import('./created.js').Naming} Naming
 */

/** SQLite joins no more rows than this in one statement. */
const MOST_ROWS = 500;
/** Fewer than the parameters that any supported database takes in one statement. */
const MOST_VALUES = 30_000;

/**
 * What can be written together: consecutive rows with the same fields, since rows may refer to those before them.
 *
 * @template T
 * @param {Iterable<T>} rows
 * @param {(row: T) => Row} valuesOf
 * @returns {Generator<T[], void, void>}
 */
export function* batches(rows, valuesOf) {
  /** @type {T[]} */
  let batch = [];
  let shape = '';
  for (const row of rows) {
    const values = valuesOf(row);
    const own = Object.keys(values).join();
    if (batch.length > 0 && (own !== shape || batch.length === mostRows(values))) {
      yield batch;
      batch = [];
    }
    shape = own;
    batch.push(row);
  }
  if (batch.length > 0) yield batch;
}

/** @param {Row} row */
function mostRows(row) {
  return Math.max(1, Math.min(MOST_ROWS, Math.floor(MOST_VALUES / (Object.keys(row).length + 1))));
}

/**
 * Writes a batch of new rows, or nothing.
 *
 * @param {LocalSession} session
 * @param {string} name of a collection that is not Directus' own
 * @param {Row[]} batch
 * @param {Naming} [naming] of these rows
 * @returns {Promise<unknown[] | null>} their primary keys; null where the rows have to be written one by one, be it to
 *   let Directus say which of them is wrong
 */
export async function insertBatch(session, name, batch, naming) {
  const values = await preparedBatch(session, name, batch, naming);
  return values && insertPrepared(session, name, values);
}

/**
 * @param {LocalSession} session
 * @param {string} name of a collection that is not Directus' own
 * @param {Row[]} batch
 * @param {Naming} [naming] of these rows
 * @returns {Promise<Row[] | null>} the rows with their keys, in the form of columns; null where that cannot be
 */
export async function preparedBatch(session, name, batch, naming = {}) {
  const schema = await session.schema();
  const collection = schema.collections[name];
  const keyed = await withKeys(session, name, collection, batch);
  if (!keyed) return null;
  for (const [index, row] of keyed.entries())
    noteCreated(session, naming.names?.[index], row[collection.primary]);
  const rows = keyed.map(row => withKeysOfCreated(session, row, naming.links));
  const payloads = await session.payloads(name, writingSchema(schema, name, Object.keys(batch[0] ?? {})));
  try {
    const values = await payloads.processValues(
      'create',
      rows.map(row => asWritten(row, collection)),
    );
    return withBytes(collection, values);
  } catch {
    return null;
  }
}

/**
 * @param {LocalSession} session
 * @param {string} name of a collection that is not Directus' own
 * @param {Row[]} values as {@link preparedBatch} gave them
 * @returns {Promise<unknown[] | null>} their primary keys; null where nothing was written
 */
export async function insertPrepared(session, name, values) {
  const collection = (await session.schema()).collections[name];
  const { vendor, mostCharacters } = session.dialect;
  const insert = async (/** @type {any} */ savepoint) => {
    for (const part of bySize(values, mostCharacters))
      await (insertAsJson(savepoint, vendor, collection, part) ?? savepoint(name).insert(part));
  };
  try {
    // A savepoint, so that a failure leaves the transaction usable.
    await session.trx.transaction(insert);
    return values.map(row => row[collection.primary]);
  } catch {
    return null;
  }
}

/**
 * @param {LocalSession} session
 * @param {string} name
 * @param {any} collection as Directus' schema has it
 * @param {Row[]} batch of rows with the same fields
 * @returns {Promise<Row[] | null>} rows whose keys are known before they are written; null where that cannot be
 */
async function withKeys({ trx, dialect }, name, collection, batch) {
  const { primary, fields } = collection;
  const open = batch.filter(row => isOpen(row[primary]));
  if (open.length === 0) return batch.every(row => isPossibleKey(collection, row[primary])) ? batch : null;
  if (open.length < batch.length) return null;
  // Directus would make such a key itself, but others may refer to it.
  if (fields[primary].special.includes('uuid'))
    return batch.map(row => ({ ...row, [primary]: randomUUID() }));
  if (fields[primary].defaultValue !== 'AUTO_INCREMENT' || !dialect.reserveKeys) return null;
  const keys = await dialect.reserveKeys(trx, name, primary, batch.length);
  return batch.map((row, index) => ({ ...row, [primary]: keys[index] }));
}

/**
 * @param {LocalSession} session
 * @param {string} name
 * @param {Row[]} rows
 * @returns {Promise<boolean>} whether any of them brings a key that the database would have given
 */
export async function haveKeys(session, name, rows) {
  const { primary, fields } = (await session.schema()).collections[name];
  return fields[primary].defaultValue === 'AUTO_INCREMENT' && rows.some(row => !isOpen(row[primary]));
}

/**
 * @param {LocalSession} session
 * @param {string} name
 * @param {Row[]} rows
 * @returns {Promise<boolean>} whether each of them brings its key
 */
export async function allHaveKeys(session, name, rows) {
  const { primary } = (await session.schema()).collections[name];
  return rows.every(row => !isOpen(row[primary]));
}

/**
 * Lets the database go on behind the keys that the files brought.
 *
 * @param {LocalSession} session
 * @param {string} name
 */
export async function moveSequence(session, name) {
  const { primary } = (await session.schema()).collections[name];
  const { helpers } = await session.payloads(name);
  await helpers.sequence.resetAutoIncrementSequence(name, primary);
}

/** @param {unknown} key @returns {boolean} whether somebody else is to give it */
export function isOpen(key) {
  return key === null || key === undefined;
}
