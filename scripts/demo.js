#!/usr/bin/env node
/**
 * `npm run demo`: moves a sample shop from one Directus to another and proves that both are equal.
 * With --keep both go on running until Ctrl-C.
 */
import { cp, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { administratorIds, differences, readState } from '../tests/harness/compare.js';
import { DIRECTUS_VERSIONS } from '../tests/harness/directus.js';
import { ADMIN_EMAIL, ADMIN_PASSWORD, createProject } from '../tests/harness/project.js';
import { createSampleProject, SAMPLE_COLLECTIONS } from '../tests/harness/sample-project.js';

/** @typedef {import('../tests/harness/project.js').Project} Project */
/** @typedef {import('../tests/harness/compare.js').Part} Part */

const FOLDER = 'schema-sync';
const keep = process.argv.includes('--keep');
const env = { SCHEMA_SYNC_CONFIG: 'demo_config.js', SERVE_APP: String(keep) };
process.exitCode = await demo().catch(error => {
  console.error(`\n${error.message}`);
  return 1;
});

/** @returns {Promise<number>} exit code */
async function demo() {
  console.log(
    `Schema Sync for Directus: a shop moves from one Directus ${DIRECTUS_VERSIONS[12]} to another\n`,
  );
  const source = await createSampleProject({ template: 'a', env });
  const target = await createProject({ template: 'b', env });
  try {
    await exportShop(source);
    await step('copy the folder to an empty Directus', () => copyFolder(source, target));
    const targetServer = await step('start it with SCHEMA_SYNC=IMPORT', () => startTarget(target));
    const sourceServer = await step('start the source to compare both over HTTP', () => source.start());
    const equal = await compare(sourceServer.api, targetServer.api);
    if (keep) await waitForInterrupt(sourceServer.url, targetServer.url);
    return equal ? 0 : 1;
  } finally {
    await Promise.all([source.destroy(), target.destroy()]);
  }
}

/** @param {Project} source */
async function exportShop(source) {
  await step('directus schema-sync install', () => command(source, 'install'));
  await writeFile(join(source.dir, FOLDER, env.SCHEMA_SYNC_CONFIG), configText());
  await step('directus schema-sync export', () => command(source, 'export'));
  const files = await readdir(join(source.dir, FOLDER, 'data'), { recursive: true, withFileTypes: true });
  console.log(`    ${files.filter(file => file.isFile()).length} files in ${FOLDER}/data\n`);
}

/** The additional config of the demo: all collections of the shop, and the files, which are off by default. */
function configText() {
  const custom = Object.fromEntries(SAMPLE_COLLECTIONS.map(name => [name, { watch: ['items'] }]));
  const files = { directus_files: { watch: ['files'] } };
  return [
    `export const syncCustomCollections = ${JSON.stringify(custom, null, 2)};`,
    `export const syncDirectusCollections = ${JSON.stringify(files, null, 2)};`,
    '',
  ].join('\n');
}

/** @param {Project} project @param {string} name */
async function command(project, name) {
  const { code, stdout, stderr } = await project.cli(['schema-sync', name]);
  if (code !== 0)
    throw new Error(`"directus schema-sync ${name}" ended with exit code ${code}:\n${stdout}${stderr}`);
}

/** @param {Project} source @param {Project} target */
async function copyFolder(source, target) {
  await cp(join(source.dir, FOLDER), join(target.dir, FOLDER), { recursive: true });
  // The rows of the files travel in the folder, their contents in the storage that both share.
  await cp(join(source.dir, 'uploads'), join(target.dir, 'uploads'), { recursive: true });
}

/** @param {Project} target */
function startTarget(target) {
  return target.start({ env: { SCHEMA_SYNC: 'IMPORT', SCHEMA_SYNC_ON_ERROR: 'exit' } });
}

/**
 * @param {import('../tests/harness/rest.js').Api} source
 * @param {import('../tests/harness/rest.js').Api} target
 * @returns {Promise<boolean>} whether both are equal
 */
async function compare(source, target) {
  const [left, right] = [await readState(source), await readState(target)];
  const found = differences(left, right);
  console.log('\n  What was moved:');
  for (const part of left) describe(part, found.filter(difference => difference.part === part.name).length);
  await describeAdministrators(source, target);
  for (const { part, key, left, right } of found) {
    console.log(
      `  ${part} ${key}\n    source: ${JSON.stringify(left)}\n    target: ${JSON.stringify(right)}`,
    );
  }
  console.log(found.length === 0 ? '  Both are equal.' : `  Both differ in ${found.length} places.`);
  return found.length === 0;
}

/** @param {Part} part @param {number} different */
function describe({ name, things }, different) {
  const verdict = different === 0 ? 'equal' : `${different} different`;
  console.log(`    ${name.padEnd(24)} ${String(things.size).padStart(4)}  ${verdict}`);
}

/**
 * @param {import('../tests/harness/rest.js').Api} source
 * @param {import('../tests/harness/rest.js').Api} target
 */
async function describeAdministrators(source, target) {
  const [left, right] = [await administratorIds(source), await administratorIds(target)];
  console.log('\n  The Administrator has another id on every Directus; all references to it were mapped:');
  console.log(`    role    ${left.role} -> ${right.role}`);
  console.log(`    policy  ${left.policy} -> ${right.policy}\n`);
}

/**
 * @template T
 * @param {string} title
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
async function step(title, work) {
  const start = performance.now();
  const result = await work();
  console.log(`  ${title.padEnd(56)} ${((performance.now() - start) / 1000).toFixed(1)} s`);
  return result;
}

/** @param {string} source @param {string} target */
async function waitForInterrupt(source, target) {
  console.log(`\n  Source: ${source}\n  Target: ${target}`);
  console.log(`  Login:  ${ADMIN_EMAIL} / ${ADMIN_PASSWORD}\n\n  Ctrl-C ends both and removes them.`);
  // The harness ends both when this process is interrupted.
  await new Promise(() => setInterval(() => {}, 60_000));
}
