/** What was written is read again before the commit: a database that meddles is found out. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callCase, createBenchProject } from '../support/bench/run.js';
import { uuid } from '../support/cases/shop.js';
import { combinations, reasonToSkip } from '../support/combinations.js';

for (const { name, major, database, skip } of await combinations()) {
  test(`${name}: a trigger that changes a value`, { skip }, async t => {
    const project = await createBenchProject(t, { major, database });
    const { failure, untouched, applied, name: kept } = await callCase(project, 'verify', 'notices');
    assert.equal(failure.code, 'VERIFY_FAILED');
    assert.equal(failure.path, `authors[${uuid(1)}].name`);
    assert.match(failure.message, /everything was rolled back/);
    assert.match(failure.message, /name was written as "Anna", but reads back as "Nobody"/);
    assert.match(failure.message, /a trigger of the database/);
    assert.match(failure.message, /SCHEMA_SYNC_VERIFY=false/);
    assert.equal(untouched, true);
    assert.deepEqual([applied, kept], [true, 'Nobody'], 'without the check the database has its way');
  });
}

for (const { name, database, skip } of await combinations({ majors: ['12'] })) {
  test(`${name}: a trigger that changes a setting of a field`, { skip }, async t => {
    const project = await createBenchProject(t, { database });
    const { failure, untouched } = await callCase(project, 'verify', 'noticesSchema');
    assert.equal(failure.code, 'VERIFY_FAILED');
    assert.equal(failure.path, 'posts.title');
    assert.match(
      failure.message,
      /meta\.note of the field posts\.title was set to "Headline", but is "Whatever"/,
    );
    assert.equal(untouched, true);
  });
}

test('postgres: a column that cuts a value', { skip: await reasonToSkip('postgres') }, async t => {
  const project = await createBenchProject(t, { database: 'postgres' });
  const failure = await callCase(project, 'verify', 'noticesCutValues');
  assert.equal(failure.code, 'VERIFY_FAILED');
  assert.match(
    failure.message,
    /fee was written as "12\.345", but reads back as "12\.35"\. Likely cause: the column/,
  );
});
