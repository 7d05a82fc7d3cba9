/**
 * What a diff in Directus' format makes of a snapshot, so that two diffs compare by their effect and not by
 * their spelling.
 */
import { isDeepStrictEqual } from 'node:util';

/** @typedef {Record<string, any>} Json */

/** What Directus' services cannot set of a column, so that it would differ for ever. */
const UNSETTABLE = [
  'data_type',
  'numeric_precision',
  'numeric_scale',
  'foreign_key_table',
  'foreign_key_column',
];

/**
 * The effect by thing: `'deleted'`, or the thing as it will be. Things that end up as they are are left out,
 * and so is what Directus' services cannot set.
 *
 * @param {Json} current the snapshot that the diff is for
 * @param {Json} diff
 * @returns {Record<string, unknown>}
 */
export function effectOf(current, diff) {
  /** @type {Record<string, unknown>} */
  const effect = {};
  for (const kind of ['collections', 'fields', 'systemFields', 'relations'])
    for (const entry of diff[kind]) {
      const now = current[kind].find((/** @type {Json} */ thing) => isSame(thing, entry));
      const then = outcome(now, entry);
      if (!isDeepStrictEqual(then, now && settable(now))) effect[nameOf(kind, entry)] = then;
    }
  return effect;
}

/** @param {string} kind @param {Json} entry */
function nameOf(kind, { collection, field }) {
  return [kind, collection, field].filter(Boolean).join(' ');
}

/** @param {Json} thing @param {Json} entry */
function isSame(thing, entry) {
  return thing.collection === entry.collection && thing.field === entry.field;
}

/**
 * Only a change without a path is one of the whole thing.
 *
 * @param {Json | undefined} now
 * @param {Json} entry
 */
function outcome(now, { collection, field, diff: [first, ...more] }) {
  if (!first.path) return first.kind === 'D' ? 'deleted' : settable(first.rhs);
  const thing = structuredClone(now ?? { collection, field, schema: { is_indexed: false } });
  for (const change of [first, ...more]) make(thing, change);
  return settable(thing);
}

/** @param {Json} thing @param {Json} change of deep-diff: `{kind, path, rhs?, index?, item?}` */
function make(thing, { kind, path, rhs, index, item }) {
  const holder = path
    .slice(0, -1)
    .reduce((/** @type {Json} */ at, /** @type {string} */ key) => at[key], thing);
  const key = path.at(-1);
  if (kind === 'A' && item.kind === 'D') holder[key].splice(index, 1);
  else if (kind === 'A') holder[key][index] = item.rhs;
  else if (kind === 'D') delete holder[key];
  else holder[key] = rhs;
}

/** @param {Json} thing */
function settable({ schema, ...thing }) {
  if (!schema) return thing;
  const kept = Object.entries(schema).filter(([key]) => !UNSETTABLE.includes(key));
  return { ...thing, schema: Object.fromEntries(kept) };
}
