/** What servers do with the folder before they listen: several at once, and when it cannot be imported. */
import assert from 'node:assert/strict';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { callCase, createBenchProject } from '../support/bench/run.js';
import { combinations } from '../support/combinations.js';
import { testProjects } from '../support/projects.js';
import { copyFolder, succeed, syncFolder } from '../support/sync-folder.js';

const projects = testProjects();
const IMPORT = Object.freeze({ SCHEMA_SYNC: 'IMPORT' });

for (const { name, database, skip } of await combinations({ file: 'startup', majors: ['12'] })) {
  test(`${name}: of two servers that start together one imports, and both serve the result`, {
    skip,
  }, async () => {
    const source = await projects.exportedSample({ database });
    const target = await projects.empty({ database, template: 'b' });
    await copyFolder(source, target);
    const servers = await Promise.all([target.start({ env: IMPORT }), target.start({ env: IMPORT })]);

    const importers = servers.filter(({ log }) => log.includes('imported the folder:'));
    assert.equal(importers.length, 1, servers.map(({ log }) => log).join('\n---\n'));
    for (const { api } of servers) {
      assert.ok((await api('GET', '/items/products?limit=-1')).length > 0, 'the new collection is served');
    }
    await target.stop();

    const later = await target.start({ env: IMPORT });
    assert.match(later.log, /the folder is unchanged/);
  });
}

test('a server that finds the folder applied by another one serves what that one imported', async t => {
  const source = await projects.exportedSample({});
  const target = await createBenchProject(t, { template: 'b' });
  await copyFolder(source, target);
  const { lines, collections } = await callCase(target, 'startup', 'startBehind');
  assert.match(lines.join('\n'), /the folder is unchanged/);
  assert.ok(collections.includes('products'), 'what was read before the import is forgotten');
});

test('a folder that cannot be imported leaves the server with its old state, or ends it', async () => {
  const source = await projects.exportedSample({});
  const target = await projects.empty({ template: 'b' });
  await copyFolder(source, target);
  await appendFile(join(syncFolder(target), 'data', 'products.json'), '\n');

  const server = await target.start({ env: IMPORT });
  assert.match(
    server.log,
    /the import at start failed, and nothing was changed\.\n.*MANIFEST_MISMATCH.*products\.json/,
  );
  assert.match(server.log, /starts with the state from before/);
  assert.equal((await server.api.raw('GET', '/items/products')).status, 403, 'nothing was imported');
  await target.stop();

  await assert.rejects(
    target.start({ env: { ...IMPORT, SCHEMA_SYNC_ON_ERROR: 'exit' } }),
    /ended with exit code 1[\s\S]*MANIFEST_MISMATCH/,
  );
});

test('an old deployment does not undo a newer one, unless its revision says that it is the newest', async () => {
  const source = await projects.exportedSample({});
  const target = await projects.empty({ template: 'b' });
  const tags = join(syncFolder(target), 'data', 'tags.json');
  const first = async () => (await startWith({}))[0];
  /** @param {Record<string, string>} env @returns {Promise<[label: string, log: string]>} */
  const startWith = async env => {
    const server = await target.start({ env: { ...IMPORT, ...env } });
    const [{ label }] = await server.api('GET', '/items/tags?sort=slug');
    await target.stop();
    return [label, server.log];
  };

  await copyFolder(source, target);
  const original = await first();
  await writeFile(tags, (await readFile(tags, 'utf8')).replaceAll(original, 'Newer'));
  await succeed(target, ['schema-sync', 'hash']);
  assert.equal(await first(), 'Newer');

  await copyFolder(source, target);
  const [label, log] = await startWith({});
  assert.equal(label, 'Newer');
  assert.match(log, /a newer deployment has been imported/);
  const status = await succeed(target, ['schema-sync', 'status'], { env: IMPORT });
  assert.match(status.stdout, /Older: a newer deployment .*SCHEMA_SYNC_REVISION.*schema-sync import/);
  const [reverted] = await startWith({ SCHEMA_SYNC_REVISION: '7' });
  assert.equal(reverted, original);

  await writeFile(tags, (await readFile(tags, 'utf8')).replaceAll(original, 'Newer'));
  await succeed(target, ['schema-sync', 'hash']);
  const [restarted, warning] = await startWith({ SCHEMA_SYNC_REVISION: '6' });
  assert.equal(restarted, original, 'a server of the deployment before does not undo the revert');
  assert.match(warning, /a newer deployment has been imported/);
});
