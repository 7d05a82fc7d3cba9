/** Columns of bytes, whose values are base64 wherever JSON stands for rows. */

/** @typedef {import('../../model.js').Row} Row */

/** What Directus does not know by itself, though it makes such columns. */
const POSTGRES = 'bytea';

/** @param {{type: string, dbType?: string | null}} field */
export function holdsBytes({ type, dbType }) {
  return type === 'binary' || dbType === POSTGRES;
}

/** @param {any} collection as Directus' schema has it @returns {string[]} fields */
function bytesOf({ fields }) {
  return Object.keys(fields).filter(name => holdsBytes(fields[name]));
}

/**
 * @param {any} collection as Directus' schema has it
 * @param {Row[]} rows as a driver gives them
 * @returns {Row[]}
 */
export function withBase64(collection, rows) {
  return changed(rows, bytesOf(collection), value =>
    // SQLite keeps a text in such a column as well.
    Buffer.from(/** @type {any} */ (value)).toString('base64'),
  );
}

/**
 * @param {any} collection as Directus' schema has it
 * @param {Row[]} rows
 * @returns {Row[]} as a driver takes them
 */
export function withBytes(collection, rows) {
  return changed(rows, bytesOf(collection), value => Buffer.from(String(value), 'base64'));
}

/**
 * @param {Row[]} rows
 * @param {string[]} names
 * @param {(value: unknown) => unknown} change
 */
function changed(rows, names, change) {
  if (names.length === 0) return rows;
  const own = (/** @type {Row} */ row) => names.filter(name => (row[name] ?? null) !== null);
  return rows.map(row => ({
    ...row,
    ...Object.fromEntries(own(row).map(name => [name, change(row[name])])),
  }));
}
