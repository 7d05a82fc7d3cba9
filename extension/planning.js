/** From the files and the current state of an instance to a plan, inside one transaction of the instance. */
import { SchemaSyncError, throwErrors } from './errors.js';
import { checkManifest } from './project.js';
import { entriesIn } from './scope.js';
import { keysOf, present, transformRows } from './transform.js';

/**
 * @typedef {import('./core.js').Planner} Planner
 * @typedef {import('./errors.js').Diagnostic} Diagnostic
 * @typedef {import('./model.js').Config} Config
 * @typedef {import('./model.js').Entry} Entry
 * @typedef {import('./model.js').EntryFiles} EntryFiles
 * @typedef {import('./model.js').Mode} Mode
 * @typedef {import('./model.js').Plan} Plan
 * @typedef {import('./model.js').Row} Row
 * @typedef {import('./model.js').Snapshot} Snapshot
 * @typedef {import('./project.js').Project} Project
 * @typedef {import('./scope.js').Scope} Scope
 * @typedef {import('./report.js').OnProgress} OnProgress
 *
 * @typedef {object} Planned
 * @property {Plan} plan
 * @property {Diagnostic[]} warnings of the config and the folder
 * @property {string} root the manifest's hash
 */

/**
 * @param {any} session of an instance
 * @param {Project} project
 * @param {Scope} scope
 * @param {Mode} mode
 * @param {OnProgress} onProgress
 * @returns {Promise<Planned>}
 */
export async function makePlan(session, project, scope, mode, onProgress) {
  const { core, content } = project;
  const facts = await session.facts(project.config.admin);
  const desired = scope.schema ? desiredSnapshot(project) : null;
  const config = core.resolveConfig({ sources: project.config.sources, mode }, facts, desired ?? undefined);
  throwErrors(config.diagnostics);
  const files = core.entryFiles(config, [...content.files.keys()]);
  const { root, warnings } = checkManifest(project, ownedPaths(files));
  const { entries, skipped } = withFiles(entriesIn(config.entries, scope), files);
  const planner = core.planner({ ...config, entries }, facts);
  try {
    if (desired) planner.setSchema(desired, await session.readSnapshot());
    await countLosses(session, planner);
    const planning = { session, project, planner, onProgress };
    await addDesired(planning, entries, files);
    for (const entry of entries) await addCurrent(planning, entry);
    await settleReferences(planning);
    onProgress({ phase: 'plan' });
    return { plan: planner.plan(), warnings: [...warnings, ...config.diagnostics, ...skipped], root };
  } finally {
    planner.free();
  }
}

/**
 * @typedef {object} Planning what the steps below share
 * @property {any} session
 * @property {Project} project
 * @property {Planner} planner
 * @property {OnProgress} onProgress
 */

/**
 * @param {Project} project
 * @returns {Snapshot | null} null when no schema was exported
 */
export function desiredSnapshot({ core, content }) {
  const paths = [...content.files.keys()].filter(isSchemaPath);
  if (paths.length === 0) return null;
  const text = (/** @type {string} */ path) =>
    decode(path, /** @type {Uint8Array} */ (content.files.get(path)));
  return core.joinSnapshot(paths.map(path => ({ path, text: text(path) })));
}

/** @param {string} path @param {Uint8Array} bytes */
function decode(path, bytes) {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    const message = `${path} is not UTF-8 text. Save it as UTF-8, or restore it from git.`;
    throw new SchemaSyncError('JSON_INVALID', message, { path, cause });
  }
}

/** @param {string} path */
function isSchemaPath(path) {
  return path === 'data/schema.json' || path.startsWith('data/schema/');
}

/** @param {EntryFiles} files */
function ownedPaths({ schema, entries }) {
  return [...schema, ...Object.values(entries).flat()];
}

/**
 * An entry that was never exported says nothing about its rows; taken for "no rows", it would delete them all.
 *
 * @param {Entry[]} entries
 * @param {EntryFiles} files
 * @returns {{entries: Entry[], skipped: Diagnostic[]}}
 */
function withFiles(entries, files) {
  const has = (/** @type {Entry} */ { id }) => (files.entries[id] ?? []).length > 0;
  const skipped = entries.filter(entry => !has(entry)).map(withoutFiles);
  return { entries: entries.filter(has), skipped };
}

/** @param {Entry} entry @returns {Diagnostic} */
function withoutFiles({ id, place }) {
  const message = `data/${id}.json does not exist, so the rows of this entry are left alone. Run \`directus schema-sync export\` to write it.`;
  return { severity: 'warning', code: 'ENTRY_WITHOUT_FILES', message, path: place };
}

/** @param {any} session @param {Planner} planner */
async function countLosses(session, planner) {
  /** @type {Record<string, number>} */
  const counts = {};
  for (const question of planner.lossesToCount()) counts[question.id] = await session.countLoss(question);
  planner.setLosses(counts);
}

/** @param {Planning} planning @param {Entry[]} entries @param {EntryFiles} files */
async function addDesired({ session, project, planner }, entries, files) {
  const { content, config } = project;
  for (const { id } of entries) {
    for (const path of files.entries[id])
      planner.addFile(id, path, /** @type {Uint8Array} */ (content.files.get(path)));
  }
  planner.finishFiles();
  for (const entry of entries) await callFunctions(entry, config.functionsOf(entry), planner, session);
}

/**
 * @param {Entry} entry
 * @param {import('./config.js').EntryFunctions} functions
 * @param {Planner} planner
 * @param {any} session
 */
async function callFunctions(entry, { onImport, getKey }, planner, session) {
  if (!onImport && !getKey) return;
  let rows = planner.rows(entry.id);
  if (onImport) {
    const service = await session.itemsService(entry.collection);
    const imported = await transformRows('onImport', onImport, entry, rows, service);
    planner.setRows(entry.id, imported);
    rows = present(imported);
  }
  if (getKey) planner.setKeys(entry.id, await keysOf(getKey, entry, rows));
}

/** @param {Planning} planning @param {Entry} entry */
async function addCurrent({ session, project, planner, onProgress }, entry) {
  const { getKey } = project.config.functionsOf(entry);
  /** @param {any} filter @param {(rows: Row[], keys?: string[]) => void} add */
  const read = async (filter, add) => {
    for await (const rows of session.readRows(entry, { filter })) {
      add(rows, getKey && (await keysOf(getKey, entry, rows)));
      onProgress({ phase: 'read', subject: entry.id, count: rows.length });
    }
  };
  await read(entry.filter, (rows, keys) => planner.addCurrent(entry.id, rows, keys));
  for (const filter of planner.missingKeys(entry.id)) {
    await read(filter, (rows, keys) => planner.addOutside(entry.id, rows, keys));
  }
}

/** @param {Planning} planning */
async function settleReferences({ session, planner }) {
  for (const [collection, keys] of Object.entries(planner.unknownReferences())) {
    planner.setExisting(collection, await session.existing(collection, keys));
  }
}
