import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keysOf, present, transformRows } from '../../extension/transform.js';

/** @type {any} */
const entry = { id: 'posts', collection: 'posts', primaryKey: 'id', key: ['slug', 'language'] };
const rows = () => [
  { id: 1, slug: 'a', language: 'en' },
  { id: 2, slug: 'b', language: 'en' },
];

test('rows go through one after the other, sync or async, with the service', async () => {
  const service = { name: 'service' };
  /** @type {unknown[]} */
  const seen = [];
  const transform = async (/** @type {any} */ item, /** @type {any} */ given) => {
    seen.push([item.id, given]);
    return { ...item, title: item.slug.toUpperCase() };
  };
  const result = await transformRows('onExport', transform, entry, rows(), service);
  assert.deepEqual(
    present(result).map(({ title }) => title),
    ['A', 'B'],
  );
  assert.deepEqual(seen, [
    [1, service],
    [2, service],
  ]);
  const sync = await transformRows('onImport', item => item, entry, rows(), service);
  assert.deepEqual(sync, rows());
});

test('null leaves a row out', async () => {
  const result = await transformRows('onExport', item => (item.id === 1 ? null : item), entry, rows(), null);
  assert.deepEqual(result, [null, rows()[1]]);
  assert.deepEqual(present(result), rows().slice(1));
});

test('an error names function, entry and row', async () => {
  const transform = (/** @type {any} */ item) => item.nope.deeper;
  await assert.rejects(transformRows('onImport', transform, entry, rows(), null), {
    code: 'TRANSFORM_FAILED',
    path: 'posts[slug="a",language="en"]',
    message: /^onImport of posts\[slug="a",language="en"\] failed: Cannot read properties of undefined/,
  });
});

test('a result that is no row names what it is', async () => {
  for (const result of [undefined, 'text', 4, true, [{}]]) {
    await assert.rejects(
      transformRows('onExport', () => result, entry, rows(), null),
      { code: 'TRANSFORM_INVALID', message: /Return the item, or null/ },
      String(result),
    );
  }
});

test('getKey gives text for every row, and does not change it', async () => {
  const given = rows();
  const getKey = (/** @type {any} */ item) => {
    item.slug = 'changed';
    return item.id;
  };
  assert.deepEqual(await keysOf(getKey, entry, given), ['1', '2']);
  assert.deepEqual(given, rows());
});

test('getKey that gives no key names the row', async () => {
  for (const key of [undefined, null, '', {}]) {
    await assert.rejects(
      keysOf(() => key, entry, rows()),
      { code: 'TRANSFORM_INVALID', path: 'posts[slug="a",language="en"]' },
    );
  }
});
