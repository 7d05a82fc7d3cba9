/**
 * MySQL and MariaDB need an index below every foreign key. They make one by the name of the key, and leave it when the
 * key goes. Directus takes it for one that somebody asked for, and then looks for it by another name.
 */

/**
 * @typedef {import('../../model.js').Snapshot} Snapshot
 * @typedef {import('./context.js').Knex} Knex
 * @typedef {import('./session.js').LocalSession} LocalSession
 */

/** How Directus and knex end the names of foreign keys. */
const OF_A_KEY = /_foreign$/;
/** Directus makes these on other databases, and lets those of the keys do here. */
const RELIED_ON = Object.freeze(['directus_revisions.activity', 'directus_revisions.parent']);
/** What the databases say of an index that a foreign key stands on. */
const NEEDED = 'ER_DROP_INDEX_FK';

/** @param {Knex} trx @returns {Promise<{table: string, column: string, name: string}[]>} indexes that begin with a column */
async function indexesOf(trx) {
  const [found] = await trx.raw(
    'SELECT TABLE_NAME AS `table`, COLUMN_NAME AS `column`, INDEX_NAME AS `name` FROM information_schema.STATISTICS ' +
      'WHERE TABLE_SCHEMA = DATABASE() AND NON_UNIQUE = 1 AND SEQ_IN_INDEX = 1',
  );
  return found;
}

/**
 * Leaves only those indexes in a snapshot that somebody asked for, which are those of all databases.
 *
 * @param {Knex} trx
 * @param {Snapshot} snapshot
 */
export async function forgetForeignIndexes(trx, snapshot) {
  const asked = new Set(RELIED_ON);
  for (const { table, column, name } of await indexesOf(trx))
    if (!OF_A_KEY.test(name)) asked.add(`${table}.${column}`);
  const isAsked = (/** @type {any} */ { collection, field }) => asked.has(`${collection}.${field}`);
  for (const field of snapshot.fields)
    if (field.schema?.is_indexed && !isAsked(field)) field.schema.is_indexed = false;
  if (snapshot.systemFields) snapshot.systemFields = snapshot.systemFields.filter(isAsked);
}

/**
 * Makes or drops the index that Directus calls by the column's name.
 *
 * @param {LocalSession} session
 * @param {string} collection
 * @param {string} field
 * @param {boolean} isIndexed whether it is wanted
 */
export async function setIndex(session, collection, field, isIndexed) {
  const { trx } = session;
  const { schema } = (await session.service('FieldsService')).helpers;
  const own = schema.generateIndexName('index', collection, field);
  if ((await indexesOf(trx)).some(({ table, name }) => table === collection && name === own) === isIndexed)
    return;
  if (isIndexed) return schema.createIndex(collection, field);
  const drop = () => trx.raw('DROP INDEX ?? ON ??', [own, collection]);
  try {
    await drop();
  } catch (error) {
    if (/** @type {any} */ (error).code !== NEEDED) throw error;
    const foreign = schema.generateIndexName('foreign', collection, field);
    await trx.raw('CREATE INDEX ?? ON ?? (??)', [foreign, collection, field]);
    await drop();
  }
}
