/** Writers for collections. */
import { correctColumns } from './fields.js';
import { quietly } from './options.js';

/** @typedef {import('../session.js').LocalSession} LocalSession */

/**
 * @param {LocalSession} session
 * @param {{payload: Record<string, any>}} step with all fields
 */
export async function createCollection(session, { payload }) {
  const service = await session.service('CollectionsService');
  await service.createOne(structuredClone(payload), quietly());
  await correctColumns(session, payload.collection, payload.fields ?? []);
}

/**
 * Through the service: Directus 12 counts a collection that becomes active against the licence.
 *
 * @param {LocalSession} session
 * @param {{collection: string, meta: Record<string, any>}} step with the changed keys only
 */
export async function updateCollection(session, { collection, meta }) {
  const service = await session.service('CollectionsService');
  await service.updateOne(collection, { meta: structuredClone(meta) }, quietly());
}

/**
 * @param {LocalSession} session
 * @param {{collection: string}} step
 */
export async function deleteCollection(session, { collection }) {
  const service = await session.service('CollectionsService');
  await service.deleteOne(collection, quietly());
  // The next one to go may have referred to this one.
  session.refresh();
}
