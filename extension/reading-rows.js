/** The rows of one entry on their way from the instance to its files, past those that the files hold so far. */
import { CONTENT } from './contents.js';
import { isScanned } from './secrets/scan.js';
import { keysOf, present, transformRows, withoutSecrets } from './transform.js';

/**
 * @typedef {import('./core-thread.js').Remote<import('./core.js').ItemExport>} ItemExport
 * @typedef {import('./current-rows.js').Page} Page
 * @typedef {import('./model.js').Entry} Entry
 * @typedef {import('./model.js').EntryExport} EntryExport
 * @typedef {import('./model.js').Row} Row
 * @typedef {import('./reading.js').Reading} Reading
 */

/**
 * Takes the rows once, for the files and for the planner, which compares them with what the files hold so far.
 *
 * @param {Reading} reading
 * @param {Entry} entry
 * @param {import('./current-rows.js').CurrentRows} current
 * @returns {Promise<number>} rows that `onExport` left in
 */
export async function readRows(reading, entry, current) {
  const { project, facts, thread } = reading;
  const target = await thread.itemExport(entry, facts);
  const isText = takesText(entry, project.config.functionsOf(entry));
  const take = isText ? takeText(reading, entry, target) : await takeObjects(reading, entry, target);
  const ahead = (await goesAhead(reading, entry, target)) ? new Ahead(target, reading.what.draft) : null;
  let count = 0;
  const inside = async (/** @type {Page} */ page) => {
    count += await take.inside(page);
    await ahead?.write();
  };
  try {
    await current.give(entry, { inside, outside: take.outside });
    await ahead?.end();
  } catch (error) {
    await ahead?.discard();
    throw error;
  }
  if (!ahead) reading.exports.set(entry.id, target);
  return count;
}

/**
 * Whether rows can be written while others are still read, so that they need not all be held: nothing of the folder goes
 * between them, and nobody looks at the file before it is published.
 *
 * @param {Reading} reading
 * @param {Entry} entry
 * @param {ItemExport} target
 */
async function goesAhead({ planner, what }, entry, target) {
  if (what.draft.isDry || isScanned(entry)) return false;
  return (await target.goesAhead()) && planner.isUnmixed(entry.id);
}

/** Rows that are written as they come. */
class Ahead {
  #target;
  #file;
  /** @type {Uint8Array | null} */
  #before = null;

  /** @param {ItemExport} target @param {import('./folder-draft.js').FolderDraft} draft */
  constructor(target, draft) {
    this.#target = target;
    this.#file = draft.begin();
  }

  /** Writes what was added to the target. */
  async write() {
    const part = await this.#target.ahead();
    await this.#file.write(part);
    if (this.#before) letGo(this.#before);
    this.#before = part;
  }

  async end() {
    const arrangement = await this.#target.finishAhead();
    await this.#file.arrange(arrangement);
    await this.#file.end(arrangement.path);
    await this.#target.free();
  }

  discard() {
    return this.#file.discard();
  }
}

/**
 * @param {Entry} entry
 * @param {import('./config.js').EntryFunctions} functions
 * @returns {boolean} whether nobody wants to see its rows: no function, and none who copies contents
 */
export function takesText({ effects }, { onExport, onImport, getKey }) {
  return !onExport && !onImport && !getKey && !effects?.files;
}

/**
 * @typedef {object} Take
 * @property {(page: Page) => Promise<number>} inside takes rows that are exported, and says how many stay
 * @property {(page: Page) => Promise<void>} outside takes others, which the files have
 *
 * Rows that no function sees, so that files and planner get the same.
 *
 * @param {Reading} reading
 * @param {Entry} entry
 * @param {ItemExport} target
 * @returns {Take}
 */
function takeText({ planner }, { id }, target) {
  return {
    async inside({ rows, count }) {
      await planner.addExported(id, /** @type {any} */ (target), /** @type {Uint8Array} */ (rows));
      return count;
    },
    outside: ({ rows }) => planner.addOutside(id, rows),
  };
}

/** @param {Reading} reading @param {Entry} entry @param {ItemExport} target @returns {Promise<Take>} */
async function takeObjects(reading, entry, target) {
  const { project, planner } = reading;
  const { id } = entry;
  const { getKey } = project.config.functionsOf(entry);
  const { exported, readBack } = await waysOf(reading, entry);
  const settled = (/** @type {Page} */ { rows }) =>
    entry.effects?.files ? reading.exported.settle(/** @type {Row[]} */ (rows)) : /** @type {Row[]} */ (rows);
  const keysIn = async (/** @type {Row[]} */ page) =>
    getKey && (await keysOf(getKey, entry, withoutSecrets(entry, page)));
  return {
    async inside(read) {
      const page = settled(read);
      const keys = await keysIn(page);
      const rows = await exported(withoutSecrets(entry, page));
      const ids = page.map(row => row[entry.primaryKey]);
      const written = page.filter((_, index) => rows[index] !== null);
      if (entry.effects?.files) reading.exported.add(id, written);
      await target.addRows(rows, ids);
      await addCurrent(reading, entry, { page, rows: await readBack(rows), keys });
      return present(rows).length;
    },
    async outside(read) {
      const page = settled(read);
      const keys = await keysIn(page);
      const rows = await readBack(await exported(withoutSecrets(entry, page)));
      await planner.addOutside(id, compared(entry, page, rows), keys);
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
export async function addFiles(reading, entry, staying) {
  const { project, paths, planner, exports, searched, what } = reading;
  const { id } = entry;
  const target = exports.get(id);
  // Its rows were written as they came.
  if (!target) return;
  const folder = () => textsOf(project.content, paths[id] ?? []);
  if (staying && !isUnmixed(staying)) await target.takeFolder(await folder(), staying);
  if (reading.otherRelease && isDirectusOwn(entry)) await target.followRelease(await folder());
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
    copies.push(Buffer.from(chunk));
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
export async function* chunksOf(target) {
  let next = target.chunk();
  /** @type {Uint8Array | null} */
  let before = null;
  for (;;) {
    const chunk = await next;
    if (!chunk) return;
    next = target.chunk();
    yield chunk;
    // Who asks for another part holds the last one at most.
    if (before) letGo(before);
    before = chunk;
  }
}

/**
 * Frees a part that nobody needs any more. It would wait for the next collection of garbage otherwise, which comes late, as
 * parts are not on the heap.
 *
 * @param {Uint8Array} part
 */
function letGo(part) {
  /** @type {ArrayBuffer} */ (part.buffer).transfer(0);
}

/** @param {EntryExport} staying @returns {boolean} whether the rows of the instance are all that is written */
function isUnmixed({ keep, leftOut, omit, replace, gone = [] }) {
  return keep.length + leftOut.length + omit.length + replace.length + gone.length === 0;
}

/** @param {Entry} entry @returns {boolean} whether Directus decides which fields there are */
function isDirectusOwn({ collection }) {
  return collection.startsWith('directus_');
}
