/** What a change of the schema would lose is counted, and lost only with consent. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callCase, createBenchProject } from '../support/bench/run.js';
import { combinations } from '../support/combinations.js';

const LOSSES = [
  'Changes posts.title from string(255) to string(5); 2 values are longer, and are cut or refused.',
  'Changes posts.views from bigInteger to integer; 1 value is too large for it, and is refused.',
  'Drops order with 2 rows.',
  'Drops posts.select with 3 values.',
];
const HARMLESS = ['Drops bare, which has no rows.', 'Drops posts.unused; no row has a value in it.'];

for (const { name, major, database, skip } of await combinations({ file: 'losses' })) {
  test(`${name}: losses are counted and need consent`, { skip }, async t => {
    const project = await createBenchProject(t, { major, database });
    const lost = await callCase(project, 'losses', 'losing');
    assert.deepEqual([lost.refused.code, lost.refused.exitCode], ['CONSENT_NEEDED', 3]);
    assert.deepEqual(lost.refused.found, LOSSES);
    for (const way of [/answer with yes/, /--allow-destructive/, /SCHEMA_SYNC_ALLOW_DESTRUCTIVE=true/])
      assert.match(lost.refused.message, way);
    assert.deepEqual(
      lost.untouched.map((/** @type {any} */ { select, title }) => [select, title]),
      [
        ['x', 'Zoë🧶!'],
        [null, 'longer'],
        ['y', 'longest'],
        ['z', null],
      ],
    );
    const told = (/** @type {boolean} */ destructive) =>
      lost.warnings
        .filter((/** @type {any} */ warning) => Boolean(warning.destructive) === destructive)
        .map((/** @type {any} */ { message }) => message)
        .sort();
    assert.deepEqual([told(true), told(false)], [LOSSES, HARMLESS]);
    assert.equal(lost.applied, true);
    assert.deepEqual(lost.tables, ['posts']);
    assert.deepEqual(Object.keys(lost.left[0]).sort(), ['code', 'id', 'slug', 'title', 'views']);
    assert.equal(lost.left[0].title, 'Zoë🧶!', 'five characters, however many bytes they take');
  });

  test(`${name}: what stands in the way is named before the first write`, { skip }, async t => {
    const project = await createBenchProject(t, { major, database });
    const { refused, applied, warnings } = await callCase(project, 'losses', 'inTheWay');
    assert.equal(refused.exitCode, 1);
    assert.deepEqual(refused.found, [
      'Makes posts.code unique, but 1 value occurs more than once in it. Change it on the target, or let the field not be unique in the files.',
      'Makes posts.slug required, but 1 row has no value in it. Give it one on the target, or let the field take null in the files.',
    ]);
    assert.equal(applied, true);
    assert.deepEqual(warnings, []);
  });
}
