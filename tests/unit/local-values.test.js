import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dialectOf } from '../../extension/instances/local/dialect.js';
import { collectionFacts, relationFacts } from '../../extension/instances/local/facts.js';
import { asWritten, writingSchema } from '../../extension/instances/local/writers/values.js';

const schema = {
  collections: {
    posts: {
      fields: {
        title: { type: 'string', special: [] },
        extra: { type: 'json', special: ['cast-json'] },
        created: { type: 'timestamp', special: ['date-created', 'cast-timestamp'] },
        updated: { type: 'timestamp', special: ['date-updated'] },
      },
    },
  },
};

test('fields that the rows bring are not filled by Directus', () => {
  const { fields } = writingSchema(schema, 'posts', ['created']).collections.posts;
  assert.deepEqual(fields.created.special, ['cast-timestamp']);
  assert.deepEqual(schema.collections.posts.fields.created.special, ['date-created', 'cast-timestamp']);
});

test('fields that they do not bring are filled for a new row, and left alone by an update', () => {
  const { fields } = writingSchema(schema, 'posts', ['title']).collections.posts;
  assert.deepEqual(fields.created.special, ['date-created', 'cast-timestamp']);
  assert.deepEqual(fields.updated.special, []);
  assert.equal(fields.title, schema.collections.posts.fields.title, 'others are not copied');
});

test('JSON scalars are written as JSON, everything else as it is', () => {
  const { posts } = schema.collections;
  assert.deepEqual(asWritten({ extra: 'text', title: 'text' }, posts), { extra: '"text"', title: 'text' });
  assert.deepEqual(asWritten({ extra: false }, posts), { extra: 'false' });
  assert.deepEqual(asWritten({ extra: { a: 1 } }, posts), { extra: { a: 1 } });
  assert.deepEqual(asWritten({ extra: null }, posts), { extra: null });
});

test('facts say what the database makes up and what is unique', () => {
  const field = (/** @type {any} */ more) => ({
    type: 'integer',
    special: [],
    nullable: false,
    generated: false,
    defaultValue: null,
    ...more,
  });
  const fields = {
    id: field({ defaultValue: 'AUTO_INCREMENT' }),
    total: field({ generated: true }),
    slug: field({ type: 'string' }),
  };
  const columns = [
    { table: 'posts', name: 'slug', is_unique: true },
    { table: 'tags', name: 'id', is_unique: true },
  ];
  const { posts } = collectionFacts(
    { collections: { posts: { primary: 'id', singleton: false, fields } } },
    columns,
  );
  assert.deepEqual(
    Object.entries(posts?.fields ?? {}).map(([name, { generated, unique }]) => [name, generated, unique]),
    [
      ['id', true, false],
      ['total', true, false],
      ['slug', false, true],
    ],
  );
});

test('facts of a relation without a foreign key, and of one to any collection', () => {
  const relations = [
    { collection: 'a', field: 'b', related_collection: 'c', schema: null, meta: null },
    {
      collection: 'a',
      field: 'item',
      related_collection: null,
      schema: null,
      meta: { one_collection_field: 'kind', one_allowed_collections: ['c'] },
    },
  ];
  assert.deepEqual(relationFacts({ relations }), [
    {
      collection: 'a',
      field: 'b',
      related: 'c',
      collectionField: null,
      allowed: null,
      constraint: false,
      onDelete: null,
    },
    {
      collection: 'a',
      field: 'item',
      related: null,
      collectionField: 'kind',
      allowed: ['c'],
      constraint: false,
      onDelete: null,
    },
  ]);
});

test('a busy database is told from a broken one, also where the driver is only the cause', () => {
  const { isBusy } = dialectOf({ client: { config: { client: 'pg' } } });
  assert.equal(isBusy(Object.assign(new Error(), { code: '40001' })), true);
  assert.equal(isBusy(new Error('step', { cause: Object.assign(new Error(), { code: '55P03' }) })), true);
  assert.equal(isBusy(new Error('syntax')), false);
});

test('a database that is not supported is named', () => {
  assert.throws(
    () => dialectOf({ client: { config: { client: 'oracledb' } } }),
    /"oracledb".*sqlite, postgres, mysql/,
  );
});
