/**
 * The schema of 60 collections into an empty project, beside Directus' own `schema apply`. On Directus 11, since an
 * unlicensed 12 takes no more than 25 collections.
 */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { copyFolder, succeed, syncFolder } from '../tests/support/sync-folder.js';
import { ours } from './contenders/extension.js';
import { measuredDirectus, without } from './measure.js';
import { createCounted } from './projects.js';

/**
 * @typedef {import('../tests/harness/project.js').Project} Project
 * @typedef {import('./measure.js').Measured} Measured
 *
 * @typedef {object} SchemaContender
 * @property {string} name
 * @property {string[]} boot a command that does nothing
 * @property {(project: Project) => Promise<void>} prepare
 * @property {(source: Project, target: Project) => Promise<void>} hand the schema from one project to the other
 * @property {string[]} apply the command that is measured
 */

const COLLECTIONS = 60;
const FIELDS = 8;
const TYPES = /** @type {const} */ (['string', 'integer', 'text', 'boolean', 'timestamp']);
export const SCHEMA_WORK = `schema of ${COLLECTIONS} collections`;

const SNAPSHOT = 'snapshot.json';

/** @type {Readonly<Record<string, SchemaContender>>} */
export const SCHEMA_CONTENDERS = Object.freeze({
  ours: {
    name: ours.name,
    boot: ['schema-sync', '--help'],
    async prepare(project) {
      await succeed(project, ['schema-sync', 'install']);
      for (const [file, name] of [
        ['config.js', 'syncCustomCollections'],
        ['directus_config.js', 'syncDirectusCollections'],
      ])
        await writeFile(
          join(syncFolder(project), /** @type {string} */ (file)),
          `export const ${name} = {};\n`,
        );
    },
    async hand(source, target) {
      await succeed(source, ['schema-sync', 'export']);
      await copyFolder(source, target);
    },
    apply: ['schema-sync', 'import', '--yes'],
  },
  directus: {
    name: "Directus' own schema apply",
    boot: ['schema', '--help'],
    prepare: async () => {},
    async hand(source, target) {
      await succeed(source, ['schema', 'snapshot', '--yes', '--format', 'json', SNAPSHOT]);
      await writeFile(join(target.dir, SNAPSHOT), await readFile(join(source.dir, SNAPSHOT)));
    },
    apply: ['schema', 'apply', '--yes', SNAPSHOT],
  },
});

/** @type {import('../tests/harness/project.js').TemplateContent} */
const CONTENT = Object.freeze({
  name: `collections-${COLLECTIONS}-${FIELDS}`,
  async load(api) {
    for (let index = 0; index < COLLECTIONS; index++)
      await api('POST', '/collections', { collection: `c_${index}`, schema: {}, meta: {}, fields: fields() });
  },
});

function fields() {
  const key = {
    field: 'id',
    type: 'integer',
    meta: {},
    schema: { is_primary_key: true, has_auto_increment: true },
  };
  const others = Array.from({ length: FIELDS - 1 }, (_, index) => ({
    field: `field_${index}`,
    type: TYPES[index % TYPES.length],
    meta: {},
    schema: {},
  }));
  return [key, ...others];
}

/**
 * @param {SchemaContender} contender
 * @param {import('../tests/harness/databases.js').DatabaseName} database
 * @returns {Promise<Measured>} without Directus' own start
 */
export async function measureSchema(contender, database) {
  const common = { major: /** @type {const} */ ('11'), database };
  const source = await createCounted({ ...common, content: CONTENT });
  const target = await createCounted({ ...common, template: 'b' });
  try {
    await contender.prepare(source);
    await contender.prepare(target);
    await contender.hand(source, target);
    const boot = await measuredDirectus(target, contender.boot);
    const measured = without(await measuredDirectus(target, contender.apply), boot);
    await demandSame(source, target);
    return measured;
  } finally {
    await source.destroy();
    await target.destroy();
  }
}

/** A contender that leaves out work must not count as fast. @param {Project} source @param {Project} target */
async function demandSame(source, target) {
  const [wanted, there] = await Promise.all([source, target].map(collectionsOf));
  assert.equal(wanted?.length, COLLECTIONS * FIELDS);
  assert.deepEqual(there, wanted);
}

/** @param {Project} project @returns {Promise<string[]>} the fields of its collections with their types */
async function collectionsOf(project) {
  const file = join(project.dir, `after-${SNAPSHOT}`);
  await succeed(project, ['schema', 'snapshot', '--yes', '--format', 'json', file]);
  const { fields } = JSON.parse(await readFile(file, 'utf8'));
  return fields.map((/** @type {any} */ field) => `${field.collection}.${field.field} ${field.type}`).sort();
}
