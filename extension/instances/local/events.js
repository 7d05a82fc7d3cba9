/**
 * Events of Directus, heard for as long as the process runs. The handlers of extensions it takes away while it loads
 * extensions anew, so that they miss what happens meanwhile.
 */
import { directusModule } from './directus.js';

/**
 * @param {(meta: any, context: any) => void} handler of all action events of system collections, items, and extensions
 * @returns {Promise<boolean>} whether it is heard; false where Directus has its emitter elsewhere
 */
export async function hearForGood(handler) {
  const emitter = (await directusModule('emitter'))?.default;
  emitter?.onAction('*.*', handler);
  return Boolean(emitter);
}
