/** How values and schema are handed to Directus' services, so that what the files say is what is stored. */

/**
 * @typedef {import('../../../model.js').Row} Row
 * @typedef {import('../context.js').SchemaOverview} SchemaOverview
 */

/** Flags that make Directus fill a field itself, in place of the value that it is given. */
const AUTOMATIC = new Set([
  'date-created',
  'date-updated',
  'user-created',
  'user-updated',
  'role-created',
  'role-updated',
  'uuid',
]);

/** Those that act on every update, even of other fields. */
const ON_UPDATE = new Set(['date-updated', 'user-updated', 'role-updated']);

/**
 * The schema for writing rows that carry `fields`: what the files bring is kept, also a null, and a row is
 * not marked as updated by the import. Fields that the files leave out are filled as in any new row.
 *
 * @param {SchemaOverview} schema
 * @param {string} collection
 * @param {string[]} fields
 * @returns {SchemaOverview}
 */
export function writingSchema(schema, collection, fields) {
  const own = schema.collections[collection];
  const given = new Set(fields);
  const writing = Object.entries(own.fields).map(([name, field]) => {
    // A key that a row leaves open is the one null that Directus may fill.
    const isGiven = given.has(name) && name !== own.primary;
    const special = field.special.filter((/** @type {string} */ flag) => !isSilenced(flag, isGiven));
    return [name, special.length === field.special.length ? field : { ...field, special }];
  });
  const changed = { ...own, fields: Object.fromEntries(writing) };
  return { ...schema, collections: { ...schema.collections, [collection]: changed } };
}

/** @param {string} flag @param {boolean} given */
function isSilenced(flag, given) {
  return given ? AUTOMATIC.has(flag) : ON_UPDATE.has(flag);
}

/**
 * Directus turns objects and arrays into JSON text, but hands a JSON string, number or boolean to the driver
 * as it is, which stores something else.
 *
 * @param {Row} row
 * @param {{fields: Record<string, any>}} collection
 * @returns {Row} a copy
 */
export function asWritten(row, { fields }) {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => {
      const isScalar = value !== null && typeof value !== 'object';
      return [name, isScalar && fields[name]?.special.includes('cast-json') ? JSON.stringify(value) : value];
    }),
  );
}
