/** Feeds a planner with data files and with the rows of an instance that they are compared with. */
import { CurrentRows } from './current-rows.js';
import { keysOf, present, transformRows, withoutSecrets } from './transform.js';

/**
 * @typedef {import('./core-thread.js').Remote<import('./core.js').Planner>} Planner
 * @typedef {import('./model.js').Entry} Entry
 * @typedef {import('./model.js').Row} Row
 *
 * @typedef {object} Feeding
 * @property {any} session
 * @property {Planner} planner
 * @property {import('./config.js').LoadedConfig} config
 * @property {Entry[]} entries
 * @property {Promise<void>} sent settles once all files are sent, see {@link sendFiles}
 * @property {import('./variables.js').Variables} variables that placeholders stand for
 * @property {import('./contents.js').FolderContents} contents
 * @property {import('./report.js').OnProgress} onProgress
 */

/** Files take the core long enough for about as much to be read of a database meanwhile. */
const ROOM_BYTES = 1 << 26;

/** @param {Feeding} feeding */
export async function feed(feeding) {
  const { session, planner, config, entries, variables, onProgress } = feeding;
  const wantsObjects = (/** @type {Entry} */ entry) => Boolean(config.functionsOf(entry).getKey);
  const source = { session, planner, entries, wantsObjects, variables, room: ROOM_BYTES, onProgress };
  const rows = await CurrentRows.begin(source);
  try {
    await feedFiles(feeding);
    await rows.readKeys();
    for (const entry of entries) await addCurrent(feeding, entry, rows);
  } finally {
    await rows.stop();
  }
  await settleReferences(feeding);
}

/** @param {Omit<Feeding, 'onProgress' | 'variables'>} feeding */
export async function feedFiles(feeding) {
  const { planner, config, entries, sent } = feeding;
  await sent;
  await planner.finishFiles();
  for (const entry of entries) await completeRows(feeding, entry, config.functionsOf(entry));
}

/**
 * @typedef {object} Files
 * @property {Planner} planner
 * @property {Entry[]} entries
 * @property {Record<string, string[]>} paths of the data files by entry id
 * @property {import('./folder-content.js').FolderContent} content of the folder
 *
 * Begins at once to send files, so that the core is busy while the planner learns what else it has to know.
 *
 * @param {Files} files
 * @returns {Promise<void>} to be waited for before `finishFiles`
 */
export function sendFiles(files) {
  const sent = sendAll(files);
  // Whoever waits for it is told; nobody does where something else has failed before.
  sent.catch(() => {});
  return sent;
}

/** @param {Files} files */
async function sendAll({ planner, entries, paths, content }) {
  for (const { id } of entries) {
    for (const path of paths[id] ?? []) await sendFile(planner, id, path, content.read(path));
  }
}

/**
 * The next part is read while the core takes the one before.
 *
 * @param {Planner} planner
 * @param {string} entry its id
 * @param {string} path
 * @param {AsyncIterable<Uint8Array>} parts
 */
async function sendFile(planner, entry, path, parts) {
  let taken = planner.beginFile(entry, path);
  for await (const part of parts) {
    const next = planner.addFilePart(part);
    await taken;
    taken = next;
  }
  await taken;
  await planner.endFile();
}

/** Rows that functions of the config see at once: between two pages a server goes on serving. */
const PAGE_ROWS = 1000;

/**
 * What only JavaScript knows of rows: what functions of the config make of them, and what their files contain.
 *
 * @param {Omit<Feeding, 'onProgress' | 'variables'>} feeding
 * @param {Entry} entry
 * @param {import('./config.js').EntryFunctions} functions
 */
async function completeRows({ session, planner, contents }, entry, { onImport, getKey }) {
  const { id, collection } = entry;
  const carriesContents = entry.effects?.files;
  if (!onImport && !getKey && !carriesContents) return;
  const service = onImport && (await session.itemsService(collection));
  /** @type {string[]} */
  const keys = [];
  for await (const page of rowsOf(planner, id)) {
    /** @type {(Row | null)[]} */
    let rows = page;
    if (carriesContents) contents.note(id, page);
    if (onImport) rows = await transformRows('onImport', onImport, entry, page, service);
    if (carriesContents) rows = contents.addTo(rows);
    if (onImport || carriesContents) await planner.addReturned(id, rows);
    if (getKey) keys.push(...(await keysOf(getKey, entry, present(rows))));
  }
  if (onImport || carriesContents) await planner.endReturned(id);
  if (getKey) await planner.setKeys(id, keys);
}

/**
 * @param {Planner} planner
 * @param {string} entry its id
 * @returns {AsyncGenerator<Row[], void, void>} pages of the rows of its files
 */
export async function* rowsOf(planner, entry) {
  for (let start = 0; ; start += PAGE_ROWS) {
    const rows = await planner.rows(entry, start, PAGE_ROWS);
    if (rows.length > 0) yield rows;
    if (rows.length < PAGE_ROWS) return;
  }
}

/** @param {Feeding} feeding @param {Entry} entry @param {CurrentRows} rows */
async function addCurrent(feeding, entry, rows) {
  const { planner } = feeding;
  const { id } = entry;
  await rows.give(entry, {
    inside: async page => planner.addCurrent(id, page.rows, await keysIn(feeding, entry, page)),
    outside: async page => planner.addOutside(id, page.rows, await keysIn(feeding, entry, page)),
  });
}

/**
 * @param {Feeding} feeding
 * @param {Entry} entry
 * @param {import('./current-rows.js').Page} page
 * @returns {Promise<string[] | undefined>} what `getKey` gives, if there is one
 */
async function keysIn({ planner, config }, entry, { rows }) {
  const { getKey } = config.functionsOf(entry);
  if (!getKey || !Array.isArray(rows)) return undefined;
  const known = renamed(withoutSecrets(entry, rows), await planner.renamedFields(entry.id));
  return keysOf(getKey, entry, known);
}

/**
 * Functions of the config know a renamed field by its new name.
 *
 * @param {Row[]} rows of the target, which has the old names
 * @param {Record<string, string>} names new ones by the old ones
 */
function renamed(rows, names) {
  if (Object.keys(names).length === 0) return rows;
  const renamedRow = (/** @type {Row} */ row) =>
    Object.fromEntries(Object.entries(row).map(([field, value]) => [names[field] ?? field, value]));
  return rows.map(renamedRow);
}

/** @param {Feeding} feeding */
async function settleReferences({ session, planner }) {
  for (const [collection, keys] of Object.entries(await planner.unknownReferences())) {
    await planner.setExisting(collection, await session.existing(collection, keys));
  }
}
