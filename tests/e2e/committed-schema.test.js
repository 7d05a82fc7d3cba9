/** Imports into a database that commits every change of the schema: what stays of one that fails, and how the next goes on. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callCase, createBenchProject } from '../support/bench/run.js';
import { combinations } from '../support/combinations.js';
import { testProjects } from '../support/projects.js';
import { copyFolder, editData, readData, succeed } from '../support/sync-folder.js';

const projects = testProjects();
const QUIET = Object.freeze({ env: { LOG_LEVEL: 'silent' } });
/** More than the column takes. */
const TOO_MUCH = '123456789012345.00';

for (const { name, major, database, skip } of await combinations({
  file: 'committed-schema',
  databases: [],
})) {
  test(`${name}: an import is whole, and one whose rows fail leaves the schema to the next`, {
    skip,
  }, async () => {
    const source = await projects.exportedSample({ major, database });
    const exported = await readData(source);
    const target = await projects.empty({ major, database, template: 'b' });
    await copyFolder(source, target);
    await editData(target, 'products.json', rows =>
      rows.map((/** @type {any} */ row) => ({ ...row, price: TOO_MUCH })),
    );
    await succeed(target, ['schema-sync', 'hash']);
    const failed = await target.cli(['schema-sync', 'import', '--yes']);
    assert.equal(failed.code, 1);
    const reason = /items\.create of products.* No row was changed\. What was changed of the schema stays/;
    assert.match(failed.stderr, reason);
    const left = await pendingIn(target);
    for (const part of Object.values(left.schema)) assert.equal(part.create + part.update + part.delete, 0);
    assert.ok(left.items.products.create > 0 && left.items.tags.create > 0);

    await copyFolder(source, target);
    await succeed(target, ['schema-sync', 'import', '--yes']);
    assert.match((await succeed(target, ['schema-sync', 'diff', '--exit-code'])).stdout, /Nothing to change/);
    await succeed(target, ['schema-sync', 'export']);
    assert.deepEqual(await readData(target), exported);
  });

  test(`${name}: what would hold less than where the folder comes from is refused before anything is written`, {
    skip,
  }, async () => {
    const source = await projects.exportedSample({ major, database: 'sqlite' });
    const target = await projects.empty({ major, database, template: 'b' });
    await copyFolder(source, target);
    const refused = await target.cli(['schema-sync', 'import', '--yes']);
    assert.equal(refused.code, 1);
    assert.match(
      refused.stderr,
      /SCHEMA_UNTRANSLATABLE.* of the type timestamp, which Directus on mysql keeps in whole/,
    );
    const count = async (/** @type {string} */ name) => (await target.cli(['count', name])).code;
    assert.equal(await count('directus_users'), 0);
    assert.notEqual(await count('products'), 0, 'there is no such table');
  });

  test(`${name}: half-made things are taken back or carried through`, { skip }, async t => {
    const project = await createBenchProject(t, { major, database });
    const { before, repaired, again } = await callCase(project, 'unfinished', 'repairs');
    assert.deepEqual(before.tables, ['deleted', 'kept']);
    assert.deepEqual(repaired, {
      tables: ['kept'],
      collections: ['kept'],
      fields: ['kept.id', 'kept.renamed', 'kept.stays'],
      columns: ['id', 'renamed', 'stays'],
      rows: [{ id: 1, renamed: 'value', stays: 'too' }],
      notes: 0,
    });
    assert.deepEqual(again, repaired, 'what is whole is left alone');
  });

  test(`${name}: rows and a base that are larger together than what a statement may hold`, {
    skip,
  }, async t => {
    const project = await createBenchProject(t, { major, database });
    assert.deepEqual(await callCase(project, 'large', 'rows'), { created: 0, updated: 0 });
    assert.deepEqual(await callCase(project, 'large', 'bases'), [true, true]);
  });
}

/** @param {import('../harness/project.js').Project} target @returns {Promise<any>} the numbers of what there is to import */
async function pendingIn(target) {
  const { stdout } = await succeed(target, ['schema-sync', 'status', '--json'], QUIET);
  return JSON.parse(stdout).difference.summary;
}
