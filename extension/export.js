/** An instance's state into the folder. */
import { warningOf } from './errors.js';
import { MANIFEST } from './folder.js';
import { withLock } from './lock.js';
import { fingerprintOf, isApplied, openProject } from './project.js';
import { readState } from './reading.js';
import { noProgress } from './report.js';
import { changeOf } from './rewriting.js';
import { recorded } from './runs.js';
import { entriesIn, scopeOf } from './scope.js';
import { findSecrets, refuseSecrets } from './secrets/scan.js';

/**
 * @typedef {import('./environment.js').Settings} Settings
 * @typedef {import('./errors.js').Diagnostic} Diagnostic
 * @typedef {import('./project.js').Project} Project
 * @typedef {import('./reading.js').Exported} Exported
 * @typedef {import('./report.js').OnProgress} OnProgress
 * @typedef {import('./folder-draft.js').FolderDraft} FolderDraft
 * @typedef {import('./folder-draft.js').Written} Written
 * @typedef {import('./runs.js').StartedRun} StartedRun
 *
 * @typedef {object} ExportOptions
 * @property {string[]} [only]
 * @property {boolean} [schema] false leaves the schema's files alone
 * @property {boolean} [data] false leaves the rows' files alone
 * @property {ReadonlySet<string>} [changed] only what this concerns, see `changes.js`
 * @property {boolean} [split] in place of the environment's
 * @property {boolean} [overwrite] the instance's state is written, whatever the folder holds
 * @property {boolean} [dryRun] says what would be written
 * @property {boolean} [failOnSecrets] writes nothing if any value looks like a credential
 * @property {Project} [project] opened already
 * @property {OnProgress} [onProgress]
 * @property {(lock: import('./lock.js').LockState | null) => void} [onWait] is told that an import holds the lock
 *
 * @typedef {object} ExportReport
 * @property {string} dir the folder
 * @property {boolean} applied whether anything was written
 * @property {Record<string, number>} rows exported rows by entry id
 * @property {boolean} schema whether the schema was exported
 * @property {string[]} written paths whose bytes changed
 * @property {string[]} removed paths
 * @property {number} unchanged
 * @property {boolean} pending whether the folder holds changes that wait for an import
 * @property {Diagnostic[]} warnings
 *
 * @typedef {object} Run what the steps below share
 * @property {any} instance
 * @property {Settings} settings
 * @property {Project} project
 * @property {import('./scope.js').Scope} scope
 * @property {ExportOptions} options
 */

/**
 * Reads in one transaction and writes the folder, under the lock, since afterwards files and instance agree on
 * what was read: an import in between would make that wrong. What was changed in the folder alone since the last
 * sync stays there.
 *
 * @param {any} instance
 * @param {Settings} settings
 * @param {ExportOptions} [options]
 * @returns {Promise<ExportReport>}
 * @throws {import('./errors.js').SchemaSyncError} EXPORT_CONFLICT or SECRET_FOUND with nothing written
 */
export async function exportProject(instance, settings, options = {}) {
  const { project = await openProject(settings) } = options;
  const scope = scopeOf(options, { dataOnly: false });
  const run = { instance, settings, project, scope, options };
  if (options.dryRun) return previewOf(run);
  const waiting = { wait: settings.wait, ttl: settings.lockTtl, onWait: options.onWait };
  return withLock(instance, waiting, lock =>
    recorded(instance, { kind: 'export', who: lock.owner }, started => readAndWrite(run, lock, started)),
  );
}

/** @param {Run} run @returns {Promise<ExportReport>} */
async function previewOf(run) {
  const { folder, content } = run.project;
  const { exported, written } = await rewrite(run, folder.draft(content, { isDry: true }));
  return reportOf(run, exported, written, false);
}

/**
 * @param {Run} run
 * @param {import('./lock.js').Lock} lock
 * @param {StartedRun} started
 * @returns {Promise<ExportReport>}
 */
async function readAndWrite(run, lock, started) {
  const { instance, settings, project, scope } = run;
  const makesWhole = scope.isFull || (await isApplied(instance, settings, project));
  const { exported, root, written } = await rewrite(run, project.folder.draft(project.content));
  const applied = written.written.length + written.removed.length > 0;
  const report = reportOf(run, exported, written, applied);
  const record = async (/** @type {any} */ session) => {
    await lock.fence(session);
    await recordExport(session, run, { base: exported.base, root, report, started, makesWhole });
  };
  await instance.transaction(record, { commit: true, keepsCaches: true });
  return report;
}

/**
 * @param {Run} run
 * @param {FolderDraft} draft
 * @returns {Promise<{exported: Exported & {secrets: Diagnostic[]}, root: string, written: Written}>} with the
 *   manifest's hash
 */
async function rewrite(run, draft) {
  const { instance, project, scope } = run;
  try {
    const work = (/** @type {any} */ session) => read(run, session, draft);
    const exported = await instance.transaction(work, { commit: false, keepsCaches: true });
    const secrets = await secretsIn(run, exported);
    for (const [path, source] of exported.contents.write) await draft.addContent(path, source);
    const { manifest, root, remove } = changeOf(project, exported, draft.hashes, scope);
    await draft.add(MANIFEST, [Buffer.from(manifest)]);
    return { exported: { ...exported, secrets }, root, written: await draft.publish(remove) };
  } finally {
    await draft.discard();
  }
}

/**
 * @param {Run} run
 * @param {any} session
 * @param {FolderDraft} draft
 * @returns {Promise<Exported>}
 */
function read({ settings, project, scope, options }, session, draft) {
  const { split = settings.split, overwrite = false, onProgress = noProgress } = options;
  return readState(session, project, { scope, split, overwrite, draft, onProgress });
}

/**
 * @param {Run} run
 * @param {Exported} exported
 * @returns {Promise<Diagnostic[]>} a warning for each value that looks like a credential
 */
async function secretsIn({ project, scope, options }, { config, searched }) {
  const { entries: paths } = project.core.entryFiles(config, [...searched.keys()]);
  const read = (/** @type {string} */ path) => /** @type {Uint8Array} */ (searched.get(path));
  const entries = entriesIn(config.entries, scope);
  const found = await findSecrets({ entries, paths, read, allowed: project.config.allowSecrets });
  if (options.failOnSecrets) refuseSecrets(found, 'Nothing was written.');
  return found;
}

/**
 * After a full export the folder is this instance's own state, and after a partial one it is if it was before. So a
 * start has nothing to import, unless something waits in the folder for just that.
 *
 * @param {any} session
 * @param {Run} run
 * @param {{base: Uint8Array, root: string, report: ExportReport, started: StartedRun, makesWhole: boolean}} done
 */
async function recordExport(session, { project, settings }, done) {
  const { base, root, report, started, makesWhole } = done;
  const { applied, rows, written, removed, unchanged, pending } = report;
  const counts = { rows, written: written.length, removed: removed.length, unchanged };
  const outcome = applied ? 'changed' : 'unchanged';
  await session.recordBase(base);
  await session.recordContents();
  await session.recordRun({ ...started, outcome, folder: pending ? undefined : root, counts });
  if (!makesWhole || pending) return;
  await session.recordFingerprint(await fingerprintOf(project, { ...settings, root }, session));
}

/**
 * @param {Run} run
 * @param {Exported & {secrets: Diagnostic[]}} exported
 * @param {Written} written
 * @param {boolean} applied
 * @returns {ExportReport}
 */
function reportOf({ project, scope }, { config, rows, pending, secrets, warnings }, written, applied) {
  return {
    dir: project.folder.root,
    applied,
    rows,
    schema: scope.schema,
    pending: pending.length > 0,
    warnings: [...config.diagnostics, ...warnings, ...pending.map(warningOf), ...secrets],
    ...written,
  };
}
