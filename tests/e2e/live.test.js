/** What a running server does by itself: it exports changes and imports edits. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ids } from '../harness/sample-project.js';
import { combinations } from '../support/combinations.js';
import { testProjects } from '../support/projects.js';
import { copyFolder, editData, editText, readData, succeed, syncFolder } from '../support/sync-folder.js';
import { count, until } from '../support/until.js';

const projects = testProjects();
const LIVE = Object.freeze({ SCHEMA_SYNC: 'BOTH', SCHEMA_SYNC_WATCH: 'true' });
/** Longer than the quiet time and one run, so that what does not happen in it does not happen. */
const SETTLED_MS = 4000;

for (const { name, major, database, skip } of await combinations()) {
  test(`${name}: changes are exported, edits are imported, and neither follows the other`, {
    skip,
  }, async () => {
    const project = await projects.exportedSample({ major, database });
    const server = await project.start({ env: LIVE });
    const { api } = server;

    await api('POST', '/items/tags', { slug: 'live', label: 'Live' });
    await api('POST', '/fields/tags', { field: 'color', type: 'string', schema: {}, meta: {} });
    await until(
      async () => 'data/tags.json' in (await readData(project)) && count(server.log, /exported/) > 0,
    );
    await sleep(SETTLED_MS);
    const exported = await readData(project);
    assert.match(exported['data/tags.json'] ?? '', /"Live"/);
    assert.match(exported['data/schema/tags.json'] ?? '', /"color"/);
    assert.equal(count(server.log, /imported the edited files/), 0, 'an export is no edit');

    const exports = count(server.log, /exported \d/);
    await editData(project, 'directus_roles.json', roles => {
      roles.find((/** @type {any} */ { id }) => id === ids.role.staff).name = 'Crew';
    });
    await editData(project, 'directus_permissions.json', permissions => {
      const policy = ids.policy.translator;
      permissions.push({ ...permissions[0], policy, collection: 'reviews', action: 'read' });
    });
    await editText(project, 'tags.json', text => text.replace('"Live"', '"Edited"'));
    await until(async () => (await api('GET', '/items/tags/live')).label === 'Edited');
    assert.equal((await api('GET', `/roles/${ids.role.staff}`)).name, 'Crew');
    const filter = `filter[policy][_eq]=${ids.policy.translator}&filter[collection][_eq]=reviews`;
    assert.equal((await api('GET', `/permissions?${filter}`)).length, 1);
    await sleep(SETTLED_MS);
    assert.equal(count(server.log, /exported \d/), exports, 'an import is no change');

    await api('PATCH', '/items/tags/live', { label: 'Last' });
    await project.stop();
    assert.match((await readData(project))['data/tags.json'] ?? '', /"Last"/, 'flushed at the end');
    await succeed(project, ['schema-sync', 'hash', '--check']);
  });
}

test('a broken file is reported once, and imported when it is whole again', async () => {
  const project = await projects.exportedSample({});
  const server = await project.start({ env: LIVE });
  const whole = await readFile(join(syncFolder(project), 'data', 'tags.json'), 'utf8');
  const broken = whole.slice(0, -10);
  await editText(project, 'tags.json', () => broken);
  await until(async () => /JSON_INVALID.*tags\.json/.test(server.log));
  await editText(project, 'brands.json', text => `${text}\n`);
  await sleep(SETTLED_MS);
  assert.equal(count(server.log, /JSON_INVALID/), 1);
  await editText(project, 'tags.json', () => whole.replace(/"label": "[^"]*"/, '"label": "Whole"'));
  await until(async () => /imported the edited files/.test(server.log));
  await succeed(project, ['schema-sync', 'hash', '--check']);
});

test('files and Directus changed apart: the export waits, says so once, and goes on after a decision', async () => {
  const project = await projects.exportedSample({});
  const server = await project.start({ env: { SCHEMA_SYNC: 'EXPORT' } });
  await editData(project, 'tags.json', tags => {
    tags[0].label = 'From the files';
  });
  await succeed(project, ['schema-sync', 'hash']);
  const [{ slug }] = JSON.parse(await readFile(join(syncFolder(project), 'data', 'tags.json'), 'utf8'));
  await server.api('PATCH', `/items/tags/${slug}`, { label: 'From the Studio' });
  await until(async () => /EXPORT_CONFLICT/.test(server.log));
  await sleep(SETTLED_MS);
  assert.equal(count(server.log, /is not exported yet/), 1);
  assert.match((await readData(project))['data/tags.json'] ?? '', /From the files/);
  await succeed(project, ['schema-sync', 'export', '--overwrite']);
  await server.api('PATCH', `/items/tags/${slug}`, { label: 'Later' });
  await until(async () => /"Later"/.test((await readData(project))['data/tags.json'] ?? ''));
});

test('a new instance beside a full folder does not write itself over it', async () => {
  const source = await projects.exportedSample({});
  const target = await projects.sample({ template: 'b' });
  await copyFolder(source, target);
  const before = await readData(target);
  const server = await target.start({ env: { SCHEMA_SYNC: 'EXPORT' } });
  await server.api('POST', '/items/tags', { slug: 'brand-new', label: 'New' });
  await until(async () => /has never imported/.test(server.log));
  assert.deepEqual(await readData(target), before);
});
