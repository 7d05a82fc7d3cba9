/** What an entry asks for beside its rows: events after the commit, and activity with revisions. */
import assert from 'node:assert/strict';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { combinations } from '../support/combinations.js';
import { EVERY_COLLECTION, testProjects } from '../support/projects.js';
import { editData, readData, succeed, syncFolder } from '../support/sync-folder.js';
import { count, until } from '../support/until.js';

/** @typedef {import('../harness/project.js').Project} Project */

const projects = testProjects();
const LISTENING = fileURLToPath(new URL('../support/listening', import.meta.url));
const LIVE = Object.freeze({ SCHEMA_SYNC: 'BOTH', SCHEMA_SYNC_WATCH: 'true' });
/** Longer than the quiet time and one export. */
const SETTLED_MS = 4000;
const EXPORTED = /exported \d/;

const FLOW = Object.freeze({
  name: 'Heard',
  status: 'active',
  trigger: 'event',
  options: { type: 'action', scope: ['items.update'], collections: ['tags'] },
});
const HEARD = Object.freeze({
  name: 'Say it',
  key: 'say',
  type: 'log',
  position_x: 19,
  position_y: 1,
  options: { message: 'flow heard {{ $trigger.keys[0] }}' },
});

for (const { name, major, database, skip } of await combinations()) {
  test(`${name}: hooks and flows hear of what was imported, activity and revisions tell of it`, {
    skip,
  }, async () => {
    const project = await listeningProject({ major, database });
    const server = await project.start({ env: LIVE });
    const { api } = server;
    const flow = await api('POST', '/flows', FLOW);
    const { id: operation } = await api('POST', '/operations', { ...HEARD, flow: flow.id });
    await api('PATCH', `/flows/${flow.id}`, { operation });
    await api('POST', '/items/tags', { slug: 'gone', label: 'Gone' });
    await until(async () => {
      const files = await readData(project);
      return Boolean(
        files['data/tags.json']?.includes('"gone"') && files['data/directus_flows.json']?.includes(flow.id),
      );
    });
    await sleep(SETTLED_MS);
    const exports = count(server.log, EXPORTED);
    await writeFile(eventsFile(project), '');

    await editData(project, 'brands.json', brands => {
      brands[0].country = 'FO';
    });
    await editData(project, 'tags.json', tags => {
      tags.find((/** @type {any} */ { slug }) => slug === 'new').label = 'Newest';
      const kept = tags.filter((/** @type {any} */ { slug }) => slug !== 'gone');
      return [...kept, { slug: 'zinc', label: 'Zinc' }];
    });
    await until(async () => (await eventsOf(project)).length === 3);
    assert.deepEqual(await eventsOf(project), [
      {
        event: 'tags.items.create',
        payload: { slug: 'zinc', label: 'Zinc' },
        keys: ['zinc'],
        row: { label: 'Zinc' },
      },
      { event: 'tags.items.update', payload: { label: 'Newest' }, keys: ['new'], row: { label: 'Newest' } },
      { event: 'tags.items.delete', payload: ['gone'], keys: ['gone'], row: null },
    ]);
    await until(async () => /flow heard new/.test(server.log));
    await assertTracked(api);
    await sleep(SETTLED_MS);
    assert.equal((await api('GET', '/items/brands/1')).country, 'FO');
    assert.equal(count(server.log, EXPORTED), exports, 'what comes from the folder is not exported');
  });
}

/** @param {import('../harness/project.js').ProjectOptions} options */
async function listeningProject(options) {
  const project = await projects.exportedSample(options);
  const config = { ...EVERY_COLLECTION, tags: { emitEvents: true, track: true } };
  await writeFile(
    join(syncFolder(project), 'config.js'),
    `export const syncCustomCollections = ${JSON.stringify(config)};\n`,
  );
  await succeed(project, ['schema-sync', 'import', '--yes']);
  await cp(LISTENING, join(project.dir, 'extensions', 'listening'), { recursive: true });
  return project;
}

/** @param {Project} project */
function eventsFile(project) {
  return join(project.dir, 'events.jsonl');
}

/** @param {Project} project @returns {Promise<any[]>} */
async function eventsOf(project) {
  const lines = (await readFile(eventsFile(project), 'utf8')).split('\n');
  const events = lines.filter(Boolean).map(line => JSON.parse(line));
  return events.sort((a, b) => a.order - b.order).map(({ order: _, ...event }) => event);
}

/** @param {import('../harness/rest.js').Api} api */
async function assertTracked(api) {
  const filter = JSON.stringify({ user_agent: { _eq: 'Schema Sync' } });
  const fields = 'action,collection,item,revisions.data,revisions.delta';
  const activity = await api('GET', `/activity?sort=id&fields=${fields}&filter=${filter}`);
  const told = (/** @type {object} */ data, /** @type {object} */ delta) => [{ data, delta }];
  const zinc = { slug: 'zinc', label: 'Zinc' };
  assert.deepEqual(activity, [
    { action: 'create', collection: 'tags', item: 'zinc', revisions: told(zinc, zinc) },
    {
      action: 'update',
      collection: 'tags',
      item: 'new',
      revisions: told({ slug: 'new', label: 'Newest' }, { label: 'Newest' }),
    },
    { action: 'delete', collection: 'tags', item: 'gone', revisions: [] },
  ]);
}
