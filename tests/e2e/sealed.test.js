/** A plan that is sealed is what is applied, or nothing is. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callCase, createBenchProject } from '../support/bench/run.js';
import { combinations } from '../support/combinations.js';

for (const { name, major, database, skip } of await combinations()) {
  test(`${name}: a sealed plan is applied, or refused with what changed`, { skip }, async t => {
    const project = await createBenchProject(t, { major, database });
    const { done, again, edited, byFiles, byTarget, left } = await callCase(project, 'sealed', 'sealed');
    assert.deepEqual(done, {
      isPure: true,
      applied: true,
      same: true,
      titles: ['Seventh', 'Nine', 'Eleven'],
    });
    assert.equal(again.code, 'PLAN_STALE', 'what was applied is not to be done any more');
    assert.equal(edited.code, 'PLAN_INVALID');
    assert.equal(byFiles.code, 'PLAN_STALE');
    assert.match(byFiles.changes.join('\n'), /The files changed/);
    assert.match(byFiles.changes.join('\n'), /posts.*7/);
    assert.equal(byTarget.code, 'PLAN_STALE');
    assert.doesNotMatch(byTarget.changes.join('\n'), /The files changed/);
    assert.match(byTarget.changes.join('\n'), /posts.*7/);
    assert.deepEqual(left, ['From the Studio', 'Nine', 'Eleven'], 'nothing of a stale plan is applied');
  });
}
