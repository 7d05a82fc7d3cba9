/** Many rows are written together, and still each has its key, its values and its error. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callCase, createBenchProject } from '../support/bench/run.js';
import { uuid } from '../support/cases/shop.js';
import { combinations } from '../support/combinations.js';

for (const { name, skip, ...options } of await combinations({ file: 'bulk' })) {
  test(`${name}: keys that the database gives are those of their rows`, { skip }, async t => {
    const project = await createBenchProject(t, options);
    const { count, strays, scores, behind } = await callCase(project, 'bulk', 'keysAreThoseOfTheRows');
    assert.equal(count, 1203);
    assert.deepEqual(strays, []);
    assert.deepEqual(scores, [3, 7], 'what a row leaves out gets its default');
    assert.equal(behind, 5001);
  });

  test(`${name}: of many rows the one that cannot be written is named`, { skip }, async t => {
    const project = await createBenchProject(t, options);
    const { failure, left } = await callCase(project, 'bulk', 'aWrongRowIsNamed');
    assert.equal(failure.code, 'APPLY_FAILED');
    assert.equal(failure.path, `authors[${uuid(651)}]`);
    assert.match(failure.message, /unique/);
    assert.equal(left, 0);
  });

  test(`${name}: rows that change together are as the service would leave them`, { skip }, async t => {
    const project = await createBenchProject(t, options);
    const { written, differing, strays } = await callCase(project, 'bulk', 'changesAreThoseOfTheRows');
    assert.deepEqual(differing, []);
    assert.deepEqual(strays, []);
    assert.equal(written, 0, 'the service wrote none of them');
  });

  test(`${name}: of many changes the one that cannot be written is named`, { skip }, async t => {
    const project = await createBenchProject(t, options);
    const { failure, changed } = await callCase(project, 'bulk', 'aWrongChangeIsNamed');
    assert.equal(failure.code, 'APPLY_FAILED');
    assert.equal(failure.path, `authors[${uuid(651)}]`);
    assert.match(failure.message, /unique/);
    assert.equal(changed, 0);
  });
}

for (const { name, skip, ...options } of await combinations({ databases: ['sqlite'] })) {
  test(`${name}: rows bound as one text are stored as if each value was bound`, { skip }, async t => {
    const project = await createBenchProject(t, options);
    const { odd, fractions, accepted, mixed } = await callCase(project, 'rows-as-json', 'rowsAreAsIfBound');
    assert.deepEqual(odd, { missing: 0, examples: [] });
    assert.deepEqual(fractions, { missing: 0, examples: [] });
    assert.deepEqual([accepted, mixed], [[], false], 'what JSON cannot hold is bound');
  });
}
