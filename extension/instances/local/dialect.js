/** What differs from database to database, one entry per vendor that is supported. */
import { SchemaSyncError } from '../../errors.js';

/**
 * @typedef {object} Dialect
 * @property {string} vendor the name that Directus' snapshots use
 * @property {string} nowMs SQL for the database's clock, in milliseconds since the epoch
 * @property {string} nowTimestamp SQL for the same moment, as a `timestamp` column of Directus stores it
 * @property {string} characters SQL for the length of a column in characters, the column as `??`
 * @property {Record<string, unknown>} transaction options of knex' `transaction`
 * @property {(error: any) => boolean} isBusy whether an error only says that another process was in the way
 * @property {boolean} keepsQuestionMarks whether knex leaves a question mark inside a column's default alone
 * @property {((trx: import('./context.js').Knex, table: string) => Promise<Map<string, string>>)} rawDefaults
 *   the defaults of a table's columns as SQL, where Directus does not read quotes inside of them
 * @property {((trx: import('./context.js').Knex, table: string, column: string, count: number) => Promise<number[]>) | null} reserveKeys
 *   keys of an auto-incrementing column that the database gives to nobody else, in order; null where it reserves none
 * @property {(text: string) => string} unquoted what a text says that the database writes between quotes
 * @property {boolean} refusesCuts whether a column cannot get less room while it holds longer texts
 * @property {boolean} indexesKeys whether there is an index below every foreign key, and Directus sees it
 * @property {boolean} commitsSchema whether a change of the schema commits the transaction that it is made in, and itself
 * @property {string} asText SQL for a column as text, the column as `??`
 * @property {string | null} wideFloat the type of a float of 64 bits, where Directus makes smaller ones
 * @property {number} mostCharacters of all texts in one statement
 * @property {boolean} locksRows whether a row can be locked; if not, a writer locks the whole database
 */

/** @param {string} text */
const withSingleQuotes = text => text.replaceAll("''", "'");
/** What a letter behind a backslash says to MySQL and MariaDB, where it is not itself. @type {Record<string, string>} */
const ESCAPES = { 0: '\0', b: '\b', n: '\n', r: '\r', t: '\t', Z: '\x1A' };

/** @type {Readonly<Record<string, Dialect>>} */
const DIALECTS = Object.freeze({
  sqlite: {
    vendor: 'sqlite',
    nowMs: "CAST(ROUND((julianday('now') - 2440587.5) * 86400000) AS INTEGER)",
    nowTimestamp: "CAST(ROUND((julianday('now') - 2440587.5) * 86400000) AS INTEGER)",
    characters: 'LENGTH(CAST(?? AS TEXT))',
    transaction: {},
    isBusy: hasCode('SQLITE_BUSY'),
    keepsQuestionMarks: true,
    rawDefaults: async (trx, table) => {
      const columns = await trx.raw(`PRAGMA table_info(${trx.ref(table)})`);
      return new Map(columns.map((/** @type {any} */ { name, dflt_value }) => [name, dflt_value]));
    },
    // Nobody else writes meanwhile. A table that never gives a key twice keeps the last one in `sqlite_sequence`.
    reserveKeys: async (trx, table, column, count) => {
      const { last } = await trx(table).max({ last: column }).first();
      const given = await trx('sqlite_sequence').where('name', table).first('seq');
      const first = Math.max(last ?? 0, given?.seq ?? 0) + 1;
      return Array.from({ length: count }, (_, index) => first + index);
    },
    unquoted: withSingleQuotes,
    refusesCuts: false,
    indexesKeys: false,
    commitsSchema: false,
    asText: 'CAST(?? AS TEXT)',
    wideFloat: null,
    mostCharacters: Number.POSITIVE_INFINITY,
    locksRows: false,
  },
  postgres: {
    vendor: 'postgres',
    // Not `now()`, which stands still for the length of a transaction.
    nowMs: 'CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)',
    nowTimestamp: 'clock_timestamp()',
    characters: 'LENGTH(CAST(?? AS TEXT))',
    transaction: { isolationLevel: 'repeatable read' },
    // Serialization failure, deadlock, lock not available.
    isBusy: error => hasCode('40001', '40P01', '55P03')(error) || isDroppedMeanwhile(error),
    keepsQuestionMarks: false,
    rawDefaults: async (trx, table) => {
      const columns = await trx('information_schema.columns')
        .select('column_name', 'column_default')
        .where({ table_name: table })
        .whereRaw('table_schema = ANY (current_schemas(false))');
      return new Map(columns.map((/** @type {any} */ column) => [column.column_name, column.column_default]));
    },
    reserveKeys: async (trx, table, column, count) => {
      const next = 'SELECT nextval(pg_get_serial_sequence(?, ?)) AS key FROM generate_series(1, ?)';
      const { rows } = await trx.raw(next, [`"${table}"`, column, count]);
      // The driver gives integers of this size as text.
      return rows.map((/** @type {any} */ { key }) => Number(key));
    },
    unquoted: withSingleQuotes,
    refusesCuts: false,
    indexesKeys: false,
    commitsSchema: false,
    asText: 'CAST(?? AS TEXT)',
    wideFloat: 'double precision',
    mostCharacters: Number.POSITIVE_INFINITY,
    locksRows: true,
  },
  mysql: {
    vendor: 'mysql',
    nowMs: 'CAST(ROUND(UNIX_TIMESTAMP(SYSDATE(3)) * 1000) AS SIGNED)',
    // Directus keeps the time of day in UTC in such a column, whatever the zone of the session is.
    nowTimestamp: 'UTC_TIMESTAMP()',
    characters: 'CHAR_LENGTH(??)',
    transaction: { isolationLevel: 'repeatable read' },
    isBusy: hasCode('ER_LOCK_DEADLOCK', 'ER_LOCK_WAIT_TIMEOUT', 'ER_LOCK_NOWAIT', 'ER_CHECKREAD'),
    keepsQuestionMarks: true,
    // Only MariaDB writes texts between quotes there.
    rawDefaults: async (trx, table) => {
      const columns = await trx('information_schema.COLUMNS')
        .select({ name: 'COLUMN_NAME', value: 'COLUMN_DEFAULT' })
        .where({ TABLE_NAME: table })
        .whereRaw('TABLE_SCHEMA = DATABASE()');
      return new Map(columns.map((/** @type {any} */ { name, value }) => [name, value]));
    },
    unquoted: text =>
      text.replace(/''|\\([\s\S])/g, (_, escaped) =>
        escaped === undefined ? "'" : (ESCAPES[escaped] ?? escaped),
      ),
    refusesCuts: true,
    indexesKeys: true,
    reserveKeys: null,
    commitsSchema: true,
    asText: 'CAST(?? AS CHAR)',
    wideFloat: null,
    // A server that is sent more than `max_allowed_packet` hangs up. Half of the smallest default, in bytes of ASCII.
    mostCharacters: 2 * 1024 * 1024,
    locksRows: true,
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
  const message = `Schema Sync does not support the database "${client}" yet. It supports: ${supported}.`;
  throw new SchemaSyncError('DATABASE_UNSUPPORTED', message);
}

/**
 * @param {...string} codes of the driver
 * @returns {(error: any) => boolean} whether the error, or one that caused it, has one of them
 */
function hasCode(...codes) {
  return error => isCausedBy(error, ({ code }) => codes.includes(code));
}

/** @param {any} error @param {(cause: any) => boolean} test @returns {boolean} whether it holds for the error, or one that caused it */
function isCausedBy(error, test) {
  for (let cause = error; cause; cause = cause.cause) if (test(cause)) return true;
  return false;
}

/**
 * The catalogue of PostgreSQL shows a transaction the tables from its beginning, but functions that name them look now.
 * A table that is gone by then has only its number.
 *
 * @param {any} error
 */
function isDroppedMeanwhile(error) {
  const isAboutTable = hasCode('42P01', 'XX000');
  return isCausedBy(error, cause => isAboutTable(cause) && /(relation|OID) "?\d+"?/.test(cause.message));
}
