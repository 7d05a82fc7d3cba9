/** Random edits of a schema, made on one instance, and followed by another one folder by folder. */
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadCore } from '../../../extension/core.js';
import { readEnvironment } from '../../../extension/environment.js';
import { exportProject } from '../../../extension/export.js';
import { importProject } from '../../../extension/import.js';
import { localInstance } from '../../../extension/instances/local.js';
import { writeManifest } from '../../../extension/manifest.js';
import { seeded } from '../random.js';
import { MUTATIONS, mutated } from '../schema-mutations.js';

/** @typedef {Record<string, string>} Files texts by path below `data/` */

const KINDS = Object.keys(MUTATIONS);
/** Types of which databases let one refer to another. */
const FAMILIES = Object.freeze({ bigInteger: 'integer', text: 'string' });

/**
 * Edits the schema again and again: the files are edited, imported, and exported into a folder of their own. An edit
 * that is refused is given up.
 *
 * @param {any} context of an extension
 * @param {{seed: number, count: number, steps: string, collections: string[]}} what
 * @returns {Promise<{refused: string[], lost: string[]}>} why edits were refused, and values that did not stay
 */
export async function mutate(context, { seed, count, steps, collections }) {
  const { instance, settings } = await toolsOf(context);
  const random = seeded(seed);
  /** @type {string[]} */
  const refused = [];
  /** @type {string[]} */
  const lost = [];
  let before = await readFiles(settings.dir);
  for (let step = 0; step < count; ) {
    const old = await snapshotOf(before);
    const { snapshot, names } = mutated(old, random.pick(KINDS), KINDS, random);
    if (!isPossible(snapshot, old, collections)) continue;
    await writeSchema(settings, snapshot);
    try {
      await importProject(instance, settings, { data: false, allowDestructive: true });
    } catch (error) {
      const { code, message } = /** @type {any} */ (error);
      refused.push(`${names.join(', ')}: ${code} ${message}`);
      await writeFiles(settings, before);
      if (refused.length > 3 * count) throw error;
      continue;
    }
    await exportProject(instance, settings);
    const after = await readFiles(settings.dir);
    lost.push(...lostValues(await typesOf(before), await typesOf(after), before, after, names));
    await cp(settings.dir, join(steps, String(step)), { recursive: true });
    before = after;
    step += 1;
  }
  return { refused, lost };
}

/**
 * Imports one folder after the other, each of which leaves nothing to import, and is what an export gives.
 *
 * @param {any} context of an extension
 * @param {{count: number, steps: string}} what
 * @returns {Promise<string[]>} what was otherwise
 */
export async function follow(context, { count, steps }) {
  const { instance, settings } = await toolsOf(context);
  /** @type {string[]} */
  const found = [];
  for (let step = 0; step < count; step += 1) {
    const wanted = await readFiles(join(steps, String(step)));
    await writeFiles(settings, wanted);
    await importProject(instance, settings, { allowDestructive: true });
    const { plan } = await importProject(instance, settings, { dryRun: true });
    if (plan?.steps.length) found.push(`step ${step}: still ${JSON.stringify(plan.steps).slice(0, 400)}`);
    await exportProject(instance, settings);
    const got = await readFiles(settings.dir);
    for (const path of new Set([...Object.keys(wanted), ...Object.keys(got)]))
      if (wanted[path] !== got[path]) found.push(`step ${step}: ${path} is exported otherwise`);
  }
  return found;
}

/** @param {any} context */
async function toolsOf(context) {
  const instance = localInstance(context);
  await instance.ensureSettings();
  return { instance, settings: readEnvironment(process.env).settings };
}

/** @param {string} dir @returns {Promise<Files>} */
async function readFiles(dir) {
  const data = join(dir, 'data');
  const names = await readdir(data, { recursive: true });
  const paths = names.filter(name => name.endsWith('.json')).sort();
  const texts = await Promise.all(paths.map(path => readFile(join(data, path), 'utf8')));
  return Object.fromEntries(paths.map((path, index) => [path, /** @type {string} */ (texts[index])]));
}

/** @param {import('../../../extension/environment.js').Settings} settings @param {Files} files all that there are to be */
async function writeFiles(settings, files) {
  for (const path of Object.keys(await readFiles(settings.dir)))
    if (!(path in files)) await rm(join(settings.dir, 'data', path));
  for (const [path, text] of Object.entries(files)) await writeFile(join(settings.dir, 'data', path), text);
  await writeManifest(settings);
}

/** @param {Files} files */
async function snapshotOf(files) {
  const schema = Object.entries(files).filter(([path]) => isSchema(path));
  const texts = schema.map(([path, text]) => ({ path: `data/${path}`, text }));
  return /** @type {any} */ ((await loadCore()).joinSnapshot(texts));
}

/** @param {import('../../../extension/environment.js').Settings} settings @param {any} snapshot */
async function writeSchema(settings, snapshot) {
  const files = await readFiles(settings.dir);
  const rows = Object.entries(files).filter(([path]) => !isSchema(path));
  const schema = (await loadCore()).splitSnapshot(snapshot, true);
  const written = schema.map(({ path, text }) => [path.slice('data/'.length), text]);
  await writeFiles(settings, Object.fromEntries([...rows, ...written]));
}

/** @param {string} path */
function isSchema(path) {
  return path === 'schema.json' || path.startsWith('schema/');
}

/**
 * Databases refuse references to a key of another type, or do not, and so do the tests.
 *
 * @param {any} snapshot
 * @param {any} old the one before
 * @param {string[]} collections that have to stay, as the config names them
 */
function isPossible({ collections: all, fields, relations }, old, collections) {
  const names = new Set(all.map((/** @type {any} */ { collection }) => collection));
  const family = (/** @type {any} */ field) =>
    field && (FAMILIES[/** @type {keyof typeof FAMILIES} */ (field.type)] ?? field.type);
  const isFitting = (/** @type {any} */ { collection, field, related_collection, schema }) => {
    const own = fields.find((/** @type {any} */ it) => it.collection === collection && it.field === field);
    const key = fields.find(
      (/** @type {any} */ it) => it.collection === related_collection && it.schema?.is_primary_key,
    );
    return !schema || !key || family(own) === family(key);
  };
  const isNew = (/** @type {any} */ { collection, field, related_collection }) =>
    !old.relations.some(
      (/** @type {any} */ it) =>
        it.collection === collection && it.field === field && it.related_collection === related_collection,
    );
  return collections.every(name => names.has(name)) && relations.filter(isNew).every(isFitting);
}

/** @param {Files} files @returns {Promise<Map<string, string>>} type by `collection.field` */
async function typesOf(files) {
  const { fields } = await snapshotOf(files);
  return new Map(
    fields.map((/** @type {any} */ { collection, field, type }) => [`${collection}.${field}`, type]),
  );
}

/**
 * @param {Map<string, string>} typesBefore @param {Map<string, string>} typesAfter
 * @param {Files} before @param {Files} after
 * @param {string[]} names of the edits
 */
function lostValues(typesBefore, typesAfter, before, after, names) {
  const lost = [];
  for (const [path, text] of Object.entries(before).filter(([path]) => !isSchema(path))) {
    const collection = path.replace('.json', '');
    const now = JSON.parse(after[path] ?? '[]');
    for (const [index, row] of JSON.parse(text).entries())
      for (const [field, value] of Object.entries(row)) {
        const name = `${collection}.${field}`;
        const isKept = typesBefore.get(name) === typesAfter.get(name) && typesAfter.has(name);
        if (isKept && JSON.stringify(now[index]?.[field]) !== JSON.stringify(value))
          lost.push(`${names.join(', ')}: ${name} of row ${index}`);
      }
  }
  return lost;
}
