/** Changes of the schema that lose something, or that what is there stands in the way of. */
import { exportedFolder } from './folder.js';
import { collectionStep, createStep, fieldOf } from './shop.js';

const key = fieldOf('id', 'integer', { is_primary_key: true, is_nullable: false, has_auto_increment: true });

/** Names that are words of SQL have to be quoted. */
const SCHEMA = [
  collectionStep('order', [key, fieldOf('group', 'string')], {}),
  collectionStep('bare', [key], {}),
  collectionStep(
    'posts',
    [
      key,
      fieldOf('select', 'string'),
      fieldOf('unused', 'string'),
      fieldOf('title', 'string', { max_length: 255 }),
      fieldOf('views', 'bigInteger'),
      fieldOf('slug', 'string'),
      fieldOf('code', 'string'),
    ],
    {},
  ),
];

const ROWS = [
  createStep('order', { id: 1, group: 'a' }, { id: 2, group: null }),
  createStep(
    'posts',
    { id: 1, select: 'x', title: 'Zoë🧶!', views: '1', slug: 'one', code: 'same' },
    { id: 2, select: null, title: 'longer', views: '2147483648', slug: null, code: 'same' },
    { id: 3, select: 'y', title: 'longest', views: null, slug: 'three', code: null },
    { id: 4, select: 'z', title: null, views: '-7', slug: 'four', code: null },
  ),
];

const SCHEMA_ONLY = /** @type {const} */ ({ mode: 'mirror', data: false });

/** @param {any} context */
export async function losing(context) {
  const folder = await exportedFolder(context, [...SCHEMA, ...ROWS], {});
  await folder.remove('data/schema/order.json', 'data/schema/bare.json');
  await folder.edit('data/schema/posts.json', posts => {
    posts.fields = posts.fields.filter(
      (/** @type {any} */ { field }) => !['select', 'unused'].includes(field),
    );
    fieldIn(posts, 'title').schema.max_length = 5;
    Object.assign(fieldIn(posts, 'views'), { type: 'integer' });
  });
  const refused = await problems(() => folder.import(SCHEMA_ONLY));
  const untouched = await context.database('posts').orderBy('id').select('id', 'select', 'title');
  const { plan } = await folder.import({ ...SCHEMA_ONLY, dryRun: true });
  // With this value PostgreSQL could not change the column at all.
  await context.database('posts').where({ id: 2 }).update({ views: 2 });
  const { applied } = await folder.import({ ...SCHEMA_ONLY, allowDestructive: true });
  const left = await context.database('posts').orderBy('id').select();
  return { refused, untouched, warnings: plan?.warnings, applied, left, tables: await tables(context) };
}

/** @param {any} context */
export async function inTheWay(context) {
  const folder = await exportedFolder(context, [...SCHEMA, ...ROWS], {});
  await folder.edit('data/schema/posts.json', posts => {
    fieldIn(posts, 'slug').schema.is_nullable = false;
    fieldIn(posts, 'code').schema.is_unique = true;
  });
  const refused = await problems(() => folder.import({ ...SCHEMA_ONLY, allowDestructive: true }));
  await context.database('posts').whereNull('slug').update({ slug: 'two' });
  await context.database('posts').where({ id: 2 }).update({ code: 'other' });
  const { applied, plan } = await folder.import(SCHEMA_ONLY);
  return { refused, applied, warnings: plan?.warnings };
}

/** @param {any} collection a file of the schema @param {string} name */
function fieldIn(collection, name) {
  return collection.fields.find((/** @type {any} */ { field }) => field === name);
}

/** @param {() => Promise<unknown>} act */
async function problems(act) {
  try {
    await act();
    return null;
  } catch (error) {
    const { code, message, exitCode, diagnostics } = /** @type {any} */ (error);
    return {
      code,
      message,
      exitCode,
      found: diagnostics.map((/** @type {any} */ one) => one.message).sort(),
    };
  }
}

/** @param {any} context */
async function tables({ database }) {
  const names = ['order', 'bare', 'posts'];
  const found = await Promise.all(names.map(name => database.schema.hasTable(name)));
  return names.filter((_, index) => found[index]);
}
