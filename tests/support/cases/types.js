/** What the tests of types ask the database itself. */

/**
 * Columns as the database keeps them, which is more than JavaScript's numbers can tell.
 *
 * @param {any} context of an extension
 * @param {{collection: string, fields: string[]}} what
 * @returns {Promise<Record<string, string | null>[]>} in the order of the keys
 */
export async function stored({ database }, { collection, fields }) {
  // MySQL and MariaDB cast to texts by another name.
  const text = database.client.config.client === 'mysql2' ? 'char' : 'text';
  const columns = fields.map(field => database.raw(`cast(?? as ${text}) as ??`, [field, field]));
  return database(collection).select(columns).orderBy('id');
}

/** @param {any} context of an extension @returns {Promise<boolean>} whether the database can hold geometry from now on */
export async function prepareGeometry({ database }) {
  try {
    await database.raw('create extension if not exists postgis');
    return true;
  } catch {
    return false;
  }
}

/**
 * @param {any} context of an extension
 * @param {{collection: string, values: Record<string, string | null>}} what hex by key
 */
export async function storeBytes({ database }, { collection, values }) {
  for (const [id, hex] of Object.entries(values)) {
    const bytes = hex === null ? null : Buffer.from(hex, 'hex');
    await database(collection).where({ id }).update({ bytes });
  }
}

/**
 * @param {any} context of an extension
 * @param {{collection: string}} what
 * @returns {Promise<(string | null)[]>} hex, in the order of the keys
 */
export async function storedBytes({ database }, { collection }) {
  const rows = await database(collection).select('bytes').orderBy('id');
  return rows.map((/** @type {any} */ { bytes }) => bytes?.toString('hex') ?? null);
}
