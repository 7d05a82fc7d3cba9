/** The lock between real processes. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { callCase, createBenchProject } from '../support/bench/run.js';
import { combinations } from '../support/combinations.js';

const CASES = fileURLToPath(new URL('../support/cases/lock.js', import.meta.url));
const ROUNDS = 6;

/** @param {string} file @returns {string[]} */
function linesOf(file) {
  return readFileSync(file, 'utf8').trim().split('\n');
}

/**
 * @param {import('../harness/project.js').Project} project
 * @param {'hold' | 'outlast'} name of the case that takes the lock
 * @param {{file: string, ttl: number, part?: number}} input seconds
 */
async function holderIn(project, name, input) {
  const holder = project.startCli(['bench', CASES, name, JSON.stringify(input)]);
  for (let waited = 0; !existsSync(input.file); waited += 100) {
    if (waited > 60_000)
      throw new Error(`The lock was not taken:\n${holder.output.stdout}${holder.output.stderr}`);
    await sleep(100);
  }
  return holder;
}

for (const { name, database, skip } of await combinations({ file: 'lock', majors: ['12'] })) {
  test(`${name}: of two processes one at a time holds the lock`, { skip }, async t => {
    const project = await createBenchProject(t, { database });
    const file = join(project.dir, 'lock.log');
    writeFileSync(file, '');
    const names = ['first', 'second'];
    await Promise.all(
      names.map(name => callCase(project, 'lock', 'contend', { file, name, rounds: ROUNDS })),
    );
    const lines = linesOf(file);
    assert.equal(lines.length, names.length * ROUNDS * 2);
    for (let at = 0; at < lines.length; at += 2) {
      const name = lines[at]?.split(' ')[1];
      assert.deepEqual(lines.slice(at, at + 2), [`in ${name}`, `out ${name}`]);
    }
  });

  test(`${name}: a holder is named, and taken over once it is dead`, { skip }, async t => {
    const project = await createBenchProject(t, { database });
    const file = join(project.dir, 'lock.log');
    const holder = await holderIn(project, 'hold', { file, ttl: 6 });
    const refused = await callCase(project, 'lock', 'take', { wait: 1, ttl: 30 });
    assert.equal(refused.failure.code, 'LOCKED');
    assert.match(refused.failure.message, new RegExp(`process ${holder.pid} holds the lock since .*unlock`));
    assert.equal(refused.waitedFor.owner, refused.before.owner);
    await holder.kill('SIGKILL');
    const taken = await callCase(project, 'lock', 'take', { wait: 30, ttl: 30 });
    assert.equal(taken.failure, null);
    assert.equal(taken.after, null, 'it is released again');
  });

  test(`${name}: a living import keeps the lock for longer than it lasts by itself`, {
    skip,
  }, async t => {
    const project = await createBenchProject(t, { database });
    const file = join(project.dir, 'lock.log');
    const holder = await holderIn(project, 'outlast', { file, ttl: 3, part: 5 });
    const { failure, found } = await callCase(project, 'lock', 'take', { wait: 60, ttl: 30 });
    assert.equal(failure, null);
    assert.equal(found, 'of the long import', 'the other one had to wait for its end');
    assert.equal((await holder.result).code, 0);
  });
}

test('a holder that lost the lock cannot commit', async t => {
  const project = await createBenchProject(t, {});
  const { unlocked, takenOver, fingerprint, lock } = await callCase(project, 'lock', 'loses');
  assert.equal(unlocked.code, 'LOCK_LOST');
  assert.equal(takenOver.code, 'LOCK_LOST');
  assert.equal(fingerprint, null);
  assert.equal(lock.owner, 'another process', 'the lock of somebody else is not released');
});
