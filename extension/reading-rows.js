/** The rows of one entry on their way from the instance to its files, past those that the files hold so far. */
import { keysOf, present, transformRows } from './transform.js';

/**
 * @typedef {import('./core.js').ItemExport} ItemExport
 * @typedef {import('./model.js').Entry} Entry
 * @typedef {import('./model.js').EntryExport} EntryExport
 * @typedef {import('./model.js').FileText} FileText
 * @typedef {import('./model.js').Row} Row
 * @typedef {import('./reading.js').Reading} Reading
 */

/**
 * Reads the rows once, for the files and for the planner, which compares them with what the files hold so far.
 *
 * @param {Reading} reading
 * @param {Entry} entry
 * @returns {Promise<number>} rows that `onExport` left in
 */
export async function readRows(reading, entry) {
  const { project, facts, planner, exports } = reading;
  const target = project.core.itemExport(entry, facts);
  exports.set(entry.id, target);
  const exported = await onExportOf(reading, entry);
  let count = 0;
  for await (const { page, keys } of pages(reading, entry, entry.filter)) {
    const rows = await exported(page);
    const ids = page.map(row => row[entry.primaryKey]);
    target.addRows(rows, ids);
    addCurrent(reading, entry, { page, rows, keys });
    count += present(rows).length;
  }
  for (const filter of planner.missingKeys(entry.id)) {
    for await (const { page, keys } of pages(reading, entry, filter))
      planner.addOutside(entry.id, page, keys);
  }
  return count;
}

/**
 * @param {Reading} reading
 * @param {Entry} entry
 * @returns {Promise<(page: Row[]) => Promise<(Row | null)[]>>} null for a row that is left out
 */
async function onExportOf({ session, project }, entry) {
  const { onExport } = project.config.functionsOf(entry);
  if (!onExport) return async page => page;
  const service = await session.itemsService(entry.collection);
  // The function may change what it is given.
  return page => transformRows('onExport', onExport, entry, structuredClone(page), service);
}

/**
 * @param {Reading} reading
 * @param {Entry} entry
 * @param {any} filter
 * @returns {AsyncGenerator<{page: Row[], keys?: string[]}, void, void>} with what `getKey` gave
 */
async function* pages({ session, project, planner, what }, entry, filter) {
  const { getKey } = project.config.functionsOf(entry);
  const fields = planner.fieldsToRead(entry.id);
  for await (const page of session.readRows(entry, { filter, fields })) {
    yield { page, keys: getKey && (await keysOf(getKey, entry, page)) };
    what.onProgress({ phase: 'read', subject: entry.id, count: page.length });
  }
}

/**
 * @param {Reading} reading
 * @param {Entry} entry
 * @param {{page: Row[], rows: (Row | null)[], keys?: string[]}} read a page, and what `onExport` made of it
 */
function addCurrent({ planner }, { id }, { page, rows, keys }) {
  const isWritten = (/** @type {unknown} */ _, /** @type {number} */ index) => rows[index] !== null;
  const isDropped = (/** @type {unknown} */ _, /** @type {number} */ index) => rows[index] === null;
  planner.addCurrent(id, page.filter(isWritten), keys?.filter(isWritten));
  const dropped = page.filter(isDropped);
  if (dropped.length > 0) planner.addOutside(id, dropped, keys?.filter(isDropped));
}

/**
 * @param {Reading} reading
 * @param {string} id of the entry
 * @param {EntryExport} [staying] what of the folder stays
 * @returns {FileText[]}
 */
export function filesOf({ project, paths, exports }, id, staying) {
  const target = /** @type {ItemExport} */ (exports.get(id));
  if (staying && hasRows(staying)) {
    const decoder = new TextDecoder();
    const text = (/** @type {string} */ path) => decoder.decode(project.content.files.get(path));
    target.takeFolder(
      (paths[id] ?? []).map(path => ({ path, text: text(path) })),
      staying,
    );
  }
  return target.files();
}

/** @param {EntryExport} staying */
function hasRows({ keep, leftOut, omit, replace }) {
  return keep.length + leftOut.length + omit.length + replace.length > 0;
}
