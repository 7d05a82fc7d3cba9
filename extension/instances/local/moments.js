/** Fields of Directus' own that are moments everywhere, though Directus does not know that of each database. */

/** @typedef {import('./context.js').SchemaOverview} SchemaOverview */

/** Where a database has no type of its own for moments, Directus flags them; these have no flag. */
const MOMENTS = Object.freeze({ directus_files: 'uploaded_on' });

/**
 * Without the zone a moment would be read as the local time of a server, and without its milliseconds.
 *
 * @param {SchemaOverview} schema
 * @returns {SchemaOverview} in which they are moments
 */
export function withMoments(schema) {
  const collections = { ...schema.collections };
  for (const [collection, field] of Object.entries(MOMENTS)) {
    const holder = collections[collection];
    const known = holder?.fields[field];
    if (!holder || !known) continue;
    const fields = { ...holder.fields, [field]: { ...known, type: 'timestamp' } };
    collections[collection] = { ...holder, fields };
  }
  return { ...schema, collections };
}
