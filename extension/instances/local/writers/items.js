/** Writers for rows. */
import { SchemaSyncError } from '../../../errors.js';
import { chunks } from '../chunks.js';
import {
  allHaveKeys,
  batches,
  haveKeys,
  insertBatch,
  insertPrepared,
  moveSequence,
  preparedBatch,
} from './bulk.js';
import { updateBatch } from './bulk-update.js';
import { cascade } from './cascade.js';
import { keyBehind, noteCreated, withKeysOfCreated } from './created.js';
import { storeDirectly, withoutDirect } from './direct.js';
import { quietly } from './options.js';
import { asWritten, writingSchema } from './values.js';

/**
 * @typedef {import('../../../model.js').Row} Row
 * @typedef {import('../session.js').LocalSession} LocalSession
 * @typedef {import('./created.js').Naming} Naming
 * @typedef {(rows: number) => void} OnRows
 *
 * @typedef {object} RowChange
 * @property {unknown} key primary key, `{$created: name}` for a row that the plan created, or null for the row of a
 *   singleton
 * @property {string} label
 * @property {Row} set
 *
 * @typedef {{keys: unknown[], labels: string[], set: Row}} SameChange of several rows
 */

/**
 * The system collections whose services check the licence of Directus 12 row by row. Flows are limited too,
 * but their service reloads all flows on the pool after each row; they are counted once before the commit.
 */
const SERVICES = Object.freeze({
  directus_permissions: 'PermissionsService',
  directus_settings: 'SettingsService',
});

/**
 * Rows of Directus' own collections are created one by one, since its services check each; those of other collections
 * together.
 *
 * @param {LocalSession} session
 * @param {{collection: string, rows: Row[]} & Naming} step
 * @param {OnRows} onRows
 * @returns {Promise<unknown[]>} their primary keys
 */
export async function createItems(session, step, onRows) {
  const { collection, rows, names = [], links } = step;
  const isOwn = !collection.startsWith('directus_');
  if (isOwn) await session.assertActive(collection, 'create');
  const areAlone = names.length === 0 && !links?.length;
  const keys =
    isOwn && areAlone && (await allHaveKeys(session, collection, rows))
      ? await createOverlapping(session, collection, rows, onRows)
      : await createBatches(session, step, onRows);
  if (await haveKeys(session, collection, rows)) await moveSequence(session, collection);
  return keys;
}

/**
 * @param {LocalSession} session
 * @param {{collection: string, rows: Row[]} & Naming} step
 * @param {OnRows} onRows
 * @returns {Promise<unknown[]>}
 */
async function createBatches(session, { collection, rows, names = [], links }, onRows) {
  const isOwn = !collection.startsWith('directus_');
  /** @type {unknown[]} */
  const keys = [];
  for (const batch of batches(rows, row => row)) {
    const naming = { names: names.slice(keys.length, keys.length + batch.length), links };
    const inserted = isOwn ? await insertBatch(session, collection, batch, naming) : null;
    if (inserted) onRows(batch.length);
    keys.push(...(inserted ?? (await createEach(session, collection, batch, naming, onRows))));
  }
  return keys;
}

/**
 * Rows that bring their keys and wait for nobody else's: a batch is prepared while the database writes the one before.
 *
 * @param {LocalSession} session
 * @param {string} collection
 * @param {Row[]} rows
 * @param {OnRows} onRows
 * @returns {Promise<unknown[]>}
 */
async function createOverlapping(session, collection, rows, onRows) {
  /** @type {unknown[]} */
  const keys = [];
  const write = async (/** @type {Row[]} */ batch, /** @type {Row[] | null} */ values) => {
    const inserted = values && (await insertPrepared(session, collection, values));
    if (inserted) onRows(batch.length);
    keys.push(...(inserted ?? (await createEach(session, collection, batch, {}, onRows))));
  };
  let writing = Promise.resolve();
  for (const batch of batches(rows, row => row)) {
    const preparing = preparedBatch(session, collection, batch);
    const [values] = await Promise.all([preparing, writing]);
    writing = write(batch, values);
    // Whoever waits for it is told, with the next batch or behind the last one.
    writing.catch(() => {});
  }
  await writing;
  return keys;
}

/**
 * @param {LocalSession} session
 * @param {string} collection
 * @param {Row[]} batch of rows with the same fields
 * @param {Naming} naming of these rows
 * @param {OnRows} onRows
 * @returns {Promise<unknown[]>}
 */
async function createEach(session, collection, batch, { names = [], links }, onRows) {
  const schema = await session.schema();
  const { primary } = schema.collections[collection];
  const writer = await writerOf(session, collection, Object.keys(batch[0] ?? {}));
  const keys = [];
  for (const [index, row] of batch.entries()) {
    const label = `${collection}[${row[primary] ?? names[index] ?? index}]`;
    const own = asWritten(withKeysOfCreated(session, row, links), schema.collections[collection]);
    const { values, direct } = withoutDirect(schema.collections[collection], own);
    const options = { ...quietly(), bypassAutoIncrementSequenceReset: true };
    const key = await named(label, () => writer.createOne(values, options));
    await storeDirectly(session, schema.collections[collection], [key], direct);
    noteCreated(session, names[index], key);
    keys.push(key);
    onRows(1);
  }
  return keys;
}

/**
 * Rows of collections of one's own are changed together, as they are created.
 *
 * @param {LocalSession} session
 * @param {{collection: string, changes: RowChange[]} & Naming} planned
 * @param {OnRows} onRows
 */
export async function updateItems(session, planned, onRows) {
  const step = { ...planned, changes: changesWithKeys(session, planned) };
  const { collection, changes } = step;
  if (collection === 'directus_permissions') return updatePermissions(session, step, onRows);
  const isOwn = !collection.startsWith('directus_');
  /** @type {SameChange[]} */
  const alone = [];
  for (const group of sameChanges(changes)) {
    if (isOwn && group.keys.length === 1 && group.keys[0] !== null) alone.push(group);
    else await updateAlike(session, collection, group, onRows);
  }
  for (const batch of batches(alone, ({ set }) => set)) {
    const rows = batch.map(({ keys, set }) => ({ key: keys[0], set }));
    if (await updateBatch(session, collection, rows)) onRows(batch.length);
    else for (const group of batch) await updateAlike(session, collection, group, onRows);
  }
}

/**
 * @param {LocalSession} session
 * @param {string} collection
 * @param {SameChange} change
 * @param {OnRows} onRows
 */
async function updateAlike(session, collection, { keys, labels, set }, onRows) {
  const schema = await session.schema();
  const service = await writerOf(session, collection, Object.keys(set));
  const own = schema.collections[collection];
  const { values, direct } = withoutDirect(own, asWritten(set, own));
  const label = `${collection}[${labels.slice(0, 3).join(', ')}${labels.length > 3 ? ', …' : ''}]`;
  await named(label, () => update(service, keys, values));
  await storeDirectly(session, own, keys, direct);
  onRows(keys.length);
}

/**
 * @param {LocalSession} session
 * @param {{changes: RowChange[]} & Naming} step
 * @returns {RowChange[]} with the keys of rows that the plan created
 */
export function changesWithKeys(session, { changes, links }) {
  return changes.map(({ key, label, set }) => ({
    key: keyBehind(session, key),
    label,
    set: withKeysOfCreated(session, set, links),
  }));
}

/**
 * With foreign keys off, SQLite leaves the rows behind that refer to the deleted ones; they are seen to
 * first, as the database would.
 *
 * @param {LocalSession} session
 * @param {{collection: string, keys: unknown[], labels: string[]}} step
 * @param {OnRows} onRows
 */
export async function deleteItems(session, { collection, keys, labels }, onRows) {
  if (session.dialect.vendor === 'sqlite') await cascade(session, collection, keys);
  const service = await writerOf(session, collection, []);
  let done = 0;
  for (const chunk of chunks(keys)) {
    await named(`${collection}[${labels[done] ?? chunk[0]} …]`, () =>
      service.deleteMany([...chunk], quietly()),
    );
    done += chunk.length;
    onRows(chunk.length);
  }
}

/**
 * On an unlicensed Directus 12 the service takes a change only if the change alone is a plain permission,
 * so the unchanged rule fields go along.
 *
 * @param {LocalSession} session
 * @param {{collection: string, changes: RowChange[]}} step
 * @param {OnRows} onRows
 */
async function updatePermissions(session, { collection, changes }, onRows) {
  const schema = await session.schema();
  const plain = await session.items(collection);
  const service = await session.service(SERVICES.directus_permissions);
  for (const { key, label, set } of changes) {
    await named(`${collection}[${label}]`, async () => {
      const { id: _, policy: __, ...row } = await plain.readOne(key, {}, { emitEvents: false });
      const values = asWritten({ ...row, ...set }, schema.collections[collection]);
      await service.updateMany([key], values, quietly());
    });
    onRows(1);
  }
}

/**
 * @param {any} service
 * @param {unknown[]} keys or one null, which stands for the row of a singleton
 * @param {Row} values
 */
async function update(service, keys, values) {
  if (Object.keys(values).length === 0) return;
  if (keys[0] === null) {
    // In any other collection it would be the first row that changes.
    if (!service.schema.collections[service.collection].singleton)
      throw new Error('The change names no row.');
    return service.upsertSingleton(values, quietly());
  }
  for (const chunk of chunks(keys)) await service.updateMany([...chunk], values, quietly());
}

/**
 * @param {LocalSession} session
 * @param {string} collection
 * @param {string[]} fields those that are written
 */
async function writerOf(session, collection, fields) {
  const name = SERVICES[/** @type {keyof typeof SERVICES} */ (collection)];
  if (name) return session.service(name);
  return session.items(collection, writingSchema(await session.schema(), collection, fields));
}

/**
 * Rows that change in the same way share one statement.
 *
 * @param {RowChange[]} changes
 * @returns {Iterable<SameChange>} in the order of the first of each
 */
export function sameChanges(changes) {
  /** @type {Map<string, SameChange>} */
  const groups = new Map();
  for (const { key, label, set } of changes) {
    const signature = JSON.stringify([key === null, set]);
    const group = groups.get(signature) ?? { keys: [], labels: [], set };
    group.keys.push(key);
    group.labels.push(label);
    groups.set(signature, group);
  }
  return groups.values();
}

/**
 * @template T
 * @param {string} path
 * @param {() => Promise<T>} act
 */
async function named(path, act) {
  try {
    return await act();
  } catch (error) {
    if (error instanceof SchemaSyncError) throw error;
    throw Object.assign(/** @type {Error} */ (error), { schemaSyncPath: path });
  }
}
