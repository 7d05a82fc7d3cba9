/** Writers for fields. */
import { correctDefaults } from './defaults.js';
import { quietly } from './options.js';

/** @typedef {import('../session.js').LocalSession} LocalSession */

/**
 * @param {LocalSession} session
 * @param {{collection: string, payload: Record<string, any>}} step
 */
export async function createField(session, { collection, payload }) {
  const service = await session.service('FieldsService');
  await service.createField(collection, structuredClone(payload), undefined, quietly());
  await correctDefaults(session, collection, [/** @type {any} */ (payload)]);
}

/**
 * The column is only touched where it differs, since that can mean rebuilding the table. Directus compares it once
 * more, by the database's name of the type: without that name it takes every column for another one.
 *
 * @param {LocalSession} session
 * @param {{collection: string, field: string, meta: Record<string, any>, column?: Record<string, any>}} step
 */
export async function updateField(session, { collection, field, meta, column }) {
  if (column) {
    const service = await session.service('FieldsService');
    const { data_type: _, ...schema } = structuredClone(column.schema);
    await service.updateField(collection, { field, ...column, schema }, quietly());
    await correctDefaults(session, collection, [{ field, ...column }]);
  }
  if (Object.keys(meta).length > 0) await updateMeta(session, collection, field, meta);
}

/**
 * @param {LocalSession} session
 * @param {{collection: string, field: string}} step
 */
export async function deleteField(session, { collection, field }) {
  const service = await session.service('FieldsService');
  await service.deleteField(collection, field, quietly());
}

/**
 * Makes or drops the index alone. Directus' own way alters the column, which on SQLite copies the table, and
 * some system tables are the largest there are.
 *
 * @param {LocalSession} session
 * @param {{collection: string, field: string, indexed: boolean}} step
 */
export async function updateSystemField(session, { collection, field, indexed }) {
  const service = await session.service('FieldsService');
  const column = await service.columnInfo(collection, field);
  if (Boolean(column.is_indexed) === indexed) return;
  const { schema } = service.helpers;
  if (indexed) {
    await schema.createIndex(collection, field);
  } else {
    const name = schema.generateIndexName('index', collection, field);
    await session.trx.schema.alterTable(collection, (/** @type {any} */ table) =>
      table.dropIndex([field], name),
    );
  }
}

/**
 * @param {LocalSession} session
 * @param {string} collection
 * @param {string} field
 * @param {Record<string, any>} meta
 */
async function updateMeta(session, collection, field, meta) {
  const service = await session.items('directus_fields');
  const row = await session.trx('directus_fields').where({ collection, field }).first('id');
  if (row) await service.updateOne(row.id, structuredClone(meta), quietly());
  else await service.createOne({ ...structuredClone(meta), collection, field }, quietly());
}
