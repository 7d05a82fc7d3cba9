/**
 * Servers that start together on one database: one imports, all serve the result, also when the one that imports is
 * killed. SOAK_COUNT says how often, SOAK_SEED where the random moments start.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { hasPostgres } from '../harness/postgres.js';
import { createProject } from '../harness/project.js';
import { testProjects } from '../support/projects.js';
import { seeded } from '../support/random.js';
import { copyFolder } from '../support/sync-folder.js';
import { until } from '../support/until.js';

/** @typedef {import('../harness/project.js').Project} Project */

const projects = testProjects();
const COUNT = Number(process.env.SOAK_COUNT ?? 2);
const SEED = Number(process.env.SOAK_SEED ?? 1);
const REPLICAS = 8;
const KILLED_AMONG = 3;
const IMPORT = Object.freeze({ SCHEMA_SYNC: 'IMPORT', SCHEMA_SYNC_LOCK_TTL: '5' });
/** No import of the sample takes longer. */
const LONGEST_IMPORT_MS = 2500;
const skip = !(await hasPostgres()) && 'PostgreSQL is not installed';

test(`of ${REPLICAS} servers that start together one imports, ${COUNT} times`, { skip }, async () => {
  const source = await projects.exportedSample({ database: 'postgres' });
  for (let round = 0; round < COUNT; round++) {
    await withTarget(source, async target => {
      const starts = Array.from({ length: REPLICAS }, () => target.start({ env: IMPORT }));
      const servers = await Promise.all(starts);
      const logs = servers.map(({ log }) => log);
      assert.equal(logs.filter(log => log.includes('imported the folder:')).length, 1, logs.join('\n---\n'));
      for (const { api, log } of servers) {
        assert.ok((await api('GET', '/items/products?limit=-1')).length > 0, log);
        assert.doesNotMatch(log, /ERROR/);
      }
    });
  }
});

test(`an importing server is killed, another one takes over, ${COUNT} times`, { skip }, async context => {
  const source = await projects.exportedSample({ database: 'postgres' });
  const random = seeded(SEED);
  /** @type {number[]} */
  const delays = [];
  for (let round = 0; round < COUNT; round++) {
    const delay = random.below(LONGEST_IMPORT_MS);
    delays.push(delay);
    await withTarget(source, target => killImporter(target, delay));
  }
  context.diagnostic(`seed ${SEED}, killed after ${delays.join(', ')} ms`);
});

/**
 * The first server gets the lock before the others come.
 *
 * @param {Project} target
 * @param {number} delay milliseconds after it could have begun to import
 */
async function killImporter(target, delay) {
  const first = target.startCli(['start'], { env: { ...IMPORT, PORT: '0' } });
  await until(async () => /Loaded extensions/.test(first.output.stdout));
  const others = Array.from({ length: KILLED_AMONG }, () => target.start({ env: IMPORT }));
  await Promise.race([sleep(delay), first.result]);
  first.kill('SIGKILL');
  await first.result;
  for (const { api, log } of await Promise.all(others)) {
    assert.ok((await api('GET', '/items/products?limit=-1')).length > 0, log);
    assert.doesNotMatch(log, /ERROR/);
  }
  await target.stop();
  const later = await target.start({ env: IMPORT });
  assert.match(later.log, /the folder is unchanged/, 'the result is complete');
}

/** @param {Project} source @param {(target: Project) => Promise<void>} work */
async function withTarget(source, work) {
  const target = await createProject({ database: 'postgres', template: 'b' });
  try {
    await copyFolder(source, target);
    await work(target);
  } finally {
    await target.destroy();
  }
}
