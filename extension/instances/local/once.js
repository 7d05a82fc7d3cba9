/** Makes tables, columns and rows that are missing, where another process may be about to do the same. */

/** @typedef {import('./context.js').Knex} Knex */

/**
 * Does something once among several processes: a failure is none when another process was faster.
 *
 * @param {() => Promise<unknown>} act
 * @param {() => Promise<boolean>} isDone
 */
export async function unlessDone(act, isDone) {
  if (await isDone()) return;
  try {
    await act();
  } catch (error) {
    if (!(await isDone())) throw error;
  }
}

/**
 * @param {Knex} database
 * @param {string} name
 * @param {(table: any) => void} define
 */
export function ensureTable(database, name, define) {
  // Each use of `schema` is a builder of its own, which must not be used twice.
  return unlessDone(
    () => database.schema.createTable(name, define),
    () => database.schema.hasTable(name),
  );
}
