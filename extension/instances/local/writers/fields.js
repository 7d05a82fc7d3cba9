/** Writers for fields. */
import { setIndex } from '../foreign-indexes.js';
import { correctDefaults } from './defaults.js';
import { widenFloats } from './floats.js';
import { quietly } from './options.js';

/**
 * @typedef {import('../session.js').LocalSession} LocalSession
 * @typedef {{field: string, type: string, meta?: any, schema?: any}} Field
 * @typedef {{collection: string, payload: Field}} FieldStep
 */

/** @type {WeakMap<object, Map<string, number>>} */
const idsBySchema = new WeakMap();

/**
 * The table is altered once, in the way in which Directus makes the fields of a new collection.
 *
 * @param {LocalSession} session
 * @param {[FieldStep, ...FieldStep[]]} steps of one collection
 */
export async function createFields(session, steps) {
  const [{ collection }] = steps;
  const service = await session.service('FieldsService');
  const fields = steps.map(({ payload }) => withDatabaseFlag(service, structuredClone(payload)));
  // Directus gives a field that has no place yet the last one.
  if (!fields.every(({ meta }) => meta && 'sort' in meta)) return createOneByOne(session, collection, fields);
  await refuseExisting(session, collection, fields);
  const columns = fields.filter(({ type }) => type !== 'alias');
  if (columns.length > 0) {
    await session.trx.schema.alterTable(collection, (/** @type {any} */ table) => {
      for (const field of columns) service.addColumnToTable(table, collection, field);
    });
  }
  const rows = fields.map(({ field, meta }) => ({ ...meta, collection, field }));
  await (await session.items('directus_fields')).createMany(rows, quietly());
  await correctColumns(session, collection, fields);
}

/** @param {LocalSession} session @param {string} collection @param {Field[]} fields */
async function createOneByOne(session, collection, fields) {
  const service = await session.service('FieldsService');
  for (const field of fields) await service.createField(collection, field, undefined, quietly());
  await correctColumns(session, collection, fields);
}

/**
 * What Directus does not make as it is meant.
 *
 * @param {LocalSession} session @param {string} collection @param {Field[]} fields that it has just made or changed
 */
export async function correctColumns(session, collection, fields) {
  await correctDefaults(session, collection, fields);
  await widenFloats(session, collection, fields);
}

/**
 * A field's row may be there although its column is not.
 *
 * @param {LocalSession} session @param {string} collection @param {Field[]} fields
 */
async function refuseExisting({ trx }, collection, fields) {
  const names = fields.map(({ field }) => field);
  const [found] = await trx('directus_fields').where({ collection }).whereIn('field', names).pluck('field');
  if (found) throw new Error(`Field "${found}" already exists in collection "${collection}".`);
}

/**
 * What Directus notes of a field that a database has no type of its own for.
 *
 * @param {any} service @param {Field} field
 */
function withDatabaseFlag({ helpers }, field) {
  const flag = helpers.date.fieldFlagForField(field.type);
  if (!flag || field.meta?.special?.includes(flag)) return field;
  return { ...field, meta: { ...field.meta, special: [...(field.meta?.special ?? []), flag] } };
}

/**
 * The column is only touched where it differs, since that can mean rebuilding the table. Directus compares it once
 * more, by the database's name of the type: without that name it takes every column for another one.
 *
 * @param {LocalSession} session
 * @param {{collection: string, field: string, meta: Record<string, any>, column?: {type: string, schema?: any}}} step
 */
export async function updateField(session, { collection, field, meta, column }) {
  if (column) {
    const service = await session.service('FieldsService');
    const { data_type: _, ...schema } = structuredClone(column.schema);
    if (session.dialect.refusesCuts) await cutTexts(session, collection, field, schema.max_length);
    const { is_indexed, ...others } = schema;
    const isOurs = session.dialect.indexesKeys && is_indexed !== undefined;
    await service.updateField(collection, { field, ...column, schema: isOurs ? others : schema }, quietly());
    if (isOurs) await setIndex(session, collection, field, is_indexed);
    await correctColumns(session, collection, [{ field, ...column }]);
  }
  if (Object.keys(meta).length > 0) await updateMeta(session, collection, field, meta);
}

/**
 * What is lost by that was counted with the plan, and agreed to.
 *
 * @param {LocalSession} session
 * @param {string} collection
 * @param {string} field
 * @param {number | null} [most] characters that the column is to hold
 */
async function cutTexts({ trx, dialect }, collection, field, most) {
  if (!most) return;
  await trx(collection)
    .whereRaw(`${dialect.characters} > ?`, [field, most])
    .update({ [field]: trx.raw('LEFT(??, ?)', [field, most]) });
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
  if (session.dialect.indexesKeys) return setIndex(session, collection, field, indexed);
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
  const id = (await rowIds(session)).get(`${collection}.${field}`);
  if (id) await service.updateOne(id, structuredClone(meta), quietly());
  else await service.createOne({ ...structuredClone(meta), collection, field }, quietly());
}

/**
 * Read once with each reading of the schema, and so once for a phase of steps.
 *
 * @param {LocalSession} session
 * @returns {Promise<Map<string, number>>} keys of `directus_fields` by `collection.field`
 */
async function rowIds(session) {
  const schema = await session.schema();
  if (!idsBySchema.has(schema)) {
    const rows = await session.trx('directus_fields').select('id', 'collection', 'field');
    const entries = rows.map((/** @type {any} */ { id, collection, field }) => [
      `${collection}.${field}`,
      id,
    ]);
    idsBySchema.set(schema, new Map(entries));
  }
  return /** @type {Map<string, number>} */ (idsBySchema.get(schema));
}
