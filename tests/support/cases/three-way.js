/** Rows that files, target and base have in every combination, merged on a real Directus. */
import { exportedFolder } from './folder.js';
import { collectionStep, fieldOf } from './shop.js';

/**
 * @typedef {'a' | 'b' | 'c' | null} Content which of {@link CONTENTS} a row has; null where it is not there
 * @typedef {{base: Content, desired: Content, current: Content}} Situation
 * @typedef {import('../../../extension/run.js').ImportOptions} Options
 *
 * @typedef {object} Outcome
 * @property {Record<string, Content>} rows of the target after the import
 * @property {string | null} refused code of the error that stopped the import
 * @property {Record<string, string[]>} named the rows that each warning names, by code; or what refused it
 * @property {{steps: number, codes: string[]}} again what a plan right after it says
 */

const TABLE = 'things';
const FIELDS = [
  fieldOf('id', 'string', { is_primary_key: true, is_nullable: false }),
  fieldOf('text', 'text'),
  fieldOf('score', 'integer'),
  fieldOf('price', 'decimal', { numeric_precision: 10, numeric_scale: 2 }),
  fieldOf('done', 'boolean', {}, { special: ['cast-boolean'] }),
  fieldOf('at', 'timestamp'),
  fieldOf('extra', 'json', {}, { special: ['cast-json'] }),
];

/** What a row may hold: values that databases give back in forms of their own. */
const CONTENTS = Object.freeze({
  a: {
    text: 'a',
    score: 1,
    price: '1.50',
    done: true,
    at: '2024-01-02T03:04:05.000Z',
    extra: { x: [1, null] },
  },
  b: { text: 'b', score: 2, price: '2.00', done: false, at: null, extra: ['b'] },
  c: { text: 'c', score: null, price: null, done: null, at: '1999-12-31T23:59:59.000Z', extra: null },
});

/** @param {any} context */
async function things(context) {
  const isThere = TABLE in (await context.getSchema()).collections;
  const steps = isThere ? [] : [collectionStep(TABLE, FIELDS, {})];
  const folder = await exportedFolder(context, steps, { [TABLE]: {} }, { overwrite: isThere });
  const service = async () =>
    new context.services.ItemsService(TABLE, { knex: context.database, schema: await context.getSchema() });
  return {
    folder,
    /** @param {Record<string, Content>} rows */
    async setTarget(rows) {
      await context.database(TABLE).delete();
      await (await service()).createMany(rowsOf(rows), { emitEvents: false });
    },
    /** @param {Record<string, Content>} rows */
    setFolder: rows =>
      folder.edit(`data/${TABLE}.json`, file => file.splice(0, file.length, ...rowsOf(rows))),
    /** @returns {Promise<Record<string, Content>>} */
    async target() {
      const rows = await context.database(TABLE).select('id', 'text').orderBy('id');
      return Object.fromEntries(rows.map((/** @type {any} */ { id, text }) => [id, text]));
    },
    folderRows: async () => {
      const rows = await folder.read(`data/${TABLE}.json`);
      return Object.fromEntries(rows.map((/** @type {any} */ { id, text }) => [id, text]));
    },
  };
}

/** @param {Record<string, Content>} contents @returns {Record<string, any>[]} */
function rowsOf(contents) {
  const present = Object.entries(contents).filter(([, content]) => content !== null);
  return present.map(([id, content]) => ({ id, ...CONTENTS[/** @type {'a'} */ (content)] }));
}

/** @param {Record<string, Situation>} situations @param {keyof Situation} side */
function side(situations, side) {
  return Object.fromEntries(Object.entries(situations).map(([id, situation]) => [id, situation[side]]));
}

/**
 * One import per way of doing it, each from the same base.
 *
 * @param {any} context
 * @param {{situations: Record<string, Situation>, ways: Options[]}} input
 * @returns {Promise<Outcome[]>}
 */
export async function merges(context, { situations, ways }) {
  const { folder, setTarget, setFolder, target } = await things(context);
  const outcomes = [];
  for (const way of ways) {
    await setTarget(side(situations, 'base'));
    await setFolder(side(situations, 'base'));
    await folder.import({ mode: 'mirror', allowDestructive: true });
    await setTarget(side(situations, 'current'));
    await setFolder(side(situations, 'desired'));
    const done = await imported(folder, { ...way, allowDestructive: true });
    outcomes.push({ ...done, rows: await target(), again: await planned(folder, way) });
  }
  return outcomes;
}

/**
 * @param {Awaited<ReturnType<typeof exportedFolder>>} folder
 * @param {Options} options
 */
async function planned(folder, options) {
  const { plan } = await folder.import({ ...options, dryRun: true });
  const { steps, warnings } = /** @type {import('../../../extension/model.js').Plan} */ (plan);
  return { steps: steps.length, codes: warnings.map(({ code }) => code) };
}

/**
 * @param {Awaited<ReturnType<typeof exportedFolder>>} folder
 * @param {Options} options
 */
async function imported(folder, options) {
  try {
    const { plan } = await folder.import(options);
    return { refused: null, ...told(plan?.warnings ?? []) };
  } catch (error) {
    const { code, diagnostics } = /** @type {import('../../../extension/errors.js').SchemaSyncError} */ (
      error
    );
    return { refused: code, ...told(diagnostics) };
  }
}

/** @param {{code: string, message: string}[]} warnings @returns {Pick<Outcome, 'named'>} */
function told(warnings) {
  const list = (/** @type {string} */ message) => message.slice(message.lastIndexOf(': ') + 2, -1);
  const names = (/** @type {string} */ message) => list(message).split(', ');
  return { named: Object.fromEntries(warnings.map(({ code, message }) => [code, names(message)])) };
}

/**
 * One export from the base that an import left, of what is and of what it stops at.
 *
 * @param {any} context
 * @param {{situations: Record<string, Situation>, overwrite?: boolean}} input
 */
export async function exportMerges(context, { situations, overwrite = false }) {
  const { folder, setTarget, setFolder, target, folderRows } = await things(context);
  await setTarget(side(situations, 'base'));
  await setFolder(side(situations, 'base'));
  await folder.import({ mode: 'mirror', allowDestructive: true });
  await setTarget(side(situations, 'current'));
  await setFolder(side(situations, 'desired'));
  const done = await exported(folder, overwrite);
  const again = done.refused ? null : await planned(folder, { mode: 'sync' });
  const isTarget = JSON.stringify(await target()) === JSON.stringify(targetRows(situations));
  return { ...done, rows: await folderRows(), isTarget, again };
}

/** @param {Record<string, Situation>} situations */
function targetRows(situations) {
  const present = Object.entries(side(situations, 'current')).filter(([, content]) => content !== null);
  return Object.fromEntries(present.sort());
}

/**
 * @param {Awaited<ReturnType<typeof exportedFolder>>} folder
 * @param {boolean} overwrite
 */
async function exported(folder, overwrite) {
  try {
    const { warnings, pending } = await folder.export({ overwrite });
    return { refused: null, pending, ...told(warnings) };
  } catch (error) {
    const { code, diagnostics } = /** @type {import('../../../extension/errors.js').SchemaSyncError} */ (
      error
    );
    return { refused: code, pending: null, ...told(diagnostics) };
  }
}

/** @param {any} schema the content of a file of the schema @param {string} name of a field */
function metaOf(schema, name) {
  return schema.fields.find((/** @type {any} */ { field }) => field === name).meta;
}

/**
 * An export after folder and instance changed different parts of the schema, and one after both changed the same.
 *
 * @param {any} context
 */
export async function exportMergesSchema(context) {
  const { folder, setTarget, setFolder } = await things(context);
  await setTarget({ one: 'a' });
  await setFolder({ one: 'a' });
  await folder.import({ mode: 'mirror', allowDestructive: true });
  const file = `data/schema/${TABLE}.json`;
  await folder.edit(file, schema => {
    metaOf(schema, 'text').note = 'From git';
    schema.fields = schema.fields.filter((/** @type {any} */ { field }) => field !== 'price');
  });
  await folder.edit(`data/${TABLE}.json`, rows => {
    delete rows[0].price;
  });
  await setNote(context, 'score', 'From the Studio');
  const merged = await exported(folder, false);
  const schema = await folder.read(file);
  const notes = ['text', 'score'].map(name => metaOf(schema, name).note);
  const fields = schema.fields.map((/** @type {any} */ { field }) => field);
  const [row] = await folder.read(`data/${TABLE}.json`);
  const { plan } = await folder.import({ dryRun: true });
  const steps = plan?.steps.map(({ type, field }) => `${type} ${field}`);

  await setNote(context, 'text', 'From the Studio');
  const stopped = await exported(folder, false);
  const overwritten = await exported(folder, true);
  const after = metaOf(await folder.read(file), 'text').note;
  return { merged, notes, fields, row: Object.keys(row), steps, stopped, overwritten, after };
}

/** @param {any} context @param {string} field @param {string} note */
async function setNote(context, field, note) {
  await context.database('directus_fields').where({ collection: TABLE, field }).update({ note });
}

/**
 * A first import into a target that has rows of its own.
 *
 * @param {any} context
 */
export async function firstImport(context) {
  const { folder, setTarget, setFolder, target } = await things(context);
  await context.database('schema_sync_state').where({ name: 'base' }).delete();
  await setTarget({ own: 'a', differs: 'b', same: 'a' });
  await setFolder({ differs: 'c', same: 'a', fresh: 'b' });
  const done = await imported(folder, { mode: 'sync' });
  return { ...done, rows: await target() };
}
