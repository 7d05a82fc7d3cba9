/** Floats of a database whose floats are wider than those that Directus makes here. */

/** @typedef {import('../session.js').LocalSession} LocalSession */
/** @typedef {{field: string, type: string, schema?: any}} Column */

/** Names of the type of 64 bits. SQLite has one kind of float, which it calls like others call that of 32 bits. */
const WIDE = ['double', 'double precision'];

/**
 * Directus makes floats of 32 bits where a database has both, and those keep 7 digits of a price.
 *
 * @param {LocalSession} session
 * @param {string} collection
 * @param {Column[]} columns that Directus has just made or changed
 */
export async function widenFloats({ trx, dialect }, collection, columns) {
  if (!dialect.wideFloat) return;
  for (const { field } of columns.filter(isWide))
    await trx.raw(`ALTER TABLE ?? ALTER COLUMN ?? TYPE ${dialect.wideFloat}`, [collection, field]);
}

/** @param {Column} column */
function isWide({ type, schema }) {
  if (type !== 'float') return false;
  const name = schema?.data_type;
  return WIDE.includes(name) || (name === 'float' && !schema.numeric_precision);
}
