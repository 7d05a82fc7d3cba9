/** What the cases share: an instance, short ways to apply and read, and a dump of the whole database. */
import { apply } from '../../../extension/apply.js';
import { localInstance } from '../../../extension/instances/local.js';

/** @param {any} context */
export async function toolsOf(context) {
  const instance = localInstance(context);
  await instance.ensureSettings();
  return {
    instance,
    /** @param {any[]} steps */
    run: steps => instance.transaction(session => apply(session, planOf(steps)), { commit: true }),
    /** @param {string} collection @param {string[]} fields @param {any} [options] */
    read: (collection, fields, options) =>
      instance.transaction(session => rowsOf(session, collection, fields, options), { commit: false }),
    snapshot: () => instance.transaction(session => session.readSnapshot(), { commit: false }),
    dump: () => dump(context.database),
  };
}

/** @param {any[]} steps @returns {import('../../../extension/model.js').Plan} */
export function planOf(steps) {
  return {
    formatVersion: 1,
    mode: 'mirror',
    steps,
    warnings: [],
    summary: { schema: {}, items: {} },
    digest: '',
  };
}

/** @param {string} collection @param {string[]} fields @returns {import('../../../extension/model.js').Entry} */
export function entryOf(collection, fields) {
  return {
    id: collection,
    collection,
    prefix: '',
    place: 'config.js',
    source: 0,
    fields,
    primaryKey: 'id',
    key: ['id'],
    keyFunction: false,
    multiset: false,
    singleton: false,
    groupBy: [],
    filter: null,
    sort: [],
    limit: null,
    deletes: true,
    onExport: false,
    onImport: false,
    watch: [],
  };
}

/** @param {any} session @param {string} collection @param {string[]} fields @param {any} [options] */
export async function rowsOf(session, collection, fields, options) {
  const rows = [];
  const entry = { ...entryOf(collection, fields), ...options };
  for await (const page of session.readRows(entry)) rows.push(...page);
  return rows;
}

/** The same, read as text. @param {any} session @param {string} collection @param {string[]} fields @param {any} [options] */
export async function jsonRowsOf(session, collection, fields, options) {
  const rows = [];
  const entry = { ...entryOf(collection, fields), ...options };
  for await (const { json, count } of session.readPages(entry)) {
    const page = JSON.parse(new TextDecoder().decode(json));
    if (page.length !== count) throw new Error(`A page of ${page.length} rows says that it has ${count}.`);
    rows.push(...page);
  }
  return rows;
}

/**
 * Every table with its definition and rows, for "exactly as it was". SQLite only.
 *
 * @param {any} database
 * @returns {Promise<Record<string, any>>}
 */
async function dump(database) {
  const objects = await database('sqlite_master').select('type', 'name', 'sql').orderBy(['type', 'name']);
  /** @type {Record<string, any>} */
  const content = { objects };
  for (const { type, name } of objects) if (type === 'table') content[name] = await database(name).select();
  return content;
}

/**
 * @param {() => Promise<unknown>} act
 * @returns {Promise<{code?: string, message: string, path?: string} | null>} the error, or null when there was none
 */
export async function failureOf(act) {
  try {
    await act();
    return null;
  } catch (error) {
    const { code, message, path } = /** @type {any} */ (error);
    return { code, message, path };
  }
}
