/** What a SQLite database holds, for tests that prove that nothing was written. */
import { DatabaseSync } from 'node:sqlite';
import { FILES, RUNS, STATE } from '../../extension/instances/local/tables.js';

/** Columns of the lock: taking and releasing it changes no content. */
const LOCK = /^mv_/;
/**
 * Directus lists the extensions that it has met in its table, with whatever command comes first, and the history of
 * runs tells of those that failed.
 */
const LEFT_OUT = new Set(['directus_extensions', RUNS]);

/** @typedef {Record<string, string>} Content the rows of every table, and how it was created, by its name */

/**
 * @param {import('../harness/project.js').Project} project
 * @returns {Content}
 */
export function contentOf(project) {
  const database = new DatabaseSync(project.env.DB_FILENAME, { readOnly: true });
  try {
    const tables = database.prepare("SELECT name, sql FROM sqlite_master WHERE type = 'table'").all();
    const own = tables.filter(({ name }) => !LEFT_OUT.has(String(name)));
    return Object.fromEntries(
      own.map(({ name, sql }) => [name, content(database, String(name), String(sql))]),
    );
  } finally {
    database.close();
  }
}

/**
 * @param {Content} before
 * @param {Content} after
 * @returns {string[]} tables that differ, so that a failed test does not print a whole database
 */
export function changedTables(before, after) {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter(name => (before[name] ?? '') !== (after[name] ?? '')).sort();
}

/**
 * Changes the settings row behind the back of everybody, such as to leave a lock behind.
 *
 * @param {import('../harness/project.js').Project} project
 * @param {string} assignments
 */
export function setSettings(project, assignments) {
  const database = new DatabaseSync(project.env.DB_FILENAME);
  try {
    database.exec(`UPDATE directus_settings SET ${assignments}`);
  } finally {
    database.close();
  }
}

/** @param {DatabaseSync} database @param {string} table @param {string} sql */
function content(database, table, sql) {
  const rows = database.prepare(`SELECT * FROM "${table}"`).all();
  const kept = rows.filter(({ name }) => !isOurOwn(table, name));
  const lines = kept.map(row => JSON.stringify(Object.entries(row).filter(([name]) => !LOCK.test(name))));
  // The columns of the lock and our own tables are added when they are needed first.
  const shape = table === 'directus_settings' || table === STATE || table === FILES ? '' : sql;
  return [shape, ...lines.sort()].join('\n').trim();
}

/** @param {string} table @param {unknown} name @returns {boolean} whether it is our secret, or the counter of runs */
function isOurOwn(table, name) {
  return (table === STATE && name === 'secret') || (table === 'sqlite_sequence' && name === RUNS);
}
