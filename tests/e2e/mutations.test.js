/**
 * Random edits of the schema on one instance, followed by instances of other versions and databases: each folder leaves
 * nothing to import, an export gives it back to the byte, and no row loses a value. SOAK_COUNT says how many folders there
 * are, with one to four edits each, SOAK_SEED where the random ones start.
 */
import assert from 'node:assert/strict';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { BENCH, callCase } from '../support/bench/run.js';
import { combinations } from '../support/combinations.js';
import { testProjects } from '../support/projects.js';
import { copyFolder, installFolder, succeed } from '../support/sync-folder.js';

/** @typedef {import('../support/combinations.js').Combination} Combination */
/** @typedef {import('../harness/project.js').Project} Project */

const COUNT = Number(process.env.SOAK_COUNT ?? 8);
const SEED = Number(process.env.SOAK_SEED ?? 1);
/** Those whose rows are looked at. */
const COLLECTIONS = ['brands', 'categories', 'products', 'reviews', 'tags'];
const ENTRIES = Object.freeze(Object.fromEntries(COLLECTIONS.map(name => [name, {}])));

const projects = testProjects();
const all = await combinations({ databases: ['sqlite', 'postgres'] });

for (const [index, source] of all.entries()) {
  const seed = SEED + index;
  test(`from ${source.name}, ${COUNT} folders, seed ${seed}`, { skip: source.skip }, async t => {
    const steps = await mkdtemp(join(tmpdir(), 'schema-sync-steps-'));
    t.after(() => rm(steps, { recursive: true, force: true }));
    const project = await prepared(await projects.sample({ ...optionsOf(source), template: 'a' }));
    await installFolder(project, ENTRIES, { directus_files: {} });
    await succeed(project, ['schema-sync', 'export']);
    const what = { seed, count: COUNT, steps, collections: COLLECTIONS };
    const { lost } = await callCase(project, 'mutations', 'mutate', what);
    assert.deepEqual(lost, [], 'values that did not stay');
    for (const target of all.filter(other => other !== source))
      await t.test(`to ${target.name}`, { skip: target.skip }, () => assertFollows(project, target, steps));
    await project.destroy();
  });
}

/** @param {Project} source @param {Combination} combination @param {string} steps */
async function assertFollows(source, combination, steps) {
  const target = await prepared(await projects.empty({ ...optionsOf(combination), template: 'b' }));
  await copyFolder(source, target);
  assert.deepEqual(await callCase(target, 'mutations', 'follow', { count: COUNT, steps }), []);
  await target.destroy();
}

/** @param {Project} project @returns {Promise<Project>} with the extension that calls cases */
async function prepared(project) {
  await cp(BENCH, join(project.dir, 'extensions', 'bench'), { recursive: true });
  return project;
}

/** @param {Combination} combination */
function optionsOf({ major, database }) {
  return { major, database };
}
