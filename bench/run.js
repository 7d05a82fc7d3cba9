/**
 * `npm run bench`: rows moved by Schema Sync, by the community extension, and by the database's driver alone, side by
 * side in one run. The tables and the chart go into `bench/results/`, also those of a run that is interrupted.
 *
 *   --quick              1,000 and 10,000 rows, once
 *   --rows 1000,10000    other sizes
 *   --rounds 3           how often each is measured; the median counts
 *   --databases sqlite   sqlite, postgres or both
 *   --contenders ours    ours, community, floor; and directus, for the schema
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { reasonToSkip } from '../tests/support/combinations.js';
import { community, ours } from './contenders/extension.js';
import { floor } from './contenders/floor.js';
import { Findings } from './findings.js';
import { createCounted, ofProducts } from './projects.js';
import { measureSchema, SCHEMA_CONTENDERS, SCHEMA_WORK } from './schema.js';
import { measureWorks } from './works.js';

/**
 * @typedef {import('../tests/harness/databases.js').DatabaseName} DatabaseName
 * @typedef {import('../tests/harness/project.js').Project} Project
 * @typedef {import('./measure.js').Measured} Measured
 *
 * @typedef {object} Contender what moves rows
 * @property {string} name
 * @property {boolean} [withoutDirectus] whether its time has no start of Directus in it
 * @property {number} [mostRows] with more it is left out, since it would take hours
 * @property {(rows: number) => string | null} [remark] what a reader has to know of it with so many rows
 * @property {() => Promise<string | false>} extension the folder of its extension, installed if it has to be
 * @property {(project: Project) => Promise<void>} prepare
 * @property {(project: Project) => Promise<Measured>} exportRows
 * @property {(source: Project, target: Project) => Promise<void>} hand what was exported, from one project to another
 * @property {(project: Project) => Promise<Measured>} importRows
 * @property {(project: Project, edit: import('./slices.js').Edit) => Promise<void>} [edit] changes the exported rows;
 *   without it there is no more work than an export and the first import
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
const sizes = options.rows ?? (options.quick ? '1000,10000' : '1000,10000,100000,1000000');
const rounds = Number(options.rounds ?? (options.quick ? 1 : 3));
const chosen = options.contenders.split(',');
// Directus' own commands move no rows.
const contenders = chosen.filter(name => name in CONTENDERS || !(name in SCHEMA_CONTENDERS)).map(contenderOf);
const findings = new Findings();

findings.note(
  '`@directus/cli` 12.2.1 does none of this work: it moves no rows, and needs Directus 12.2, which without a licence takes no 60 collections.',
);
findings.addCore(await measureCore());
for (const database of /** @type {DatabaseName[]} */ (options.databases.split(','))) {
  const missing = await reasonToSkip(database);
  if (missing) findings.note(`${database} is left out: ${missing}`);
  else {
    await compareSchema(database);
    for (const rows of sizes.split(',')) await compareRows(database, Number(rows));
  }
}
console.log(await findings.write());

/** @param {string} name @returns {Contender} */
function contenderOf(name) {
  const contender = CONTENDERS[name];
  if (!contender) throw new Error(`There is no contender "${name}": ${Object.keys(CONTENDERS).join(', ')}.`);
  return contender;
}

/** @returns {Promise<Record<string, number>>} megabytes by second, by what the core does */
async function measureCore() {
  const child = fork(new URL('../scripts/bench-core.js', import.meta.url));
  const [speeds] = await once(child, 'message');
  return speeds;
}

/** @param {DatabaseName} database */
async function compareSchema(database) {
  const own = Object.entries(SCHEMA_CONTENDERS).filter(([name]) => chosen.includes(name));
  for (let round = 0; round < rounds; round++) {
    for (const [, contender] of own) {
      const measurement = { database, rows: 0, work: SCHEMA_WORK, contender: contender.name };
      await findings.add(measurement, await measureSchema(contender, database));
    }
  }
}

/** @param {DatabaseName} database @param {number} rows */
async function compareRows(database, rows) {
  const able = contenders.filter(({ mostRows = rows }) => rows <= mostRows);
  for (const { name } of contenders.filter(contender => !able.includes(contender)))
    findings.note(`${name} is left out with ${rows.toLocaleString('en')} rows, which would take it hours.`);
  for (const { remark } of able) {
    const text = remark?.(rows);
    if (text) findings.note(text);
  }
  // Round by round, so that what slows the machine down for a while slows all of them.
  for (let round = 0; round < rounds; round++) {
    for (const contender of able) await attempt(contender, database, rows);
  }
}

/**
 * One that fails is no reason not to measure the others.
 *
 * @param {Contender} contender
 * @param {DatabaseName} database
 * @param {number} rows
 */
async function attempt(contender, database, rows) {
  try {
    await measureRound(contender, database, rows);
  } catch (error) {
    console.error(error);
    findings.note(`${contender.name} failed with ${rows.toLocaleString('en')} rows on ${database}.`);
    process.exitCode = 1;
  }
}

/** @param {Contender} contender @param {DatabaseName} database @param {number} rows */
async function measureRound(contender, database, rows) {
  const extension = await contender.extension();
  const common = { major: /** @type {const} */ ('12'), database, extension };
  const source = await createCounted({ ...common, content: ofProducts(rows) });
  const target = await createCounted({ ...common, template: 'b', content: ofProducts(0) });
  try {
    for await (const [work, run] of measureWorks(contender, source, target, rows))
      await findings.add({ database, rows, work, contender: contender.name }, run);
  } finally {
    await source.destroy();
    await target.destroy();
  }
}
