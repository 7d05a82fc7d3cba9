/** Fields that get another name, with what hangs on them. */
import { exportedFolder } from './folder.js';
import { collectionStep, createStep, fieldOf, relationStep } from './shop.js';

const key = fieldOf('id', 'integer', { is_primary_key: true, is_nullable: false, has_auto_increment: true });

const STEPS = [
  collectionStep('people', [key, fieldOf('name', 'string')], {}),
  collectionStep(
    'posts',
    [
      key,
      fieldOf('title', 'string', { is_nullable: false, default_value: 'Untitled' }),
      fieldOf('slug', 'string', { is_unique: true, is_indexed: true }),
      fieldOf('status', 'string'),
      fieldOf('author', 'integer', {}, { special: ['m2o'] }),
    ],
    { archive_field: 'status', archive_value: 'gone', unarchive_value: 'here' },
  ),
  {
    type: 'field.create',
    collection: 'people',
    field: 'posts',
    payload: { field: 'posts', type: 'alias', meta: { special: ['o2m'] }, schema: null },
  },
  relationStep('posts', 'author', 'people', { one_field: 'posts' }, { on_delete: 'CASCADE' }),
  createStep('people', { id: 1, name: 'Ann' }),
  createStep(
    'posts',
    { id: 1, title: 'One', slug: 'one', status: 'here', author: 1 },
    { id: 2, title: 'Two', slug: 'two', status: null, author: null },
  ),
];

const NAMES = /** @type {const} */ ({ title: 'headline', slug: 'path', status: 'state', author: 'writer' });
const RENAMES = Object.fromEntries(
  Object.entries(NAMES).map(([from, to]) => [`posts.${from}`, `posts.${to}`]),
);

/** @param {any} context */
export async function renames(context) {
  const folder = await exportedFolder(context, STEPS, { people: {}, posts: {} });
  await folder.configure(`export const renames = ${JSON.stringify(RENAMES)};
`);
  await folder.edit('data/schema/posts.json', renameInSchema);
  await folder.edit('data/posts.json', posts => posts.forEach(renameKeys));
  const { plan, applied } = await folder.import({ mode: 'mirror' });
  const again = await folder.import({ mode: 'mirror' });
  const { database } = context;
  const rows = await database('posts').orderBy('id').select();
  const [relation] = await database('directus_relations').select('many_field', 'one_field');
  const collection = await database('directus_collections')
    .where({ collection: 'posts' })
    .first('archive_field');
  return {
    applied,
    steps: plan?.steps.map(({ type, field, to }) => [type, field, to]),
    warnings: plan?.warnings.map(({ code, destructive }) => [code, destructive]),
    again: again.plan?.steps,
    rows,
    relation,
    archive: collection.archive_field,
    fields: (await database('directus_fields').where({ collection: 'posts' }).pluck('field')).sort(),
    ...(await behaviour(context)),
    loosened: await loosened(folder),
  };
}

/**
 * Whether what the database holds to still holds: NOT NULL with its default, the foreign key, the unique values.
 *
 * @param {any} context
 */
async function behaviour({ database }) {
  await database('posts').insert({ id: 3, path: 'three' });
  const { headline } = await database('posts').where({ id: 3 }).first();
  const twice = await database('posts')
    .insert({ id: 4, path: 'three' })
    .then(
      () => 'taken',
      () => 'refused',
    );
  const nobody = await database('posts')
    .insert({ id: 5, writer: 99 })
    .then(
      () => 'taken',
      () => 'refused',
    );
  await database('people').where({ id: 1 }).delete();
  return { headline, twice, nobody, left: await database('posts').orderBy('id').pluck('id') };
}

/**
 * Directus must find the indexes under the names that it gives them.
 *
 * @param {Awaited<ReturnType<typeof exportedFolder>>} folder
 */
async function loosened(folder) {
  await folder.edit('data/schema/posts.json', ({ fields }) => {
    const { schema } = fields.find((/** @type {any} */ { field }) => field === 'path');
    Object.assign(schema, { is_unique: false, is_indexed: false });
  });
  const { applied } = await folder.import({ data: false });
  return applied;
}

/** @param {any} collection a file of the schema */
function renameInSchema(collection) {
  const named = (/** @type {any} */ object, /** @type {string} */ key) => {
    if (object?.[key] in NAMES) object[key] = NAMES[/** @type {keyof typeof NAMES} */ (object[key])];
  };
  named(collection.meta, 'archive_field');
  for (const field of collection.fields) {
    named(field, 'field');
    named(field.meta, 'field');
    named(field.schema, 'name');
  }
  for (const relation of collection.relations) {
    named(relation, 'field');
    named(relation.meta, 'many_field');
    named(relation.schema, 'column');
  }
}

/** @param {any} row */
function renameKeys(row) {
  for (const [from, to] of Object.entries(NAMES)) {
    row[to] = row[from];
    delete row[from];
  }
}
