/**
 * One folder for every version and database: whichever wrote it, whichever reads it, nothing is left to import, and
 * what the reader exports is the folder as it was, to the byte.
 */
import assert from 'node:assert/strict';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { ALL_COLLECTIONS } from '../harness/kinds-project.js';
import { BENCH, callCase } from '../support/bench/run.js';
import { combinations } from '../support/combinations.js';
import { testProjects } from '../support/projects.js';
import { copyFolder, installFolder, readData, succeed } from '../support/sync-folder.js';

/** @typedef {import('../support/combinations.js').Combination} Combination */
/** @typedef {import('../harness/project.js').Project} Project */

const ENTRIES = Object.freeze(Object.fromEntries(ALL_COLLECTIONS.map(name => [name, {}])));

const projects = testProjects();
const all = await combinations({ databases: ['sqlite', 'postgres'] });

for (const source of all) {
  test(`from ${source.name}`, { skip: source.skip }, async t => {
    const project = await projects.kinds({ ...optionsOf(source), template: 'a' });
    await installFolder(project, ENTRIES, { directus_files: {} });
    await succeed(project, ['schema-sync', 'export']);
    const exported = await readData(project);
    for (const target of all.filter(other => other !== source))
      await t.test(`to ${target.name}`, { skip: target.skip }, () => assertSame(project, target, exported));
    await project.destroy();
  });
}

/** @param {Project} source @param {Combination} combination @param {Record<string, string>} exported */
async function assertSame(source, combination, exported) {
  const target = await projects.empty({ ...optionsOf(combination), template: 'b' });
  await cp(BENCH, join(target.dir, 'extensions', 'bench'), { recursive: true });
  await copyFolder(source, target);
  const { first, second, pending } = await callCase(target, 'moves', 'bringAndReturn');
  assert.ok(first.items.kinds.create > 0, 'the first import brings something');
  assert.deepEqual(second, [], 'the second plan');
  assert.equal(pending, false, 'whether something waits for an import');
  assert.deepEqual(await readData(target), exported);
  await target.destroy();
}

/** @param {Combination} combination */
function optionsOf({ major, database }) {
  return { major, database };
}
