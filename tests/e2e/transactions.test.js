/** Changes inside transactions of others: they are exported when they can be read, and never when they are undone. */
import assert from 'node:assert/strict';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { combinations } from '../support/combinations.js';
import { testProjects } from '../support/projects.js';
import { readData } from '../support/sync-folder.js';
import { count, until } from '../support/until.js';

const projects = testProjects();
const TRANSACTING = fileURLToPath(new URL('../support/transacting', import.meta.url));
/** Longer than the quiet time and one export. */
const LONG_MS = 8000;
const EXPORTED = /exported \d/;

for (const { name, major, database, skip } of await combinations()) {
  test(`${name}: a change in a transaction is exported after its commit, and not after a rollback`, {
    skip,
  }, async () => {
    const project = await projects.exportedSample({ major, database });
    await cp(TRANSACTING, join(project.dir, 'extensions', 'transacting'), { recursive: true });
    const { api } = await project.start({ env: { SCHEMA_SYNC: 'BOTH' } });
    const tags = async () => (await readData(project))['data/tags.json'] ?? '';

    const undone = await api('POST', `/transacting?slug=undone&ms=0&rollback=1`);
    assert.deepEqual(undone, { isCommitted: false });
    const long = api('POST', `/transacting?slug=long&ms=${LONG_MS}`);
    // On SQLite this waits for the only connection.
    const beside = api('POST', '/items/tags', { slug: 'beside' });
    if (database !== 'sqlite') {
      await until(async () => (await tags()).includes('beside'));
      assert.doesNotMatch(await tags(), /long/);
    }
    assert.deepEqual(await long, { isCommitted: true });
    await beside;
    await until(async () => /"beside"[\s\S]*"long"/.test(await tags()));
    assert.doesNotMatch(await tags(), /undone/);
  });
}

test('what a request changes without an event is exported', async () => {
  const project = await projects.exportedSample({});
  const server = await project.start({ env: { SCHEMA_SYNC: 'EXPORT' } });
  await sleep(LONG_MS);
  assert.equal(count(server.log, EXPORTED), 0);
  const relation = { collection: 'products', field: 'brand', related_collection: 'brands' };
  await server.api('PATCH', '/relations/products/brand', { ...relation, schema: { on_delete: 'CASCADE' } });
  await until(async () => count(server.log, EXPORTED) === 1);
  assert.match((await readData(project))['data/schema/products.json'] ?? '', /"on_delete": "CASCADE"/);
});
