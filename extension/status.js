/** How folder and instance stand to each other. Nothing of it is written, whatever functions of the config do. */
import { loadCore } from './core.js';
import { isOlder } from './deployments.js';
import { SchemaSyncError } from './errors.js';
import { importProject } from './import.js';
import { checkManifest, fingerprintOf, isEmpty, openProject } from './project.js';

/**
 * @typedef {import('./environment.js').Settings} Settings
 * @typedef {import('./model.js').Plan} Plan
 * @typedef {import('./runs.js').PastRun} PastRun
 *
 * @typedef {object} FolderStatus
 * @property {string} dir
 * @property {number} files number of data files
 * @property {boolean} empty whether nothing was exported yet
 * @property {string | null} fingerprint what a start would compare; null when the folder cannot be imported
 * @property {SchemaSyncError | null} problem why not
 *
 * @typedef {object} BaseStatus what was agreed on
 * @property {Date} since
 * @property {Record<string, number>} entries rows by entry id
 * @property {boolean} schema whether the schema was
 *
 * @typedef {object} Difference what an import would do now
 * @property {Plan['summary'] | null} summary null when there is nothing to import, or no plan
 * @property {number} drift things that were changed on the instance since the base
 * @property {number} conflicts things that were changed in the folder too
 * @property {SchemaSyncError | null} problem why there is no plan
 *
 * @typedef {object} Status
 * @property {FolderStatus} folder
 * @property {string | null} applied fingerprint of the folder that was imported or exported last
 * @property {boolean} pending whether the folder is another one
 * @property {boolean} older whether a start imports nothing because a newer deployment was imported
 * @property {BaseStatus | null} base
 * @property {Difference} difference
 * @property {{import: PastRun | null, export: PastRun | null}} runs the last ones
 * @property {import('./lock.js').LockState | null} lock
 */

/** @param {any} instance @param {Settings} settings @returns {Promise<Status>} */
export async function readStatus(instance, settings) {
  const folder = await folderStatus(instance, settings);
  const applied = await instance.appliedFingerprint();
  /** @type {PastRun[]} */
  const runs = await instance.runs();
  const last = (/** @type {string} */ kind) => runs.find(run => run.kind === kind) ?? null;
  const { fingerprint } = folder;
  const pending = fingerprint !== null && fingerprint !== applied;
  return {
    folder,
    applied,
    pending,
    older: pending && isOlder({ fingerprint, revision: settings.revision }, runs),
    base: await baseStatus(instance),
    difference: await difference(instance, settings, folder),
    runs: { import: last('import'), export: last('export') },
    lock: await instance.lockState(),
  };
}

/** @param {any} instance @param {Settings} settings @returns {Promise<FolderStatus>} */
async function folderStatus(instance, settings) {
  const blank = { dir: settings.dir, files: 0, empty: false, fingerprint: null, problem: null };
  try {
    const project = await openProject(settings);
    const files = Object.keys(project.content.hashes).length;
    if (isEmpty(project)) return { ...blank, files, empty: true };
    const { root } = checkManifest(project);
    return { ...blank, files, fingerprint: await fingerprintOf(project, { ...settings, root }, instance) };
  } catch (error) {
    return { ...blank, problem: known(error) };
  }
}

/** @param {any} instance @returns {Promise<BaseStatus | null>} null where nothing was agreed on, or it is damaged */
async function baseStatus(instance) {
  const { secret, base, since } = await instance.agreement();
  if (!base) return null;
  try {
    return { since, ...(await loadCore()).describeBase(secret, base) };
  } catch (error) {
    // A plan fails for the same reason, and says it.
    known(error);
    return null;
  }
}

/** @param {any} instance @param {Settings} settings @param {FolderStatus} folder @returns {Promise<Difference>} */
async function difference(instance, settings, folder) {
  const none = { summary: null, drift: 0, conflicts: 0, problem: null };
  if (folder.problem) return none;
  try {
    const { plan } = await importProject(instance, settings, { dryRun: true });
    if (!plan) return none;
    const { summary } = plan;
    return { ...none, summary, drift: total(summary, 'drift'), conflicts: total(summary, 'conflict') };
  } catch (error) {
    return { ...none, problem: known(error) };
  }
}

/** @param {Plan['summary']} summary @param {'drift' | 'conflict'} what */
function total({ schema, items }, what) {
  const counts = [...Object.values(schema), ...Object.values(items)];
  return counts.reduce((sum, group) => sum + (group[what] ?? 0), 0);
}

/** @param {unknown} error @returns {SchemaSyncError} it, if it is one that people can act upon */
function known(error) {
  if (error instanceof SchemaSyncError) return error;
  throw error;
}
