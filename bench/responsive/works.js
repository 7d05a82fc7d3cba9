/** What a running server does by itself with many rows, each a span of time that is watched. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { editData, succeed, syncFolder } from '../../tests/support/sync-folder.js';
import { count, until } from '../../tests/support/until.js';
import { COLLECTION, productOf, REVISED } from '../data.js';
import { reviseProducts } from '../projects.js';
import { WatchedServer } from './watched.js';

/**
 * @typedef {import('../../tests/harness/project.js').Project} Project
 * @typedef {import('./watched.js').Span} Span
 *
 * @typedef {object} Watched
 * @property {string} work
 * @property {Span} span
 * @property {string} profiled file of the profile of the server, written when it ends
 */

export const LIVE = Object.freeze({ SCHEMA_SYNC: 'EXPORT', SCHEMA_SYNC_WATCH: 'true' });
const IDLE_MS = 10_000;
const PATIENCE_MS = 15 * 60_000;
const FILE = `${COLLECTION}.json`;
export const IMPORTED = /imported the edited files/;
const EXPORTED = /exported \d+ changed file/;

/**
 * @param {Project} project without products
 * @param {{rows: number, profile: boolean}} options
 * @returns {Promise<Watched[]>}
 */
export async function watchWorks(project, { rows, profile }) {
  await prepare(project);
  const first = await whileRunning(project, { rows, profile });
  await reviseProducts(project);
  const afterStart = await whileStarting(project, profile);
  return [...first, ...afterStart];
}

/** @param {Project} project */
export async function prepare(project) {
  await succeed(project, ['schema-sync', 'install']);
  const config = `export const syncCustomCollections = { ${COLLECTION}: {} };\n`;
  await writeFile(join(syncFolder(project), 'config.js'), config);
  await succeed(project, ['schema-sync', 'export']);
}

/** @param {Project} project @param {{rows: number, profile: boolean}} options */
async function whileRunning(project, { rows, profile }) {
  const watched = await WatchedServer.start(project, { env: LIVE, profile });
  const { server, profiled } = watched;
  const happens = (/** @type {RegExp} */ line, /** @type {() => Promise<unknown>} */ begin) =>
    watched.during(() => untilLogged(server, line, begin));
  await watched.settle();
  const spans = {
    nothing: await watched.during(() => sleep(IDLE_MS)),
    'import of new rows': await happens(IMPORTED, () => writeProducts(project, rows)),
    'export after a change': await happens(EXPORTED, () => reviseOne(server.api)),
    'import of 1% changed': await happens(IMPORTED, () => reviseFile(project)),
  };
  await watched.end();
  return Object.entries(spans).map(([work, span]) => ({ work, span, profiled }));
}

/**
 * What was changed while no server ran is exported by the next one as soon as it has started; beside a start that does
 * nothing but start.
 *
 * @param {Project} project
 * @param {boolean} profile
 */
async function whileStarting(project, profile) {
  const idle = await WatchedServer.start(project, { env: {}, profile });
  const nothing = await idle.during(() => sleep(IDLE_MS));
  await idle.end();
  const watched = await WatchedServer.start(project, { env: LIVE, profile });
  const span = await watched.during(() => untilLogged(watched.server, EXPORTED));
  await watched.end();
  return [
    { work: 'nothing, after a start', span: nothing, profiled: idle.profiled },
    { work: 'export after a start', span, profiled: watched.profiled },
  ];
}

/**
 * @param {import('../../tests/harness/server.js').Server} server
 * @param {RegExp} line
 * @param {() => Promise<unknown>} [begin] makes the server do it
 */
export async function untilLogged(server, line, begin) {
  // What a start does may be logged already.
  const before = begin ? count(server.log, line) : 0;
  await begin?.();
  await until(async () => count(server.log, line) > before, { patienceMs: PATIENCE_MS });
}

/** @param {Project} project @param {number} rows */
export function writeProducts(project, rows) {
  const products = Array.from({ length: rows }, (_, n) => productOf(n));
  return writeFile(join(syncFolder(project), 'data', FILE), JSON.stringify(products, null, 2));
}

/** @param {import('../../tests/harness/rest.js').Api} api */
function reviseOne(api) {
  const { id, name } = productOf(0);
  return api('PATCH', `/items/${COLLECTION}/${id}`, { name: `${name}${REVISED}` });
}

/** @param {Project} project */
export function reviseFile(project) {
  const revised = (/** @type {any} */ row, /** @type {number} */ index) =>
    index % 100 === 0 ? { ...row, description: `${row.description}${REVISED}` } : row;
  return editData(project, FILE, rows => rows.map(revised));
}
