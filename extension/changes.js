/** From an event of Directus to the part of a project that it changed. */

/** What stands for the schema among names of collections, which never begin with a dot. */
export const SCHEMA = '.schema';

const VERBS = new Set(['create', 'update', 'delete', 'sort', 'upload']);
const SCHEMA_EVENTS = new Set(['collections', 'fields', 'relations']);
/** What Directus deletes along with a collection or field, without an event. */
const WITH_THE_SCHEMA = ['directus_permissions', 'directus_presets'];

/** Requests that change something and emit no event of it: Directus emits one for the settings of a relation alone. */
const SILENT = Object.freeze([
  { method: 'PATCH', path: /\/relations\/[^/]+\/[^/]+$/, changed: [SCHEMA, 'relations'] },
]);

/**
 * @typedef {object} Relation as Directus' schema has it
 * @property {string} collection
 * @property {string | null} related_collection
 * @property {unknown} schema the foreign key; null where there is none
 *
 * @typedef {object} ActionMeta
 * @property {string} event such as `items.create` or `roles.update`
 * @property {string} [collection]
 * @property {{method: string, path: string}} [request] of the event `response`
 */

/** @param {ActionMeta} meta @returns {boolean} whether it says that something changed; reading does not */
export function isChange(meta) {
  const [, verb = ''] = meta.event.split('.');
  return VERBS.has(verb) || silentChange(meta) !== undefined;
}

/** @param {ActionMeta} meta */
function silentChange({ event, request }) {
  if (event !== 'response' || !request) return undefined;
  return SILENT.find(({ method, path }) => request.method === method && path.test(request.path))?.changed;
}

/**
 * What an action event says that changed.
 *
 * @param {ActionMeta} meta
 * @param {Relation[]} relations
 * @returns {string[]} names of collections, {@link SCHEMA}, and what the option `watch` calls the event; empty for an
 *   event that changes nothing we know
 */
export function changedBy(meta, relations) {
  const { event, collection } = meta;
  const [subject = '', verb = ''] = event.split('.');
  if (!VERBS.has(verb)) return silentChange(meta) ?? [];
  if (SCHEMA_EVENTS.has(subject)) return [SCHEMA, subject, ...changedWith(collection, verb, relations)];
  const changed = collection ?? `directus_${subject}`;
  const watched = subject === 'items' ? `${changed}.items` : subject;
  return [watched, ...(verb === 'delete' ? referring(changed, relations) : [changed])];
}

/**
 * A collection or field that goes takes rows, references and permissions along.
 *
 * @param {string | undefined} collection
 * @param {string} verb
 * @param {Relation[]} relations
 */
function changedWith(collection, verb, relations) {
  if (!collection) return [];
  return verb === 'delete' ? [...referring(collection, relations), ...WITH_THE_SCHEMA] : [collection];
}

/**
 * The database deletes or empties what refers to a row that goes, and nobody is told.
 *
 * @param {string} collection
 * @param {Relation[]} relations
 * @returns {Set<string>} with all that refer to it, directly or through others
 */
function referring(collection, relations) {
  const found = new Set([collection]);
  // A Set goes on with what is added during its own iteration.
  for (const related of found) {
    for (const { collection: holder, related_collection, schema } of relations) {
      if (schema && related_collection === related) found.add(holder);
    }
  }
  return found;
}

/**
 * Waits until a change can be read by others. An event may come from inside a transaction.
 *
 * @param {any} database the knex instance that the event came with
 */
export async function committed(database) {
  let transaction = database;
  while (transaction?.parentTransaction) transaction = transaction.parentTransaction;
  // Whether it was rolled back does not matter: then there is nothing to find.
  await transaction?.executionPromise?.catch(() => {});
}
