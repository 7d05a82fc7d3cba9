/**
 * Fields that Directus masks, read as they are: to be compared with values of the environment, and for users whose
 * password's hash travels. What Directus encrypted it decrypts for us; a hash tells only of which value it was made.
 */
import { chunks } from './chunks.js';
import { directusDependency } from './directus.js';
import { jsonPages, rowPages } from './row-pages.js';

/**
 * @typedef {import('../../model.js').Row} Row
 * @typedef {import('./session.js').LocalSession} LocalSession
 * @typedef {import('./context.js').SchemaOverview} SchemaOverview
 * @typedef {import('./rows.js').Readable} Readable
 */

const MASKING = new Set(['conceal', 'hash']);
const PASSWORD = 'password';

/**
 * The rows of an entry with the secrets that it needs in the clear.
 *
 * @param {LocalSession} session
 * @param {Readable} entry of a collection that exists
 * @returns {AsyncGenerator<Row[], void, void>}
 */
export async function* revealedRows(session, entry) {
  const fields = await secretFields(session, entry);
  for await (const rows of rowPages(session, entry)) {
    if (fields.length > 0) await reveal(session, entry, fields, rows);
    yield rows;
  }
}

/**
 * The same as text.
 *
 * @param {LocalSession} session
 * @param {Readable} entry of a collection that exists
 * @returns {AsyncGenerator<import('./row-pages.js').JsonPage, void, void>}
 */
export async function* revealedPages(session, entry) {
  const fields = await secretFields(session, entry);
  if (fields.length === 0) return yield* jsonPages(session, entry);
  for await (const rows of revealedRows(session, entry))
    yield { json: Buffer.from(JSON.stringify(rows)), count: rows.length };
}

/** @param {LocalSession} session @param {Readable} entry @returns {Promise<string[]>} */
async function secretFields(session, { collection, fields, withheld = [], passwordHashes }) {
  const secrets = passwordHashes ? [...withheld, PASSWORD] : withheld;
  const known = (await session.schema()).collections[collection].fields;
  return secrets.filter(field => fields.includes(field) && known[field]);
}

/** @param {LocalSession} session @param {Readable} entry @param {string[]} fields @param {Row[]} rows */
async function reveal(session, { collection, variables = {}, passwordHashes }, fields, rows) {
  const schema = await session.schema();
  const { primary, fields: known } = schema.collections[collection];
  const payloads = await session.payloads(collection, unmasked(schema, collection));
  const byKey = new Map(rows.map(row => [row[primary], row]));
  for (const keys of chunks([...byKey.keys()])) {
    const raw = await session
      .trx(collection)
      .select([primary, ...fields])
      .whereIn(primary, keys);
    for (const secrets of await payloads.processValues('read', raw)) {
      for (const field of fields) {
        const isHash = known[field].special.includes('hash') && !(passwordHashes && field === PASSWORD);
        const value = isHash ? await madeOf(secrets[field], variables) : secrets[field];
        Object.assign(byKey.get(secrets[primary]) ?? {}, { [field]: value });
      }
    }
  }
}

/**
 * @param {SchemaOverview} schema
 * @param {string} name of the collection
 * @returns {SchemaOverview} under which Directus masks nothing of it
 */
function unmasked(schema, name) {
  const collection = schema.collections[name];
  const fields = Object.entries(collection.fields).map(([field, facts]) => [
    field,
    { ...facts, special: facts.special.filter((/** @type {string} */ flag) => !MASKING.has(flag)) },
  ]);
  const open = { ...collection, fields: Object.fromEntries(fields) };
  return { ...schema, collections: { ...schema.collections, [name]: open } };
}

/**
 * @param {string | null} hash
 * @param {import('../../variables.js').Variables} variables
 * @returns {Promise<string | null>} the value that it was made of, if that is one of these; else the hash
 */
async function madeOf(hash, variables) {
  if (!hash) return hash;
  const argon2 = await directusDependency('argon2');
  for (const value of Object.values(variables)) {
    if (await argon2?.verify(hash, value).catch(() => false)) return value;
  }
  return hash;
}
