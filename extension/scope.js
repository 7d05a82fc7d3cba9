/** Which part of a project a run is about. */
import { SCHEMA as CHANGED_SCHEMA } from './changes.js';
import { SchemaSyncError } from './errors.js';

/**
 * @typedef {import('./model.js').Entry} Entry
 * @typedef {import('./environment.js').Settings} Settings
 *
 * @typedef {object} ScopeOptions what a command line can ask for
 * @property {string[]} [only] entries, collections, or `schema`
 * @property {boolean} [schema] false leaves the schema alone
 * @property {boolean} [data] false leaves the rows alone
 * @property {ReadonlySet<string>} [changed] what events said that changed, see `changes.js`; leaves the rest alone
 *
 * @typedef {object} Scope
 * @property {boolean} schema
 * @property {string[] | null} only the entries or collections asked for, null for all
 * @property {ReadonlySet<string>} [changed] in place of `only`, what is concerned
 * @property {boolean} data
 * @property {boolean} isFull whether it is all that the environment lets a run be about
 */

/** What `--only` calls the schema; no collection has this name in the folder. */
const SCHEMA = 'schema';

/**
 * @param {ScopeOptions} options
 * @param {Pick<Settings, 'dataOnly'>} settings
 * @returns {Scope}
 */
export function scopeOf({ only, schema = true, data = true, changed }, { dataOnly }) {
  if (changed) return { schema: changed.has(CHANGED_SCHEMA), data, only: null, changed, isFull: false };
  if (!only) return { schema: schema && !dataOnly, data, only: null, isFull: (schema || dataOnly) && data };
  const names = only.filter(name => name !== SCHEMA);
  return {
    schema: names.length < only.length,
    data: names.length > 0,
    only: names,
    isFull: false,
  };
}

/**
 * @param {Entry[]} entries
 * @param {Scope} scope
 * @returns {Entry[]}
 * @throws {SchemaSyncError} OPTION_INVALID for a name that no entry has
 */
export function entriesIn(entries, scope) {
  if (!scope.data) return [];
  const { changed } = scope;
  if (changed) return concernedBy(changed, entries);
  if (!scope.only) return entries;
  const names = new Set(entries.flatMap(entry => [entry.id, entry.collection]));
  const unknown = scope.only.filter(name => !names.has(name));
  if (unknown.length > 0) throw unknownEntries(unknown, entries);
  const wanted = new Set(scope.only);
  return entries.filter(({ id, collection }) => wanted.has(id) || wanted.has(collection));
}

/**
 * A row that gets another key is called otherwise by all rows that refer to it by key.
 *
 * @param {ReadonlySet<string>} changed
 * @param {Entry[]} entries
 */
function concernedBy(changed, entries) {
  const renamed = new Set(changed);
  // A Set goes on with what is added during its own iteration.
  for (const name of renamed) {
    for (const { collection, key, byKey = {} } of entries) {
      const leading = Object.keys(byKey).filter(field => byKey[field]?.includes(name));
      if (leading.some(field => key.includes(field))) renamed.add(collection);
    }
  }
  const refers = (/** @type {Entry} */ { byKey = {} }) =>
    Object.values(byKey).some(names => names.some(name => renamed.has(name)));
  return entries.filter(entry => isConcerned(entry, changed) || refers(entry));
}

/** @param {Entry} entry @param {ReadonlySet<string>} changed */
function isConcerned({ collection, watch }, changed) {
  return changed.has(collection) || watch.some(name => changed.has(name));
}

/** @param {string[]} unknown @param {Entry[]} entries */
function unknownEntries(unknown, entries) {
  const known = [SCHEMA, ...entries.map(({ id }) => id)].join(', ');
  const message = `--only names ${unknown.join(', ')}, which the config does not have. It has: ${known}.`;
  return new SchemaSyncError('OPTION_INVALID', message, { path: '--only' });
}
