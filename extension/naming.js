/**
 * References by key: rows of an instance come with keys in place of the ids of rows whose primary keys do not travel,
 * so that functions of the config, files and planner all see what stands in the files.
 */

/**
 * @typedef {import('./core-thread.js').Remote<import('./core.js').Planner>} Planner
 * @typedef {import('./model.js').Entry} Entry
 * @typedef {import('./model.js').Row} Row
 */

/**
 * Tells the planner which row has which key, before any page of rows. Reads nothing where nobody refers by key.
 *
 * @param {any} session of an instance
 * @param {Planner} planner
 */
export async function readKeys(session, planner) {
  for (const { collection, fields } of await planner.keysToRead()) {
    for await (const { json } of session.readPages({ collection, fields, filter: null })) {
      await planner.addKeys(collection, json);
    }
  }
}

/**
 * @typedef {object} Options what is read in place of the entry's own
 * @property {any} filter
 * @property {string[]} fields
 * @property {import('./variables.js').Variables} [variables] that hashed values may be made of
 *
 * @param {any} session of an instance
 * @param {Planner} planner
 * @param {Entry} entry
 * @param {Options} options
 * @returns {AsyncGenerator<{json: Uint8Array, count: number}, void, void>} pages as text
 */
export async function* pagesByKey(session, planner, entry, options) {
  for await (const page of session.readPages(entry, options)) {
    yield entry.byKey ? { ...page, json: await planner.byKey(entry.id, page.json) } : page;
  }
}

/**
 * @param {any} session of an instance
 * @param {Planner} planner
 * @param {Entry} entry
 * @param {Options} options
 * @returns {AsyncGenerator<Row[], void, void>} pages as objects
 */
export async function* rowsByKey(session, planner, entry, options) {
  for await (const rows of session.readRows(entry, options)) {
    yield entry.byKey ? JSON.parse(Buffer.from(await planner.byKey(entry.id, rows)).toString()) : rows;
  }
}
