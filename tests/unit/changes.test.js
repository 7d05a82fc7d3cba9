import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changedBy, isChange, SCHEMA } from '../../extension/changes.js';

const key = { constraint_name: 'fk' };
const relations = [
  { collection: 'posts', related_collection: 'authors', schema: key },
  { collection: 'comments', related_collection: 'posts', schema: key },
  { collection: 'authors', related_collection: 'authors', schema: key },
  { collection: 'links', related_collection: 'authors', schema: null },
  { collection: 'blocks', related_collection: null, schema: null },
];

test('a changed row changes its collection', () => {
  const changed = (/** @type {string} */ event, /** @type {string} */ collection) =>
    changedBy({ event, collection }, relations);
  assert.deepEqual(changed('items.create', 'posts'), ['posts.items', 'posts']);
  assert.deepEqual(changed('items.sort', 'posts'), ['posts.items', 'posts']);
  assert.deepEqual(changed('roles.update', 'directus_roles'), ['roles', 'directus_roles']);
  assert.deepEqual(changedBy({ event: 'files.upload' }, relations), ['files', 'directus_files']);
});

test('a deleted row changes what refers to it, through others too', () => {
  const changed = changedBy({ event: 'items.delete', collection: 'authors' }, relations);
  assert.deepEqual(changed.sort(), ['authors', 'authors.items', 'comments', 'posts']);
});

test('schema events change the schema, and deletions what goes along', () => {
  assert.deepEqual(changedBy({ event: 'fields.create', collection: 'posts' }, relations), [
    SCHEMA,
    'fields',
    'posts',
  ]);
  const changed = changedBy({ event: 'collections.delete', collection: 'posts' }, relations);
  const along = ['collections', 'comments', 'directus_permissions', 'directus_presets', 'posts'];
  assert.deepEqual(changed.sort(), [SCHEMA, ...along]);
});

test('events that change nothing are passed over', () => {
  for (const event of ['auth.login', 'server.start', 'items.read', 'request.not_found']) {
    assert.deepEqual(changedBy({ event, collection: 'posts' }, relations), []);
  }
});

test('a request that changes something without an event counts as one', () => {
  const response = (/** @type {string} */ method, /** @type {string} */ path) => ({
    event: 'response',
    request: { method, path },
  });
  const silent = response('PATCH', '/relations/posts/author');
  assert.ok(isChange(silent));
  assert.deepEqual(changedBy(silent, relations), [SCHEMA, 'relations']);
  for (const other of [response('GET', '/relations/posts/author'), response('PATCH', '/items/posts/1')]) {
    assert.ok(!isChange(other));
    assert.deepEqual(changedBy(other, relations), []);
  }
});
