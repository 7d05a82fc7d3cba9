import assert from 'node:assert/strict';
import { test } from 'node:test';
import { entriesIn, scopeOf } from '../../extension/scope.js';

const all = { dataOnly: false };
/** @type {any[]} */
const entries = [
  { id: 'posts', collection: 'posts' },
  { id: 'test_posts', collection: 'posts' },
  { id: 'tags', collection: 'tags' },
];
const ids = (/** @type {any[]} */ found) => found.map(({ id }) => id);

test('everything is a full run', () => {
  assert.deepEqual(scopeOf({}, all), { schema: true, data: true, only: null, isFull: true });
});

test('a run that leaves something out is not full', () => {
  assert.equal(scopeOf({ schema: false }, all).isFull, false);
  assert.equal(scopeOf({ data: false }, all).isFull, false);
  assert.equal(scopeOf({ only: ['posts'] }, all).isFull, false);
});

test('where the environment leaves the schema out, rows are all there is', () => {
  assert.deepEqual(scopeOf({}, { dataOnly: true }), { schema: false, data: true, only: null, isFull: true });
});

test('--only is about what it names', () => {
  assert.deepEqual(scopeOf({ only: ['schema'] }, all), {
    schema: true,
    data: false,
    only: [],
    isFull: false,
  });
  const scope = scopeOf({ only: ['posts'] }, all);
  assert.equal(scope.schema, false);
  assert.deepEqual(ids(entriesIn(entries, scope)), ['posts', 'test_posts']);
  assert.deepEqual(ids(entriesIn(entries, scopeOf({ only: ['test_posts', 'schema'] }, all))), ['test_posts']);
});

test('a name that no entry has is an error that lists those there are', () => {
  assert.throws(() => entriesIn(entries, scopeOf({ only: ['postz'] }, all)), {
    code: 'OPTION_INVALID',
    message: /postz.*schema, posts, test_posts, tags/,
  });
});

test('without rows there are no entries', () => {
  assert.deepEqual(entriesIn(entries, scopeOf({ data: false }, all)), []);
  assert.deepEqual(ids(entriesIn(entries, scopeOf({}, all))), ids(entries));
});

test('a change is about the entries of its collections, and those that watch for it', () => {
  const watching = [...entries, { id: 'menu', collection: 'menu', watch: ['pages.items'] }];
  const all = watching.map(entry => ({ watch: [], ...entry }));
  const scope = scopeOf({ changed: new Set(['posts', 'posts.items', 'unknown']) }, { dataOnly: false });
  assert.deepEqual([scope.schema, scope.isFull], [false, false]);
  assert.deepEqual(ids(entriesIn(/** @type {any} */ (all), scope)), ['posts', 'test_posts']);
  const pages = scopeOf({ changed: new Set(['pages.items', '.schema']) }, { dataOnly: false });
  assert.equal(pages.schema, true);
  assert.deepEqual(ids(entriesIn(/** @type {any} */ (all), pages)), ['menu']);
});

test('a change concerns what refers to its rows by key, also where that is part of a key', () => {
  const named = [
    { id: 'products', collection: 'products', key: ['sku'], byKey: { category: ['categories'] } },
    { id: 'texts', collection: 'texts', key: ['product'], byKey: { product: ['products'] } },
    { id: 'notes', collection: 'notes', key: ['id'], byKey: { text: ['texts'] } },
    { id: 'tags', collection: 'tags', key: ['id'] },
  ].map(entry => ({ watch: [], ...entry }));
  const concerned = (/** @type {string} */ name) =>
    ids(entriesIn(/** @type {any} */ (named), scopeOf({ changed: new Set([name]) }, { dataOnly: false })));
  assert.deepEqual(concerned('products'), ['products', 'texts', 'notes']);
  assert.deepEqual(concerned('categories'), ['products'], 'the key of a product stays');
  assert.deepEqual(concerned('tags'), ['tags']);
});
