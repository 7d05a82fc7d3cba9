/** The schema as Directus makes a snapshot of it, with defaults as they are. */
import { holdsBytes } from './bytes.js';
import { forgetColumns } from './caches.js';
import { forgetForeignIndexes } from './foreign-indexes.js';

/**
 * @typedef {import('../../model.js').Snapshot} Snapshot
 * @typedef {import('./session.js').LocalSession} LocalSession
 * @typedef {import('./context.js').Context} Context
 * @typedef {import('./context.js').Knex} Knex
 */

const ADMIN = Object.freeze({ admin: true });
/** A text as the database quotes it, with or without a cast. */
const QUOTED = /^(['"])[\s\S]*\1(::|$)/;

/**
 * @param {LocalSession} session
 * @param {Context} context
 * @returns {Promise<Snapshot>}
 */
export async function readSnapshot(session, context) {
  const { trx, dialect } = session;
  await forgetColumns(context, { knex: trx, schema: null });
  const service = new context.services.SchemaService({ knex: trx, accountability: ADMIN });
  const snapshot = await service.snapshot();
  await readQuotes(trx, dialect, snapshot.fields);
  if (dialect.indexesKeys) await forgetForeignIndexes(trx, snapshot);
  for (const field of snapshot.fields)
    if (holdsBytes({ ...field, dbType: field.schema?.data_type })) field.type = 'binary';
  return snapshot;
}

/**
 * Databases spell a quote inside of a text twice, and Directus reads it as two quotes. MariaDB puts backslashes before
 * other characters as well.
 *
 * @param {Knex} trx
 * @param {import('./dialect.js').Dialect} dialect
 * @param {{collection: string, field: string, schema?: {default_value?: unknown} | null}[]} fields
 */
async function readQuotes(trx, { rawDefaults, unquoted }, fields) {
  for (const { collection, field, schema } of fields) {
    const text = schema?.default_value;
    if (!schema || typeof text !== 'string' || unquoted(text) === text) continue;
    const raw = (await rawDefaults(trx, collection)).get(field);
    if (raw && QUOTED.test(raw)) schema.default_value = unquoted(text);
  }
}
