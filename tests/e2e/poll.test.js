/** Running servers notice what another process imports: rows, schema, permissions and flows, through every cache. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { MAJORS } from '../harness/directus.js';
import { hasRedis, REDIS_MISSING, startRedis } from '../harness/redis.js';
import { ids } from '../harness/sample-project.js';
import { clusters } from '../support/combinations.js';
import { oncePer } from '../support/once.js';
import { testProjects } from '../support/projects.js';
import { copyFolder, editData, succeed } from '../support/sync-folder.js';
import { count, until } from '../support/until.js';

/**
 * @typedef {import('../harness/directus.js').Major} Major
 * @typedef {import('../harness/project.js').Project} Project
 * @typedef {import('../harness/server.js').Server} Server
 *
 * @typedef {object} Served what a test looks at
 * @property {number} products status of a collection
 * @property {number} pages status of a collection for the public
 * @property {number} webhook status of a flow
 * @property {string | undefined} role name of one
 */

const REPLICAS = 3;
const ENV = Object.freeze({ SCHEMA_SYNC_POLL: '1', CACHE_ENABLED: 'true' });
/** Longer than an action and all that follows from it. */
const SETTLED_MS = 1000;

const WEBHOOK = '5a3e0000-0007-4000-8000-0000000000aa';
const EVENT = '5a3e0000-0007-4000-8000-0000000000bb';
const TOLD = /A tag was made/;
const NOTICED = /another process imported/;

const projects = testProjects();
const withoutRedis = !(await hasRedis()) && REDIS_MISSING;

/** @type {Served} */
const BEFORE = { products: 403, pages: 403, webhook: 403, role: undefined };
/** @type {Served} */
const IMPORTED = { products: 200, pages: 200, webhook: 200, role: 'Staff' };
/** @type {Served} */
const IMPORTED_AGAIN = { products: 200, pages: 403, webhook: 403, role: 'Crew' };

const sourceOf = oncePer(makeSource);

const allClusters = await clusters();

for (const major of MAJORS) {
  for (const { name, redis, skip } of allClusters) {
    const title = `Directus ${major}, ${name}: ${REPLICAS} running servers serve what a command imports`;
    test(title, { skip }, async context => {
      const shared = redis ? await startRedis() : null;
      context.after(() => shared?.stop());
      const env = { ...ENV, ...shared?.env };
      const source = await sourceOf(major);
      const target = await projects.empty({ major, database: 'postgres', template: 'b', env });
      await copyFolder(source, target);
      const servers = await Promise.all(Array.from({ length: REPLICAS }, () => target.start()));
      for (const server of servers) assert.deepEqual(await served(server), BEFORE);

      const first = await importInto(target, servers, IMPORTED);
      for (const server of servers) await toldOnce(server);
      await changeFolder(target);
      const second = await importInto(target, servers, IMPORTED_AGAIN);
      for (const server of servers) {
        await until(async () => count(server.log, NOTICED) === 2);
        assert.doesNotMatch(server.log, /ERROR/);
      }
      context.diagnostic(`served by all ${first} and ${second} ms after the command had ended`);
      await target.stop();
    });
  }
}

test('nobody waits for a schema that a killed server was reading', { skip: withoutRedis }, async context => {
  const shared = await startRedis();
  context.after(() => shared.stop());
  const project = await projects.exportedSample({});
  const server = await project.start({ env: { ...shared.env, SCHEMA_SYNC_WATCH: 'true' } });
  await shared.command('SET', 'directus:lock:schemaCache--preparing', '1');
  await editData(project, 'tags.json', ([tag]) => {
    tag.label = 'Edited';
  });
  await until(async () => /imported the edited files/.test(server.log));
  assert.equal((await server.api('GET', '/items/tags?filter[label][_eq]=Edited')).length, 1);
  await project.stop();
});

/** @param {Major} major @returns {Promise<Project>} with a flow that answers, and one that tells of new tags */
async function makeSource(major) {
  const source = await projects.exportedSample({ major, database: 'postgres' });
  const { api } = await source.start();
  const active = { status: 'active', accountability: null };
  await api('POST', '/flows', [
    { ...active, id: WEBHOOK, name: 'Answer', trigger: 'webhook', options: { method: 'GET' } },
    {
      ...active,
      id: EVENT,
      name: 'Tell',
      trigger: 'event',
      options: { type: 'action', scope: ['items.create'], collections: ['tags'] },
    },
  ]);
  const operation = await api('POST', '/operations', {
    flow: EVENT,
    key: 'tell',
    type: 'log',
    position_x: 1,
    position_y: 1,
    options: { message: 'A tag was made: {{ $trigger.key }}' },
  });
  await api('PATCH', `/flows/${EVENT}`, { operation: operation.id });
  await source.stop();
  await succeed(source, ['schema-sync', 'export']);
  return source;
}

/** @param {Project} target @returns {Promise<void>} what a second import brings */
async function changeFolder(target) {
  /** @param {(row: any) => void} change @returns {(rows: any[]) => void} */
  const each = change => rows => rows.forEach(change);
  const rename = each(role => {
    if (role.id === ids.role.staff) role.name = 'Crew';
  });
  const deactivate = each(flow => {
    if (flow.id === WEBHOOK) flow.status = 'inactive';
  });
  await editData(target, 'directus_roles.json', rename);
  await editData(target, 'directus_flows.json', deactivate);
  await editData(target, 'directus_permissions.json', (/** @type {any[]} */ permissions) =>
    permissions.filter(({ collection }) => collection !== 'pages'),
  );
  await succeed(target, ['schema-sync', 'hash']);
}

/**
 * @param {Project} target
 * @param {Server[]} servers
 * @param {Served} expected
 * @returns {Promise<number>} milliseconds from the end of the command until all of them served the new state
 */
async function importInto(target, servers, expected) {
  await succeed(target, ['schema-sync', 'import', '--yes', '--allow-destructive']);
  const ended = performance.now();
  await Promise.all(
    servers.map(server => until(async () => isDeepStrictEqual(await served(server), expected))),
  );
  return Math.round(performance.now() - ended);
}

/** @param {Server} server @returns {Promise<Served>} what it serves now, from its caches where it can */
async function served({ api, url }) {
  const roles = await api('GET', '/roles?fields=id,name');
  const status = async (/** @type {string} */ path) => (await api.raw('GET', path)).status;
  return {
    products: await status('/items/products'),
    pages: (await fetch(`${url}/items/pages`)).status,
    webhook: await status(`/flows/trigger/${WEBHOOK}`),
    role: roles.find((/** @type {any} */ { id }) => id === ids.role.staff)?.name,
  };
}

/** @param {Server} server whose flow has to run once for a change, however often flows were loaded */
async function toldOnce(server) {
  await server.api('POST', '/items/tags', { slug: `made-by-${server.pid}`, label: 'Made' });
  await until(async () => TOLD.test(server.log));
  await sleep(SETTLED_MS);
  assert.equal(count(server.log, TOLD), 1, server.log);
}
