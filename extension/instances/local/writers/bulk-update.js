/** Changed rows of a collection of one's own, many with each statement, each with values of its own. */
import { withBytes } from '../bytes.js';
import { isTooLarge } from '../chunks.js';
import { isPossibleKey } from '../keys.js';
import { isPlainName } from '../names.js';
import { asWritten, writingSchema } from './values.js';

/**
 * @typedef {import('../../../model.js').Row} Row
 * @typedef {import('../context.js').Knex} Knex
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
 * @typedef {object} List that a table is joined with
 * @property {(columns: string[]) => string} list what its columns are called
 * @property {(column: string, dbType: string) => string | null} value how a value of it is written; null for a column that
 *   takes more
 *
 * @typedef {object} Batch
 * @property {any} collection as Directus' schema has it
 * @property {string[]} fields that change
 * @property {unknown[]} keys of the rows
 * @property {Row[]} rows their values, in the form of columns
 *
 * @typedef {{sql: string, bindings: unknown[]}} Statement
 */

/** @type {Readonly<Record<string, (trx: Knex, batch: Batch) => Statement | null>>} */
const STATEMENTS = Object.freeze({
  sqlite: joinedWith({ list: () => '"list"', value: column => `"list"."${column}"` }),
  postgres: joinedWith({
    list: columns => `"list" (${columns.map(column => `"${column}"`).join()})`,
    // The database takes values of a list for texts.
    value: (column, dbType) => (CASTS.has(dbType) ? `"list"."${column}"::${dbType}` : null),
  }),
  mysql: byCases,
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
  const statementOf = STATEMENTS[session.dialect.vendor];
  if (!statementOf || !fields.every(isPlainName)) return false;
  const payloads = await session.payloads(name, writingSchema(schema, name, fields));
  try {
    const sets = batch.map(({ set }) => asWritten(set, collection));
    /** @type {Row[]} */
    const rows = withBytes(collection, await payloads.processValues('update', sets));
    const statement = statementOf(session.trx, {
      collection,
      fields,
      keys: batch.map(({ key }) => key),
      rows,
    });
    if (!statement) return false;
    const { sql, bindings } = statement;
    if (isTooLarge(bindings, session.dialect.mostCharacters)) return false;
    // A savepoint, so that a failure leaves the transaction usable.
    await session.trx.transaction((/** @type {any} */ savepoint) => savepoint.raw(sql, bindings));
    return true;
  } catch {
    return false;
  }
}

/** @param {List} written @returns {(trx: Knex, batch: Batch) => Statement | null} */
function joinedWith(written) {
  return (trx, { collection, fields, keys, rows }) => {
    const { primary } = collection;
    // SQLite gives the columns of a list these names.
    const columns = [primary, ...fields].map((_, index) => `column${index + 1}`);
    const value = (/** @type {string} */ field, /** @type {number} */ index) =>
      written.value(String(columns[index]), String(collection.fields[field].dbType));
    const values = fields.map((field, index) => value(field, index + 1));
    const key = value(primary, 0);
    if (!key || values.includes(null)) return null;
    const quoted = (/** @type {string} */ part) => String(trx.ref(part));
    const sets = fields.map((field, index) => `${quoted(field)} = ${values[index]}`);
    const row = `(${columns.map(() => '?').join()})`;
    const list = `(VALUES ${Array(rows.length).fill(row).join()}) AS ${written.list(columns)}`;
    const table = quoted(collection.collection);
    return {
      sql: `UPDATE ${table} SET ${sets.join()} FROM ${list} WHERE ${table}.${quoted(primary)} = ${key}`,
      bindings: rows.flatMap((row, index) => [keys[index], ...fields.map(field => row[field])]),
    };
  };
}

/**
 * A list that is joined has a collation of its own, which MySQL does not compare with another one. Literals take that of
 * the column.
 *
 * @param {Knex} trx
 * @param {Batch} batch
 * @returns {Statement | null} null where a key has more digits than a number of JavaScript
 */
function byCases(trx, { collection, fields, keys, rows }) {
  const { primary } = collection;
  const isCounted = ['integer', 'bigInteger'].includes(collection.fields[primary].type);
  // A text would be compared with a number as two fractions.
  const own = isCounted ? keys.map(Number) : keys;
  if (isCounted && !own.every(Number.isSafeInteger)) return null;
  const key = String(trx.ref(primary));
  const whens = own.map(() => 'WHEN ? THEN ?').join(' ');
  const sets = fields.map(field => `${trx.ref(field)} = CASE ${key} ${whens} END`);
  const places = own.map(() => '?').join();
  const cases = fields.flatMap(field => rows.flatMap((row, index) => [own[index], inCase(row[field])]));
  return {
    sql: `UPDATE ${trx.ref(collection.collection)} SET ${sets.join()} WHERE ${key} IN (${places})`,
    bindings: [...cases, ...own],
  };
}

/** Numbers of one column would all become floats if one of them is, so that they are texts. @param {unknown} value */
function inCase(value) {
  return typeof value === 'number' ? String(value) : value;
}
