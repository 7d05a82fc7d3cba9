/**
 * Many new rows, killed while they are written: none of them is there, and the next import brings them all. SOAK_COUNT
 * says how many kills each combination gets, SOAK_SEED where the random moments start. On Directus 11, since an
 * unlicensed 12 is made for less.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { combinations } from '../support/combinations.js';
import { bootedImport, withTarget } from '../support/interrupted.js';
import { testProjects } from '../support/projects.js';
import { seeded } from '../support/random.js';
import { editData, installFolder, succeed } from '../support/sync-folder.js';

/** @typedef {import('../harness/project.js').Project} Project */
/** @typedef {import('../harness/project.js').ProjectOptions} ProjectOptions */

const ROWS = 50_000;
const COUNT = Number(process.env.SOAK_COUNT ?? 1);
const SEED = Number(process.env.SOAK_SEED ?? 1);
/** The lock of a killed import is taken over after as many seconds. */
const ENV = Object.freeze({ SCHEMA_SYNC_LOCK_TTL: '5' });
const projects = testProjects();

for (const { name, major, database, skip } of await combinations({ file: 'kill-rows', majors: ['11'] })) {
  test(`${name}: ${ROWS} new rows are all there or none`, { skip }, async context => {
    const options = { major, database, env: ENV };
    const source = await projects.empty({ ...options, template: 'a' });
    await writeNotes(source);
    const duration = await undisturbedImport(source, options);
    const random = seeded(SEED);
    for (let round = 0; round < COUNT; round++) {
      // Reading and planning come first.
      const delay = Math.round(duration / 3) + random.below(Math.round(duration * 0.6));
      context.diagnostic(`seed ${SEED}: killed after ${delay} of ${duration} ms`);
      await killedImport(source, options, delay);
    }
  });
}

/** Exports an empty collection, and adds the rows to its file. @param {Project} source */
async function writeNotes(source) {
  const server = await source.start();
  const field = (/** @type {string} */ name, type = 'string') => ({
    field: name,
    type,
    schema: {},
    meta: {},
  });
  const key = { ...field('id', 'integer'), schema: { is_primary_key: true, has_auto_increment: true } };
  const fields = [key, field('title'), field('body', 'text')];
  await server.api('POST', '/collections', { collection: 'notes', schema: {}, meta: {}, fields });
  await source.stop();
  await installFolder(source, { notes: {} });
  await succeed(source, ['schema-sync', 'export']);
  const body = 'A body that takes some room. '.repeat(8);
  await editData(source, 'notes.json', () =>
    Array.from({ length: ROWS }, (_, n) => ({ body, id: n + 1, title: `Note ${n}` })),
  );
  await succeed(source, ['schema-sync', 'hash']);
}

/**
 * @param {Project} source
 * @param {ProjectOptions} options
 * @returns {Promise<number>} how many milliseconds a command takes once Directus has booted
 */
function undisturbedImport(source, options) {
  return withTarget(source, options, async target => {
    const running = await bootedImport(target);
    const booted = performance.now();
    assert.equal((await running.result).code, 0);
    return Math.round(performance.now() - booted);
  });
}

/**
 * @param {Project} source
 * @param {ProjectOptions} options
 * @param {number} delay milliseconds after Directus has booted
 */
function killedImport(source, options, delay) {
  return withTarget(source, options, async target => {
    const running = await bootedImport(target);
    await Promise.race([sleep(delay), running.result]);
    running.kill('SIGKILL');
    await running.result;
    const left = await rowsToCreate(target);
    assert.ok(left === ROWS || left === 0, `${ROWS - left} of the rows are there`);
    await succeed(target, ['schema-sync', 'import', '--yes']);
    assert.equal(await rowsToCreate(target), 0);
  });
}

/** @param {Project} target @returns {Promise<number>} how many rows an import would create */
async function rowsToCreate(target) {
  const env = { LOG_LEVEL: 'silent' };
  const { stdout } = await succeed(target, ['schema-sync', 'status', '--json'], { env });
  return JSON.parse(stdout).difference.summary?.items.notes?.create ?? 0;
}
