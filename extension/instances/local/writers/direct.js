/**
 * Values that Directus' services would change, and that are stored past them: hashes of passwords, which would be hashed
 * again, and bytes, which would become JSON.
 */
import { withBytes } from '../bytes.js';
import { chunks } from '../chunks.js';

/**
 * @typedef {import('../../../model.js').Row} Row
 * @typedef {import('../session.js').LocalSession} LocalSession
 */

const USERS = 'directus_users';
const HASH = /^\$argon2(?:id|i|d)\$/;

/**
 * @param {any} collection as Directus' schema has it
 * @param {Row} row
 * @returns {{values: Row, direct: Row}} what Directus' service may have, and what it may not
 */
export function withoutDirect(collection, row) {
  const [stored = {}] = withBytes(collection, [row]);
  const isDirect = (/** @type {string} */ name) =>
    Buffer.isBuffer(stored[name]) || isHash(collection.collection, name, row[name]);
  const names = Object.keys(row).filter(isDirect);
  if (names.length === 0) return { values: row, direct: {} };
  const values = Object.fromEntries(Object.entries(row).filter(([name]) => !names.includes(name)));
  return { values, direct: Object.fromEntries(names.map(name => [name, stored[name]])) };
}

/** @param {string} collection @param {string} field @param {unknown} value */
function isHash(collection, field, value) {
  return collection === USERS && field === 'password' && typeof value === 'string' && HASH.test(value);
}

/**
 * @param {LocalSession} session
 * @param {any} collection as Directus' schema has it
 * @param {unknown[]} keys of rows, or one null, which stands for the row of a singleton
 * @param {Row} direct their values, as {@link withoutDirect} gave them
 */
export async function storeDirectly(session, { collection, primary }, keys, direct) {
  if (Object.keys(direct).length === 0) return;
  if (keys[0] === null) await session.trx(collection).update(direct);
  else for (const chunk of chunks(keys)) await session.trx(collection).whereIn(primary, chunk).update(direct);
}
