/**
 * What a killed import left half made, where the database commits every statement that changes the schema: a collection
 * or a field has a column or table and rows of Directus about it, written one after the other. Which steps are under way
 * is noted before each. The next import takes what they began back, or carries it through, so that its plan sees whole
 * things alone.
 */
import { writeSteps } from './writers/index.js';
import { carryRenamed } from './writers/renames.js';

/**
 * @typedef {import('../../model.js').Step} Step
 * @typedef {import('./session.js').LocalSession} LocalSession
 *
 * @typedef {{type: string, collection: string, field?: string, to?: string}} Begun a step, without its payload
 *
 * @typedef {object} Repair
 * @property {(session: LocalSession, step: Begun) => Promise<boolean>} isBegun whether the database was changed
 * @property {(session: LocalSession, step: any) => Promise<void>} repair where it was
 */

const COLLECTIONS = 'directus_collections';
const FIELDS = 'directus_fields';

/** @type {Readonly<Record<string, Repair>>} */
const REPAIRS = Object.freeze({
  'collection.create': { isBegun: hasTable, repair: dropUntracked },
  'collection.delete': { isBegun: not(hasTable), repair: deleteTableless },
  'field.create': { isBegun: hasColumn, repair: dropUnknownColumn },
  'field.delete': { isBegun: not(hasColumn), repair: deleteColumnless },
  'field.rename': { isBegun: isRenamed, repair: carryRenamed },
});

/**
 * Writes steps, which are noted meanwhile, and longer where they fail. What stands already as if they had begun is not
 * theirs.
 *
 * @param {LocalSession} session
 * @param {Step[]} steps of one type
 * @param {() => Promise<void>} write
 */
export async function writeNoted(session, steps, write) {
  const kind = REPAIRS[String(steps[0]?.type)];
  if (!kind) return write();
  const begun = [];
  for (const { type, collection, field, to } of steps)
    if (!(await kind.isBegun(session, { type, collection, field, to })))
      begun.push({ type, collection, field, to });
  await session.noteUnfinished(JSON.stringify(begun));
  await write();
  await session.forgetUnfinished();
}

/**
 * @param {LocalSession} session outside of any transaction
 * @param {string} note as {@link noteBegun} left it
 */
export async function repairUnfinished(session, note) {
  for (const step of /** @type {Begun[]} */ (JSON.parse(note))) {
    const kind = REPAIRS[step.type];
    if (await kind?.isBegun(session, step)) await kind?.repair(session, step);
    session.refresh();
  }
}

/** @param {LocalSession} session @param {Begun} step @returns {Promise<boolean>} */
function hasTable({ trx }, { collection }) {
  return trx.schema.hasTable(collection);
}

/** @param {LocalSession} session @param {Begun} step @returns {Promise<boolean>} */
function hasColumn({ trx }, { collection, field }) {
  return trx.schema.hasColumn(collection, field);
}

/** @type {Repair['isBegun']} */
async function isRenamed(session, step) {
  return !(await hasColumn(session, step)) && hasColumn(session, { ...step, field: step.to });
}

/** @param {Repair['isBegun']} test @returns {Repair['isBegun']} */
function not(test) {
  return async (session, step) => !(await test(session, step));
}

/** Directus knows a collection once all of it is there. @type {Repair['repair']} */
async function dropUntracked({ trx }, { collection }) {
  if (await trx(COLLECTIONS).where({ collection }).first('collection')) return;
  await trx.schema.dropTable(collection);
  await trx(FIELDS).where({ collection }).delete();
}

/**
 * Directus drops the table first and deletes only what has one, so it gets an empty one again.
 *
 * @type {Repair['repair']}
 */
async function deleteTableless(session, { collection }) {
  const { trx } = session;
  await trx.schema.createTable(collection, (/** @type {any} */ table) => table.increments('id'));
  if (!(await trx(COLLECTIONS).where({ collection }).first('collection')))
    await trx(COLLECTIONS).insert({ collection });
  await writeSteps(session, [{ type: 'collection.delete', collection }], () => {});
}

/** @type {Repair['repair']} */
async function dropUnknownColumn({ trx }, { collection, field }) {
  if (await trx(FIELDS).where({ collection, field }).first('field')) return;
  await trx.schema.alterTable(collection, (/** @type {any} */ table) => table.dropColumn(field));
}

/** @type {Repair['repair']} */
async function deleteColumnless(session, { collection, field }) {
  if (await session.trx(FIELDS).where({ collection, field }).first('field'))
    await writeSteps(session, [{ type: 'field.delete', collection, field }], () => {});
}
