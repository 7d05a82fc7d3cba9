/** Changed rows of a collection of one's own, many with each statement, each with values of its own. */
import { withBytes } from '../bytes.js';
import { isPossibleKey } from '../keys.js';
import { isPlainName } from '../names.js';
import { asWritten, writingSchema } from './values.js';

/**
 * @typedef {import('../../../model.js').Row} Row
 * @typedef {import('../session.js').LocalSession} LocalSession
 *
 * @typedef {object} Change
 * @property {unknown} key primary key
 * @property {Row} set
 */

/** Types of PostgreSQL that a text becomes without losing anything. */
const CASTS = new Set([
  'bigint',
  'boolean',
  'character varying',
  'date',
  'double precision',
  'integer',
  'json',
  'jsonb',
  'numeric',
  'real',
  'text',
  'time without time zone',
  'timestamp with time zone',
  'timestamp without time zone',
  'uuid',
]);

/**
 * How a value of the list is written, and what the list's columns are called; null for a column that takes more.
 *
 * @type {Readonly<Record<string, {list: (columns: string[]) => string, value: (column: string, dbType: string) => string | null}>>}
 */
const LISTS = Object.freeze({
  sqlite: { list: () => '"list"', value: column => `"list"."${column}"` },
  postgres: {
    list: columns => `"list" (${columns.map(column => `"${column}"`).join()})`,
    // The database takes values of a list for texts.
    value: (column, dbType) => (CASTS.has(dbType) ? `"list"."${column}"::${dbType}` : null),
  },
});

/**
 * @param {LocalSession} session
 * @param {string} name of a collection that is not Directus' own
 * @param {Change[]} batch of changes to the same fields
 * @returns {Promise<boolean>} false where nothing was written, and the rows have to be changed one by one, be it to let
 *   Directus say which of them is wrong
 */
export async function updateBatch(session, name, batch) {
  const schema = await session.schema();
  const collection = schema.collections[name];
  const fields = Object.keys(batch[0]?.set ?? {});
  if (!batch.every(({ key }) => isPossibleKey(collection, key))) return false;
  const statement = statementOf(session, collection, fields, batch.length);
  if (!statement) return false;
  const payloads = await session.payloads(name, writingSchema(schema, name, fields));
  try {
    const sets = batch.map(({ set }) => asWritten(set, collection));
    /** @type {Row[]} */
    const rows = withBytes(collection, await payloads.processValues('update', sets));
    const bindings = rows.flatMap((row, index) => [batch[index]?.key, ...fields.map(field => row[field])]);
    // A savepoint, so that a failure leaves the transaction usable.
    await session.trx.transaction((/** @type {any} */ savepoint) => savepoint.raw(statement, bindings));
    return true;
  } catch {
    return false;
  }
}

/**
 * @param {LocalSession} session
 * @param {any} collection as Directus' schema has it
 * @param {string[]} fields
 * @param {number} count of rows
 * @returns {string | null}
 */
function statementOf({ trx, dialect }, collection, fields, count) {
  const written = LISTS[dialect.vendor];
  if (!written) return null;
  const { primary } = collection;
  // SQLite gives the columns of a list these names.
  const columns = [primary, ...fields].map((_, index) => `column${index + 1}`);
  const value = (/** @type {string} */ field, /** @type {number} */ index) =>
    written.value(String(columns[index]), String(collection.fields[field].dbType));
  const values = fields.map((field, index) => value(field, index + 1));
  const key = value(primary, 0);
  if (!key || values.includes(null) || !fields.every(isPlainName)) return null;
  const quoted = (/** @type {string} */ part) => String(trx.ref(part));
  const sets = fields.map((field, index) => `${quoted(field)} = ${values[index]}`);
  const row = `(${columns.map(() => '?').join()})`;
  const list = `(VALUES ${Array(count).fill(row).join()}) AS ${written.list(columns)}`;
  const table = quoted(collection.collection);
  return `UPDATE ${table} SET ${sets.join()} FROM ${list} WHERE ${table}.${quoted(primary)} = ${key}`;
}
