/** The main road on a real Directus: export here, import there, and both are the same. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ids } from '../harness/sample-project.js';
import { EVERY_COLLECTION, testProjects } from '../support/projects.js';
import { copyFolder, installFolder, readData, succeed } from '../support/sync-folder.js';

const projects = testProjects();

/** @param {import('../harness/project.js').Project} project */
async function administrator(project) {
  const [role] = await project.api('GET', '/roles?filter[name][_eq]=Administrator&fields=id');
  const [policy] = await project.api(
    'GET',
    '/policies?filter[name][_eq]=Administrator&fields=id,admin_access',
  );
  return { role: role.id, policy: policy.id, admin: policy.admin_access };
}

/**
 * Every text that a person could read of the target, for looking for ids that should not be there.
 * @param {import('../harness/project.js').Project} project
 */
async function configurationText(project) {
  const paths = [
    '/roles',
    '/policies',
    '/access',
    '/permissions',
    '/flows',
    '/operations',
    '/settings',
    '/presets',
  ];
  const answers = await Promise.all(
    paths.map(path => project.api('GET', `${path}${path === '/settings' ? '' : '?limit=-1'}`)),
  );
  return JSON.stringify(answers);
}

for (const major of /** @type {const} */ (['11', '12'])) {
  test(`Directus ${major}: an export repeated gives the same bytes, and an import carries everything`, async () => {
    const source = await projects.exportedSample({ major });
    const exported = await readData(source);
    await succeed(source, ['schema-sync', 'export']);
    assert.deepEqual(await readData(source), exported);

    const target = await projects.empty({ major, template: 'b' });
    await copyFolder(source, target);
    const imported = await succeed(target, ['schema-sync', 'import', '--yes']);
    assert.match(imported.stdout, /products/);
    await succeed(target, ['schema-sync', 'export']);
    assert.deepEqual(await readData(target), exported);
  });

  test(`Directus ${major}: a second import says that nothing changed and writes nothing`, async () => {
    const source = await projects.exportedSample({ major });
    const again = await succeed(source, ['schema-sync', 'import', '--yes']);
    assert.match(again.stdout, /Nothing to change/);
    const diff = await succeed(source, ['schema-sync', 'diff', '--exit-code']);
    assert.match(diff.stdout, /Nothing to change/);
  });

  test(`Directus ${major}: a server imports at start, and the Administrator of the target stays`, async () => {
    const source = await projects.exportedSample({ major });
    const target = await projects.empty({ major, template: 'b' });
    await target.start();
    const before = await administrator(target);
    await target.stop();

    await source.start();
    const foreign = await administrator(source);
    assert.notEqual(foreign.role, before.role, 'the two templates differ');
    await source.stop();

    await copyFolder(source, target);
    const server = await target.start({ env: { SCHEMA_SYNC: 'IMPORT' } });
    assert.deepEqual(await administrator(target), before);
    assert.equal((await target.api('GET', '/items/products?limit=-1')).length > 0, true);
    const text = await configurationText(target);
    assert.ok(!text.includes(foreign.role) && !text.includes(foreign.policy), 'no id of the source is left');
    assert.ok(
      text.includes(before.role),
      'the flow that names the Administrator names the one of the target',
    );
    assert.ok(!/\berror\b/i.test(server.log), server.log);
    await target.stop();

    const second = await target.start({ env: { SCHEMA_SYNC: 'IMPORT' } });
    assert.match(second.log, /up to date|unchanged|nothing to/i);
  });

  test(`Directus ${major}: config options shape the files, and the files find their way back`, async () => {
    const source = await projects.sample({ major, template: 'a' });
    await installFolder(source, {
      ...EVERY_COLLECTION,
      products: { excludeFields: ['stock'], query: { filter: { status: { _eq: 'published' } } } },
      product_translations: { groupBy: ['languages_code'] },
      languages: { prefix: 'base' },
    });
    await succeed(source, [
      'schema-sync',
      'export',
      '--only',
      'products,product_translations,base_languages',
    ]);
    const exported = await readData(source);
    const products = JSON.parse(exported['data/products.json']);
    assert.ok(products.length > 0 && products.every((/** @type {any} */ row) => row.status === 'published'));
    assert.ok(products.every((/** @type {any} */ row) => !('stock' in row)));
    assert.ok('data/base_languages.json' in exported);
    const header = JSON.parse(exported['data/product_translations.json']);
    assert.equal(header.partial, true);
    const groups = Object.keys(exported).filter(path => path.startsWith('data/product_translations/'));
    const rows = groups.flatMap(path => JSON.parse(exported[path]));
    assert.ok(groups.length > 1);
    assert.equal(rows.length, header.count);
  });

  test(`Directus ${major}: mirror removes what the folder does not have, merge keeps it`, async () => {
    const target = await projects.exportedSample({ major });
    await target.start();
    await target.api('POST', '/items/tags', { slug: 'only-here', label: 'Only here' });
    await target.api('POST', '/roles', { id: '11111111-2222-4333-8444-555555555555', name: 'Only here' });
    await target.stop();

    await succeed(target, ['schema-sync', 'import', '--yes', '--mode', 'merge']);
    const mirrored = await succeed(target, ['schema-sync', 'import', '--yes', '--mode', 'mirror']);
    assert.match(mirrored.stdout, /tags/);
    await target.start();
    assert.deepEqual(await target.api('GET', '/items/tags?filter[slug][_eq]=only-here'), []);
    assert.deepEqual(await target.api('GET', '/roles?filter[name][_eq]=Only here'), []);
    assert.equal((await target.api('GET', `/items/products/${ids.product.sweater}`)).sku, 'LOP-001');
  });
}
