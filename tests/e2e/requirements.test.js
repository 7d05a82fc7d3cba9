/** What the files use and the target does not have is told before the first write. */
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { DIRECTUS_VERSIONS, MAJORS } from '../harness/directus.js';
import { callCase, createBenchProject } from '../support/bench/run.js';
import { reasonToSkip } from '../support/combinations.js';

/** @typedef {import('../harness/project.js').Project} Project */

for (const major of MAJORS) {
  test(`Directus ${major}: interfaces and displays of extensions`, async t => {
    const project = await createBenchProject(t, { major });
    await addExtension(
      project,
      'sparkle',
      { type: 'display', path: 'index.js', source: 'index.js' },
      'sparkle',
    );
    await addExtension(project, 'pack', bundleOf('interface', 'super-input', 'other-input'), 'super-input');
    const metas = { title: { interface: 'super-input', display: 'sparkle' }, body: { interface: 'nowhere' } };

    const missing = await callCase(project, 'requirements', 'importFields', metas);
    assert.equal(missing.code, 'MISSING_EXTENSION');
    assert.deepEqual(missing.found, [
      'The interface nowhere is not installed on the target, but it is used by posts.body. Install the extension that brings it, or take it out of the files.',
    ]);

    await callCase(project, 'requirements', 'disable', 'super-input');
    await callCase(project, 'requirements', 'disable', 'sparkle');
    const { body: _, ...disabled } = metas;
    const { found } = await callCase(project, 'requirements', 'importFields', disabled);
    assert.deepEqual(found, [
      'The interface super-input belongs to the extension directus-extension-pack, which is disabled on the target, but it is used by posts.title. Enable it there, or take it out of the files.',
      'The display sparkle belongs to the extension directus-extension-sparkle, which is disabled on the target, but it is used by posts.title. Enable it there, or take it out of the files.',
    ]);
  });
}

test('an old fault of the target is no obstacle', async t => {
  const project = await createBenchProject(t, {});
  const { applied } = await callCase(project, 'requirements', 'importBesideOldFault');
  assert.equal(applied, true);
});

test('PostgreSQL without PostGIS: fields of geometry', { skip: await reasonToSkip('postgres') }, async t => {
  const project = await createBenchProject(t, { database: 'postgres' });
  const { code, message } = await callCase(project, 'requirements', 'importGeometry');
  assert.equal(code, 'DATABASE_FEATURE_MISSING');
  assert.match(message, /cannot hold geometry, which these fields need: posts\.place\. Install PostGIS/);
});

test('a folder of another major version of Directus', async t => {
  const project = await createBenchProject(t, { major: '12' });
  const { warnings } = await callCase(project, 'requirements', 'importFrom', DIRECTUS_VERSIONS[11]);
  assert.deepEqual(
    warnings.filter((/** @type {string[]} */ [code]) => code === 'OTHER_MAJOR'),
    [
      [
        'OTHER_MAJOR',
        `The folder was exported by Directus ${DIRECTUS_VERSIONS[11]}, and the target is Directus ${DIRECTUS_VERSIONS[12]}. Settings that the target does not know are left out.`,
      ],
    ],
  );
});

/** @param {string} type @param {...string} names of the entries */
function bundleOf(type, ...names) {
  return {
    type: 'bundle',
    path: { app: 'index.js', api: 'api.js' },
    entries: names.map(name => ({ type, name, source: 'index.js' })),
  };
}

/**
 * @param {Project} project
 * @param {string} name
 * @param {object} options the manifest's `directus:extension`
 * @param {string} id that it brings
 */
async function addExtension(project, name, options, id) {
  const folder = join(project.dir, 'extensions', name);
  await mkdir(folder);
  const manifest = {
    name: `directus-extension-${name}`,
    version: '1.0.0',
    type: 'module',
    'directus:extension': { host: '*', ...options },
  };
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
  await writeFile(join(folder, 'index.js'), `export default { id: '${id}', name: '${id}' };\n`);
  await writeFile(join(folder, 'api.js'), 'export const hooks = [], endpoints = [], operations = [];\n');
}
