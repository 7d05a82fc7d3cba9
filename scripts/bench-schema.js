/**
 * `npm run bench:schema`: changes of the schema against Directus' own way, on Directus 11. Fails where Schema Sync
 * takes more than its share of the time. `BENCH_ROUNDS` says how often each is measured.
 */

import { createProject } from '../tests/harness/project.js';
import { BENCH, callCase } from '../tests/support/bench/run.js';
import { combinations } from '../tests/support/combinations.js';
import { median, ROUNDS } from './measuring.js';

/**
 * The share of Directus' time that each change may take. Half of what settings take is reading the schema before and
 * after, which does not depend on how many change.
 *
 * @type {Record<string, number>}
 */
const LIMITS = { newFields: 0.2, editedMetas: 0.4 };

/** @type {boolean[]} */
const kept = [];

console.log('database  change       ours ms  Directus ms  ratio');
for (const { major, database, skip } of await combinations({ majors: ['11'] })) {
  if (skip) continue;
  const project = await createProject({ major, database, extension: BENCH });
  try {
    const times = await callCase(project, 'bench-schema', 'run', { rounds: ROUNDS });
    for (const [change, measured] of Object.entries(times)) report(database, change, measured);
  } finally {
    await project.destroy();
  }
}
process.exitCode = kept.every(Boolean) ? 0 : 1;

/** @param {string} database @param {string} change @param {{ours: number[], directus: number[]}} measured */
function report(database, change, measured) {
  const [ours, directus] = [median(measured.ours), median(measured.directus)];
  kept.push(ours / directus <= (LIMITS[change] ?? 1));
  const columns = [ours.toFixed(0).padStart(7), directus.toFixed(0).padStart(11)];
  console.log(
    `${database.padEnd(9)} ${change.padEnd(12)} ${columns.join('  ')}  ${(ours / directus).toFixed(3)}`,
  );
}
