/** Folders of the community extension, and snapshots of Directus, are taken as they are, and brought into today's form. */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { COMMUNITY_VERSIONS, installCommunity } from '../../bench/contenders/community.js';
import { EVERY_COLLECTION, testProjects } from '../support/projects.js';
import { copyFolder, readData, succeed, syncFolder } from '../support/sync-folder.js';

/** @typedef {import('../harness/directus.js').Major} Major */
/** @typedef {import('../harness/project.js').Project} Project */

/** With what such folders have that others do not: groups and prefixes of its own kind. */
const CONFIG = `export const syncCustomCollections = ${JSON.stringify({
  ...EVERY_COLLECTION,
  // The files that it refers to are not exported by default.
  products: { excludeFields: ['image'] },
  product_translations: { groupBy: ['languages_code'] },
  languages: { prefix: 'base' },
})};
`;
const OWN = Object.freeze({ id: '11111111-2222-4333-8444-555555555555', name: 'Only here' });

const projects = testProjects();

for (const [major, version] of Object.entries(COMMUNITY_VERSIONS)) {
  test(`a folder of the community extension ${version}`, async () => {
    const source = await exportedByCommunity(/** @type {Major} */ (major), version);
    const target = await projects.empty({ major: source.major, template: 'b' });
    await target.start();
    await target.api('POST', '/roles', OWN);
    await target.stop();

    await copyFolder(source, target);
    await succeed(target, ['schema-sync', 'import', '--yes']);
    await assertUpToDate(target);
    const before = await readData(target);
    assert.ok(Object.keys(before).some(path => path.startsWith('data/product_translations/__')));

    await succeed(target, ['schema-sync', 'convert']);
    const after = await readData(target);
    assert.ok(!Object.keys(after).some(path => path.startsWith('data/product_translations/__')));
    await succeed(target, ['schema-sync', 'hash', '--check']);
    await assertUpToDate(target);
    const again = await succeed(target, ['schema-sync', 'convert', '--dry-run']);
    assert.match(again.stdout, /0 files written, 0 removed/);

    const { api } = await target.start();
    assert.equal((await api('GET', `/roles/${OWN.id}`)).name, OWN.name, 'nothing of the target was deleted');
    assert.ok((await api('GET', '/items/product_translations?limit=-1')).length > 0);
    assert.ok((await api('GET', '/items/languages?limit=-1')).length > 0);
  });
}

test('a snapshot of Directus, in YAML and in JSON', async () => {
  const source = await projects.sample({ major: '12', template: 'a' });
  for (const format of ['yaml', 'json'])
    await succeed(source, ['schema', 'snapshot', '--yes', '--format', format, `snapshot.${format}`]);
  const target = await projects.empty({ major: '11', template: 'b' });
  const file = (/** @type {string} */ format) => join(source.dir, `snapshot.${format}`);
  await succeed(target, ['schema-sync', 'import', '--yes', '--snapshot', file('yaml')]);
  const again = await succeed(target, ['schema-sync', 'import', '--yes', '--snapshot', file('json')]);
  assert.match(again.stdout, /Nothing to change/);

  await succeed(target, ['schema-sync', 'install']);
  await succeed(target, ['schema-sync', 'convert', '--snapshot', file('yaml')]);
  assert.ok('data/schema/products.json' in (await readData(target)));
  await assertUpToDate(target);
});

/** @param {Major} major @param {string} version @returns {Promise<Project>} */
async function exportedByCommunity(major, version) {
  const extension = await installCommunity(version, major);
  const source = await projects.sample({ major, template: 'a', extension });
  await succeed(source, ['schema-sync', 'install', '--force']);
  await writeFile(join(syncFolder(source), 'config.js'), CONFIG);
  await succeed(source, ['schema-sync', 'export']);
  return source;
}

/** @param {Project} project */
async function assertUpToDate(project) {
  const { stdout } = await succeed(project, ['schema-sync', 'diff', '--exit-code']);
  assert.match(stdout, /Nothing to change/);
}
