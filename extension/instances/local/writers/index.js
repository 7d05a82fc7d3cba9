/** From the type of a step to the function that writes it. */
import { isOpen } from './bulk.js';
import { createCollection, deleteCollection, updateCollection } from './collections.js';
import { placeContents } from './contents.js';
import { addEffects } from './effects.js';
import { createFields, deleteField, updateField, updateSystemField } from './fields.js';
import { createItems, deleteItems, updateItems } from './items.js';
import { createRelation, deleteRelation, updateRelation } from './relations.js';
import { renameField } from './renames.js';

/**
 * @typedef {import('../../../model.js').Step} Step
 * @typedef {import('../session.js').LocalSession} LocalSession
 * @typedef {(session: LocalSession, step: any, onRows: (rows: number) => void) => Promise<unknown>} Writer
 *   one that creates rows gives their primary keys
 */

/** @type {Readonly<Record<string, Writer>>} */
const WRITERS = Object.freeze({
  'collection.create': createCollection,
  'collection.update': updateCollection,
  'collection.delete': deleteCollection,
  'field.rename': renameField,
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

/**
 * Writers that take all steps at once.
 *
 * @type {Readonly<Record<string, (session: LocalSession, steps: [any, ...any[]]) => Promise<void>>>}
 */
const TOGETHER = Object.freeze({ 'field.create': createFields });

/** @type {WeakMap<LocalSession, string>} the type of the step that each session wrote last */
const lastType = new WeakMap();

/**
 * @param {LocalSession} session
 * @param {[Step, ...Step[]]} steps of one type on one collection
 * @param {(rows: number) => void} onRows
 * @returns {Promise<Map<Step, unknown[]>>} for steps that created rows the primary keys that these were given, null for
 *   one that brought its own
 */
export async function writeSteps(session, steps, onRows) {
  const [{ type }] = steps;
  refreshBetweenPhases(session, type);
  const created = new Map();
  if (TOGETHER[type]) await TOGETHER[type](session, steps);
  else for (const step of steps) await writeStep(session, step, onRows, created);
  return created;
}

/**
 * @param {LocalSession} session
 * @param {Step} step
 * @param {(rows: number) => void} onRows
 * @param {Map<Step, unknown[]>} created
 */
async function writeStep(session, step, onRows, created) {
  const writer = WRITERS[step.type];
  if (!writer) throw new Error(`There is no writer for steps of type "${step.type}".`);
  const createsRows = step.type === 'items.create';
  /** @type {unknown[]} */
  const given = [];
  try {
    for await (const part of step.parts?.() ?? [step]) {
      const placed = await placeContents(session, part);
      const result = await writer(session, placed, onRows);
      const own = createsRows ? /** @type {unknown[]} */ (result) : [];
      if (createsRows) given.push(...(await givenKeys(session, placed, own)));
      await addEffects(session, placed, own);
    }
    if (given.some(key => key !== null)) created.set(step, given);
  } catch (error) {
    throw Object.assign(/** @type {Error} */ (error), { schemaSyncStep: step });
  }
}

/**
 * @param {LocalSession} session
 * @param {Step} step
 * @param {unknown[]} keys of the rows that it created
 * @returns {Promise<unknown[]>} null for a row that brought its own
 */
async function givenKeys(session, { collection, rows }, keys) {
  const { primary } = (await session.schema()).collections[collection];
  return keys.map((key, index) => (isOpen(rows[index][primary]) ? key : null));
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
