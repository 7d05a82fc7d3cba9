/** `status`: folder, last import, lock. */
import { SchemaSyncError } from '../errors.js';
import { checkManifest, fingerprintOf, isEmpty, openProject } from '../project.js';
import { plural } from '../report.js';

/**
 * @typedef {import('../environment.js').Settings} Settings
 *
 * @typedef {object} FolderStatus
 * @property {string} dir
 * @property {number} files number of data files
 * @property {boolean} empty whether nothing was exported yet
 * @property {string | null} fingerprint what a start would compare; null when the folder cannot be imported
 * @property {SchemaSyncError | null} problem why not
 */

/** @type {import('./command.js').Command} */
export const status = {
  name: 'status',
  summary: 'Show the folder, what was imported last, and the lock',
  entries: ['directus'],
  options: [['--json', 'print one JSON document']],
  async run({ settings, instance }) {
    const folder = await folderStatus(settings);
    const applied = await instance.appliedFingerprint();
    const lock = await instance.lockState();
    const pending = folder.fingerprint !== null && folder.fingerprint !== applied;
    const { start, mode } = settings;
    return {
      lines: [folderLine(folder), appliedLine(folder, applied), lockLine(lock), startLine(settings)],
      json: { folder, applied, pending, lock, start, mode },
    };
  },
};

/** @param {Settings} settings @returns {Promise<FolderStatus>} */
async function folderStatus(settings) {
  const blank = { dir: settings.dir, files: 0, empty: false, fingerprint: null, problem: null };
  try {
    const project = await openProject(settings);
    const files = Object.keys(project.content.hashes).length;
    if (isEmpty(project)) return { ...blank, files, empty: true };
    const { root } = checkManifest(project);
    return { ...blank, files, fingerprint: fingerprintOf(project, { ...settings, root }) };
  } catch (error) {
    if (error instanceof SchemaSyncError) return { ...blank, problem: error };
    throw error;
  }
}

/** @param {FolderStatus} folder */
function folderLine({ dir, files, empty, problem }) {
  if (problem) return `Folder: ${dir} cannot be imported. ${problem.code}: ${problem.message}`;
  if (empty) return `Folder: ${dir} holds no data yet.`;
  return `Folder: ${dir}, ${plural(files, 'data file')}, as listed in the manifest.`;
}

/** @param {FolderStatus} folder @param {string | null} applied */
function appliedLine({ fingerprint }, applied) {
  if (!applied) return 'Import: nothing was imported or exported in full here yet.';
  if (fingerprint === applied)
    return 'Import: this state of the folder is the one that was imported or exported last.';
  return 'Import: another state of the folder was imported or exported last.';
}

/** @param {any} lock */
function lockLine(lock) {
  if (!lock) return 'Lock: free.';
  const { owner, since, expires, expired } = lock;
  const times = [since && `since ${since.toISOString()}`, expires && `until ${expires.toISOString()}`];
  const held = [`held by ${owner}`, ...times.filter(Boolean)].join(', ');
  return `Lock: ${held}${expired ? '; it has expired and the next import takes it over' : ''}.`;
}

/** @param {Settings} settings */
function startLine({ start, mode }) {
  const imports = start === 'IMPORT' || start === 'BOTH';
  return imports
    ? `Start: the server imports a changed folder, mode ${mode}.`
    : 'Start: the server does not import (SCHEMA_SYNC is not IMPORT).';
}
