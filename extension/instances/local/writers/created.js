/** Primary keys of the rows that a plan creates, for the references of other rows to them. */

/**
 * @typedef {import('../../../model.js').Row} Row
 * @typedef {import('../session.js').LocalSession} LocalSession
 *
 * @typedef {object} Naming what a step says of its rows
 * @property {string[]} [names] what others call the rows, in their order
 * @property {string[]} [links] fields that may hold `{$created: name}` in place of a key
 */

/** @type {WeakMap<LocalSession, Map<string, unknown>>} keys by name */
const created = new WeakMap();

/** @param {LocalSession} session */
function keysOf(session) {
  const keys = created.get(session) ?? new Map();
  created.set(session, keys);
  return keys;
}

/**
 * Notes the key of a row that was created, or is about to be.
 *
 * @param {LocalSession} session
 * @param {string | undefined} name of the row; none where nobody refers to it
 * @param {unknown} key
 */
export function noteCreated(session, name, key) {
  if (name !== undefined) keysOf(session).set(name, key);
}

/**
 * @param {LocalSession} session
 * @param {any} value of a plan
 * @returns {unknown} the key that it stands for, else the value
 */
export function keyBehind(session, value) {
  const name = value?.$created;
  if (typeof name !== 'string') return value;
  const keys = keysOf(session);
  if (!keys.has(name)) throw new Error(`The plan refers to ${name} before it creates that row.`);
  return keys.get(name);
}

/**
 * @param {LocalSession} session
 * @param {Row} values
 * @param {string[]} [links] fields that may refer to rows that the plan creates
 * @returns {Row} with their keys
 */
export function withKeysOfCreated(session, values, links = []) {
  if (links.length === 0) return values;
  const own = links.filter(field => field in values).map(field => [field, keyBehind(session, values[field])]);
  return { ...values, ...Object.fromEntries(own) };
}
