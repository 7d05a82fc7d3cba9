/**
 * New rows as one bound text, which the database takes apart by itself: to bind each value takes the event loop four
 * times as long.
 */
import { isPlainName } from '../names.js';

/**
 * @typedef {import('../../../model.js').Row} Row
 * @typedef {import('../context.js').Knex} Knex
 *
 * @typedef {object} List how a list of rows is read
 * @property {string} sql
 * @property {(index: number, decimals: number) => string} value the value of a column, which was multiplied by ten as
 *   often as `decimals` says
 */

/**
 * Only databases that make of JSON what their driver makes of values. SQLite reads some fractions as the number next to
 * them, but divides exactly.
 *
 * @type {Readonly<Record<string, List>>}
 */
const LISTS = Object.freeze({
  sqlite: {
    sql: 'json_each(?)',
    value: (index, decimals) => `"value" ->> ${index}${decimals > 0 ? ` / 1e${decimals}` : ''}`,
  },
});

/** Types of Directus whose columns may hold fractions. */
const FRACTIONAL = new Set(['decimal', 'float']);
/** Powers of ten up to this one are numbers without a rounding. */
const MOST_DECIMALS = 22;
const FRACTION = /^-?\d+\.(\d+)$/;
/** What JSON can hold and SQLite does not take as the driver gives it. */
const ODD_CHARACTERS = /\\u0000|\\ud/;

/**
 * @param {Knex} trx
 * @param {string} vendor of the database
 * @param {any} collection as Directus' schema has it
 * @param {Row[]} rows in the form of columns
 * @returns {any} a query that inserts them; null where they have to be bound one by one
 */
export function insertAsJson(trx, vendor, { collection: table, fields }, rows) {
  const list = LISTS[vendor];
  const names = Object.keys(rows[0] ?? {});
  const isAlike = rows.every(row => Object.keys(row).length === names.length);
  if (!list || !isAlike || ![table, ...names].every(isPlainName)) return null;
  const columns = names.map(name => columnOf(rows, name, FRACTIONAL.has(fields[name]?.type)));
  if (columns.includes(null)) return null;
  const known = /** @type {Column[]} */ (columns);
  const text = JSON.stringify(rows.map((_, row) => known.map(({ values }) => values[row])));
  if (ODD_CHARACTERS.test(text)) return null;
  const values = known.map(({ decimals }, index) => list.value(index, decimals)).join();
  const written = names.map(name => trx.ref(name)).join();
  return trx.raw(`INSERT INTO ${trx.ref(table)} (${written}) SELECT ${values} FROM ${list.sql}`, [text]);
}

/**
 * @typedef {{values: unknown[], decimals: number}} Column
 *
 * @param {Row[]} rows
 * @param {string} name
 * @param {boolean} isFractional
 * @returns {Column | null} null where JSON cannot hold one of the values
 */
function columnOf(rows, name, isFractional) {
  const given = rows.map(row => row[name]);
  const decimals = isFractional ? Math.max(0, ...given.map(decimalsOf)) : 0;
  if (decimals > MOST_DECIMALS) return null;
  const values = given.map(value => (decimals > 0 ? multiplied(value, decimals) : plain(value)));
  return values.includes(undefined) ? null : { values, decimals };
}

/** @param {unknown} value @returns {unknown} what stands for it in JSON; undefined where nothing does */
function plain(value) {
  if (value instanceof Date) return value.getTime();
  if (typeof value === 'number') return isWhole(value) ? value : undefined;
  return value === null || typeof value === 'boolean' || typeof value === 'string' ? value : undefined;
}

/** @param {number} number @returns {boolean} whether the driver stores it as an integer */
function isWhole(number) {
  return number === (number | 0) && !Object.is(number, -0);
}

/** @param {unknown} value @returns {number} */
function decimalsOf(value) {
  return typeof value === 'number' ? (FRACTION.exec(String(value))?.[1]?.length ?? 0) : 0;
}

/** @param {unknown} value @param {number} decimals @returns {number | null | undefined} undefined where that is not exact */
function multiplied(value, decimals) {
  if (value === null) return null;
  const [, whole, fraction = ''] =
    /^(-?\d+)(?:\.(\d+))?$/.exec(typeof value === 'number' ? String(value) : '') ?? [];
  const number = whole === undefined ? Number.NaN : Number(whole + fraction.padEnd(decimals, '0'));
  return Number.isSafeInteger(number) ? number : undefined;
}
