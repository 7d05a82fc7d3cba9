/** Passwords of users that are hashes already: Directus would hash them again, so they are stored as they are. */
import { chunks } from '../chunks.js';

/**
 * @typedef {import('../../../model.js').Row} Row
 * @typedef {import('../session.js').LocalSession} LocalSession
 */

const USERS = 'directus_users';
const HASH = /^\$argon2(?:id|i|d)\$/;

/**
 * @param {string} collection
 * @param {Row} row
 * @returns {{values: Row, hash?: string}} what Directus' service may have, and the hash that it may not
 */
export function withoutHash(collection, row) {
  const { password, ...values } = row;
  if (collection !== USERS || typeof password !== 'string' || !HASH.test(password)) return { values: row };
  return { values, hash: password };
}

/**
 * @param {LocalSession} session
 * @param {unknown[]} keys of users
 * @param {string} [hash] of their password; none leaves it alone
 */
export async function storeHash(session, keys, hash) {
  if (hash === undefined) return;
  for (const chunk of chunks(keys)) await session.trx(USERS).whereIn('id', chunk).update({ password: hash });
}
