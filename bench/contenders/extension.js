/** Contenders that are extensions of Directus with a folder of files: this one and the community's of the same name. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { REPOSITORY } from '../../tests/harness/repository.js';
import { copyFolder, succeed, syncFolder } from '../../tests/support/sync-folder.js';
import { COLLECTION } from '../data.js';
import { measuredDirectus } from '../measure.js';
import { editRows } from '../slices.js';
import { COMMUNITY_VERSIONS, installCommunity } from './community.js';

/** @typedef {import('../run.js').Contender} Contender */

const COMMUNITY_VERSION = COMMUNITY_VERSIONS[12];

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
  extension: () => installCommunity(COMMUNITY_VERSION, '12'),
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
