/**
 * `npm run bench:startup`: what Schema Sync adds to the boot of Directus when nothing is to be imported, with a folder of
 * 60 MB, on SQLite. Fails where it is more than allowed. `BENCH_ROUNDS` says how often each boot is measured.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DIRECTUS_VERSIONS, MAJORS } from '../tests/harness/directus.js';
import { createProject } from '../tests/harness/project.js';
import { freePort } from '../tests/harness/server.js';
import { installFolder, succeed, syncFolder } from '../tests/support/sync-folder.js';
import { until } from '../tests/support/until.js';
import { median, ROUNDS } from './measuring.js';

/** @typedef {import('../tests/harness/project.js').Project} Project */

/** Seconds that an unchanged folder may add. */
const LIMIT = 0.35;
const ROWS = 100_000;
/** Characters of text that bring a row to about 600 bytes. */
const TEXT_LENGTH = 520;
const COLLECTION = 'readings';
const STARTED = /Server started at/;
const UNCHANGED = /the folder is unchanged.*\((\d+\.\d+) s\)/;

console.log('Directus  without s  with s  added s  share  hook s');
for (const major of MAJORS) {
  const project = await createProject({ major });
  try {
    await importLargeFolder(project);
    const added = report(DIRECTUS_VERSIONS[major], await measure(project));
    if (added > LIMIT) process.exitCode = 1;
  } finally {
    await project.destroy();
  }
}

/** @param {Project} project */
async function importLargeFolder(project) {
  await project.start();
  const key = { field: 'id', type: 'integer', schema: { is_primary_key: true }, meta: {} };
  const fields = [key, { field: 'text', type: 'text', schema: {}, meta: {} }];
  await project.api('POST', '/collections', { collection: COLLECTION, schema: {}, meta: {}, fields });
  await project.stop();
  await installFolder(project, { [COLLECTION]: {} });
  await succeed(project, ['schema-sync', 'export']);
  const file = join(syncFolder(project), 'data', `${COLLECTION}.json`);
  await writeFile(file, JSON.stringify(Array.from({ length: ROWS }, rowAt), null, 2));
  await succeed(project, ['schema-sync', 'hash']);
  await succeed(project, ['schema-sync', 'import', '--yes']);
}

/** @param {unknown} _ @param {number} index */
function rowAt(_, index) {
  return { id: index + 1, text: `${index} `.repeat(TEXT_LENGTH).slice(0, TEXT_LENGTH) };
}

/**
 * By turns, so that what else the machine does concerns both alike. A first boot of each fills what is cached.
 *
 * @param {Project} project
 */
async function measure(project) {
  const without = { EXTENSIONS_PATH: join(project.dir, 'no-extensions') };
  const measured = { without: [0], with: [0], hook: [0] };
  for (let round = 0; round <= ROUNDS; round++) {
    measured.without[round] = (await boot(project, without)).seconds;
    const { seconds, log } = await boot(project, { SCHEMA_SYNC: 'IMPORT' });
    measured.with[round] = seconds;
    measured.hook[round] = Number(UNCHANGED.exec(log)?.[1]);
  }
  return Object.values(measured).map(values => median(values.slice(1)));
}

/** @param {Project} project @param {Record<string, string>} env */
async function boot(project, env) {
  const began = performance.now();
  const server = project.startCli(['start'], { env: { ...env, PORT: String(await freePort()) } });
  try {
    await until(async () => STARTED.test(server.output.stdout), { everyMs: 2 });
    return { seconds: (performance.now() - began) / 1000, log: server.output.stdout };
  } finally {
    await server.kill();
  }
}

/** @param {string} version @param {number[]} medians @returns {number} seconds that were added */
function report(version, [without = 0, withIt = 0, hook = 0]) {
  const added = withIt - without;
  const columns = [without, withIt, added].map(value => value.toFixed(2).padStart(8));
  const share = `${((100 * added) / without).toFixed(0)}%`.padStart(5);
  console.log(`${version.padEnd(9)} ${columns.join('')} ${share} ${hook.toFixed(2).padStart(7)}`);
  return added;
}
