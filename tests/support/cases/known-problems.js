/**
 * Problems that users of other tools reported, each provoked on a target that holds the sample project. A problem
 * edits the folder or the target, imports, and says what became of the target.
 */
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readEnvironment } from '../../../extension/environment.js';
import { importProject } from '../../../extension/import.js';
import { localInstance } from '../../../extension/instances/local.js';
import { writeManifest } from '../../../extension/manifest.js';
import { ids } from '../../harness/sample-project.js';
import { uuid } from './shop.js';
import { failureOf } from './tools.js';

/** What the tables of the sample hold that refer to others, so that a lost row or reference shows. */
const REFERRING = Object.freeze({
  products: ['id', 'category', 'brand'],
  reviews: ['id', 'product'],
  products_tags: ['id', 'products_id', 'tags_slug'],
  brands: ['id', 'flagship'],
  categories: ['id', 'parent'],
});

const DEFAULTS = Object.freeze({
  question: '?',
  inside: 'why? $1',
  quote: "it's",
  quotes: "'' \"'",
  slash: 'a\\b?',
  empty: '',
  template: '{{ name }}',
  word: 'null',
});

/** Every problem by the name that the test gives it. */
const PROBLEMS = Object.freeze({
  freshDatabase,
  rebuiltTable,
  nestedRemoval,
  mergeDeletes,
  userPolicies,
  lastAdmin,
  olderSnapshot,
  failedApply,
  readError,
  missingColumns,
  repeatedDrop,
  keyThatRefers,
  defaults,
  counters,
  largeRow,
});

/**
 * @param {any} context
 * @returns {Promise<Record<string, any>>} what became of each problem, or `{crash}` where it threw
 */
export async function provokeAll(context) {
  /** @type {Record<string, any>} */
  const results = {};
  const target = await targetOf(context);
  for (const [name, provoke] of Object.entries(PROBLEMS)) {
    try {
      results[name] = await provoke(target);
    } catch (error) {
      results[name] = { crash: String(/** @type {Error} */ (error).stack) };
    }
    await target.reset();
  }
  return results;
}

/**
 * @typedef {object} Target an instance with the sample project, and the folder that says so
 * @property {any} database knex
 * @property {any} services of Directus
 * @property {() => Promise<any>} getSchema
 * @property {import('../../../extension/instances/local.js').LocalInstance} instance
 * @property {(options?: import('../../../extension/run.js').ImportOptions) => Promise<import('../../../extension/import.js').ImportReport>} sync
 *   imports, as a mirror and with consent unless told otherwise
 * @property {() => Promise<any[] | undefined>} pending the steps that an import would have now
 * @property {(path: string, change: (content: any) => unknown) => Promise<void>} edit changes a data file in place, or
 *   by what `change` gives
 * @property {(path: string, content: unknown) => Promise<void>} add
 * @property {(path: string) => Promise<void>} remove
 * @property {() => Promise<void>} reset brings folder and target back to the sample
 * @property {() => Promise<Record<string, any[]>>} references of rows to rows
 */

/** @param {any} context @returns {Promise<Target>} */
async function targetOf(context) {
  const { settings } = readEnvironment(context.env);
  const { database } = context;
  const instance = localInstance(context);
  const data = join(settings.dir, 'data');
  const pristine = `${data}.pristine`;
  await cp(data, pristine, { recursive: true });

  /** @param {import('../../../extension/run.js').ImportOptions} [options] */
  const sync = async options => {
    await writeManifest(settings);
    return importProject(instance, settings, { mode: 'mirror', allowDestructive: true, ...options });
  };

  return {
    ...context,
    database,
    instance,
    sync,
    pending: async () => (await sync({ dryRun: true })).plan?.steps,
    async edit(path, change) {
      const file = join(data, path);
      const content = JSON.parse(await readFile(file, 'utf8'));
      await writeFile(file, JSON.stringify(change(content) ?? content, null, 2));
    },
    add: (path, content) => writeFile(join(data, path), JSON.stringify(content, null, 2)),
    remove: path => rm(join(data, path)),
    async reset() {
      await rm(data, { recursive: true });
      await cp(pristine, data, { recursive: true });
      await sync();
    },
    async references() {
      const tables = Object.entries(REFERRING).map(async ([table, columns]) => {
        return [table, await database(table).select(columns).orderBy('id')];
      });
      return Object.fromEntries(await Promise.all(tables));
    },
  };
}

/** @param {Target} target */
async function freshDatabase({ sync, pending, database }) {
  const { plan } = await sync({ mode: 'sync' });
  const [logo] = await database('directus_settings').select('project_logo');
  const [child] = await database('directus_folders').where({ id: ids.folder.products }).select('parent');
  const linked = await database('directus_operations').whereNotNull('resolve').count({ count: '*' }).first();
  const grouped = await database('directus_collections').where({ group: 'shop' }).pluck('collection');
  return {
    created: plan?.summary.schema.collections?.create,
    pending: await pending(),
    logo: logo.project_logo,
    parent: child.parent,
    linked: Number(linked.count),
    grouped: grouped.length,
  };
}

/** @param {Target} target */
async function rebuiltTable({ sync, edit, references }) {
  const before = await references();
  await edit('schema/categories.json', content => {
    columnOf(content.fields, 'name', { max_length: 80 });
    content.fields = content.fields.filter(isNot('slug'));
  });
  await edit('categories.json', rows => rows.map(without('slug')));
  await edit('schema/products.json', content => {
    columnOf(content.fields, 'sku', { max_length: 64 });
    content.fields = content.fields.filter(isNot('external_id'));
  });
  await edit('products.json', rows => rows.map(without('external_id')));
  const { plan } = await sync();
  return {
    before,
    after: await references(),
    steps: plan?.steps.map(({ type, field }) => `${type} ${field}`),
  };
}

/** @param {Target} target */
async function nestedRemoval({ sync, edit, references, database }) {
  const before = await references();
  await edit('schema/products.json', ({ meta, fields }) => {
    delete meta.translations[0].plural;
    delete fieldIn(fields, 'status').meta.options.choices[0].color;
    fieldIn(fields, 'description').meta.note = null;
  });
  await sync();
  const { note } = await database('directus_fields')
    .where({ collection: 'products', field: 'description' })
    .first('note');
  return { before, after: await references(), note };
}

/** @param {Target} target */
async function mergeDeletes({ sync, edit, remove, services, database, getSchema, references }) {
  const collections = new services.CollectionsService({ knex: database, schema: await getSchema() });
  const key = { field: 'id', type: 'integer', schema: { is_primary_key: true, has_auto_increment: true } };
  await collections.createOne({ collection: 'production_only', schema: {}, meta: {}, fields: [key] });
  await database('production_only').insert({ id: 1 });
  const before = await references();
  await edit('reviews.json', () => []);
  await edit('schema/products.json', content => {
    content.fields = content.fields.filter(isNot('stock'));
  });
  await remove('schema/page_sections.json');
  await sync({ mode: 'merge' });
  const kept = await database('production_only').pluck('id');
  return {
    before,
    after: await references(),
    kept,
    sections: await database.schema.hasTable('page_sections'),
  };
}

/** @param {Target} target */
async function userPolicies({ sync, database, services, getSchema }) {
  const schema = await getSchema();
  const users = new services.UsersService({ knex: database, schema });
  const user = await users.createOne({
    email: 'customer@example.com',
    status: 'active',
    role: ids.role.editor,
  });
  const links = [
    { id: uuid(80), user, role: null, policy: ids.policy.editor },
    { id: uuid(81), user, role: null, policy: ids.policy.translator },
  ];
  await database('directus_access').insert(links);
  const preset = { user, collection: 'products', bookmark: 'My own' };
  await database('directus_presets').insert(preset);
  await sync();
  const result = {
    links: await database('directus_access').where({ user }).orderBy('id').pluck('id'),
    presets: await database('directus_presets').where({ user }).pluck('bookmark'),
    user: await database('directus_users').where({ id: user }).pluck('email'),
  };
  await database('directus_users').where({ id: user }).delete();
  return result;
}

/** @param {Target} target */
async function lastAdmin({ sync, edit, database }) {
  await edit('directus_roles.json', roles => roles.filter(named('Administrator', false)));
  await edit('directus_policies.json', policies => policies.filter(named('Administrator', false)));
  await edit('directus_access.json', () => []);
  await edit('directus_permissions.json', () => []);
  const { plan } = await sync();
  const admins = await database('directus_users')
    .join('directus_access', 'directus_access.role', 'directus_users.role')
    .join('directus_policies', 'directus_policies.id', 'directus_access.policy')
    .where({ admin_access: true })
    .pluck('email');
  return { admins, codes: plan?.warnings.map(({ code }) => code) };
}

/** @param {Target} target */
async function olderSnapshot({ sync, edit, database }) {
  const columns = async () => {
    const users = await database('directus_users').columnInfo();
    const files = await database('directus_files').columnInfo();
    return [...Object.keys(users), ...Object.keys(files)].sort();
  };
  const before = await columns();
  await edit('schema.json', header => {
    header.directus = '10.10.0';
    header.systemFields = header.systemFields.slice(0, 2);
  });
  const { plan } = await sync();
  return { before, after: await columns(), steps: plan?.steps };
}

/** @param {Target} target */
async function failedApply({ sync, edit, instance, database }) {
  const relations = () =>
    instance.transaction(async session => (await session.readSnapshot()).relations, { commit: false });
  const before = await relations();
  await edit('schema/reviews.json', ({ relations }) => {
    relations[0].schema.on_delete = 'SET NULL';
  });
  await edit('schema/categories.json', ({ fields }) => columnOf(fields, 'name', { max_length: 70 }));
  await edit('tags.json', tags => [...tags, { slug: 'refused', label: 'refused' }]);
  await forbid(database, 'tags');
  const failure = await failureOf(() => sync());
  await allow(database, 'tags');
  return { failure, before, after: await relations() };
}

/** @param {Target} target */
async function readError({ sync, edit, database }) {
  const count = async () => (await database('reviews').count({ count: '*' }).first()).count;
  const before = await count();
  await edit('reviews.json', () => []);
  const { prototype } = database.client.constructor;
  const { query } = prototype;
  // Nothing outside of it makes a single read fail, so the client stands in for a broken database.
  prototype.query = function failing(/** @type {unknown} */ connection, /** @type {any} */ statement) {
    if (/from [`"]reviews[`"]/.test(statement.sql)) throw new Error('431 Request Header Fields Too Large');
    return query.call(this, connection, statement);
  };
  const failure = await failureOf(() => sync()).finally(() => {
    prototype.query = query;
  });
  return { failure, before, after: await count() };
}

/** @param {Target} target */
async function missingColumns({ sync, edit, database, instance }) {
  await database.schema.alterTable('directus_settings', (/** @type {any} */ table) => {
    table.dropColumns('mv_locked', 'mv_ts', 'mv_hash');
  });
  await edit('tags.json', tags => [...tags, { slug: 'healed', label: 'Healed' }]);
  await sync();
  return {
    healed: await instance.hasSettings(),
    tag: await database('tags').where({ slug: 'healed' }).pluck('label'),
  };
}

/** @param {Target} target */
async function repeatedDrop({ sync, reset, edit, instance, pending }) {
  const drop = async () => {
    await edit('schema/reviews.json', content => {
      content.fields = content.fields.filter(isNot('product'));
      content.relations = [];
    });
    await edit('schema/products.json', content => {
      content.fields = content.fields.filter(isNot('reviews'));
    });
    await edit('reviews.json', rows => rows.map(without('product')));
    await sync();
  };
  const relation = async () => {
    const { relations } = await instance.transaction(session => session.readSnapshot(), { commit: false });
    return relations.filter((/** @type {any} */ { collection }) => collection === 'reviews').length;
  };
  const counts = [];
  for (const act of [drop, reset, drop, reset]) {
    await act();
    counts.push(await relation());
  }
  return { counts, pending: await pending() };
}

/** @param {Target} target */
async function keyThatRefers({ add, sync, pending, instance }) {
  const collection = 'product_details';
  await add(`schema/${collection}.json`, {
    collection,
    meta: { collection, hidden: false },
    schema: { name: collection },
    fields: [
      fieldOf(collection, 'id', 'uuid', { is_primary_key: true, is_nullable: false, is_unique: true }),
      fieldOf(collection, 'weight', 'integer', {}),
    ],
    relations: [
      {
        collection,
        field: 'id',
        related_collection: 'products',
        meta: { many_collection: collection, many_field: 'id', one_collection: 'products' },
        schema: {
          table: collection,
          column: 'id',
          foreign_key_table: 'products',
          foreign_key_column: 'id',
          on_delete: 'CASCADE',
        },
      },
    ],
  });
  await sync();
  const { relations } = await instance.transaction(session => session.readSnapshot(), { commit: false });
  return {
    pending: await pending(),
    rule: relations.find((/** @type {any} */ found) => found.collection === collection)?.schema.on_delete,
  };
}

/** @param {Target} target */
async function defaults({ edit, sync, pending, database }) {
  const numbers = { zero: ['integer', 0], off: ['boolean', false] };
  await edit('schema/tags.json', ({ fields }) => {
    for (const [name, value] of Object.entries(DEFAULTS)) {
      fields.push(fieldOf('tags', name, 'string', { default_value: value }));
    }
    for (const [name, [type, value]] of Object.entries(numbers)) {
      fields.push(fieldOf('tags', name, String(type), { default_value: value }));
    }
  });
  await sync();
  await database('tags').insert({ slug: 'by-default', label: 'x' });
  const columns = [...Object.keys(DEFAULTS), ...Object.keys(numbers)];
  const [row] = await database('tags').where({ slug: 'by-default' }).select(columns);
  await database('tags').where({ slug: 'by-default' }).delete();
  return { pending: await pending(), expected: DEFAULTS, row };
}

/** @param {Target} target */
async function counters({ add, sync, pending, database }) {
  const collection = 'counters';
  const serial = { is_primary_key: true, is_nullable: false, has_auto_increment: true };
  await add(`schema/${collection}.json`, {
    collection,
    meta: { collection },
    schema: { name: collection },
    fields: [
      fieldOf(collection, 'id', 'integer', {
        ...serial,
        default_value: "nextval('counters_id_seq'::regclass)",
      }),
      fieldOf(collection, 'label', 'string', {}),
    ],
    relations: [],
  });
  await sync();
  await database(collection).insert([{ label: 'a' }, { label: 'b' }]);
  return { pending: await pending(), keys: await database(collection).orderBy('id').pluck('id') };
}

/** @param {Target} target */
async function largeRow({ edit, sync, pending, database }) {
  const body = 'Þ?$1 '.repeat(700_000);
  await edit('reviews.json', reviews => {
    reviews[0].body = body;
  });
  await sync();
  const bodies = await database('reviews').pluck('body');
  return { pending: (await pending())?.length, arrived: bodies.includes(body) };
}

/** @param {any[]} fields @param {string} name @param {object} schema */
function columnOf(fields, name, schema) {
  Object.assign(fieldIn(fields, name).schema, schema);
}

/** @param {any[]} fields @param {string} name */
function fieldIn(fields, name) {
  return fields.find(({ field }) => field === name);
}

/** @param {string} field */
function without(field) {
  return (/** @type {Record<string, unknown>} */ { [field]: _, ...rest }) => rest;
}

/** @param {string} name */
function isNot(name) {
  return (/** @type {any} */ { field }) => field !== name;
}

/** @param {string} name @param {boolean} wanted */
function named(name, wanted) {
  return (/** @type {any} */ row) => (row.name === name) === wanted;
}

/** @param {string} collection @param {string} field @param {string} type @param {object} schema */
function fieldOf(collection, field, type, schema) {
  return {
    collection,
    field,
    type,
    meta: { collection, field, special: type === 'boolean' ? ['cast-boolean'] : null, interface: 'input' },
    schema: { name: field, table: collection, is_nullable: true, is_unique: false, ...schema },
  };
}

/** Makes the database refuse new rows of a table. @param {any} database @param {string} table */
async function forbid(database, table) {
  if (isPostgres(database)) {
    await database.raw(
      `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'refused'; END $$`,
    );
    await database.raw(
      `CREATE TRIGGER refuse BEFORE INSERT ON ${table} FOR EACH ROW EXECUTE FUNCTION refuse()`,
    );
  } else {
    await database.raw(
      `CREATE TRIGGER refuse BEFORE INSERT ON ${table} BEGIN SELECT RAISE(ABORT, 'refused'); END`,
    );
  }
}

/** @param {any} database @param {string} table */
async function allow(database, table) {
  if (!isPostgres(database)) return database.raw('DROP TRIGGER refuse');
  await database.raw(`DROP TRIGGER refuse ON ${table}`);
  await database.raw('DROP FUNCTION refuse');
}

/** @param {any} database */
function isPostgres(database) {
  return database.client.config.client === 'pg';
}
