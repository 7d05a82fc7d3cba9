/** The package as npm packs it: installed into an empty project, it registers its commands and imports. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { node22, withNode22 } from '../harness/node22.js';
import { runChecked } from '../harness/process.js';
import { REPOSITORY } from '../harness/repository.js';
import { SAMPLE_COLLECTIONS } from '../harness/sample-project.js';
import { testProjects } from '../support/projects.js';
import { copyFolder, installFolder, readData, succeed } from '../support/sync-folder.js';

const projects = testProjects();
const CUSTOM = Object.fromEntries(SAMPLE_COLLECTIONS.map(name => [name, {}]));
const env = withNode22(node22());

/** @type {string} */
let folder;
/** @type {string} */
let tarball;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'schema-sync-packed-'));
  const { stdout } = await runChecked('npm', ['pack', '--json', '--pack-destination', folder], {
    cwd: REPOSITORY,
    env,
  });
  tarball = join(folder, JSON.parse(stdout)[0].filename);
});

after(() => rm(folder, { recursive: true, force: true }));

for (const major of /** @type {const} */ (['12', '11'])) {
  test(`Directus ${major}: installed from the package into an empty project, it imports`, async () => {
    const source = await projects.sample({ major, template: 'a' });
    await installFolder(source, CUSTOM, { directus_files: {} });
    await succeed(source, ['schema-sync', 'export']);

    const target = await projects.empty({ major, template: 'b', extension: false });
    await runChecked('npm', ['install', '--no-audit', '--no-fund', tarball], { cwd: target.dir, env });
    const help = await succeed(target, ['schema-sync', '--help']);
    for (const command of ['install', 'export', 'import', 'diff', 'status', 'hash', 'unlock']) {
      assert.match(help.stdout, new RegExp(`^  ${command} `, 'm'));
    }
    await copyFolder(source, target);
    await succeed(target, ['schema-sync', 'import', '--yes']);
    await succeed(target, ['schema-sync', 'export']);
    assert.deepEqual(await readData(target), await readData(source));
  });
}

test('npx schema-sync works in a project without a database, and its migration runs', async () => {
  const project = await projects.empty({ major: '12', extension: false });
  await runChecked('npm', ['install', '--no-audit', '--no-fund', tarball], { cwd: project.dir, env });
  const npx = (/** @type {string[]} */ ...args) =>
    runChecked('npx', ['--no-install', 'schema-sync', ...args], { cwd: project.dir, env });
  const installed = await npx('install');
  assert.match(installed.stdout, /Wrote .*config\.js/);
  assert.match(installed.stdout, /migrations.20240101A-schema-sync\.mjs/);
  assert.match((await npx('validate')).stdout, /holds no data yet/);
  const migrated = await succeed(project, ['database', 'migrate:latest']);
  assert.match(migrated.stdout, /Schema Sync/i);
  assert.match((await npx('install')).stdout, /is there already/);
  const status = await succeed(project, ['schema-sync', 'install']);
  assert.match(status.stdout, /has the columns and tables of Schema Sync already/);
});
