/** Plans applied to a real Directus, step by step as the core would have planned them. */
import {
  AUTHORS,
  collectionStep,
  createStep,
  deleteStep,
  fieldOf,
  POSTS,
  ROW_STEPS,
  relationStep,
  SCHEMA_STEPS,
  updateStep,
  uuid,
} from './shop.js';
import { failureOf, toolsOf } from './tools.js';

const AUTHOR_FIELDS = Object.keys(/** @type {any} */ (AUTHORS[0]));
const POST_FIELDS = Object.keys(/** @type {any} */ (POSTS[0]));

/** @param {any} context */
export async function createsAndReads(context) {
  const { run, read, snapshot } = await toolsOf(context);
  const applied = await run([...SCHEMA_STEPS, ...ROW_STEPS]);
  const { collections, fields, relations } = await snapshot();
  return {
    applied,
    authors: await read('authors', AUTHOR_FIELDS),
    posts: await read('posts', POST_FIELDS),
    collections: collections.map((/** @type {any} */ { collection, meta }) => [collection, meta.group]),
    fields: fields.map((/** @type {any} */ { collection, field, type }) => [collection, field, type]),
    relations: relations.map((/** @type {any} */ { collection, field, related_collection, schema }) => [
      collection,
      field,
      related_collection,
      schema.on_delete,
    ]),
  };
}

/**
 * What key the database gives a row that brings none, after rows that brought theirs.
 *
 * @param {any} context
 */
export async function nextKey(context) {
  const { instance, run } = await toolsOf(context);
  await run([...SCHEMA_STEPS, ...ROW_STEPS]);
  const create = (/** @type {any} */ session) =>
    session.items('posts').then((/** @type {any} */ posts) => posts.createOne({}));
  return instance.transaction(create, { commit: false });
}

/** @param {any} context */
export async function changesColumnAndKeepsChildren(context) {
  const { run, read, snapshot } = await toolsOf(context);
  await run([...SCHEMA_STEPS, ...ROW_STEPS]);
  const meta = {
    many_collection: 'posts',
    many_field: 'author',
    one_collection: 'authors',
    one_field: 'posts',
  };
  await run([
    {
      type: 'field.update',
      collection: 'authors',
      field: 'name',
      meta: { note: 'Full name', options: { trim: true } },
      before: {},
      column: {
        type: 'string',
        schema: {
          name: 'name',
          max_length: 100,
          is_nullable: false,
          is_unique: true,
          default_value: 'Nobody',
        },
      },
    },
    { type: 'field.update', collection: 'posts', field: 'title', meta: { note: 'Headline' }, before: {} },
    { type: 'collection.update', collection: 'posts', meta: { icon: 'article' }, before: {} },
    { type: 'systemField.update', collection: 'directus_activity', field: 'timestamp', indexed: true },
    {
      ...relationStep(
        'posts',
        'author',
        'authors',
        { ...meta, one_deselect_action: 'delete' },
        { on_delete: 'SET NULL' },
      ),
      type: 'relation.update',
      before: {},
    },
  ]);
  const after = await snapshot();
  const find = (/** @type {any[]} */ list, /** @type {string} */ field) =>
    list.find(one => one.field === field && ['authors', 'posts'].includes(one.collection));
  return {
    authors: await read('authors', AUTHOR_FIELDS),
    posts: await read('posts', POST_FIELDS),
    name: find(after.fields, 'name'),
    title: find(after.fields, 'title').meta.note,
    icon: after.collections.find((/** @type {any} */ { collection }) => collection === 'posts').meta.icon,
    relation: find(after.relations, 'author'),
    indexed: after.systemFields.some(
      (/** @type {any} */ { collection, field }) =>
        collection === 'directus_activity' && field === 'timestamp',
    ),
  };
}

/**
 * Relations of every kind, as they are made and as they change.
 *
 * @param {any} context
 */
export async function changesRelations(context) {
  const { run, read, snapshot } = await toolsOf(context);
  const key = fieldOf('id', 'integer', { is_primary_key: true, has_auto_increment: true });
  const blocks = [key, fieldOf('item', 'string'), fieldOf('kind', 'string'), fieldOf('post', 'integer')];
  const nick = fieldOf('nick', 'string', { is_unique: true, max_length: 20 });
  const toAny = (/** @type {string[]} */ ...allowed) =>
    relationStep(
      'blocks',
      'item',
      null,
      { one_allowed_collections: allowed, one_collection_field: 'kind' },
      null,
    );
  const change = (/** @type {any} */ step) => ({ ...step, type: 'relation.update', before: {} });
  const relations = async () =>
    (await snapshot()).relations.map(
      (/** @type {any} */ { collection, field, related_collection, schema, meta }) => [
        `${collection}.${field}`,
        related_collection ?? meta.one_allowed_collections,
        schema?.on_delete ?? null,
      ],
    );

  await run([...SCHEMA_STEPS, ...ROW_STEPS, collectionStep('blocks', blocks)]);
  await run([
    toAny('posts', 'authors'),
    relationStep('blocks', 'post', 'posts', {}, null),
    { type: 'field.create', collection: 'directus_users', field: 'nick', payload: nick },
  ]);
  const made = await relations();
  await run([
    change(toAny('posts')),
    change(relationStep('blocks', 'post', 'posts', {}, { on_delete: 'CASCADE' })),
    change(relationStep('posts', 'author', 'authors', { one_field: 'posts' }, null)),
  ]);
  const changed = await relations();
  await run([
    { type: 'systemField.update', collection: 'directus_revisions', field: 'parent', indexed: false },
    { type: 'field.delete', collection: 'directus_users', field: 'nick' },
    { type: 'relation.delete', collection: 'blocks', field: 'item' },
    { type: 'relation.delete', collection: 'blocks', field: 'post' },
    { type: 'collection.delete', collection: 'blocks' },
  ]);
  const { systemFields } = await snapshot();
  return {
    made,
    changed,
    left: await relations(),
    indexed: systemFields.map((/** @type {any} */ { collection, field }) => `${collection}.${field}`),
    authorsOfPosts: (await read('posts', ['author'])).map((/** @type {any} */ { author }) => author),
    users: (await context.database('directus_users').select('status')).length,
  };
}

/** @param {any} context */
export async function writesSystemRows(context) {
  const { run, read } = await toolsOf(context);
  await run([...SCHEMA_STEPS]);
  const flow = {
    id: uuid(60),
    name: 'Notify',
    status: 'active',
    trigger: 'manual',
    options: { collections: ['posts'] },
  };
  const first = {
    id: uuid(61),
    name: 'Log',
    key: 'log',
    type: 'log',
    position_x: 1,
    position_y: 1,
    flow: uuid(60),
  };
  const second = { ...first, id: uuid(62), name: 'Stop', key: 'stop' };
  const permission = { policy: uuid(50), collection: 'posts', action: 'read', fields: ['*'] };
  const applied = await run([
    createStep('directus_policies', { id: uuid(50), name: 'Editor', app_access: true, admin_access: false }),
    createStep('directus_permissions', permission, { ...permission, action: 'delete' }),
    createStep('directus_flows', { ...flow, operation: null }),
    createStep('directus_operations', { ...first, resolve: null }, { ...second, resolve: null }),
    updateStep('directus_operations', uuid(61), { resolve: uuid(62) }),
    updateStep('directus_flows', uuid(60), { operation: uuid(61) }),
    updateStep('directus_settings', null, {
      project_name: 'Shop',
      module_bar: [{ type: 'module', id: 'content' }],
    }),
  ]);
  const [first_] = await read('directus_permissions', ['action']);
  await run([updateStep('directus_permissions', first_.id, { action: 'update', presets: null })]);
  return {
    applied,
    permissions: await read('directus_permissions', ['policy', 'collection', 'action', 'fields', 'presets']),
    flows: await read('directus_flows', ['id', 'operation', 'status', 'options']),
    operations: await read('directus_operations', ['id', 'resolve']),
    settings: await read('directus_settings', ['project_name', 'module_bar']),
  };
}

/** @param {any} context */
export async function failsInTheMiddle(context) {
  const { run, dump } = await toolsOf(context);
  await run([...SCHEMA_STEPS, ...ROW_STEPS]);
  const before = await dump();
  const failure = await failureOf(() =>
    run([
      collectionStep('extra', [fieldOf('id', 'integer', { is_primary_key: true, has_auto_increment: true })]),
      { type: 'field.create', collection: 'posts', field: 'late', payload: fieldOf('late', 'string') },
      {
        type: 'field.update',
        collection: 'authors',
        field: 'bio',
        meta: {},
        before: {},
        column: { type: 'string', schema: { name: 'bio', max_length: 50 } },
      },
      createStep('extra', { id: 1 }),
      updateStep('authors', uuid(1), { name: 'Anna' }),
      deleteStep('authors', uuid(2)),
      createStep('posts', { id: 7, title: 'taken' }),
    ]),
  );
  const cached = await context.getSchema();
  return {
    failure,
    same: JSON.stringify(await dump()) === JSON.stringify(before),
    cached: [cached.collections.extra ?? null, cached.collections.posts.fields.late ?? null],
    foreignKeys: (await context.database.raw('PRAGMA foreign_keys'))[0].foreign_keys,
  };
}

/** @param {any} context */
export async function refusesWhatDoesNotFit(context) {
  const { run, read, dump } = await toolsOf(context);
  await run([...SCHEMA_STEPS, ...ROW_STEPS]);
  const policies = await read('directus_policies', ['name']);
  const admin = policies.find((/** @type {any} */ { name }) => name === 'Administrator');
  const before = await dump();
  const dangling = await failureOf(() =>
    run([createStep('posts', { id: 77, title: 'lost', author: uuid(99) })]),
  );
  const lastAdmin = await failureOf(() => run([deleteStep('directus_policies', admin.id)]));
  const unknown = await failureOf(() => run([{ type: 'nonsense.create', collection: 'posts' }]));
  const nameless = await failureOf(() => run([updateStep('posts', null, { title: 'x' })]));
  return {
    dangling,
    lastAdmin,
    unknown,
    nameless,
    same: JSON.stringify(await dump()) === JSON.stringify(before),
  };
}

/** @param {any} context */
export async function toleratesOldViolations(context) {
  const { run, read } = await toolsOf(context);
  await run([...SCHEMA_STEPS, ...ROW_STEPS]);
  await context.database.raw('PRAGMA foreign_keys = OFF');
  await context.database('posts').insert({ id: 50, title: 'old', author: uuid(99) });
  await context.database.raw('PRAGMA foreign_keys = ON');
  await run([
    updateStep('posts', 7, { title: 'Seven!' }),
    {
      type: 'field.update',
      collection: 'posts',
      field: 'title',
      meta: {},
      before: {},
      column: { type: 'text', schema: { name: 'title' } },
    },
  ]);
  return read('posts', ['title']);
}

/** @param {any} context */
export async function deletes(context) {
  const { run, read, snapshot } = await toolsOf(context);
  await run([...SCHEMA_STEPS, ...ROW_STEPS]);
  await run([
    createStep('directus_policies', { id: uuid(50), name: 'Editor' }),
    createStep('directus_permissions', {
      policy: uuid(50),
      collection: 'posts',
      action: 'read',
      fields: ['*'],
    }),
  ]);
  await run([deleteStep('authors', uuid(2)), deleteStep('directus_policies', uuid(50))]);
  const left = {
    authors: await read('authors', ['name', 'boss']),
    posts: await read('posts', ['title']),
    permissions: await read('directus_permissions', ['policy']),
  };
  await run([
    { type: 'relation.delete', collection: 'authors', field: 'boss' },
    { type: 'relation.delete', collection: 'posts', field: 'author' },
    { type: 'field.delete', collection: 'authors', field: 'posts' },
    { type: 'field.delete', collection: 'posts', field: 'author' },
  ]);
  const withoutRelations = await snapshot();
  const foreignKeys = await context.database.raw('PRAGMA foreign_key_list(authors)');
  await run(['posts', 'authors', 'shop'].map(collection => ({ type: 'collection.delete', collection })));
  const empty = await snapshot();
  return {
    ...left,
    relations: withoutRelations.relations,
    foreignKeys,
    fields: withoutRelations.fields.map(
      (/** @type {any} */ { collection, field }) => `${collection}.${field}`,
    ),
    collections: empty.collections,
  };
}

/** @param {any} context */
export async function keepsTheLicence(context) {
  const { run, read } = await toolsOf(context);
  const flow = (/** @type {number} */ n, /** @type {string} */ status) => ({
    id: uuid(100 + n),
    name: `Flow ${n}`,
    status,
    trigger: 'manual',
  });
  const five = Array.from({ length: 5 }, (_, n) => flow(n, 'active'));
  const sixth = await failureOf(() => run([createStep('directus_flows', ...five, flow(5, 'active'))]));
  const none = await read('directus_flows', ['name']);
  await run([createStep('directus_flows', ...five, flow(5, 'inactive'))]);
  await run([createStep('directus_policies', { id: uuid(50), name: 'Editor' })]);
  const rule = { policy: uuid(50), collection: 'directus_files', action: 'read', fields: ['id'] };
  const customRule = await failureOf(() => run([createStep('directus_permissions', rule)]));
  const key = [fieldOf('id', 'integer', { is_primary_key: true, has_auto_increment: true })];
  const many = Array.from({ length: 26 }, (_, n) => collectionStep(`c${n}`, key, {}));
  const collections = await failureOf(() => run(many));
  return { sixth, none, flows: (await read('directus_flows', ['name'])).length, customRule, collections };
}
