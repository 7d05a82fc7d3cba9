/**
 * `npm run bench`: rows moved by Schema Sync, by the community extension, and by the database's driver alone, side by
 * side in one run. The table and the chart go into `bench/results/`.
 *
 *   --quick              1,000 and 10,000 rows, once
 *   --rows 1000,10000    other sizes
 *   --rounds 3           how often each is measured; the median counts
 *   --databases sqlite   sqlite, postgres or both
 *   --contenders ours    ours, community, floor; and directus, for the schema
 */
import { parseArgs } from 'node:util';
import { reasonToSkip } from '../tests/support/combinations.js';
import { community, ours } from './contenders/extension.js';
import { floor } from './contenders/floor.js';
import { createCounted, ofProducts } from './projects.js';
import { writeResults } from './results.js';
import { measureSchema, SCHEMA_CONTENDERS, SCHEMA_WORK } from './schema.js';
import { measureWorks } from './works.js';

/**
 * @typedef {import('../tests/harness/project.js').Project} Project
 * @typedef {import('./measure.js').Measured} Measured
 *
 * @typedef {object} Contender what moves rows
 * @property {string} name
 * @property {boolean} [withoutDirectus] whether its time has no start of Directus in it
 * @property {() => Promise<string | false>} extension the folder of its extension, installed if it has to be
 * @property {(project: Project) => Promise<void>} prepare
 * @property {(project: Project) => Promise<Measured>} exportRows
 * @property {(source: Project, target: Project) => Promise<void>} hand what was exported, from one project to another
 * @property {(project: Project) => Promise<Measured>} importRows
 * @property {(project: Project, change: (rows: any[]) => any[]) => Promise<void>} edit of the exported rows
 *
 * @typedef {object} Result
 * @property {string} database
 * @property {number} rows 0 for work that has none
 * @property {string} work
 * @property {string} contender
 * @property {Measured[]} runs without Directus' own start
 */

/** @type {Record<string, Contender>} */
const CONTENDERS = { ours, community, floor };
const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    rows: { type: 'string' },
    rounds: { type: 'string' },
    databases: { type: 'string', default: 'sqlite,postgres' },
    contenders: { type: 'string', default: [...Object.keys(CONTENDERS), 'directus'].join() },
  },
});
const sizes = (options.rows ?? (options.quick ? '1000,10000' : '1000,10000,100000')).split(',').map(Number);
const rounds = Number(options.rounds ?? (options.quick ? 1 : 3));
const chosen = options.contenders.split(',');
// Directus' own commands move no rows.
const contenders = chosen.filter(name => name in CONTENDERS || !(name in SCHEMA_CONTENDERS)).map(contenderOf);
const databases = /** @type {import('../tests/harness/databases.js').DatabaseName[]} */ (
  options.databases.split(',')
);

/** @type {Result[]} */
const results = [];
for (const database of databases) {
  const missing = await reasonToSkip(database);
  if (missing) console.error(`${database} is left out: ${missing}`);
  else {
    results.push(...(await compareSchema(database)));
    for (const rows of sizes) results.push(...(await compare(database, rows)));
  }
}
await writeResults(results, rounds);

/** @param {string} name @returns {Contender} */
function contenderOf(name) {
  const contender = CONTENDERS[name];
  if (!contender) throw new Error(`There is no contender "${name}": ${Object.keys(CONTENDERS).join(', ')}.`);
  return contender;
}

/**
 * @param {import('../tests/harness/databases.js').DatabaseName} database
 * @returns {Promise<Result[]>}
 */
async function compareSchema(database) {
  const own = Object.entries(SCHEMA_CONTENDERS).filter(([name]) => chosen.includes(name));
  /** @type {Result[]} */
  const found = own.map(([, { name }]) => ({
    database,
    rows: 0,
    work: SCHEMA_WORK,
    contender: name,
    runs: [],
  }));
  for (let round = 0; round < rounds; round++) {
    for (const [index, [, contender]] of own.entries()) {
      const run = await measureSchema(contender, database);
      found[index]?.runs.push(run);
      console.error(`${database} ${SCHEMA_WORK}, ${contender.name}: ${run.seconds.toFixed(2)} s`);
    }
  }
  return found;
}

/**
 * @param {import('../tests/harness/databases.js').DatabaseName} database
 * @param {number} rows
 * @returns {Promise<Result[]>}
 */
async function compare(database, rows) {
  /** @type {Map<string, Result>} */
  const found = new Map();
  // Round by round, so that what slows the machine down for a while slows all of them.
  for (let round = 0; round < rounds; round++) {
    for (const contender of contenders) {
      for (const [work, run] of Object.entries(await measureRound(contender, database, rows))) {
        const known = { database, rows, work, contender: contender.name, runs: [] };
        const result = found.get(work + contender.name) ?? known;
        result.runs.push(run);
        found.set(work + contender.name, result);
        console.error(
          `${database} ${rows} rows, ${contender.name}, ${work}: ${run.seconds.toFixed(2)} s, ${run.memory.toFixed(0)} MiB`,
        );
      }
    }
  }
  return [...found.values()];
}

/**
 * @param {Contender} contender
 * @param {import('../tests/harness/databases.js').DatabaseName} database
 * @param {number} rows
 * @returns {Promise<Record<string, Measured>>} by work
 */
async function measureRound(contender, database, rows) {
  const extension = await contender.extension();
  const common = { major: /** @type {const} */ ('12'), database, extension };
  const source = await createCounted({ ...common, content: ofProducts(rows) });
  const target = await createCounted({ ...common, template: 'b', content: ofProducts(0) });
  try {
    return await measureWorks(contender, source, target, rows);
  } finally {
    await source.destroy();
    await target.destroy();
  }
}
