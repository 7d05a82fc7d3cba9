/** A small schema with its rows, as steps of a plan: every kind of field, a self reference, two relations. */

/** @param {number} n */
export function uuid(n) {
  return `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
}

/** @param {string} field @param {string} type @param {any} [schema] @param {any} [meta] */
export function fieldOf(field, type, schema = {}, meta = {}) {
  return {
    field,
    type,
    meta: { interface: 'input', ...meta },
    schema: { name: field, is_nullable: true, ...schema },
  };
}

const uuidKey = fieldOf('id', 'uuid', { is_primary_key: true, is_nullable: false }, { special: ['uuid'] });
const integerKey = fieldOf('id', 'integer', {
  is_primary_key: true,
  is_nullable: false,
  has_auto_increment: true,
});

/** The fields of `authors` besides its key, one of every type that rows can travel in. */
const AUTHOR_FIELDS = [
  fieldOf('name', 'string', { is_unique: true }),
  fieldOf('bio', 'text'),
  fieldOf('boss', 'uuid', {}, { special: ['m2o'] }),
  fieldOf('created', 'timestamp', {}, { special: ['date-created'] }),
  fieldOf('updated', 'timestamp', {}, { special: ['date-updated'] }),
  fieldOf('extra', 'json', {}, { special: ['cast-json'] }),
  fieldOf('tags', 'csv', {}, { special: ['cast-csv'] }),
  fieldOf('active', 'boolean', {}, { special: ['cast-boolean'] }),
  fieldOf('followers', 'bigInteger'),
  fieldOf('fee', 'decimal', { numeric_precision: 10, numeric_scale: 2 }),
  fieldOf('rating', 'float'),
  fieldOf('born', 'date'),
  fieldOf('joined', 'dateTime'),
  fieldOf('wakes', 'time'),
];

/** @param {string} collection @param {any[]} fields @param {any} [meta] */
export function collectionStep(collection, fields, meta = { group: 'shop' }) {
  return {
    type: 'collection.create',
    collection,
    payload: { collection, meta, schema: { name: collection }, fields },
  };
}

/** @param {string} collection @param {string} field @param {string | null} related @param {any} meta @param {any} schema */
export function relationStep(collection, field, related, meta, schema) {
  return {
    type: 'relation.create',
    collection,
    field,
    payload: { collection, field, related_collection: related, meta, schema },
  };
}

export const SCHEMA_STEPS = [
  {
    type: 'collection.create',
    collection: 'shop',
    payload: { collection: 'shop', meta: { icon: 'store' }, schema: null },
  },
  collectionStep('authors', [uuidKey, ...AUTHOR_FIELDS]),
  collectionStep('posts', [
    integerKey,
    fieldOf('title', 'string'),
    fieldOf('author', 'uuid', {}, { special: ['m2o'] }),
  ]),
  {
    type: 'field.create',
    collection: 'posts',
    field: 'score',
    payload: fieldOf('score', 'integer', { default_value: 3 }),
  },
  {
    type: 'field.create',
    collection: 'authors',
    field: 'posts',
    payload: { field: 'posts', type: 'alias', meta: { special: ['o2m'] }, schema: null },
  },
  relationStep('authors', 'boss', 'authors', {}, { on_delete: 'SET NULL' }),
  relationStep('posts', 'author', 'authors', { one_field: 'posts' }, { on_delete: 'CASCADE' }),
];

export const AUTHORS = [
  {
    id: uuid(1),
    name: 'Ann',
    bio: 'Zoë, 🧶\n"quoted"',
    boss: null,
    created: '2020-01-02T03:04:05.000Z',
    updated: null,
    extra: 'text',
    tags: ['a', 'b'],
    active: true,
    followers: '9007199254740993',
    fee: '12.50',
    rating: 4.25,
    born: '1990-02-03',
    joined: '2020-02-03T04:05:06',
    wakes: '06:30:00',
  },
  {
    id: uuid(2),
    name: 'Bob',
    bio: null,
    boss: uuid(1),
    created: null,
    updated: '2021-01-02T03:04:05.000Z',
    extra: { deep: [1, null, { x: true }] },
    tags: [],
    active: false,
    followers: null,
    fee: null,
    rating: null,
    born: null,
    joined: null,
    wakes: null,
  },
];

export const POSTS = [
  { id: 7, title: 'Seven', author: uuid(1), score: 1 },
  { id: 9, title: 'Nine', author: uuid(2), score: null },
];

export const ROW_STEPS = [
  { type: 'items.create', entry: 'authors', collection: 'authors', rows: AUTHORS },
  { type: 'items.create', entry: 'posts', collection: 'posts', rows: POSTS },
  {
    type: 'items.update',
    entry: 'authors',
    collection: 'authors',
    reason: 'cycle',
    changes: [{ key: uuid(1), label: 'Ann', set: { boss: uuid(2) } }],
  },
];

/** @param {string} collection @param {unknown[]} keys */
export function deleteStep(collection, ...keys) {
  return { type: 'items.delete', entry: collection, collection, keys, labels: keys.map(String) };
}

/** @param {string} collection @param {any[]} rows */
export function createStep(collection, ...rows) {
  return { type: 'items.create', entry: collection, collection, rows };
}

/** @param {string} collection @param {unknown} key @param {any} set */
export function updateStep(collection, key, set) {
  return { type: 'items.update', entry: collection, collection, changes: [{ key, label: String(key), set }] };
}
