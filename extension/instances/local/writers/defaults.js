/** Defaults of columns that knex does not write as they are. */

/** @typedef {import('../session.js').LocalSession} LocalSession */
/** @typedef {{field: string, schema?: {default_value?: unknown} | null}} Column */

/**
 * On some databases knex takes a question mark inside a default for a place to fill, and what arrives is another
 * text. Such defaults are set again, in a statement that says which question marks are meant.
 *
 * @param {LocalSession} session
 * @param {string} collection
 * @param {Column[]} columns that Directus has just made or changed
 */
export async function correctDefaults({ trx, dialect }, collection, columns) {
  if (dialect.keepsQuestionMarks) return;
  for (const { field, schema } of columns) {
    const text = schema?.default_value;
    if (typeof text !== 'string' || !text.includes('?')) continue;
    const literal = `'${text.replaceAll("'", "''").replaceAll('?', '\\?')}'`;
    await trx.raw(`ALTER TABLE ?? ALTER COLUMN ?? SET DEFAULT ${literal}`, [collection, field]);
  }
}
