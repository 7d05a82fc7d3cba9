/**
 * `npm run bench:live`: how long it takes until a running server serves what was edited in the files: a role, a permission
 * and a row of the sample project, on SQLite. Fails where it takes too long, or an export follows. `BENCH_ROUNDS` says how
 * often each edit is measured.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { DIRECTUS_VERSIONS, MAJORS } from '../tests/harness/directus.js';
import { createSampleProject, ids, SAMPLE_COLLECTIONS } from '../tests/harness/sample-project.js';
import { editData, installFolder, succeed } from '../tests/support/sync-folder.js';
import { count, until } from '../tests/support/until.js';
import { median, ROUNDS } from './measuring.js';

/**
 * @typedef {import('../tests/harness/rest.js').Api} Api
 *
 * @typedef {object} Edit
 * @property {string} path below `data/`
 * @property {(rows: any[]) => any} find the row to edit
 * @property {string} field
 * @property {(round: number) => string} value of the field
 * @property {(row: any) => string} address where it is served
 */

/** Seconds until an edit is served. */
const LIMIT = 3;
/** Longer than the quiet time and one run. */
const SETTLED_MS = 4000;
const LIVE = Object.freeze({ SCHEMA_SYNC: 'BOTH', SCHEMA_SYNC_WATCH: 'true' });

/** @type {Record<string, Edit>} */
const EDITS = {
  role: {
    path: 'directus_roles.json',
    find: roles => roles.find(({ id }) => id === ids.role.staff),
    field: 'name',
    value: round => `Edit ${round}`,
    address: ({ id }) => `/roles/${id}`,
  },
  permission: {
    path: 'directus_permissions.json',
    find: permissions =>
      permissions.find(({ policy, action }) => policy === ids.policy.translator && action === 'update'),
    // Directus 12 without a licence takes no rule that says more.
    field: 'collection',
    value: round => String(SAMPLE_COLLECTIONS[round % SAMPLE_COLLECTIONS.length]),
    address: ({ policy, action }) =>
      `/permissions?filter[policy][_eq]=${policy}&filter[action][_eq]=${action}`,
  },
  row: {
    path: 'tags.json',
    find: ([tag]) => tag,
    field: 'label',
    value: round => `Edit ${round}`,
    address: ({ slug }) => `/items/tags/${slug}`,
  },
};

console.log(`Directus  ${Object.keys(EDITS).join(' s  ')} s  exports`);
for (const major of MAJORS) {
  const project = await createSampleProject({ major });
  try {
    await installFolder(project, Object.fromEntries(SAMPLE_COLLECTIONS.map(name => [name, {}])));
    await succeed(project, ['schema-sync', 'export']);
    report(DIRECTUS_VERSIONS[major], await measure(project));
  } finally {
    await project.destroy();
  }
}

/** @param {import('../tests/harness/project.js').Project} project */
async function measure(project) {
  const server = await project.start({ env: LIVE });
  // A server that starts exports what was changed while there was none.
  await sleep(SETTLED_MS);
  const exports = () => count(server.log, /exported \d/);
  const before = exports();
  const times = [];
  for (const edit of Object.values(EDITS)) {
    const seconds = [];
    for (let round = 0; round < ROUNDS; round++) {
      seconds.push(await untilServed(project, edit, round));
      await sleep(SETTLED_MS);
    }
    times.push(median(seconds));
  }
  return { times, exports: exports() - before };
}

/** @param {import('../tests/harness/project.js').Project} project @param {Edit} edit @param {number} round */
async function untilServed(project, { path, find, field, value, address }, round) {
  let place = '';
  await editData(project, path, rows => {
    const row = find(rows);
    row[field] = value(round);
    place = address(row);
  });
  const began = performance.now();
  const isServed = async () => {
    const answer = await project.api('GET', place);
    const [row] = [answer].flat();
    return row?.[field] === value(round);
  };
  await until(isServed, { everyMs: 20 });
  return (performance.now() - began) / 1000;
}

/** @param {string} version @param {{times: number[], exports: number}} measured medians in seconds */
function report(version, { times, exports }) {
  const columns = Object.keys(EDITS).map((name, index) =>
    (times[index] ?? Number.NaN).toFixed(2).padStart(name.length + 2),
  );
  console.log(`${version.padEnd(8)}  ${columns.join('  ')}  ${String(exports).padStart(7)}`);
  if (exports > 0 || times.some(time => !(time < LIMIT))) process.exitCode = 1;
}
