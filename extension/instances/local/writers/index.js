/** From the type of a step to the function that writes it. */
import { createCollection, deleteCollection, updateCollection } from './collections.js';
import { createField, deleteField, updateField, updateSystemField } from './fields.js';
import { createItems, deleteItems, updateItems } from './items.js';
import { createRelation, deleteRelation, updateRelation } from './relations.js';
import { renameField } from './renames.js';

/**
 * @typedef {import('../../../model.js').Step} Step
 * @typedef {import('../session.js').LocalSession} LocalSession
 * @typedef {(session: LocalSession, step: any, onRows: (rows: number) => void) => Promise<unknown[] | void>} Writer
 *   one that creates rows gives their primary keys
 */

/** @type {Readonly<Record<string, Writer>>} */
const WRITERS = Object.freeze({
  'collection.create': createCollection,
  'collection.update': updateCollection,
  'collection.delete': deleteCollection,
  'field.rename': renameField,
  'field.create': createField,
  'field.update': updateField,
  'field.delete': deleteField,
  'systemField.update': updateSystemField,
  'relation.create': createRelation,
  'relation.update': updateRelation,
  'relation.delete': deleteRelation,
  'items.create': createItems,
  'items.update': updateItems,
  'items.delete': deleteItems,
});

/** @type {WeakMap<LocalSession, string>} the type of the step that each session wrote last */
const lastType = new WeakMap();

/**
 * @param {LocalSession} session
 * @param {Step} step
 * @param {(rows: number) => void} onRows
 * @returns {Promise<unknown[] | undefined>} primary keys of the rows that it created
 */
export async function writeStep(session, step, onRows) {
  const writer = WRITERS[step.type];
  if (!writer) throw new Error(`There is no writer for steps of type "${step.type}".`);
  refreshBetweenPhases(session, step.type);
  return (await writer(session, step, onRows)) ?? undefined;
}

/**
 * Reading the schema takes longer than most steps, so steps of one type share one reading. Where steps change
 * it, the next type sees what they did.
 *
 * @param {LocalSession} session
 * @param {string} type
 */
function refreshBetweenPhases(session, type) {
  const last = lastType.get(session);
  if (last && last !== type && !last.startsWith('items.')) session.refresh();
  lastType.set(session, type);
}
