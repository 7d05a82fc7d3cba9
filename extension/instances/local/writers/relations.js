/** Writers for relations. */
import { quietly } from './options.js';

/**
 * @typedef {import('../session.js').LocalSession} LocalSession
 * @typedef {Record<string, any>} Relation `{collection, field, related_collection, meta, schema}`
 */

/**
 * @param {LocalSession} session
 * @param {{collection: string, field: string, payload: Relation}} step
 */
export async function createRelation(session, { collection, field, payload }) {
  const existing = await findRelation(session, collection, field);
  if (existing) return changeRelation(session, existing, payload);
  return addRelation(session, payload);
}

/**
 * Directus updates neither the collection referred to nor the presence of the foreign key; both take a new
 * relation.
 *
 * @param {LocalSession} session
 * @param {{collection: string, field: string, payload: Relation}} step
 */
export async function updateRelation(session, { collection, field, payload }) {
  const existing = await findRelation(session, collection, field);
  return changeRelation(session, existing, payload);
}

/**
 * Directus drops a foreign key by its name. SQLite's have none, so there the key would stay.
 *
 * @param {LocalSession} session
 * @param {{collection: string, field: string}} step
 */
export async function deleteRelation(session, { collection, field }) {
  const existing = await findRelation(session, collection, field);
  const service = await session.service('RelationsService');
  await service.deleteOne(collection, field, quietly());
  if (!existing?.schema || existing.schema.constraint_name) return;
  await session.trx.schema.alterTable(collection, (/** @type {any} */ table) => table.dropForeign(field));
}

/** @param {LocalSession} session @param {string} collection @param {string} field */
async function findRelation(session, collection, field) {
  const { relations } = await session.schema();
  return relations.find(
    (/** @type {Relation} */ one) => one.collection === collection && one.field === field,
  );
}

/**
 * @param {LocalSession} session
 * @param {Relation} existing
 * @param {Relation} desired
 */
async function changeRelation(session, existing, desired) {
  if (isAnotherKey(existing, desired)) {
    await deleteRelation(session, { collection: existing.collection, field: existing.field });
    session.refresh();
    return addRelation(session, desired);
  }
  if (desired.schema && hasOtherRules(existing.schema, desired.schema)) {
    await changeForeignKey(session, existing, desired);
  }
  if (desired.meta) await changeMeta(session, existing, desired.meta);
}

/** @param {LocalSession} session @param {Relation} existing @param {Relation} desired */
async function changeForeignKey(session, existing, desired) {
  const { collection, field, related_collection } = existing;
  const service = await session.service('RelationsService');
  const change = { collection, field, related_collection, schema: rules(desired.schema) };
  await service.updateOne(collection, field, change, quietly());
}

/**
 * Past the service, which makes the foreign key anew for every change of meta, on Directus 11 without its
 * rules.
 *
 * @param {LocalSession} session
 * @param {Relation} existing
 * @param {Record<string, any>} meta
 */
async function changeMeta(session, existing, { id: _, ...meta }) {
  if (!existing.meta) return addMeta(session, { ...existing, meta });
  const service = await session.items('directus_relations');
  return service.updateOne(existing.meta.id, structuredClone(meta), quietly());
}

/** @param {LocalSession} session @param {Relation} relation */
async function addRelation(session, relation) {
  if (relation.schema || !relation.related_collection) {
    const service = await serviceFor(session, relation);
    return service.createOne(structuredClone(relation), quietly());
  }
  // The service would add a foreign key, which this relation does not have where it comes from.
  return addMeta(session, relation);
}

/**
 * Directus keeps relations whose field is the primary key where it finds them, as two tables that share their key
 * have one, but refuses to make them. So it is shown a schema in which the field is like any other.
 *
 * @param {LocalSession} session
 * @param {Relation} relation
 */
async function serviceFor(session, { collection, field }) {
  const schema = await session.schema();
  const holder = schema.collections[collection];
  if (holder?.primary !== field) return session.service('RelationsService');
  const collections = { ...schema.collections, [collection]: { ...holder, primary: '' } };
  return session.serviceOn('RelationsService', { ...schema, collections });
}

/** @param {LocalSession} session @param {Relation} relation */
async function addMeta(session, { collection, field, related_collection, meta }) {
  const names = { many_collection: collection, many_field: field, one_collection: related_collection };
  const service = await session.items('directus_relations');
  return service.createOne({ ...structuredClone(meta), ...names }, quietly());
}

/** @param {Relation} existing @param {Relation} desired */
function isAnotherKey(existing, desired) {
  const moved = (existing.related_collection ?? null) !== (desired.related_collection ?? null);
  return moved || Boolean(existing.schema) !== Boolean(desired.schema);
}

/** @param {any} existing @param {any} desired */
function hasOtherRules(existing, desired) {
  const [before, after] = [rules(existing), rules(desired)];
  return before.on_delete !== after.on_delete || before.on_update !== after.on_update;
}

/** @param {{on_delete?: string | null, on_update?: string | null}} schema */
function rules({ on_delete = null, on_update = null }) {
  return { on_delete: on_delete ?? 'NO ACTION', on_update: on_update ?? 'NO ACTION' };
}
