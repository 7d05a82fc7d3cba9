/**
 * Servers that start together on one database: one imports, all serve the result, also when the one that imports is
 * killed. SOAK_COUNT says how often, SOAK_SEED where the random moments start.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { differences, readState } from '../harness/compare.js';
import { MAJORS } from '../harness/directus.js';
import { createProject } from '../harness/project.js';
import { startRedis } from '../harness/redis.js';
import { clusters } from '../support/combinations.js';
import { oncePer } from '../support/once.js';
import { testProjects } from '../support/projects.js';
import { query } from '../support/query.js';
import { seeded } from '../support/random.js';
import { copyFolder } from '../support/sync-folder.js';
import { until } from '../support/until.js';

/**
 * @typedef {import('../harness/project.js').Project} Project
 * @typedef {import('../harness/directus.js').Major} Major
 * @typedef {{source: Project, state: import('../harness/compare.js').Part[]}} Origin a project, and what is in it
 * @typedef {{logs: string[], killed: string[]}} Outcome what the servers said, and those that did not live to listen
 */

const projects = testProjects();
const COUNT = Number(process.env.SOAK_COUNT ?? 2);
const SEED = Number(process.env.SOAK_SEED ?? 1);
const REPLICAS = 8;
const IMPORT = Object.freeze({ SCHEMA_SYNC: 'IMPORT', SCHEMA_SYNC_LOCK_TTL: '5', CACHE_ENABLED: 'true' });
const IMPORTED = /imported the folder:/;
/** Directus' own cache of responses renames the empty key that this JSON has. */
const COMPARED = Object.freeze({ ignoreFields: ['attributes'] });

const originOf = oncePer(makeOrigin);

for (const { name, redis, skip } of await clusters()) {
  test(`${name}: of ${REPLICAS} servers one imports, and another one when it is killed, ${COUNT} times`, {
    skip,
  }, async context => {
    const random = seeded(SEED);
    for (let round = 0; round < COUNT; round++) {
      const major = /** @type {Major} */ (MAJORS[round % MAJORS.length]);
      const origin = await originOf(major);
      const took = await withTarget(origin, redis, target => undisturbed(target, origin));
      const delay = random.below(took);
      const moment = await withTarget(origin, redis, target => importerKilled(target, origin, delay));
      context.diagnostic(
        `round ${round}, Directus ${major}: the import took ${took} ms; killed ${moment} it, after ${delay} ms (seed ${SEED})`,
      );
    }
  });
}

/** @param {Major} major @returns {Promise<Origin>} */
async function makeOrigin(major) {
  const source = await projects.exportedSample({ major, database: 'postgres' });
  const { api } = await source.start();
  const state = await readState(api, COMPARED);
  await source.stop();
  return { source, state };
}

/**
 * @param {Project} target
 * @param {Origin} origin
 * @returns {Promise<number>} milliseconds that the lock was held
 */
async function undisturbed(target, origin) {
  const servers = startTogether(target, origin);
  await lockHolder(target);
  const locked = performance.now();
  await until(async () => !(await lockOwner(target)), { everyMs: 20 });
  const took = Math.ceil(performance.now() - locked);
  const { logs, killed } = await servers;
  assert.deepEqual(killed, []);
  assert.equal(logs.filter(log => IMPORTED.test(log)).length, 1, logs.join('\n---\n'));
  return took;
}

/**
 * @param {Project} target
 * @param {Origin} origin
 * @param {number} delay milliseconds after the first server has the lock
 * @returns {Promise<'during' | 'after'>} whether it still had the lock when it was killed
 */
async function importerKilled(target, origin, delay) {
  const servers = startTogether(target, origin);
  const pid = await lockHolder(target);
  await sleep(delay);
  process.kill(pid, 'SIGKILL');
  const moment = (await lockOwner(target)) === pid ? 'during' : 'after';
  const { logs, killed } = await servers;
  assert.ok(killed.length <= 1, killed.join('\n---\n'));
  const importers = logs.filter(log => IMPORTED.test(log)).length;
  assert.ok(importers === 1 || (importers === 0 && moment === 'after'), logs.join('\n---\n'));
  return moment;
}

/**
 * Starts all servers at once, and asks each of them for everything as soon as it listens.
 *
 * @param {Project} target
 * @param {Origin} origin
 * @returns {Promise<Outcome>}
 */
async function startTogether(target, { state }) {
  const starts = Array.from({ length: REPLICAS }, async () => {
    const server = await target.start({ env: IMPORT });
    assert.deepEqual(differences(state, await readState(server.api, COMPARED)), [], server.log);
    assert.doesNotMatch(server.log, /ERROR/);
    return server.log;
  });
  const outcomes = await Promise.allSettled(starts);
  const failures = outcomes.filter(outcome => outcome.status === 'rejected').map(({ reason }) => reason);
  for (const failure of failures) if (!wasKilled(failure)) throw failure;
  const logs = outcomes.flatMap(outcome => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  return { logs, killed: failures.map(({ message }) => message) };
}

/** @param {Error} failure of a server, at its start or when it was asked later */
function wasKilled({ message }) {
  return /ended with exit code null|fetch failed/.test(message);
}

/** @param {Project} target @returns {Promise<number>} process id of the server that has got the lock */
async function lockHolder(target) {
  await until(async () => (await lockOwner(target)) !== 0, { everyMs: 20 });
  return lockOwner(target);
}

/** @param {Project} target @returns {Promise<number>} process id, 0 when there is none */
async function lockOwner(target) {
  const [row] = await query(target, "SELECT to_jsonb(s) ->> 'mv_owner' AS owner FROM directus_settings s");
  return Number(row?.owner?.match(/process (\d+)/)?.[1] ?? 0);
}

/**
 * @template T
 * @param {Origin} origin
 * @param {boolean} redis
 * @param {(target: Project) => Promise<T>} work
 * @returns {Promise<T>}
 */
async function withTarget({ source }, redis, work) {
  const shared = redis ? await startRedis() : null;
  const options = { major: source.major, database: /** @type {const} */ ('postgres'), env: shared?.env };
  const target = await createProject({ ...options, template: 'b' });
  try {
    await copyFolder(source, target);
    return await work(target);
  } finally {
    await target.destroy();
    await shared?.stop();
  }
}
