/** Rows with other ids on every instance: files name them by key, and an import finds them again. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { callCase, createBenchProject } from '../support/bench/run.js';
import { uuid } from '../support/cases/shop.js';
import { combinations } from '../support/combinations.js';

/** @param {Record<string, string>} files @param {string} path */
const rowsOf = (files, path) => JSON.parse(files[path] ?? 'null');

for (const { name, skip, ...options } of await combinations()) {
  test(`${name}: rows are known by their keys where ids differ`, { skip }, async t => {
    const source = await createBenchProject(t, options);
    const dir = join(source.dir, 'folder');
    const files = await callCase(source, 'identity', 'source', { dir });

    assert.deepEqual(rowsOf(files, 'categories.json'), [
      { name: 'Boots', parent: 'shoes', slug: 'boots' },
      { name: 'Clothes', parent: null, slug: 'clothes' },
      { name: 'Shoes', parent: 'clothes', slug: 'shoes' },
    ]);
    assert.deepEqual(rowsOf(files, 'products/sku-1.json'), [
      { category: 'boots', folder: 'Of boots', name: 'Boot', sku: 'sku-1', sort: 2, status: 'published' },
    ]);
    assert.deepEqual(
      Object.keys(files).filter(path => path.startsWith('products/')),
      ['products/41.json', 'products/sku-1.json', 'products/sku-2.json'],
    );
    assert.deepEqual(rowsOf(files, 'products_tags.json'), [
      { products_id: '41', tags_id: 'sale' },
      { products_id: 'sku-1', tags_id: 'new' },
      { products_id: 'sku-1', tags_id: 'sale' },
    ]);
    assert.deepEqual(rowsOf(files, 'products_blocks.json'), [
      { collection: 'headings', item: 'intro', products_id: 'sku-1', sort: 1 },
      { collection: 'quotes', item: uuid(1), products_id: 'sku-1', sort: 2 },
    ]);
    assert.deepEqual(rowsOf(files, 'home.json'), [{ featured: 'sku-1', title: 'Home' }]);

    const target = await createBenchProject(t, options);
    const found = await callCase(target, 'identity', 'target', { dir });
    assert.equal(found.applied, true);
    assert.deepEqual(found.again, [], 'a second import has nothing to do');
    assert.deepEqual(found.exported, files, 'the target exports the same bytes');
    assert.deepEqual(found.merged, files);

    const ids = Object.fromEntries(found.categories.map((/** @type {any} */ { slug, id }) => [slug, id]));
    const products = Object.fromEntries(found.products.map((/** @type {any} */ row) => [row.sku, row]));
    assert.deepEqual([ids.shoes, products['sku-2'].id], [3, 41], 'rows of the target keep their ids');
    assert.equal(products['sku-2'].category, ids.shoes);
    assert.equal(products['sku-1'].category, ids.boots);
    assert.deepEqual([products['sku-2'].status, products['sku-2'].sort], ['archived', 1]);
    assert.equal(found.home.featured, products['sku-1'].id);
    assert.deepEqual(
      found.blocks.map((/** @type {any} */ { item }) => item),
      [String(found.headings[0].id), uuid(1)],
    );

    const folders = Object.fromEntries(found.folders.map((/** @type {any} */ row) => [row.name, row]));
    assert.equal(folders['Of boots'].parent, folders.Photos.id);
    assert.notEqual(folders.Photos.id, uuid(7), 'ids are those of the target');
    assert.equal(products['sku-1'].folder, folders['Of boots'].id);

    const { missing } = found;
    assert.equal(missing.refused.code, 'REFERENCE_MISSING');
    assert.match(missing.refused.message, /sku-1 of products refers to the row socks of categories/);
    assert.match(missing.refused.path, /products\/sku-1\.json: row 1: category/);
    assert.equal(missing.before, ids.boots, 'nothing was written');
    assert.deepEqual(missing.warnings, [['REFERENCE_NULLED', 'data/products/sku-1.json: row 1: category']]);
    assert.equal(missing.after, null);
    assert.deepEqual(missing.again, []);
    assert.equal(missing.unnamed.code, 'REFERENCE_MISSING', 'an export stops, too');
    assert.match(
      missing.unnamed.message,
      /products_blocks refers by its field item to the row 999 of headings/,
    );
  });
}

for (const { name, skip, ...options } of await combinations({ majors: ['12'] })) {
  test(`${name}: a tree of 20,000 new rows and a ring of 1,000`, { skip }, async t => {
    const project = await createBenchProject(t, options);
    const dir = join(project.dir, 'folder');
    const { count, wrong, again } = await callCase(project, 'identity', 'tree', { dir });
    assert.equal(count, 21_000);
    assert.equal(wrong, 0);
    assert.deepEqual(again, []);
  });
}
