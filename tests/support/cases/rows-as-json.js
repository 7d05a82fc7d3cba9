/** Rows that are bound as one text, beside the same rows whose values are bound one by one. */
import { insertAsJson } from '../../../extension/instances/local/writers/rows-as-json.js';
import { seeded } from '../random.js';

const FRACTIONS = 20_000;
const TYPES = Object.freeze([
  'varchar(255)',
  'text',
  'integer',
  'bigint',
  'float',
  'datetime',
  'boolean',
  'json',
]);
const ODD = Object.freeze([
  ...[null, true, false, '', 'null', 'true', '1', '007', '1.50', ' 1 ', '1e3', '9007199254740993', '[1, 2]'],
  ...['it\'s "quoted"', 'back\\slash', 'é', '😀', 'a\nb\tc', '?', '??', '\u2028', '$[0]', '\u007f'],
  ...[0, 1, -1, 97, 2 ** 31 - 1, -(2 ** 31)],
  ...[
    new Date(0),
    new Date('2026-01-01T00:00:00.123Z'),
    new Date('0001-01-01T00:00:00Z'),
    new Date(Number.NaN),
  ],
]);
/** What has to be bound. */
const REFUSED = Object.freeze([
  ...['nul\0', '\ud800', '\\u0000', 2 ** 31, 2 ** 53, -0, 1e21, 1e-7, 0.5, Number.NaN],
  ...[Buffer.from('x'), { a: 1 }, undefined],
]);

/** @param {string} [type] of Directus */
const collectionOf = (type = 'string') => ({
  collection: 'odd_values',
  fields: Object.fromEntries(TYPES.map((_, index) => [`c${index}`, { type }])),
});

/**
 * Every odd value in a column of every type, and fractions.
 *
 * @param {any} context
 */
export async function rowsAreAsIfBound({ database }) {
  // Directus makes dates for columns of dates alone.
  const fits = (/** @type {unknown} */ value, /** @type {string} */ type) =>
    value instanceof Date && type !== 'datetime' ? null : value;
  const odd = ODD.map(value => TYPES.map(type => fits(value, type))).map(rowOf);
  const refuses = (/** @type {unknown} */ value) =>
    insertAsJson(database, 'sqlite', collectionOf(), [{ c0: 1, c1: value }]) === null;
  return {
    odd: await compared(database, collectionOf(), odd),
    fractions: await compared(database, collectionOf('float'), fractions()),
    accepted: REFUSED.filter(value => !refuses(value)).map(String),
    mixed: insertAsJson(database, 'sqlite', collectionOf('float'), [{ c0: 0.5 }, { c0: '0.5' }]) !== null,
  };
}

/** Of up to 5 decimals and 16 digits in all, with nulls and whole numbers between them. */
function fractions() {
  const { below } = seeded(5);
  const one = (/** @type {number} */ index) => {
    if (index % 50 === 0) return null;
    const digits = below(2 ** 31) * (index % 3 === 0 ? 40 : 1) + below(40);
    return (index % 2 === 0 ? -1 : 1) * (digits / 10 ** (index % 6));
  };
  const numeric = (/** @type {unknown} */ value) => TYPES.map((_, index) => (index < 2 ? null : value));
  return Array.from({ length: FRACTIONS }, (_, index) => numeric(one(index))).map(rowOf);
}

/** @param {unknown[]} values @param {number} id */
function rowOf(values, id) {
  return { id, ...Object.fromEntries(values.map((value, index) => [`c${index}`, value])) };
}

/**
 * @param {any} database
 * @param {any} collection
 * @param {any[]} rows
 */
async function compared(database, collection, rows) {
  const written = await stored(database, trx => insertAsJson(trx, 'sqlite', collection, rows));
  const bound = await stored(database, async trx => {
    for (const row of rows) await trx('odd_values').insert(row);
  });
  const differing = bound.filter((row, index) => JSON.stringify(row) !== JSON.stringify(written[index]));
  const examples = differing.slice(0, 5).map(({ id }) => [id, bound[id], written[id]]);
  return { missing: rows.length - written.length, examples };
}

/**
 * @param {any} database
 * @param {(trx: any) => Promise<unknown>} insert
 * @returns {Promise<any[]>} what is stored then, with its types
 */
async function stored(database, insert) {
  const rollback = new Error('rolled back');
  /** @type {any[]} */
  let rows = [];
  const work = async (/** @type {any} */ trx) => {
    const columns = TYPES.map((type, index) => `c${index} ${type}`);
    await trx.raw(`CREATE TABLE odd_values (id integer primary key, ${columns})`);
    await insert(trx);
    const shown = TYPES.map((_, index) => `typeof(c${index}) || ' ' || quote(c${index}) AS c${index}`);
    rows = await trx.raw(`SELECT id, ${shown} FROM odd_values ORDER BY id`);
    throw rollback;
  };
  await database.transaction(work).catch((/** @type {unknown} */ error) => {
    if (error !== rollback) throw error;
  });
  return rows;
}
