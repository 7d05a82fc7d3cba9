/** What an entry asks for beside its rows: activity and revisions of them, and events. */
import { withKeysOfCreated } from './created.js';
import { changesWithKeys, sameChanges } from './items.js';
import { track } from './tracking.js';

/**
 * @typedef {import('../../../model.js').Row} Row
 * @typedef {import('../../../model.js').Step} Step
 * @typedef {import('../session.js').LocalSession} LocalSession
 *
 * @typedef {object} Written what a step did to rows
 * @property {string} collection
 * @property {'create' | 'update' | 'delete'} act
 * @property {{keys: unknown[], payload: Row}[]} parts primary keys of rows that got the same values; of deleted rows the
 *   values are none
 */

/**
 * Tells of rows that were written, as their entry asks for.
 *
 * @param {LocalSession} session
 * @param {Step} step that was written
 * @param {unknown[]} created keys of the rows that it created
 */
export async function addEffects(session, step, created) {
  const { emitEvents, track: isTracked } = step.effects ?? {};
  if (!emitEvents && !isTracked) return;
  const written = await writtenBy(session, step, created);
  if (isTracked) await track(session, written);
  if (emitEvents) session.announce(written);
}

/**
 * @param {LocalSession} session
 * @param {Step} step
 * @param {unknown[]} created
 * @returns {Promise<Written>}
 */
async function writtenBy(session, step, created) {
  const { type, collection } = step;
  if (type === 'items.create') {
    const { rows } = step;
    const payload = (/** @type {number} */ index) => withKeysOfCreated(session, rows[index], step.links);
    const parts = created.map((key, index) => ({ keys: [key], payload: payload(index) }));
    return { collection, act: 'create', parts };
  }
  if (type === 'items.delete')
    return { collection, act: 'delete', parts: [{ keys: step.keys, payload: {} }] };
  const parts = [];
  for (const { keys, set } of sameChanges(changesWithKeys(session, /** @type {any} */ (step)))) {
    parts.push({ keys: keys[0] === null ? [await onlyKey(session, collection)] : keys, payload: set });
  }
  return { collection, act: 'update', parts };
}

/** @param {LocalSession} session @param {string} singleton @returns {Promise<unknown>} the key of its row */
async function onlyKey(session, singleton) {
  const { primary } = (await session.schema()).collections[singleton];
  return (await session.trx(singleton).first(primary))[primary];
}
