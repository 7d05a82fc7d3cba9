/** Events of Directus that tell hooks and flows of rows which an import wrote. */
import { setTimeout as sleep } from 'node:timers/promises';
import { directusModule } from './directus.js';
import { OURS } from './events.js';

/**
 * @typedef {import('./context.js').Context} Context
 * @typedef {import('./writers/effects.js').Written} Written
 * @typedef {{events: string[], meta: Record<string, any>}} Action events and what they tell
 */

/** Whoever reacts is waited for as long, since a command ends its process afterwards. */
const PATIENCE_MS = 10_000;

/**
 * Emits action events in the order of the plan. Filter events are not emitted: they could change what the plan says.
 * A failure changes nothing about what was committed, so it is only told.
 *
 * @param {Context} context
 * @param {Written[]} written and committed
 */
export async function announce(context, written) {
  if (written.length === 0) return;
  try {
    const reactions = await emit(context, written.flatMap(actionsOf));
    await Promise.race([Promise.all(reactions), sleep(PATIENCE_MS, undefined, { ref: false })]);
  } catch (error) {
    const reason = /** @type {Error} */ (error).message;
    context.logger.warn(`Schema Sync: not all events of the import could be emitted (${reason}).`);
  }
}

/**
 * @param {Context} context
 * @param {Action[]} actions
 * @returns {Promise<Promise<void>[]>} what goes on because of them
 */
async function emit({ database, getSchema, logger }, actions) {
  const emitter = (await directusModule('emitter'))?.default;
  if (!emitter?.actionEmitter) throw new Error('this Directus has its emitter elsewhere');
  await flowsReloaded();
  const details = { database, schema: await getSchema(), accountability: null, [OURS]: true };
  const react = async (/** @type {string} */ event, /** @type {Action['meta']} */ meta) => {
    try {
      await emitter.actionEmitter.emitAsync(event, { event, ...meta }, details);
    } catch (error) {
      logger.warn(`Schema Sync: what reacted to ${event} failed: ${/** @type {any} */ (error)?.message}`);
    }
  };
  return actions.flatMap(({ events, meta }) => events.map(event => react(event, meta)));
}

/** Flows that this very import brought are to hear of it, and Directus does not wait for them. */
async function flowsReloaded() {
  const flows = await directusModule('flows');
  await flows?.getFlowManager().reloadQueue?.onIdle();
}

/**
 * The events that Directus' services emit for the same.
 *
 * @param {Written} written
 * @returns {Action[]}
 */
export function actionsOf({ collection, act, parts }) {
  const events = collection.startsWith('directus_')
    ? [`${collection.slice('directus_'.length)}.${act}`]
    : [`items.${act}`, `${collection}.items.${act}`];
  return parts.map(({ keys, payload }) => {
    if (act === 'create') return { events, meta: { payload, key: keys[0], collection } };
    return { events, meta: { payload: act === 'delete' ? keys : payload, keys, collection } };
  });
}
