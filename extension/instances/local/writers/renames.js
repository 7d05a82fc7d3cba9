/** Writer for fields that get another name and keep their values. */

/**
 * @typedef {import('../session.js').LocalSession} LocalSession
 * @typedef {import('../context.js').Knex} Knex
 *
 * @typedef {object} Renaming
 * @property {string} collection
 * @property {string} field the name on the target
 * @property {string} to
 *
 * @typedef {object} Index
 * @property {string} from its name, which is that of an index of the old column
 * @property {string} to its name as Directus would give it now
 * @property {boolean} unique
 */

/** Settings that name a field of the collection in `of`. */
const NAMING = Object.freeze([
  { table: 'directus_fields', of: 'collection', columns: ['field'] },
  { table: 'directus_collections', of: 'collection', columns: ['archive_field', 'sort_field'] },
  {
    table: 'directus_relations',
    of: 'many_collection',
    columns: ['many_field', 'junction_field', 'sort_field', 'one_collection_field'],
  },
]);

/**
 * How the database gives an index another name.
 *
 * @type {Readonly<Record<string, (trx: Knex, renaming: Renaming, index: Index) => Promise<void>>>}
 */
const RENAME_INDEX = Object.freeze({
  // A constraint takes the name of its index.
  postgres: async (trx, _, { from, to }) =>
    void (await trx.raw('ALTER INDEX IF EXISTS ?? RENAME TO ??', [from, to])),
  sqlite: async (trx, { collection, to: column }, { from, to, unique }) => {
    const found = await trx('sqlite_master').where({ type: 'index', name: from }).first('name');
    if (!found) return;
    await trx.raw('DROP INDEX ??', [from]);
    await trx.raw(`CREATE ${unique ? 'UNIQUE ' : ''}INDEX ?? ON ?? (??)`, [to, collection, column]);
  },
  mysql: async (trx, { collection }, { from, to }) => {
    const [found] = await trx.raw('SHOW INDEX FROM ?? WHERE Key_name = ?', [collection, from]);
    if (found.length > 0) await trx.raw('ALTER TABLE ?? RENAME INDEX ?? TO ??', [collection, from, to]);
  },
});

/**
 * The database carries values, indexes and foreign keys along. Directus finds an index by a name that is made of the
 * column's, so that follows.
 *
 * @param {LocalSession} session
 * @param {Renaming} step
 */
export async function renameField(session, step) {
  const { collection, field, to } = step;
  const { trx } = session;
  await trx.schema.alterTable(collection, (/** @type {any} */ table) => table.renameColumn(field, to));
  await carryRenamed(session, step);
}

/**
 * What comes after the column, which may be done twice.
 *
 * @param {LocalSession} session
 * @param {Renaming} step
 */
export async function carryRenamed(session, step) {
  const { collection, field, to } = step;
  const { trx } = session;
  await renameIndexes(session, step);
  for (const { table, of, columns } of NAMING) {
    for (const column of columns) {
      await trx(table)
        .where({ [of]: collection, [column]: field })
        .update({ [column]: to });
    }
  }
}

/** @param {LocalSession} session @param {Renaming} step */
async function renameIndexes(session, step) {
  const { schema } = (await session.service('FieldsService')).helpers;
  const nameOf = (/** @type {string} */ kind, /** @type {string} */ column) =>
    schema.generateIndexName(kind, step.collection, column);
  for (const kind of ['unique', 'index']) {
    const index = { from: nameOf(kind, step.field), to: nameOf(kind, step.to), unique: kind === 'unique' };
    await RENAME_INDEX[session.dialect.vendor]?.(session.trx, step, index);
  }
}
