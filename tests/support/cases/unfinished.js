/** What a killed import leaves of the schema where the database commits it statement by statement, and what becomes of it. */
import { collectionStep, fieldOf } from './shop.js';
import { toolsOf } from './tools.js';

const STATE = 'schema_sync_state';
const KEY = fieldOf('id', 'integer', { is_primary_key: true, is_nullable: false });

/**
 * Half-made things, each with the step that was under way.
 *
 * @type {readonly {step: any, halve: (database: any) => Promise<unknown>}[]}
 */
const HALVES = Object.freeze([
  {
    step: { type: 'collection.create', collection: 'made' },
    halve: async database => {
      await database.schema.createTable('made', (/** @type {any} */ table) => table.increments('id'));
      await database('directus_fields').insert({ collection: 'made', field: 'id' });
    },
  },
  {
    step: { type: 'collection.delete', collection: 'deleted' },
    halve: database => database.schema.dropTable('deleted'),
  },
  {
    step: { type: 'field.create', collection: 'kept', field: 'added' },
    halve: database => alter(database, table => table.string('added')),
  },
  {
    step: { type: 'field.delete', collection: 'kept', field: 'dropped' },
    halve: database => alter(database, table => table.dropColumn('dropped')),
  },
  {
    step: { type: 'field.rename', collection: 'kept', field: 'old', to: 'renamed' },
    halve: database => alter(database, table => table.renameColumn('old', 'renamed')),
  },
]);

/**
 * Halves each thing and repairs it; then says that whole things were under way, and repairs those.
 *
 * @param {any} context
 * @returns {Promise<{before: Known, repaired: Known, again: Known}>}
 */
export async function repairs(context) {
  const { database } = context;
  const { instance, run } = await toolsOf(context);
  const fields = ['dropped', 'old', 'stays'].map(name => fieldOf(name, 'string'));
  await run(['kept', 'deleted'].map(name => collectionStep(name, [KEY, ...fields], { group: null })));
  await database('kept').insert({ id: 1, old: 'value', stays: 'too' });
  const before = await known(database);
  for (const { step, halve } of HALVES) {
    await halve(database);
    await repair(instance, database, [step]);
  }
  const repaired = await known(database);
  await repair(instance, database, [
    { type: 'collection.create', collection: 'kept' },
    { type: 'field.create', collection: 'kept', field: 'stays' },
    { type: 'field.delete', collection: 'kept', field: 'stays' },
  ]);
  return { before, repaired, again: await known(database) };
}

/** @param {any} database @param {(table: any) => void} change */
function alter(database, change) {
  return database.schema.alterTable('kept', change);
}

/** @param {any} instance @param {any} database @param {any[]} steps */
async function repair(instance, database, steps) {
  const note = JSON.stringify(steps);
  await database(STATE).insert({ name: 'unfinished', value: note, changed: 0 });
  await instance.repairSchema();
}

/**
 * What Directus and the database know of the collections.
 *
 * @typedef {{tables: string[], collections: string[], fields: string[], columns: string[], rows: any[], notes: number}} Known
 *
 * @param {any} database
 * @returns {Promise<Known>}
 */
async function known(database) {
  const names = ['deleted', 'kept', 'made'];
  const tables = [];
  for (const name of names) if (await database.schema.hasTable(name)) tables.push(name);
  const fields = await database('directus_fields')
    .whereIn('collection', names)
    .orderBy(['collection', 'field']);
  return {
    tables,
    collections: await database('directus_collections').whereIn('collection', names).pluck('collection'),
    fields: fields.map((/** @type {any} */ { collection, field }) => `${collection}.${field}`),
    columns: Object.keys(await database('kept').columnInfo()).sort(),
    rows: await database('kept').select(),
    notes: (await database(STATE).where({ name: 'unfinished' })).length,
  };
}
