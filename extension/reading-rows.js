/** The rows of one entry on their way from the instance to its files, past those that the files hold so far. */
import { CONTENT } from './contents.js';
import { pagesByKey, rowsByKey } from './naming.js';
import { isScanned } from './secrets/scan.js';
import { keysOf, present, transformRows, withoutSecrets } from './transform.js';

/**
 * @typedef {import('./core-thread.js').Remote<import('./core.js').ItemExport>} ItemExport
 * @typedef {import('./model.js').Entry} Entry
 * @typedef {import('./model.js').EntryExport} EntryExport
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
  const { project, facts, thread, planner, exports } = reading;
  exports.set(entry.id, await thread.itemExport(entry, facts));
  const read = takesText(entry, project.config.functionsOf(entry)) ? readText : readObjects;
  const take = await read(reading, entry);
  const count = await take.inside(entry.filter);
  for (const filter of await planner.missingKeys(entry.id)) await take.outside(filter);
  return count;
}

/**
 * @param {Entry} entry
 * @param {import('./config.js').EntryFunctions} functions
 * @returns {boolean} whether nobody wants to see its rows: no function, and none who copies contents
 */
function takesText({ effects }, { onExport, onImport, getKey }) {
  return !onExport && !onImport && !getKey && !effects?.files;
}

/**
 * @typedef {object} Take
 * @property {(filter: any) => Promise<number>} inside takes the rows that are exported, and says how many they are
 * @property {(filter: any) => Promise<void>} outside takes others, which the files have
 *
 * Rows that no function sees, so that files and planner get the same.
 *
 * @param {Reading} reading
 * @param {Entry} entry
 * @returns {Promise<Take>}
 */
async function readText({ session, project, planner, exports, what }, entry) {
  const { variables } = project;
  const fields = await planner.fieldsToRead(entry.id);
  const target = /** @type {ItemExport} */ (exports.get(entry.id));
  /** @param {any} filter @param {(json: Uint8Array) => Promise<unknown>} take */
  const each = async (filter, take) => {
    let rows = 0;
    for await (const { json, count } of pagesByKey(session, planner, entry, { filter, fields, variables })) {
      await take(json);
      what.onProgress({ phase: 'read', subject: entry.id, count });
      rows += count;
    }
    return rows;
  };
  return {
    inside: filter => each(filter, json => planner.addExported(entry.id, /** @type {any} */ (target), json)),
    async outside(filter) {
      await each(filter, json => planner.addOutside(entry.id, json));
    },
  };
}

/** @param {Reading} reading @param {Entry} entry @returns {Promise<Take>} */
async function readObjects(reading, entry) {
  const { planner, exports } = reading;
  const target = /** @type {ItemExport} */ (exports.get(entry.id));
  const { exported, readBack } = await waysOf(reading, entry);
  return {
    async inside(filter) {
      let count = 0;
      for await (const { page, keys } of pages(reading, entry, filter)) {
        const rows = await exported(withoutSecrets(entry, page));
        const ids = page.map(row => row[entry.primaryKey]);
        if (entry.effects?.files) {
          const written = page.filter((_, index) => rows[index] !== null);
          reading.exported.add(entry.id, written);
        }
        await target.addRows(rows, ids);
        await addCurrent(reading, entry, { page, rows: await readBack(rows), keys });
        count += present(rows).length;
      }
      return count;
    },
    async outside(filter) {
      for await (const { page, keys } of pages(reading, entry, filter)) {
        const rows = await readBack(await exported(withoutSecrets(entry, page)));
        await planner.addOutside(entry.id, compared(entry, page, rows), keys);
      }
    },
  };
}

/**
 * @typedef {(rows: (Row | null)[]) => Promise<(Row | null)[]>} Way what a function of the config makes of rows, null
 *   for one that it leaves out
 *
 * Rows are compared as an import would read them back. So what `onExport` changes and `onImport` does not restore
 * is no change of anybody's.
 *
 * @param {Reading} reading
 * @param {Entry} entry
 * @returns {Promise<{exported: Way, readBack: Way}>}
 */
async function waysOf({ session, project }, entry) {
  const { onExport, onImport } = project.config.functionsOf(entry);
  const service = (onExport || onImport) && (await session.itemsService(entry.collection));
  /** @type {(hook: 'onExport' | 'onImport', transform: any) => Way} */
  const way = (hook, transform) => async rows => {
    if (!transform) return rows;
    // The function may change what it is given.
    const given = structuredClone(present(rows));
    const results = (await transformRows(hook, transform, entry, given, service)).values();
    return rows.map(row => row && /** @type {Row | null} */ (results.next().value));
  };
  return { exported: way('onExport', onExport), readBack: way('onImport', onImport) };
}

/**
 * @param {Reading} reading
 * @param {Entry} entry
 * @param {any} filter
 * @returns {AsyncGenerator<{page: Row[], keys?: string[]}, void, void>} with what `getKey` gave
 */
async function* pages({ session, project, planner, exported, what }, entry, filter) {
  const { getKey } = project.config.functionsOf(entry);
  const fields = await planner.fieldsToRead(entry.id);
  const { variables } = project;
  for await (const read of rowsByKey(session, planner, entry, { filter, fields, variables })) {
    const page = entry.effects?.files ? exported.settle(read) : read;
    yield { page, keys: getKey && (await keysOf(getKey, entry, withoutSecrets(entry, page))) };
    what.onProgress({ phase: 'read', subject: entry.id, count: page.length });
  }
}

/**
 * @param {Reading} reading
 * @param {Entry} entry
 * @param {{page: Row[], rows: (Row | null)[], keys?: string[]}} read a page, and as an import would read it back
 */
async function addCurrent({ planner }, entry, { page, rows, keys }) {
  const isWritten = (/** @type {unknown} */ _, /** @type {number} */ index) => rows[index] !== null;
  const isDropped = (/** @type {unknown} */ _, /** @type {number} */ index) => rows[index] === null;
  const known = compared(entry, page, rows);
  await planner.addCurrent(entry.id, known.filter(isWritten), keys?.filter(isWritten));
  const dropped = known.filter(isDropped);
  if (dropped.length > 0) await planner.addOutside(entry.id, dropped, keys?.filter(isDropped));
}

/**
 * @param {Entry} entry
 * @param {Row[]} page
 * @param {(Row | null)[]} rows the same as an import would read them back
 */
function compared({ primaryKey, withheld = [] }, page, rows) {
  const kept = [primaryKey, CONTENT, ...withheld];
  const ofInstance = (/** @type {Row} */ own) =>
    Object.fromEntries(kept.filter(field => field in own).map(field => [field, own[field]]));
  const row = (/** @type {Row} */ own, /** @type {Row | null} */ read) =>
    read === null || read === own ? own : { ...read, ...ofInstance(own) };
  return page.map((own, index) => row(own, rows[index]));
}

/**
 * @param {Reading} reading
 * @param {Entry} entry
 * @param {EntryExport} [staying] what of the folder stays
 */
export async function addFiles({ project, paths, planner, exports, searched, what }, entry, staying) {
  const { id } = entry;
  const target = /** @type {ItemExport} */ (exports.get(id));
  const folder = () => textsOf(project.content, paths[id] ?? []);
  if (staying && !isUnmixed(staying)) await target.takeFolder(await folder(), staying);
  const placeholders = await planner.placeholders(id);
  if (placeholders.length > 0) await target.keepPlaceholders(await folder(), placeholders);
  for (const path of await target.finish()) {
    /** @type {Uint8Array[]} */
    const copies = [];
    const chunks = chunksOf(target);
    await what.draft.add(path, isScanned(entry) ? copied(chunks, copies) : chunks);
    if (isScanned(entry)) searched.set(path, Buffer.concat(copies));
  }
}

/**
 * @param {AsyncIterable<Uint8Array>} chunks
 * @param {Uint8Array[]} copies are added to
 * @returns {AsyncGenerator<Uint8Array, void, void>}
 */
async function* copied(chunks, copies) {
  for await (const chunk of chunks) {
    copies.push(chunk);
    yield chunk;
  }
}

/**
 * @param {import('./folder-content.js').FolderContent} content
 * @param {string[]} paths
 * @returns {Promise<import('./model.js').FileText[]>}
 */
async function textsOf(content, paths) {
  const texts = [];
  for (const path of paths) texts.push({ path, text: Buffer.from(await content.bytes(path)).toString() });
  return texts;
}

/**
 * The next part is on its way while one is written.
 *
 * @param {ItemExport} target
 * @returns {AsyncGenerator<Uint8Array, void, void>} the content of the next file
 */
async function* chunksOf(target) {
  let next = target.chunk();
  for (;;) {
    const chunk = await next;
    if (!chunk) return;
    next = target.chunk();
    yield chunk;
  }
}

/** @param {EntryExport} staying @returns {boolean} whether the rows of the instance are all that is written */
function isUnmixed({ keep, leftOut, omit, replace, gone = [] }) {
  return keep.length + leftOut.length + omit.length + replace.length + gone.length === 0;
}
