/** One database transaction around an import, with what SQLite needs to survive it. */
import { SchemaSyncError } from '../../errors.js';
import { chunks } from './chunks.js';

/**
 * @typedef {import('./context.js').Knex} Knex
 * @typedef {import('./dialect.js').Dialect} Dialect
 *
 * @typedef {object} Violation a row that refers to a row that is not there
 * @property {string} table
 * @property {string} column
 * @property {unknown} key the row's primary key, or its rowid
 * @property {unknown} value
 * @property {string} parent
 */

/** How long SQLite waits for another process to finish, in place of the driver's one second. */
const BUSY_TIMEOUT_MS = 30_000;
const ATTEMPTS = 3;
const NAMED_VIOLATIONS = 10;

/** @type {Readonly<Record<string, typeof plainTransaction>>} */
const TRANSACTIONS = Object.freeze({ sqlite: sqliteTransaction, mysql: mysqlTransaction });

/**
 * What MySQL and MariaDB are told for the time of a transaction: a zero in a key is a zero; who waits for a table that
 * somebody else reads gives up at some time, which is a day by default; and a row that was changed meanwhile is a
 * conflict, as it is to PostgreSQL. Only MariaDB knows the last.
 */
const MYSQL_SETTINGS = Object.freeze({
  sql_mode: "CONCAT(@@sql_mode, ',NO_AUTO_VALUE_ON_ZERO')",
  lock_wait_timeout: '60',
  innodb_snapshot_isolation: 'ON',
});

/** Thrown to make knex roll back; never leaves this module. */
const ROLLBACK = Symbol('rollback');

/**
 * Runs `work` in a transaction of its own. Where another process was in the way, all of it is done again.
 *
 * @template T
 * @param {Knex} database
 * @param {Dialect} dialect
 * @param {(trx: Knex) => Promise<T>} work
 * @param {{commit: boolean}} options `commit: false` rolls back whatever `work` did
 * @returns {Promise<T>} what `work` gave
 */
export async function runTransaction(database, dialect, work, { commit }) {
  const run = TRANSACTIONS[dialect.vendor] ?? plainTransaction;
  for (let attempt = 1; ; attempt++) {
    try {
      return await run(database, dialect, work, commit);
    } catch (error) {
      if (!dialect.isBusy(error)) throw error;
      if (attempt === ATTEMPTS) throw inTheWay(error);
    }
  }
}

/** @param {unknown} error */
function inTheWay(error) {
  const reason = /** @type {Error} */ (error).message;
  const message =
    `Another process kept changing the same data, ${ATTEMPTS} times in a row (${reason}). Nothing was changed. ` +
    'Run it again when there is less traffic.';
  return new SchemaSyncError('LOCKED', message, { cause: error });
}

/**
 * @template T
 * @param {Knex} database
 * @param {Dialect} dialect
 * @param {(trx: Knex) => Promise<T>} work
 * @param {boolean} commit
 */
function plainTransaction(database, dialect, work, commit) {
  return transact(database, dialect.transaction, work, commit);
}

/**
 * Altering a column makes SQLite rebuild the table, and with foreign keys on that fires ON DELETE on all
 * rows which refer to it. The switch does nothing inside a transaction, so it is thrown on the connection
 * before, and what it would have checked is checked before the commit.
 *
 * @template T
 * @param {Knex} database
 * @param {Dialect} dialect
 * @param {(trx: Knex) => Promise<T>} work
 * @param {boolean} commit
 */
async function sqliteTransaction(database, dialect, work, commit) {
  const connection = await database.client.acquireConnection();
  const pragma = (/** @type {string} */ text) => database.raw(`PRAGMA ${text}`).connection(connection);
  try {
    const [{ timeout }] = await pragma('busy_timeout');
    await pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`);
    await pragma('foreign_keys = OFF');
    try {
      return await transact(
        database,
        { ...dialect.transaction, connection },
        guardReferences(work, commit),
        commit,
      );
    } finally {
      await endOpenTransaction(database, connection);
      await pragma('foreign_keys = ON');
      await pragma(`busy_timeout = ${timeout}`);
    }
  } finally {
    await database.client.releaseConnection(connection);
  }
}

/**
 * @template T
 * @param {Knex} database
 * @param {Dialect} dialect
 * @param {(trx: Knex) => Promise<T>} work
 * @param {boolean} commit
 */
async function mysqlTransaction(database, dialect, work, commit) {
  const connection = await database.client.acquireConnection();
  const query = (/** @type {string} */ text) => database.raw(text).connection(connection);
  try {
    const [known] = await query(
      `SHOW VARIABLES WHERE Variable_name IN ('${Object.keys(MYSQL_SETTINGS).join("', '")}')`,
    );
    const names = known.map((/** @type {any} */ { Variable_name }) => Variable_name);
    for (const name of names)
      await query(
        `SET SESSION ${name} = ${MYSQL_SETTINGS[/** @type {keyof typeof MYSQL_SETTINGS} */ (name)]}`,
      );
    try {
      return await transact(database, { ...dialect.transaction, connection }, work, commit);
    } finally {
      // A connection that is gone has nothing to be put back, and why it went is what people have to see.
      for (const name of names) await query(`SET SESSION ${name} = DEFAULT`).catch(() => {});
    }
  } finally {
    await database.client.releaseConnection(connection);
  }
}

/**
 * @template T
 * @param {Knex} database
 * @param {Record<string, unknown>} options
 * @param {(trx: Knex) => Promise<T>} work
 * @param {boolean} commit
 * @returns {Promise<T>}
 */
async function transact(database, options, work, commit) {
  /** @type {{result: T} | undefined} */
  let done;
  try {
    await database.transaction(async (/** @type {Knex} */ trx) => {
      done = { result: await work(trx) };
      if (!commit) throw ROLLBACK;
    }, options);
  } catch (error) {
    if (error !== ROLLBACK) throw error;
  }
  return /** @type {{result: T}} */ (done).result;
}

/**
 * A COMMIT that SQLite refuses leaves the transaction open, and the connection goes back into the pool.
 *
 * @param {Knex} database
 * @param {unknown} connection
 */
async function endOpenTransaction(database, connection) {
  try {
    await database.raw('ROLLBACK').connection(connection);
  } catch {
    // No transaction is open, which is how it should be.
  }
}

/**
 * @template T
 * @param {(trx: Knex) => Promise<T>} work
 * @param {boolean} commit
 * @returns {(trx: Knex) => Promise<T>}
 */
function guardReferences(work, commit) {
  if (!commit) return work;
  return async trx => {
    const before = new Set((await violations(trx)).map(identity));
    const result = await work(trx);
    const caused = (await violations(trx)).filter(found => !before.has(identity(found)));
    if (caused.length > 0) throw danglingReferences(caused);
    return result;
  };
}

/** @param {Violation} violation */
function identity({ table, column, key }) {
  return JSON.stringify([table, column, key]);
}

/** @param {Violation[]} caused */
function danglingReferences(caused) {
  const lines = caused.slice(0, NAMED_VIOLATIONS).map(describe);
  const more = caused.length > lines.length ? ` And ${caused.length - lines.length} more.` : '';
  const message =
    `The import would leave rows that refer to rows which do not exist: ${lines.join('; ')}.${more} ` +
    'Nothing was changed. Synchronise the collection referred to, or correct the rows.';
  return new SchemaSyncError('APPLY_FAILED', message, { path: caused[0] && place(caused[0]) });
}

/** @param {Violation} violation */
function describe(violation) {
  return `${place(violation)} is ${JSON.stringify(violation.value)}, but ${violation.parent} has no such row`;
}

/** @param {Violation} violation */
function place({ table, column, key }) {
  return `${table}[${key}].${column}`;
}

/**
 * Rebuilding a table may number its rows anew, so a row is known by its primary key.
 *
 * @param {Knex} trx
 * @returns {Promise<Violation[]>}
 */
async function violations(trx) {
  /** @type {{table: string, rowid: number, parent: string, fkid: number}[]} */
  const found = await trx.raw('PRAGMA foreign_key_check');
  /** @type {Map<string, typeof found>} */
  const byKey = new Map();
  for (const row of found) {
    const key = JSON.stringify([row.table, row.fkid]);
    const others = byKey.get(key);
    if (others) others.push(row);
    else byKey.set(key, [row]);
  }
  const groups = [];
  for (const rows of byKey.values()) groups.push(await ofOneKey(trx, rows));
  return groups.flat();
}

/**
 * @param {Knex} trx
 * @param {{table: string, rowid: number, parent: string, fkid: number}[]} found rows that break one foreign key
 * @returns {Promise<Violation[]>}
 */
async function ofOneKey(trx, found) {
  const [{ table, parent, fkid }] = /** @type {[(typeof found)[number]]} */ (found);
  const keys = await trx.raw(`PRAGMA foreign_key_list(${trx.ref(table)})`);
  const column = keys.find((/** @type {any} */ key) => key.id === fkid).from;
  const columns = await trx.raw(`PRAGMA table_info(${trx.ref(table)})`);
  const primary = columns.find((/** @type {any} */ info) => info.pk === 1)?.name ?? 'rowid';
  const rows = [];
  for (const chunk of chunks(found)) {
    const ids = chunk.map(({ rowid }) => rowid);
    rows.push(...(await trx(table).whereIn('rowid', ids).select({ key: primary, value: column })));
  }
  return rows.map(({ key, value }) => ({ table, column, key, value, parent }));
}
