/** Calls the functions of the config: onExport, onImport and getKey. */
import { SchemaSyncError } from './errors.js';

/**
 * @typedef {import('./model.js').Entry} Entry
 * @typedef {import('./model.js').Row} Row
 * @typedef {'onExport' | 'onImport'} Hook
 */

/**
 * Sends rows through onExport or onImport, one after the other, since they may read and write.
 *
 * @param {Hook} hook
 * @param {(item: Row, itemsService: any) => unknown} transform
 * @param {Entry} entry
 * @param {Row[]} rows
 * @param {any} itemsService of the entry's collection, bound to the transaction of the run
 * @returns {Promise<(Row | null)[]>} null where the function gave null, to leave the row out
 * @throws {SchemaSyncError} TRANSFORM_FAILED or TRANSFORM_INVALID, with entry and row
 */
export async function transformRows(hook, transform, entry, rows, itemsService) {
  const results = [];
  for (const row of rows) {
    const place = placeOf(entry, row);
    // The function may change the row that it is given, so the place is taken down before.
    const result = await call(hook, place, () => transform(row, itemsService));
    results.push(asRow(result, hook, place));
  }
  return results;
}

/**
 * Rows as functions of the config see them: secrets are read to be compared, and for nothing else.
 *
 * @template {Row | null} T
 * @param {Entry} entry
 * @param {T[]} rows of the instance
 * @returns {T[]}
 */
export function withoutSecrets({ withheld = [] }, rows) {
  if (withheld.length === 0) return rows;
  const isOpen = (/** @type {[string, unknown]} */ [field]) => !withheld.includes(field);
  return rows.map(row => row && /** @type {T} */ (Object.fromEntries(Object.entries(row).filter(isOpen))));
}

/** @param {(Row | null)[]} rows @returns {Row[]} those that were not left out */
export function present(rows) {
  return rows.filter(row => row !== null);
}

/**
 * @param {(item: Row) => unknown} getKey
 * @param {Entry} entry
 * @param {Row[]} rows
 * @returns {Promise<string[]>} one key per row
 * @throws {SchemaSyncError} TRANSFORM_FAILED or TRANSFORM_INVALID, with entry and row
 */
export async function keysOf(getKey, entry, rows) {
  const keys = [];
  for (const row of rows) {
    const place = placeOf(entry, row);
    keys.push(asKey(await call('getKey', place, () => getKey(structuredClone(row))), place));
  }
  return keys;
}

/**
 * @param {string} name of the function
 * @param {string} place
 * @param {() => unknown} work
 */
async function call(name, place, work) {
  try {
    return await work();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `${name} of ${place} failed: ${reason}. Correct the function in the config.`;
    throw new SchemaSyncError('TRANSFORM_FAILED', message, { path: place, cause: error });
  }
}

/** @param {any} result @param {string} hook @param {string} place @returns {Row | null} */
function asRow(result, hook, place) {
  if (typeof result === 'object' && !Array.isArray(result)) return result;
  const given = Array.isArray(result) ? 'a list' : typeof result;
  const message = `${hook} of ${place} gave ${given}. Return the item, or null to leave it out.`;
  throw new SchemaSyncError('TRANSFORM_INVALID', message, { path: place });
}

/** @param {unknown} key @param {string} place */
function asKey(key, place) {
  if (typeof key === 'string' && key !== '') return key;
  if (typeof key === 'number' || typeof key === 'bigint') return String(key);
  const message = `getKey of ${place} gave ${JSON.stringify(key) ?? typeof key}. Return text or a number that identifies the item.`;
  throw new SchemaSyncError('TRANSFORM_INVALID', message, { path: place });
}

/** @param {Entry} entry @param {Row} row @returns {string} such as `posts[id=4]` */
function placeOf(entry, row) {
  const fields = entry.key.length > 0 ? entry.key : [entry.primaryKey];
  const known = fields.filter(field => row[field] !== undefined);
  const label = known.map(field => `${field}=${JSON.stringify(row[field])}`).join(',');
  return `${entry.id}[${label}]`;
}
