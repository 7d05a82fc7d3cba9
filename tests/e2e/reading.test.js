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
    for (const [kind, { utc, written, ...local }] of Object.entries(pages)) {
      for (const { all, text, filtered, filteredText } of [local, utc]) {
        for (const found of [all, text]) assert.deepEqual(found, { count: 2503, differing: [] }, kind);
        for (const found of [filtered, filteredText])
          assert.deepEqual(found, { count: 1500, differing: [] }, kind);
      }
      assert.deepEqual(
        written,
        { converted: 0, count: 2503, differing: [] },
        `${kind}: the database wrote the rows`,
      );
    }
  });

  test(`${name}: odd values are what the service makes of them`, { skip }, async t => {
    const project = await createBenchProject(t, { major, database, env: ENV });
    const { count, differing } = await callCase(project, 'reading', 'oddValues');
    assert.deepEqual(differing, []);
    assert.ok(count > 10);
  });
}
