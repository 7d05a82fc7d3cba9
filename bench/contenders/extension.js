/** Contenders that are extensions of Directus with a folder of files: this one and the community's of the same name. */
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { installOnce } from '../../tests/harness/cache.js';
import { directusCommand } from '../../tests/harness/directus.js';
import { ensureNode22, withNode22 } from '../../tests/harness/node22.js';
import { runChecked } from '../../tests/harness/process.js';
import { REPOSITORY } from '../../tests/harness/repository.js';
import { copyFolder, succeed, syncFolder } from '../../tests/support/sync-folder.js';
import { COLLECTION } from '../data.js';
import { measuredDirectus } from '../measure.js';
import { editRows } from '../slices.js';

/** @typedef {import('../run.js').Contender} Contender */

const COMMUNITY = 'directus-extension-schema-sync';
const COMMUNITY_VERSION = '4.0.0';

const COMMUNITY_CONFIG = `export const syncCustomCollections = {
  ${COLLECTION}: { watch: ['${COLLECTION}.items'], getKey: row => row.id, query: { filter: {}, sort: ['id'] } },
};
`;
const OUR_CONFIG = `export const syncCustomCollections = { ${COLLECTION}: {} };
`;
/** Only schema and products, since what else travels by default differs. */
const NOTHING = 'export const syncDirectusCollections = {};\n';

/** @type {Contender} */
export const ours = {
  name: 'Schema Sync',
  extension: async () => REPOSITORY,
  ...sides(['schema-sync', 'import', '--yes'], ['schema-sync', 'install'], OUR_CONFIG),
};

/** @type {Contender} */
export const community = {
  name: `community ${COMMUNITY_VERSION}`,
  mostRows: 100_000,
  extension: installCommunity,
  ...sides(['schema-sync', 'import'], ['schema-sync', 'install', '--force'], COMMUNITY_CONFIG),
};

/**
 * @param {string[]} importing
 * @param {string[]} installing
 * @param {string} config
 * @returns {Omit<Contender, 'name' | 'extension'>}
 */
function sides(importing, installing, config) {
  return {
    async prepare(project) {
      await succeed(project, installing);
      await mkdir(syncFolder(project), { recursive: true });
      await writeFile(join(syncFolder(project), 'config.js'), config);
      await writeFile(join(syncFolder(project), 'directus_config.js'), NOTHING);
    },
    exportRows: project => measuredDirectus(project, ['schema-sync', 'export']),
    hand: copyFolder,
    importRows: project => measuredDirectus(project, importing),
    async edit(project, edit) {
      await editRows(join(syncFolder(project), 'data', `${COLLECTION}.json`), edit);
      await succeed(project, ['schema-sync', 'hash']);
    },
  };
}

/** @returns {Promise<string>} its folder, with what it needs beside it */
async function installCommunity() {
  const folder = await installOnce(`community-${COMMUNITY_VERSION}`, async folder => {
    const manifest = { private: true, dependencies: { [COMMUNITY]: COMMUNITY_VERSION } };
    await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
    const env = withNode22(await ensureNode22());
    await runChecked('npm', ['install', '--no-audit', '--no-fund', '--legacy-peer-deps'], {
      cwd: folder,
      env,
    });
  });
  await linkDirectus(join(folder, 'node_modules'));
  return join(folder, 'node_modules', COMMUNITY);
}

/**
 * It imports parts of Directus, and has to find those of the one that loads it.
 *
 * @param {string} modules the folder `node_modules`
 */
async function linkDirectus(modules) {
  const link = join(modules, '@directus');
  await rm(link, { recursive: true, force: true });
  await symlink(join(directusCommand('12'), '..', '..', '@directus'), link, 'dir');
}
