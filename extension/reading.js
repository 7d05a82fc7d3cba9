/** An instance's state as the files of the folder, read inside one transaction of the instance. */
import { throwErrors } from './errors.js';
import { feed } from './feeding.js';
import { isSchemaPath, setAgreement } from './planning.js';
import { entriesIn } from './scope.js';
import { present, transformRows } from './transform.js';

/**
 * @typedef {import('./model.js').Config} Config
 * @typedef {import('./model.js').Entry} Entry
 * @typedef {import('./model.js').Facts} Facts
 * @typedef {import('./model.js').FileText} FileText
 * @typedef {import('./model.js').Snapshot} Snapshot
 * @typedef {import('./project.js').Project} Project
 * @typedef {import('./report.js').OnProgress} OnProgress
 *
 * @typedef {object} What
 * @property {import('./scope.js').Scope} scope
 * @property {boolean} split whether the schema goes into one file per collection
 * @property {OnProgress} onProgress
 *
 * @typedef {object} Exported
 * @property {Config} config
 * @property {FileText[]} files
 * @property {Record<string, number>} rows exported rows by entry id
 * @property {Uint8Array} base what files and instance agree on once the files are written
 *
 * @typedef {object} Reading what the steps below share
 * @property {any} session
 * @property {Project} project
 * @property {Facts} facts
 * @property {Config} config with the entries of the scope
 * @property {Snapshot | null} snapshot null when the schema is left out
 * @property {OnProgress} onProgress
 */

/**
 * @param {any} session
 * @param {Project} project
 * @param {What} what
 * @returns {Promise<Exported>}
 */
export async function readState(session, project, { scope, split, onProgress }) {
  const { core } = project;
  const facts = await session.facts(project.config.admin);
  const config = core.resolveConfig({ sources: project.config.sources, mode: 'sync' }, facts);
  throwErrors(config.diagnostics);
  const entries = entriesIn(config.entries, scope);
  const snapshot = scope.schema ? await session.readSnapshot() : null;
  const reading = { session, project, facts, config: { ...config, entries }, snapshot, onProgress };
  const files = snapshot ? core.splitSnapshot(snapshot, split) : [];
  /** @type {Record<string, number>} */
  const rows = {};
  for (const entry of entries) {
    const exported = await exportEntry(reading, entry);
    rows[entry.id] = exported.count;
    files.push(...exported.files);
  }
  return { config, files, rows, base: await agreedBy(reading, files) };
}

/**
 * @param {Reading} reading
 * @param {Entry} entry
 * @returns {Promise<{count: number, files: FileText[]}>}
 */
async function exportEntry({ session, project, facts, onProgress }, entry) {
  const { onExport } = project.config.functionsOf(entry);
  const service = onExport && (await session.itemsService(entry.collection));
  const target = project.core.itemExport(entry, facts);
  let count = 0;
  try {
    for await (const page of session.readRows(entry, { filter: entry.filter })) {
      const rows = onExport ? present(await transformRows('onExport', onExport, entry, page, service)) : page;
      target.addRows(rows);
      count += rows.length;
      onProgress({ phase: 'read', subject: entry.id, count: page.length });
    }
    return { count, files: target.files() };
  } finally {
    target.free();
  }
}

/**
 * What an import of the new files would agree on with the instance as it is. Modes are about imports; here the files
 * and the instance are one.
 *
 * @param {Reading} reading
 * @param {FileText[]} texts
 * @returns {Promise<Uint8Array>}
 */
async function agreedBy({ session, project, facts, config, snapshot, onProgress }, texts) {
  const { core } = project;
  const encoder = new TextEncoder();
  const files = new Map(texts.map(({ path, text }) => [path, encoder.encode(text)]));
  const { entries: paths } = core.entryFiles(config, [...files.keys()]);
  const entries = config.entries.map(entry => ({ ...entry, mode: undefined, onDrift: undefined }));
  const planner = core.planner({ ...config, entries }, facts);
  try {
    await setAgreement(planner, session);
    if (snapshot) planner.setSchema(core.joinSnapshot(texts.filter(isSchemaFile)), snapshot);
    await feed({ session, planner, config: project.config, entries, paths, files, onProgress });
    planner.plan();
    return planner.base();
  } finally {
    planner.free();
  }
}

/** @param {FileText} file */
function isSchemaFile({ path }) {
  return isSchemaPath(path);
}
