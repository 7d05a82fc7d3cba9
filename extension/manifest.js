/** Writes the manifest anew, or compares it: what people run after an edit by hand or a merge. */
import { loadCore } from './core.js';
import { SchemaSyncError } from './errors.js';
import { Folder, isDataPath, MANIFEST } from './folder.js';
import { checkManifest } from './project.js';

/** @typedef {import('./environment.js').Settings} Settings */

/**
 * Lists every file that an entry could read.
 *
 * @param {Pick<Settings, 'dir'>} settings
 * @returns {Promise<{files: number, changed: boolean}>}
 */
export async function writeManifest({ dir }) {
  const core = await loadCore();
  const folder = await Folder.open(dir);
  const { hashes } = await folder.readData();
  const listed = Object.fromEntries(Object.entries(hashes).filter(([path]) => isDataPath(path)));
  const { written } = await folder.write(new Map([[MANIFEST, core.manifestText(listed)]]));
  return { files: Object.keys(listed).length, changed: written.length > 0 };
}

/**
 * @param {Settings} settings
 * @returns {Promise<{files: number}>} number of files that are as listed
 * @throws {SchemaSyncError} MANIFEST_MISSING, MANIFEST_INVALID or MANIFEST_MISMATCH
 */
export async function compareManifest({ dir }) {
  const core = await loadCore();
  const folder = await Folder.open(dir);
  const content = await folder.readData();
  const paths = Object.keys(content.hashes).filter(isDataPath);
  const { warnings } = checkManifest({ core, folder, content }, paths);
  const legacy = warnings.find(({ code }) => code === 'MANIFEST_LEGACY');
  if (legacy)
    throw new SchemaSyncError('MANIFEST_INVALID', `${legacy.message} Or run \`schema-sync hash\`.`, {
      path: MANIFEST,
    });
  return { files: paths.length };
}
