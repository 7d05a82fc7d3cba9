/**
 * A real project goes round: loaded over REST, exported, imported elsewhere, exported again, equal.
 * Its data is not part of this repository: the test looks for it beside the checkout, or where
 * SCHEMA_SYNC_REAL_PROJECT says.
 */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { REPOSITORY } from '../harness/repository.js';
import { testProjects } from '../support/projects.js';
import { copyFolder, installFolder, readData, succeed } from '../support/sync-folder.js';
import { loadTemplateData } from '../support/template-data.js';

const DATA =
  process.env.SCHEMA_SYNC_REAL_PROJECT ?? join(REPOSITORY, '..', 'shared', 'data', 'simple-ecommerce');
const skip = existsSync(join(DATA, 'snapshot.json'))
  ? false
  : 'the data of a real project is not there: set SCHEMA_SYNC_REAL_PROJECT to a folder that holds snapshot.json';

const projects = testProjects();

/** @param {import('../harness/directus.js').Major} major */
async function exportedSource(major) {
  const source = await projects.empty({ major, template: 'a' });
  await source.start();
  // An unlicensed Directus 12 takes no custom permission rules.
  const own = await loadTemplateData(source.api, DATA, { permissionRules: major === '11' });
  await source.stop();
  await installFolder(source, Object.fromEntries(own.map(name => [name, {}])), { directus_files: {} });
  await succeed(source, ['schema-sync', 'export']);
  return source;
}

for (const major of /** @type {const} */ (['11', '12'])) {
  test(`a real project goes round on Directus ${major}`, { skip }, async () => {
    const source = await exportedSource(major);
    const exported = await readData(source);
    assert.equal(JSON.parse(exported['data/directus_files.json']).length, 3, 'metadata of the files travels');
    assert.equal(JSON.parse(exported['data/products.json']).length, 2);

    const target = await projects.empty({ major, template: 'b' });
    await copyFolder(source, target);
    await succeed(target, ['schema-sync', 'import', '--yes']);
    await succeed(target, ['schema-sync', 'export']);
    assert.deepEqual(await readData(target), exported);

    const again = await succeed(target, ['schema-sync', 'diff', '--exit-code']);
    assert.match(again.stdout, /Nothing to change/);
  });
}

test('custom permission rules are refused by an unlicensed Directus 12 before the first write', {
  skip,
}, async () => {
  const source = await exportedSource('11');
  const target = await projects.empty({ major: '12', template: 'b' });
  await copyFolder(source, target);
  const before = await succeed(target, [
    'schema',
    'snapshot',
    '--yes',
    join(target.dir, 'before.json'),
    '--format',
    'json',
  ]);
  assert.equal(before.code, 0);

  const refused = await target.cli(['schema-sync', 'import', '--yes']);
  assert.equal(refused.code, 1, refused.stdout + refused.stderr);
  assert.match(refused.stderr, /LICENSE_LIMIT/);
  assert.match(refused.stderr, /permission/i);

  await target.start();
  assert.equal(
    (await target.api.raw('GET', '/collections/products')).status,
    403,
    'no collection was created',
  );
});
