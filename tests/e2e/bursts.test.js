/**
 * Many changes in bursts while the server exports by itself, and is killed meanwhile: the folder ends up as a fresh export
 * would write it. SOAK_COUNT says how often, SOAK_SEED where the random changes start.
 */
import assert from 'node:assert/strict';
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { BURST } from '../../extension/quiet.js';
import { combinations } from '../support/combinations.js';
import { testProjects } from '../support/projects.js';
import { seeded } from '../support/random.js';
import { CHANGES } from '../support/studio-changes.js';
import { readData, succeed, syncFolder } from '../support/sync-folder.js';
import { count, until } from '../support/until.js';

/**
 * @typedef {import('../harness/project.js').Project} Project
 * @typedef {import('../support/studio-changes.js').Studio} Studio
 */

const projects = testProjects();
const COUNT = Number(process.env.SOAK_COUNT ?? 1);
const SEED = Number(process.env.SOAK_SEED ?? 1);
const CHANGES_PER_ROUND = 250;
const LARGEST_BURST = 60;
const LONGEST_PAUSE_MS = 3000;
const LONGEST_KILL_MS = 6000;
const EXPORTED = /exported \d/;
const BOTH = Object.freeze({ SCHEMA_SYNC: 'BOTH' });
/** Longer than the quiet time and one export. */
const SETTLED_MS = 4000;

for (const { name, major, database, skip } of await combinations()) {
  test(`${name}: ${COUNT * CHANGES_PER_ROUND} changes in bursts are exported, few exports for all`, {
    skip,
  }, async context => {
    const project = await projects.exportedSample({ major, database });
    const server = await project.start({ env: BOTH });
    const studio = studioOf(server.api, SEED);
    for (let round = 0; round < COUNT; round++) {
      const before = count(server.log, EXPORTED);
      const started = performance.now();
      const bursts = await makeBursts(studio, CHANGES_PER_ROUND);
      const ms = performance.now() - started;
      await untilExported(project, studio);
      const exports = count(server.log, EXPORTED) - before;
      const most = bursts + Math.ceil(ms / BURST.capMs) + 1;
      context.diagnostic(`seed ${SEED}: ${bursts} bursts in ${(ms / 1000).toFixed(0)} s, ${exports} exports`);
      assert.ok(exports <= most, `${exports} exports, ${most} are enough`);
      assert.deepEqual(problemsIn(server.log), []);
      await assertFresh(project);
    }
  });

  test(`${name}: a server killed in a burst leaves a whole folder, and the next one writes the rest`, {
    skip,
  }, async context => {
    const project = await projects.exportedSample({ major, database });
    let server = await project.start({ env: BOTH });
    const studio = { ...studioOf(server.api, SEED) };
    for (let round = 0; round < COUNT + 1; round++) {
      await makeBursts(studio, 1 + studio.random.below(LARGEST_BURST));
      const slug = await untilExported(project, studio);
      const delay = studio.random.below(LONGEST_KILL_MS);
      context.diagnostic(`seed ${SEED}: killed after ${delay} ms`);
      await Promise.all([
        makeBursts(studio, LARGEST_BURST).catch(() => {}),
        sleep(delay).then(() => server.kill()),
      ]);
      await assertWhole(project);
      assert.ok((await readData(project))['data/tags.json']?.includes(slug), 'what was exported is there');

      server = await project.start({ env: { ...BOTH, SCHEMA_SYNC_LOCK_TTL: '5' } });
      studio.api = server.api;
      await untilExported(project, studio);
      assert.deepEqual(problemsIn(server.log), []);
      await assertFresh(project);
    }
  });
}

for (const start of /** @type {const} */ (['BOTH', 'EXPORT'])) {
  test(`${start}: what was changed right before a server was killed is exported by the next one`, async () => {
    // Where the files win, too, the start must not undo it.
    const project = await projects.exportedSample({ env: { SCHEMA_SYNC_MODE: 'mirror' } });
    const env = { SCHEMA_SYNC: start, SCHEMA_SYNC_LOCK_TTL: '5' };
    const first = await project.start({ env });
    await first.api('POST', '/items/tags', { slug: 'exported', label: 'Exported' });
    await until(async () => (await readData(project))['data/tags.json']?.includes('exported') ?? false);
    await sleep(SETTLED_MS);
    await first.api('POST', '/items/tags', { slug: 'too-late', label: 'Too late' });
    await first.kill();
    assert.doesNotMatch((await readData(project))['data/tags.json'] ?? '', /too-late/);

    const second = await project.start({ env });
    await until(async () => (await readData(project))['data/tags.json']?.includes('too-late') ?? false);
    assert.equal((await second.api('GET', '/items/tags/too-late')).label, 'Too late');
    await project.stop();
    const third = await project.start({ env });
    await sleep(SETTLED_MS);
    assert.equal(count(third.log, EXPORTED), 0, 'nothing is left to export');
    if (start === 'BOTH') assert.match(third.log, /the folder is unchanged/);
  });
}

/** @param {string} log @returns {string[]} */
function problemsIn(log) {
  return log.split(/\n(?=\[)/).filter(entry => /ERROR|WARN: Schema Sync/.test(entry));
}

/** @param {Studio['api']} api @param {number} seed @returns {Studio} */
function studioOf(api, seed) {
  let last = 0;
  const next = () => {
    last += 1;
    return last;
  };
  return { api, random: seeded(seed), next };
}

/** @param {Studio} studio @param {number} changes @returns {Promise<number>} of bursts */
async function makeBursts(studio, changes) {
  let bursts = 0;
  for (let left = changes; left > 0; bursts++) {
    const size = Math.min(left, 1 + studio.random.below(LARGEST_BURST));
    for (let index = 0; index < size; index++) await makeChange(studio);
    await sleep(studio.random.below(LONGEST_PAUSE_MS));
    left -= size;
  }
  return bursts;
}

/** @param {Studio} studio */
async function makeChange(studio) {
  const [name, change] = studio.random.pick(Object.entries(CHANGES));
  try {
    await change(studio);
  } catch (cause) {
    throw new Error(`${name}: ${/** @type {Error} */ (cause).message}`, { cause });
  }
}

/**
 * What is noted together is written together, so that all is there with the last of it.
 *
 * @param {Project} project
 * @param {Studio} studio
 * @returns {Promise<string>} key of the tag that came last
 */
async function untilExported(project, studio) {
  const slug = `last-${studio.next()}`;
  await studio.api('POST', '/items/tags', { slug });
  await until(async () => (await readData(project))['data/tags.json']?.includes(slug) ?? false);
  await sleep(SETTLED_MS);
  return slug;
}

/** @param {Project} project */
async function assertWhole(project) {
  await succeed(project, ['schema-sync', 'hash', '--check']);
  for (const [path, text] of Object.entries(await readData(project))) {
    if (path.endsWith('.json')) assert.doesNotThrow(() => JSON.parse(text), path);
  }
}

/** The folder is what an export writes that finds no folder, and another export changes nothing. @param {Project} project */
async function assertFresh(project) {
  const written = await readData(project);
  const folder = await freshFolder(project);
  await succeed(project, ['schema-sync', 'export'], { env: { SCHEMA_SYNC_DIR: folder } });
  const fresh = await readData({ ...project, dir: join(folder, '..') });
  const differing = [...new Set([...Object.keys(written), ...Object.keys(fresh)])].filter(
    path => written[path] !== fresh[path],
  );
  for (const path of differing) if (path !== 'hash.txt') assert.equal(written[path], fresh[path], path);
  assert.deepEqual(differing, []);
  await succeed(project, ['schema-sync', 'export']);
  assert.deepEqual(await readData(project), written);
}

/** @param {Project} project @returns {Promise<string>} a sync folder with the config of the project's, without data */
async function freshFolder(project) {
  const folder = join(project.dir, 'fresh', 'schema-sync');
  await rm(folder, { recursive: true, force: true });
  const own = syncFolder(project);
  const isData = (/** @type {string} */ path) => path === join(own, 'data') || path === join(own, 'hash.txt');
  await cp(own, folder, { recursive: true, filter: path => !isData(path) });
  return folder;
}
