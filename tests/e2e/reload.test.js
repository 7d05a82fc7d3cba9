/** Directus loads extensions anew while it runs. What goes on by itself goes on once. */
import assert from 'node:assert/strict';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { MAJORS } from '../harness/directus.js';
import { testProjects } from '../support/projects.js';
import { copyFolder, editData, readData, succeed, syncFolder } from '../support/sync-folder.js';
import { count, until } from '../support/until.js';

/** @typedef {import('../harness/project.js').Project} Project */
/** @typedef {import('../harness/server.js').Server} Server */

const RELOADING = fileURLToPath(new URL('../support/reloading', import.meta.url));
const LIVE = Object.freeze({
  SCHEMA_SYNC: 'BOTH',
  SCHEMA_SYNC_WATCH: 'true',
  SCHEMA_SYNC_POLL: '1',
  EXTENSIONS_AUTO_RELOAD: 'true',
});
/** Longer than the quiet time and one run, so that what does not happen in it does not happen. */
const SETTLED_MS = 4000;
const RELOADED = /Extensions reloaded/;
const EXPORTED = /exported \d/;
const IMPORTED = /imported the edited files/;
const NOTICED = /another process imported/;

const projects = testProjects();

for (const major of MAJORS) {
  test(`Directus ${major}: what goes on by itself goes on once after extensions were loaded anew`, async () => {
    const project = await projects.exportedSample({ major });
    await cp(RELOADING, join(project.dir, 'extensions', 'reloading'), { recursive: true });
    const server = await project.start({ env: LIVE });
    const { api } = server;
    await reload(project, server);
    await reload(project, server);
    await until(async () => /reload-1[\s\S]*reload-2/.test(await tagsIn(project)));
    await sleep(SETTLED_MS);

    const exports = count(server.log, EXPORTED);
    await api('POST', '/items/tags', { slug: 'later', label: 'Later' });
    await until(async () => count(server.log, EXPORTED) > exports);
    await sleep(SETTLED_MS);
    assert.equal(count(server.log, EXPORTED), exports + 1, server.log);
    assert.match(await tagsIn(project), /"Later"/);

    await editData(project, 'tags.json', rename('later', 'Edited'));
    await reload(project, server);
    await until(async () => (await api('GET', '/items/tags/later')).label === 'Edited');
    await until(async () => /reload-3/.test(await tagsIn(project)));
    await sleep(SETTLED_MS);
    assert.equal(count(server.log, IMPORTED), 1, server.log);
    assert.equal(count(server.log, EXPORTED), exports + 2, 'the tag of the reload; an import is no change');
    assert.equal(count(server.log, NOTICED), 0, 'an import of its own is no news');

    await importElsewhere(project);
    await until(async () => NOTICED.test(server.log));
    await sleep(SETTLED_MS);
    assert.equal(count(server.log, NOTICED), 1, server.log);

    await api('POST', '/items/tags', { slug: 'last', label: 'Last' });
    await project.stop();
    assert.match(await tagsIn(project), /"Last"/, 'flushed at the end');
    assert.doesNotMatch(server.log, /ERROR/);
  });
}

test('an extension that is switched off does nothing any more, until it is switched on', async () => {
  const project = await projects.exportedSample({});
  const server = await project.start({ env: LIVE });
  await sleep(SETTLED_MS);
  await turn(server, false);
  await sleep(SETTLED_MS);
  await editData(project, 'tags.json', rename('wool', 'Edited'));
  await server.api('POST', '/items/tags', { slug: 'unseen', label: 'Unseen' });
  await sleep(SETTLED_MS);
  assert.doesNotMatch(await tagsIn(project), /Unseen/);
  assert.notEqual((await server.api('GET', '/items/tags/wool')).label, 'Edited');
  await turn(server, true);
  await server.api('POST', '/items/tags', { slug: 'seen', label: 'Seen' });
  await until(async () => /"Seen"/.test(await tagsIn(project)));
});

/** @param {Project} project @param {Server} server */
async function reload(project, server) {
  const file = join(project.dir, 'extensions', 'reloading', 'package.json');
  const text = await readFile(file, 'utf8');
  await reloaded(server, () => writeFile(file, `${text}\n`));
}

/** Switches our extension on or off. @param {Server} server @param {boolean} enabled */
async function turn(server, enabled) {
  const extensions = await server.api('GET', '/extensions');
  const { id } = extensions.find((/** @type {any} */ { schema }) => schema.name.endsWith('schema-sync'));
  await reloaded(server, () => server.api('PATCH', `/extensions/${id}`, { meta: { enabled } }));
}

/** @param {Server} server @param {() => Promise<unknown>} act makes Directus load extensions anew */
async function reloaded(server, act) {
  const before = count(server.log, RELOADED);
  await act();
  await until(async () => count(server.log, RELOADED) > before);
}

/** @param {Project} project @returns {Promise<string>} the file of the tags */
async function tagsIn(project) {
  return (await readData(project))['data/tags.json'] ?? '';
}

/** @param {string} slug @param {string} label @returns {(tags: any[]) => void} */
function rename(slug, label) {
  return tags => {
    for (const tag of tags) if (tag.slug === slug) tag.label = label;
  };
}

/** Another process imports what the watched folder does not hold. @param {Project} project */
async function importElsewhere(project) {
  const elsewhere = { ...project, dir: join(project.dir, 'elsewhere') };
  await copyFolder(project, elsewhere);
  await editData(elsewhere, 'brands.json', brands => {
    brands[0].name = 'From elsewhere';
  });
  const env = { SCHEMA_SYNC_DIR: syncFolder(elsewhere) };
  await succeed(project, ['schema-sync', 'hash'], { env });
  await succeed(project, ['schema-sync', 'import', '--yes'], { env });
}
