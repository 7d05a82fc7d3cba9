/**
 * Changes of the schema where the database commits each of them by itself, with all that its transaction did before. So
 * they are made outside of any transaction, and rows get one of their own behind them.
 */

/**
 * @typedef {import('./dialect.js').Dialect} Dialect
 * @typedef {import('./session.js').LocalSession} LocalSession
 * @typedef {import('../../lock.js').Lock} Lock
 */

/**
 * @param {LocalSession} session
 * @param {() => Promise<void>} work changes the schema
 * @param {Lock} [lock] of the run, whose row the session's transaction keeps
 * @throws LOCK_LOST where somebody else took the lock meanwhile
 */
export async function changeCommitted(session, work, lock) {
  await session.trx.raw('COMMIT');
  session.keepsSchema = true;
  // Nothing keeps the lock's row now.
  lock?.resume();
  await work();
  await beginTransaction(session);
  await lock?.fence(session);
}

/** The connection is still that of knex's transaction, which ends what is begun here. @param {LocalSession} session */
async function beginTransaction({ trx, dialect }) {
  await trx.raw(`SET TRANSACTION ISOLATION LEVEL ${dialect.transaction.isolationLevel}`);
  await trx.raw('START TRANSACTION');
}
