/** Rows are read in pages and past Directus' service, and come out as the service would give them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callCase, createBenchProject } from '../support/bench/run.js';
import { combinations } from '../support/combinations.js';

/** A zone in which a time of day without one is easily taken for another. */
const ENV = Object.freeze({ TZ: 'America/New_York' });

for (const { name, major, database, skip } of await combinations()) {
  test(`${name}: pages hold what the service reads, whatever the key is`, { skip }, async t => {
    const project = await createBenchProject(t, { major, database, env: ENV });
    const pages = await callCase(project, 'reading', 'pages');
    assert.deepEqual(Object.keys(pages), ['uuid', 'string', 'integer', 'bigInteger']);
    for (const [kind, { all, filtered }] of Object.entries(pages)) {
      assert.deepEqual(all, { count: 2503, differing: [] }, kind);
      assert.deepEqual(filtered, { count: 1500, differing: [] }, kind);
    }
  });
}
