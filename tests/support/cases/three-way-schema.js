/** Collections, fields and relations that files, target and base have in every combination, on a real Directus. */
import { cp, rm } from 'node:fs/promises';
import { exportedFolder } from './folder.js';
import { collectionStep, fieldOf, relationStep } from './shop.js';
import { toolsOf } from './tools.js';

/**
 * @typedef {'a' | 'b' | 'c' | null} Content of a thing; null where it is not there
 * @typedef {{base: Content, desired: Content, current: Content}} Situation
 * @typedef {Record<string, Content>} Things by situation
 *
 * @typedef {object} Outcome
 * @property {Record<string, Things>} things of the target after the import, by kind
 * @property {string | null} refused code of the error that stopped the import
 * @property {Record<string, string[]>} named the things that warnings name, by code; or what refused it
 * @property {{steps: number, codes: string[]}} again what a plan right after it says
 */

const HOME = 'home';
const OTHER = 'other';
const ID = fieldOf('id', 'integer', { is_primary_key: true, has_auto_increment: true, is_nullable: false });
/** The content of a relation is what it does on delete; other things have notes. */
const RULES = Object.freeze({ a: 'SET NULL', b: 'CASCADE', c: 'NO ACTION' });
/** What is told of losses belongs to other tests. */
const TOLD = /^(DRIFT|CONFLICT)_|^TARGET_ONLY$/;

/** @param {string} situation */
const column = situation => fieldOf(`r_${situation}`, 'integer');

/** @param {string[]} situations */
function commonSteps(situations) {
  const columns = situations.map(column);
  return [collectionStep(OTHER, [ID], {}), collectionStep(HOME, [ID, ...columns], {})];
}

/** How things of each kind come, go and change. */
const KINDS = [
  {
    name: (/** @type {string} */ situation) => `c_${situation}`,
    create: (/** @type {string} */ name, /** @type {'a'} */ note) => collectionStep(name, [ID], { note }),
    change: (/** @type {string} */ name, /** @type {'a'} */ note) => ({
      type: 'collection.update',
      collection: name,
      meta: { note },
      before: {},
    }),
    remove: (/** @type {string} */ name) => ({ type: 'collection.delete', collection: name }),
  },
  {
    name: (/** @type {string} */ situation) => `f_${situation}`,
    create: (/** @type {string} */ name, /** @type {'a'} */ note) => ({
      type: 'field.create',
      collection: HOME,
      field: name,
      payload: fieldOf(name, 'string', {}, { note }),
    }),
    change: (/** @type {string} */ name, /** @type {'a'} */ note) => ({
      type: 'field.update',
      collection: HOME,
      field: name,
      meta: { note },
      before: {},
    }),
    remove: (/** @type {string} */ name) => ({ type: 'field.delete', collection: HOME, field: name }),
  },
  {
    name: (/** @type {string} */ situation) => `r_${situation}`,
    create: (/** @type {string} */ name, /** @type {'a'} */ rule) =>
      relationStep(HOME, name, OTHER, {}, { on_delete: RULES[rule] }),
    change: (/** @type {string} */ name, /** @type {'a'} */ rule) => ({
      ...relationStep(HOME, name, OTHER, {}, { on_delete: RULES[rule] }),
      type: 'relation.update',
      before: {},
    }),
    remove: (/** @type {string} */ name) => ({ type: 'relation.delete', collection: HOME, field: name }),
  },
];

/**
 * What leads from one side of the situations to another.
 *
 * @param {Record<string, Situation>} situations
 * @param {keyof Situation | null} from null where there is nothing yet
 * @param {keyof Situation} to
 */
function stepsBetween(situations, from, to) {
  return KINDS.flatMap(kind =>
    Object.entries(situations).flatMap(([situation, sides]) => {
      const [old, content, name] = [from && sides[from], sides[to], kind.name(situation)];
      if (old === content) return [];
      if (content === null) return [kind.remove(name)];
      return [(old ? kind.change : kind.create)(name, /** @type {'a'} */ (content))];
    }),
  );
}

/** @param {any} context @param {Record<string, Situation>} situations */
async function schemas(context, situations) {
  const { run, snapshot } = await toolsOf(context);
  const first = [...commonSteps(Object.keys(situations)), ...stepsBetween(situations, null, 'desired')];
  const folder = await exportedFolder(context, first, {});
  await cp('folder/data', 'desired', { recursive: true });
  await run(stepsBetween(situations, 'desired', 'base'));
  await folder.export({ overwrite: true });
  await cp('folder/data', 'base', { recursive: true });
  return {
    folder,
    snapshot,
    /** @param {'base' | 'desired'} side */
    async setFolder(side) {
      await rm('folder/data', { recursive: true });
      await cp(side, 'folder/data', { recursive: true });
      await folder.accept();
    },
    /** From the base to the target's own side. */
    changeTarget: () => run(stepsBetween(situations, 'base', 'current')),
  };
}

/**
 * @param {any} snapshot
 * @returns {Outcome['things']}
 */
function contentsOf({ collections, fields, relations }) {
  const own = (/** @type {string} */ name, /** @type {string} */ prefix) =>
    name.startsWith(prefix) ? [name.slice(prefix.length)] : [];
  const letters = Object.fromEntries(Object.entries(RULES).map(([letter, rule]) => [rule, letter]));
  /** @param {[string, unknown][]} entries */
  const sorted = entries => Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : 1)));
  return /** @type {any} */ ({
    collections: sorted(
      collections.flatMap((/** @type {any} */ { collection, meta }) =>
        own(collection, 'c_').map(name => [name, meta.note]),
      ),
    ),
    fields: sorted(
      fields.flatMap((/** @type {any} */ { field, meta }) => own(field, 'f_').map(name => [name, meta.note])),
    ),
    relations: sorted(
      relations.flatMap((/** @type {any} */ { field, schema }) =>
        own(field, 'r_').map(name => [name, letters[schema.on_delete]]),
      ),
    ),
  });
}

/**
 * One import per way of doing it, each from the same base.
 *
 * @param {any} context
 * @param {{situations: Record<string, Situation>, ways: import('../../../extension/run.js').ImportOptions[]}} input
 * @returns {Promise<Outcome[]>}
 */
export async function merges(context, { situations, ways }) {
  const { folder, snapshot, setFolder, changeTarget } = await schemas(context, situations);
  const outcomes = [];
  for (const way of ways) {
    await setFolder('base');
    await folder.import({ mode: 'mirror', allowDestructive: true });
    await changeTarget();
    await setFolder('desired');
    const done = await imported(folder, { ...way, allowDestructive: true });
    const { plan } = await folder.import({ ...way, dryRun: true });
    const codes = (plan?.warnings ?? []).map(({ code }) => code).filter(code => TOLD.test(code));
    const again = { steps: plan?.steps.length, codes: [...new Set(codes)] };
    outcomes.push(/** @type {Outcome} */ ({ ...done, things: contentsOf(await snapshot()), again }));
  }
  return outcomes;
}

/**
 * @param {Awaited<ReturnType<typeof exportedFolder>>} folder
 * @param {import('../../../extension/run.js').ImportOptions} options
 */
async function imported(folder, options) {
  try {
    const { plan } = await folder.import(options);
    return { refused: null, named: told(plan?.warnings ?? []) };
  } catch (error) {
    const { code, diagnostics } = /** @type {import('../../../extension/errors.js').SchemaSyncError} */ (
      error
    );
    return { refused: code, named: told(diagnostics) };
  }
}

/** @param {{code: string, message: string}[]} warnings @returns {Outcome['named']} */
function told(warnings) {
  /** @type {Outcome['named']} */
  const named = {};
  for (const { code, message } of warnings.filter(({ code }) => TOLD.test(code))) {
    const list = message.slice(message.lastIndexOf(': ') + 2, -1).replaceAll(`${HOME}.`, '');
    named[code] = [...(named[code] ?? []), ...list.split(', ')].sort();
  }
  return named;
}

/**
 * One export from the same base, and the import of what it wrote.
 *
 * @param {any} context
 * @param {{situations: Record<string, Situation>}} input
 */
export async function exportMerges(context, { situations }) {
  const { folder, snapshot, setFolder, changeTarget } = await schemas(context, situations);
  await setFolder('base');
  await folder.import({ mode: 'mirror', allowDestructive: true });
  await changeTarget();
  await setFolder('desired');
  const { warnings } = await folder.export();
  const waiting = warnings.map(({ code }) => code);
  await folder.import({ mode: 'sync', allowDestructive: true });
  return { waiting: [...new Set(waiting)], things: contentsOf(await snapshot()) };
}
