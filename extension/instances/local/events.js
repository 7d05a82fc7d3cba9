/** Events of Directus that tell of changes. */
import { directusModule } from './directus.js';

/** Events of system collections, items and extensions, and of requests. */
const ACTIONS = Object.freeze(['*.*', 'response']);
/** Marks the context of events that we emit ourselves: they tell of what came from the folder. */
export const OURS = Symbol.for('directus-extension-schema-sync.event');
const FILTERS = Object.freeze(['*.create', '*.update', '*.delete']);

/**
 * @typedef {object} Hooks
 * @property {(event: string, handler: (meta: any, context: any) => void) => void} action
 * @property {(event: string, handler: (payload: any, meta: any, context: any) => void) => void} filter
 */

/**
 * Hears of changes that others made, after they were made. The action event of a row does not tell whether a transaction of somebody else
 * goes on around it; the filter event does, which comes before the change.
 *
 * @param {Hooks} hooks
 * @param {(meta: any, database: any) => void} handler is told the event, and the knex instance or the transaction that
 *   it came from
 */
export function hear({ action, filter }, handler) {
  for (const event of ACTIONS) {
    action(event, (meta, context) => {
      if (!context[OURS]) handler(meta, context.database);
    });
  }
  for (const event of FILTERS) {
    filter(event, (_, meta, context) => {
      if (context?.database?.isTransaction) handler(meta, context.database);
    });
  }
}

/**
 * The same for as long as the process runs. The handlers of extensions Directus takes away while it loads extensions
 * anew, so that they miss what happens meanwhile.
 *
 * @param {(meta: any, database: any) => void} handler
 * @returns {Promise<boolean>} whether it is heard; false where Directus has its emitter elsewhere
 */
export async function hearForGood(handler) {
  const emitter = (await directusModule('emitter'))?.default;
  if (!emitter) return false;
  const action = emitter.onAction.bind(emitter);
  const filter = emitter.onFilter.bind(emitter);
  hear({ action, filter }, handler);
  return true;
}
