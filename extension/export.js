/** An instance's state into the folder. */
import { throwErrors } from './errors.js';
import { MANIFEST } from './folder.js';
import { fingerprintOf, listedRest, openProject } from './project.js';
import { noProgress } from './report.js';
import { entriesIn, scopeOf } from './scope.js';
import { present, transformRows } from './transform.js';

/**
 * @typedef {import('./environment.js').Settings} Settings
 * @typedef {import('./errors.js').Diagnostic} Diagnostic
 * @typedef {import('./model.js').Config} Config
 * @typedef {import('./model.js').Entry} Entry
 * @typedef {import('./model.js').Facts} Facts
 * @typedef {import('./model.js').FileText} FileText
 * @typedef {import('./project.js').Project} Project
 * @typedef {import('./report.js').OnProgress} OnProgress
 * @typedef {import('./scope.js').Scope} Scope
 *
 * @typedef {object} ExportOptions
 * @property {string[]} [only]
 * @property {boolean} [schema] false leaves the schema's files alone
 * @property {boolean} [data] false leaves the rows' files alone
 * @property {boolean} [split] in place of the environment's
 * @property {boolean} [dryRun] says what would be written
 * @property {OnProgress} [onProgress]
 *
 * @typedef {object} ExportReport
 * @property {string} dir the folder
 * @property {boolean} applied whether anything was written
 * @property {Record<string, number>} rows exported rows by entry id
 * @property {boolean} schema whether the schema was exported
 * @property {string[]} written paths whose bytes changed
 * @property {string[]} removed paths
 * @property {number} unchanged
 * @property {Diagnostic[]} warnings
 *
 * @typedef {object} Exported
 * @property {Config} config
 * @property {FileText[]} files
 * @property {Record<string, number>} rows
 */

/**
 * @param {any} instance
 * @param {Settings} settings
 * @param {ExportOptions} [options]
 * @returns {Promise<ExportReport>}
 */
export async function exportProject(instance, settings, options = {}) {
  const project = await openProject(settings);
  const scope = scopeOf(options, { dataOnly: false });
  const split = options.split ?? settings.split;
  const onProgress = options.onProgress ?? noProgress;
  const exported = await instance.transaction(
    (/** @type {any} */ session) =>
      readState(session, project, { scope, split, mode: settings.mode, onProgress }),
    { commit: false },
  );
  const change = changeOf(project, exported, scope);
  const written = options.dryRun
    ? await preview(project, change)
    : await project.folder.write(change.texts, change.remove);
  if (!options.dryRun && scope.isFull) await record(instance, project, settings, change.root);
  const { config, rows } = exported;
  const applied = !options.dryRun && written.written.length + written.removed.length > 0;
  return {
    dir: project.folder.root,
    applied,
    rows,
    schema: scope.schema,
    warnings: config.diagnostics,
    ...written,
  };
}

/**
 * @param {any} session
 * @param {Project} project
 * @param {{scope: Scope, split: boolean, mode: import('./model.js').Mode, onProgress: OnProgress}} what
 * @returns {Promise<Exported>}
 */
async function readState(session, project, { scope, split, mode, onProgress }) {
  const { core } = project;
  const facts = await session.facts(project.config.admin);
  const config = core.resolveConfig({ sources: project.config.sources, mode }, facts);
  throwErrors(config.diagnostics);
  const entries = entriesIn(config.entries, scope);
  const files = scope.schema ? core.splitSnapshot(await session.readSnapshot(), split) : [];
  /** @type {Record<string, number>} */
  const rows = {};
  for (const entry of entries) {
    const exported = await exportEntry(session, project, entry, facts, onProgress);
    rows[entry.id] = exported.count;
    files.push(...exported.files);
  }
  return { config, files, rows };
}

/**
 * @param {any} session
 * @param {Project} project
 * @param {Entry} entry
 * @param {Facts} facts
 * @param {OnProgress} onProgress
 * @returns {Promise<{count: number, files: FileText[]}>}
 */
async function exportEntry(session, project, entry, facts, onProgress) {
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
 * What changes in the folder: new texts with the manifest among them, files that go, and the manifest's hash.
 *
 * @param {Project} project
 * @param {Exported} exported
 * @param {Scope} scope
 */
function changeOf(project, { config, files }, scope) {
  const { core, content } = project;
  const owned = core.entryFiles(config, Object.keys(content.hashes));
  const replaced = entriesIn(config.entries, scope).flatMap(({ id }) => owned.entries[id] ?? []);
  if (scope.schema) replaced.push(...owned.schema);
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  const kept = keptFiles(
    project,
    new Set([...replaced, ...texts.keys()]),
    Object.values(owned.entries).flat(),
  );
  const encoder = new TextEncoder();
  const hashes = { ...kept };
  for (const [path, text] of texts) hashes[path] = core.sha256(encoder.encode(text));
  const remove = replaced.filter(path => !texts.has(path));
  texts.set(MANIFEST, core.manifestText(hashes));
  return { texts, remove, root: core.manifestRoot(hashes) };
}

/**
 * Files that the manifest goes on listing, with their hashes: they belong to entries that this run is not about, or
 * that another config loads.
 *
 * @param {Project} project
 * @param {Set<string>} replaced paths that this run writes or removes
 * @param {string[]} owned paths of all entries
 * @returns {Record<string, string>}
 */
function keptFiles(project, replaced, owned) {
  const paths = listedRest(project, replaced) ?? owned.filter(path => !replaced.has(path));
  return Object.fromEntries(paths.map(path => [path, project.content.hashes[path]]));
}

/** @param {Project} project @param {{texts: Map<string, string>, remove: string[]}} change */
async function preview({ folder }, { texts, remove }) {
  const changed = await folder.changed(texts);
  return {
    written: [...changed.keys()].sort(),
    removed: [...remove].sort(),
    unchanged: texts.size - changed.size,
  };
}

/**
 * The folder is this instance's own state now, so a start has nothing to import.
 *
 * @param {any} instance
 * @param {Project} project
 * @param {Settings} settings
 * @param {string} root
 */
async function record(instance, project, { mode, dataOnly }, root) {
  const fingerprint = fingerprintOf(project, { root, mode, dataOnly });
  await instance.ensureSettings();
  if ((await instance.appliedFingerprint()) === fingerprint) return;
  await instance.transaction((/** @type {any} */ session) => session.recordFingerprint(fingerprint), {
    commit: true,
  });
}
