/** A small shop whose rows have ids of their own on every instance, and are known by natural keys. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readEnvironment } from '../../../extension/environment.js';
import { exportProject } from '../../../extension/export.js';
import { importProject } from '../../../extension/import.js';
import { installFolder } from '../../../extension/install.js';
import { writeManifest } from '../../../extension/manifest.js';
import { collectionStep, createStep, fieldOf, relationStep, uuid } from './shop.js';
import { failureOf, toolsOf } from './tools.js';

const key = fieldOf('id', 'integer', { is_primary_key: true, is_nullable: false, has_auto_increment: true });
const text = (/** @type {string} */ field) => fieldOf(field, 'string');
const reference = (/** @type {string} */ field) => fieldOf(field, 'integer', {}, { special: ['m2o'] });
const CASCADES = { on_delete: 'CASCADE' };

const SCHEMA = [
  collectionStep('categories', [key, text('slug'), text('name'), reference('parent')], {}),
  collectionStep('tags', [key, text('name')], {}),
  collectionStep(
    'products',
    [
      key,
      text('sku'),
      text('name'),
      text('status'),
      fieldOf('sort', 'integer'),
      reference('category'),
      fieldOf('folder', 'uuid'),
    ],
    { archive_field: 'status', archive_value: 'archived', unarchive_value: 'draft', sort_field: 'sort' },
  ),
  collectionStep('products_tags', [key, reference('products_id'), reference('tags_id')], {}),
  collectionStep('headings', [key, text('slug'), text('text')], {}),
  collectionStep('quotes', [fieldOf('id', 'uuid', { is_primary_key: true }), text('text')], {}),
  collectionStep(
    'products_blocks',
    [key, reference('products_id'), text('collection'), text('item'), fieldOf('sort', 'integer')],
    {},
  ),
  collectionStep('languages', [fieldOf('code', 'string', { is_primary_key: true }), text('name')], {}),
  collectionStep(
    'products_translations',
    [key, reference('products_id'), fieldOf('languages_code', 'string'), text('title')],
    {},
  ),
  collectionStep('home', [key, text('title'), reference('featured')], { singleton: true }),
  relationStep('categories', 'parent', 'categories', {}, { on_delete: 'SET NULL' }),
  relationStep('products', 'category', 'categories', {}, { on_delete: 'SET NULL' }),
  relationStep('products', 'folder', 'directus_folders', {}, { on_delete: 'SET NULL' }),
  relationStep('products_tags', 'products_id', 'products', { junction_field: 'tags_id' }, CASCADES),
  relationStep('products_tags', 'tags_id', 'tags', { junction_field: 'products_id' }, CASCADES),
  relationStep('products_blocks', 'products_id', 'products', { junction_field: 'item' }, CASCADES),
  relationStep(
    'products_blocks',
    'item',
    null,
    {
      one_collection_field: 'collection',
      one_allowed_collections: ['headings', 'quotes'],
      junction_field: 'products_id',
    },
    null,
  ),
  relationStep('products_translations', 'products_id', 'products', {}, CASCADES),
  relationStep('products_translations', 'languages_code', 'languages', {}, CASCADES),
  relationStep('home', 'featured', 'products', {}, { on_delete: 'SET NULL' }),
];

const byKey = (/** @type {string[]} */ ...fields) => ({ key: fields, excludeFields: ['id'] });

const ENTRIES = {
  categories: byKey('slug'),
  tags: byKey('name'),
  products: { ...byKey('sku'), groupBy: 'sku' },
  products_tags: byKey('products_id', 'tags_id'),
  headings: byKey('slug'),
  quotes: {},
  products_blocks: byKey('products_id', 'sort'),
  languages: {},
  products_translations: byKey('products_id', 'languages_code'),
  home: { excludeFields: ['id'] },
};

/** Directus' own rows have such ids, too, and are written one by one. */
const DIRECTUS_ENTRIES = { directus_folders: byKey('name') };

/** The rows of the source. */
const ROWS = [
  createStep(
    'directus_folders',
    { id: uuid(7), name: 'Photos', parent: null },
    { id: uuid(3), name: 'Of boots', parent: uuid(7) },
  ),
  createStep(
    'categories',
    { id: 41, slug: 'clothes', name: 'Clothes', parent: null },
    { id: 7, slug: 'shoes', name: 'Shoes', parent: 41 },
    { id: 3, slug: 'boots', name: 'Boots', parent: 7 },
  ),
  createStep('tags', { id: 11, name: 'new' }, { id: 5, name: 'sale' }),
  createStep(
    'products',
    { id: 20, sku: 'sku-1', name: 'Boot', status: 'published', sort: 2, category: 3, folder: uuid(3) },
    { id: 10, sku: 'sku-2', name: 'Sandal', status: 'archived', sort: 1, category: 7 },
    { id: 30, sku: '41', name: 'Sku that looks like an id', status: 'draft', sort: null, category: null },
  ),
  createStep(
    'products_tags',
    { id: 4, products_id: 20, tags_id: 11 },
    { id: 2, products_id: 20, tags_id: 5 },
    { id: 9, products_id: 30, tags_id: 5 },
  ),
  createStep('headings', { id: 6, slug: 'intro', text: 'Warm feet' }),
  createStep('quotes', { id: uuid(1), text: 'Never cold again' }),
  createStep(
    'products_blocks',
    { id: 8, products_id: 20, collection: 'headings', item: '6', sort: 1 },
    { id: 1, products_id: 20, collection: 'quotes', item: uuid(1), sort: 2 },
  ),
  createStep('languages', { code: 'de', name: 'Deutsch' }, { code: 'en', name: 'English' }),
  createStep(
    'products_translations',
    { id: 13, products_id: 20, languages_code: 'de', title: 'Stiefel' },
    { id: 12, products_id: 20, languages_code: 'en', title: 'Boot' },
  ),
  createStep('home', { id: 2, title: 'Home', featured: 20 }),
];

/** What the target has already: the same rows under other ids, and differing. */
const ROWS_OF_TARGET = [
  createStep('categories', { id: 3, slug: 'shoes', name: 'Old shoes', parent: null }),
  createStep('products', { id: 41, sku: 'sku-2', name: 'Sandal', status: 'draft', sort: 1, category: null }),
  createStep('products_tags', { id: 1, products_id: 41, tags_id: null }),
  createStep('languages', { code: 'en', name: 'English' }),
];

/** @param {any} context @param {{dir: string}} input of the sync folder @returns {Promise<Record<string, string>>} */
export async function source(context, { dir }) {
  const { instance, run } = await toolsOf(context);
  await run([...SCHEMA, ...ROWS]);
  const settings = settingsOf(dir);
  await installFolder(dir, {});
  await configure(dir, ENTRIES);
  await exportProject(instance, settings);
  return textsOf(dir);
}

/** @param {any} context @param {{dir: string}} input with what `source` left there */
export async function target(context, { dir }) {
  const { instance, run, read } = await toolsOf(context);
  await run([...SCHEMA, ...ROWS_OF_TARGET]);
  await context.database('products_tags').delete();
  const settings = settingsOf(dir);
  const first = await importProject(instance, settings);
  const second = await importProject(instance, settings);
  await exportProject(instance, settings, { overwrite: true });
  const exported = await textsOf(dir);
  await exportProject(instance, settings);
  const found = {
    applied: first.applied,
    again: second.plan?.steps,
    exported,
    merged: await textsOf(dir),
    categories: await read('categories', ['slug', 'parent']),
    products: await read('products', ['sku', 'category', 'status', 'sort', 'folder']),
    headings: await read('headings', ['slug']),
    blocks: await read('products_blocks', ['products_id', 'collection', 'item', 'sort']),
    home: await context.database('home').first('featured'),
    folders: await context.database('directus_folders').select('id', 'name', 'parent'),
  };
  return { ...found, missing: await missing(context, { dir }) };
}

/**
 * References that lead nowhere, in the folder and on the instance.
 *
 * @param {any} context of the target
 * @param {{dir: string}} input
 */
async function missing(context, { dir }) {
  const { instance, read } = await toolsOf(context);
  const settings = settingsOf(dir);
  const path = join(dir, 'data/products/sku-1.json');
  await writeFile(path, (await readFile(path, 'utf8')).replace('"boots"', '"socks"'));
  await writeManifest(settings);
  const refused = await failureOf(() => importProject(instance, settings));
  const [before] = await read('products', ['category'], { filter: { sku: { _eq: 'sku-1' } } });
  await configure(dir, { ...ENTRIES, products: { ...ENTRIES.products, onMissing: 'null' } });
  const nulled = await importProject(instance, settings);
  const [after] = await read('products', ['category'], { filter: { sku: { _eq: 'sku-1' } } });
  const again = await importProject(instance, settings);
  await context.database('products_blocks').where({ collection: 'headings' }).update({ item: '999' });
  const unnamed = await failureOf(() => exportProject(instance, settings));
  return {
    refused,
    before: before?.category,
    warnings: nulled.plan?.warnings.map(({ code, path: where }) => [code, where]),
    after: after?.category,
    again: again.plan?.steps,
    unnamed,
  };
}

const TREE = 20_000;
const RING = 1_000;

/**
 * A tree and a ring of new rows that refer to each other, in the worst order.
 *
 * @param {any} context
 * @param {{dir: string}} input
 */
export async function tree(context, { dir }) {
  const { instance, run } = await toolsOf(context);
  await run(SCHEMA.filter(({ payload }) => isOfCategories(payload)));
  const settings = settingsOf(dir);
  await installFolder(dir, {});
  await configure(dir, { categories: ENTRIES.categories });
  await exportProject(instance, settings);
  const tree = Array.from({ length: TREE }, (_, n) => ({
    slug: `t${TREE - n}`,
    parent: n < TREE - 1 ? `t${(TREE - n) >> 1}` : null,
  }));
  const ring = Array.from({ length: RING }, (_, n) => ({ slug: `r${n}`, parent: `r${(n + 1) % RING}` }));
  const rows = [...tree, ...ring].map(row => ({ name: null, ...row }));
  await writeFile(join(dir, 'data/categories.json'), JSON.stringify(rows));
  await writeManifest(settings);
  await importProject(instance, settings);
  const again = await importProject(instance, settings);
  const written = await context
    .database('categories as own')
    .leftJoin('categories as parent', 'parent.id', 'own.parent')
    .select('own.slug', 'parent.slug as parent');
  const wanted = new Map(rows.map(({ slug, parent }) => [slug, parent]));
  return {
    count: written.length,
    wrong: written.filter((/** @type {any} */ row) => wanted.get(row.slug) !== row.parent).length,
    again: again.plan?.steps,
  };
}

/** @param {any} payload of a step of the schema */
function isOfCategories({ collection, related_collection: related = 'categories' }) {
  return collection === 'categories' && related === 'categories';
}

/** @param {string} dir */
function settingsOf(dir) {
  return readEnvironment({ SCHEMA_SYNC_DIR: dir }).settings;
}

/** @param {string} dir @param {Record<string, object>} entries */
async function configure(dir, entries) {
  await writeFile(
    join(dir, 'config.js'),
    `export const syncCustomCollections = ${JSON.stringify(entries, null, 2)};\n`,
  );
  await writeFile(
    join(dir, 'directus_config.js'),
    `export const syncDirectusCollections = ${JSON.stringify(DIRECTUS_ENTRIES, null, 2)};\n`,
  );
}

/** @param {string} dir @returns {Promise<Record<string, string>>} what the folder holds, by path below `data/` */
async function textsOf(dir) {
  const data = join(dir, 'data');
  const names = await readdir(data, { recursive: true });
  const files = names.filter(name => name.endsWith('.json')).sort();
  return Object.fromEntries(
    await Promise.all(files.map(async name => [name, await readFile(join(data, name), 'utf8')])),
  );
}
