/** What differs from database to database, one entry per vendor that is supported. */

/**
 * @typedef {object} Dialect
 * @property {string} vendor the name that Directus' snapshots use
 * @property {string} nowMs SQL for the database's clock, in milliseconds since the epoch
 * @property {string} nowTimestamp SQL for the same moment, as a `timestamp` column of Directus stores it
 * @property {Record<string, unknown>} transaction options of knex' `transaction`
 * @property {boolean} singleConnection whether the whole pool is one connection
 */

/** @type {Readonly<Record<string, Dialect>>} */
const DIALECTS = Object.freeze({
  sqlite: {
    vendor: 'sqlite',
    nowMs: "CAST(ROUND((julianday('now') - 2440587.5) * 86400000) AS INTEGER)",
    nowTimestamp: "CAST(ROUND((julianday('now') - 2440587.5) * 86400000) AS INTEGER)",
    transaction: {},
    singleConnection: true,
  },
  postgres: {
    vendor: 'postgres',
    // Not `now()`, which stands still for the length of a transaction.
    nowMs: 'CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)',
    nowTimestamp: 'clock_timestamp()',
    transaction: { isolationLevel: 'repeatable read' },
    singleConnection: false,
  },
  mysql: {
    vendor: 'mysql',
    nowMs: 'CAST(ROUND(UNIX_TIMESTAMP(SYSDATE(3)) * 1000) AS SIGNED)',
    nowTimestamp: 'SYSDATE()',
    transaction: { isolationLevel: 'repeatable read' },
    singleConnection: false,
  },
});

const VENDORS = Object.freeze({ sqlite3: 'sqlite', pg: 'postgres', mysql: 'mysql', mysql2: 'mysql' });

/**
 * @param {import('./context.js').Knex} database
 * @returns {Dialect}
 */
export function dialectOf(database) {
  const client = String(database.client.config.client);
  const vendor = VENDORS[/** @type {keyof typeof VENDORS} */ (client)];
  if (vendor) return /** @type {Dialect} */ (DIALECTS[vendor]);
  const supported = Object.keys(DIALECTS).join(', ');
  throw new Error(`Schema Sync does not support the database "${client}" yet. It supports: ${supported}.`);
}
