/** The Directus versions that this project is tested on, each installed once into the cache. */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheRoot, installOnce } from './cache.js';
import { ensureNode22, withNode22 } from './node22.js';
import { runChecked } from './process.js';

/** @typedef {'11' | '12'} Major */

/** The one table of tested versions, newest first. Another version is one more line. */
export const DIRECTUS_VERSIONS = Object.freeze({ 12: '12.4.0', 11: '11.17.4' });

/** All tested majors, for tests that run once per version. */
export const MAJORS = Object.freeze(/** @type {Major[]} */ (['12', '11']));

/**
 * Installs one Directus, which takes minutes: isolated-vm and sqlite3 are compiled.
 *
 * @param {Major} major
 * @returns {Promise<string>} the file that `directus` runs
 */
export async function ensureDirectus(major) {
  const folder = await installOnce(folderName(major), folder => install(folder, DIRECTUS_VERSIONS[major]));
  return commandFile(folder);
}

/**
 * The same without an install, for tests that run after `ensureDirectus`.
 *
 * @param {Major} major
 * @returns {string}
 */
export function directusCommand(major) {
  const file = commandFile(join(cacheRoot(), folderName(major)));
  if (!existsSync(file))
    throw new Error(`Directus ${DIRECTUS_VERSIONS[major]} is not installed. Run: npm test`);
  return file;
}

/** @param {Major} major */
function folderName(major) {
  return `directus-${DIRECTUS_VERSIONS[major]}`;
}

/** @param {string} folder */
function commandFile(folder) {
  return join(folder, 'node_modules', 'directus', 'cli.js');
}

/** @param {string} folder @param {string} version */
async function install(folder, version) {
  const manifest = { name: 'directus-under-test', private: true, dependencies: { directus: version } };
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  const env = withNode22(await ensureNode22());
  await runChecked('npm', ['install', '--no-audit', '--no-fund', '--omit=dev', '--ignore-scripts=false'], {
    cwd: folder,
    env,
  });
}
