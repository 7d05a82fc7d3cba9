/**
 * An import that is killed at a random moment leaves the state from before or the one after, and the next import
 * completes. On MariaDB that goes for the rows; of the schema anything may be there. SOAK_COUNT says how many kills each combination gets, SOAK_SEED where the random moments start.
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { combinations } from '../support/combinations.js';
import { bootedImport, withTarget } from '../support/interrupted.js';
import { testProjects } from '../support/projects.js';
import { seeded } from '../support/random.js';
import { readData, succeed } from '../support/sync-folder.js';

/**
 * @typedef {import('../harness/project.js').Project} Project
 * @typedef {import('../harness/project.js').ProjectOptions} ProjectOptions
 * @typedef {{digest: string, steps: {type: string}[]}} Plan
 */

const projects = testProjects();
const COUNT = Number(process.env.SOAK_COUNT ?? 3);
const SEED = Number(process.env.SOAK_SEED ?? 1);
/** The lock of a killed import is taken over after as many seconds. */
const ENV = Object.freeze({ SCHEMA_SYNC_LOCK_TTL: '5' });

for (const { name, major, database, skip } of await combinations({ file: 'kill' })) {
  test(`${name}: ${COUNT} imports killed at random moments leave nothing half done`, {
    skip,
  }, async context => {
    const options = { major, database, env: ENV };
    const source = await projects.exportedSample(options);
    const { whole, duration } = await undisturbedImport(source, options);
    const random = seeded(SEED);
    /** @type {string[]} */
    const outcomes = [];
    for (let round = 0; round < COUNT; round++) {
      const delay = random.below(duration);
      outcomes.push(`${delay} ms: ${await killedImport(source, options, delay, whole)}`);
    }
    context.diagnostic(`seed ${SEED}, ${duration} ms when undisturbed; killed after ${outcomes.join(', ')}`);
  });
}

/**
 * What there is to import, and how many milliseconds a command takes for it once Directus has booted.
 *
 * @param {Project} source
 * @param {ProjectOptions} options
 */
function undisturbedImport(source, options) {
  return withTarget(source, options, async target => {
    const whole = await planOf(target);
    assert.ok(whole.steps.length > 0);
    const running = await bootedImport(target);
    const booted = performance.now();
    assert.equal((await running.result).code, 0);
    return { whole, duration: Math.round(performance.now() - booted) };
  });
}

/**
 * @param {Project} source
 * @param {ProjectOptions} options
 * @param {number} delay milliseconds after Directus has booted
 * @param {Plan} whole the plan for an untouched target
 */
function killedImport(source, options, delay, whole) {
  return withTarget(source, options, async target => {
    const running = await bootedImport(target);
    await Promise.race([sleep(delay), running.result]);
    running.kill('SIGKILL');
    await running.result;

    const left = await planOf(target);
    const isAfter = left.steps.length === 0;
    const isBefore = isUntouched(left, whole, options.database);
    assert.ok(isBefore || isAfter, `killed after ${delay} ms, seed ${SEED}: half of the import is there`);
    assert.equal(await hasBase(target), !isBefore, 'the base is written with the changes, or not at all');
    await succeed(target, ['schema-sync', 'import', '--yes']);
    assert.deepEqual((await planOf(target)).steps, []);
    await succeed(target, ['schema-sync', 'export', '--overwrite']);
    assert.deepEqual(await readData(target), await readData(source));
    if (isAfter) return 'after';
    return left.digest === whole.digest ? 'before' : `${whole.steps.length - left.steps.length} steps done`;
  });
}

/**
 * @param {Plan} left for the target
 * @param {Plan} whole for an untouched one
 * @param {ProjectOptions['database']} database
 */
function isUntouched(left, whole, database) {
  if (database !== 'mariadb') return left.digest === whole.digest;
  const rows = (/** @type {Plan} */ { steps }) => steps.filter(({ type }) => type.startsWith('items.'));
  return isDeepStrictEqual(rows(left), rows(whole));
}

/** @param {Project} target @returns {Promise<Plan>} */
async function planOf(target) {
  const file = join(target.dir, 'plan.json');
  await succeed(target, ['schema-sync', 'diff', '--format', 'json', '--out', file]);
  return JSON.parse(await readFile(file, 'utf8'));
}

/** @param {Project} target @returns {Promise<boolean>} whether folder and instance agreed on something */
async function hasBase(target) {
  const { stdout } = await succeed(target, ['schema-sync', 'status', '--json'], {
    env: { LOG_LEVEL: 'silent' },
  });
  return JSON.parse(stdout).base !== null;
}
