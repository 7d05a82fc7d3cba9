/** Fields that the config renames keep their values, and everything that hangs on them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callCase, createBenchProject } from '../support/bench/run.js';
import { combinations } from '../support/combinations.js';

for (const { name, major, database, skip } of await combinations({ file: 'renames' })) {
  test(`${name}: renamed fields keep what they hold`, { skip }, async t => {
    const project = await createBenchProject(t, { major, database });
    const renamed = await callCase(project, 'renames', 'renames');
    assert.equal(renamed.applied, true);
    assert.deepEqual(renamed.steps, [
      ['field.rename', 'author', 'writer'],
      ['field.rename', 'slug', 'path'],
      ['field.rename', 'status', 'state'],
      ['field.rename', 'title', 'headline'],
    ]);
    assert.deepEqual(renamed.warnings, Array(4).fill(['FIELD_RENAMED', false]), 'nothing is lost');
    assert.deepEqual(renamed.again, [], 'a second import has nothing to do');
    assert.deepEqual(renamed.rows, [
      { id: 1, headline: 'One', path: 'one', state: 'here', writer: 1 },
      { id: 2, headline: 'Two', path: 'two', state: null, writer: null },
    ]);
    assert.deepEqual(renamed.relation, { many_field: 'writer', one_field: 'posts' });
    assert.equal(renamed.archive, 'state');
    assert.deepEqual(renamed.fields, ['headline', 'id', 'path', 'state', 'writer']);
    assert.equal(renamed.headline, 'Untitled', 'the default stays');
    assert.equal(renamed.twice, 'refused', 'values stay unique');
    assert.equal(renamed.nobody, 'refused', 'the foreign key stays');
    assert.deepEqual(renamed.left, [2, 3], 'with its rule on delete');
    assert.equal(renamed.loosened, true, 'Directus finds the indexes under their new names');
  });
}
