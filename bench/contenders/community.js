/** The community's extension of the same name, for comparisons and for folders that it made. */
import { rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { installOnce } from '../../tests/harness/cache.js';
import { directusCommand } from '../../tests/harness/directus.js';
import { ensureNode22, withNode22 } from '../../tests/harness/node22.js';
import { runChecked } from '../../tests/harness/process.js';

/** @typedef {import('../../tests/harness/directus.js').Major} Major */

const NAME = 'directus-extension-schema-sync';

/** Its newest version for each major version of Directus. */
export const COMMUNITY_VERSIONS = Object.freeze({ 11: '3.0.8', 12: '4.0.0' });

/**
 * @param {string} version
 * @param {Major} major of the Directus that is to load it
 * @returns {Promise<string>} its folder, with what it needs beside it
 */
export async function installCommunity(version, major) {
  const folder = await installOnce(`community-${version}`, async folder => {
    const manifest = { private: true, dependencies: { [NAME]: version } };
    await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
    const env = withNode22(await ensureNode22());
    await runChecked('npm', ['install', '--no-audit', '--no-fund', '--legacy-peer-deps'], {
      cwd: folder,
      env,
    });
  });
  await linkDirectus(join(folder, 'node_modules'), major);
  return join(folder, 'node_modules', NAME);
}

/**
 * It imports parts of Directus, and has to find those of the one that loads it.
 *
 * @param {string} modules the folder `node_modules`
 * @param {Major} major
 */
async function linkDirectus(modules, major) {
  const link = join(modules, '@directus');
  await rm(link, { recursive: true, force: true });
  await symlink(join(directusCommand(major), '..', '..', '@directus'), link, 'dir');
}
