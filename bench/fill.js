/** Fills the collection of products and looks at it, inside of Directus. */
import { COLLECTION, productOf, REVISED } from './data.js';

const BATCH = 500;

/** @param {any} context of an extension @param {{rows: number}} options */
export async function fill({ services, database, getSchema }, { rows }) {
  const payloads = new services.PayloadService(COLLECTION, { knex: database, schema: await getSchema() });
  await database.transaction(async (/** @type {any} */ trx) => {
    for (let at = 0; at < rows; at += BATCH) {
      const batch = Array.from({ length: Math.min(BATCH, rows - at) }, (_, n) => productOf(at + n));
      await trx(COLLECTION).insert(await payloads.processValues('create', batch));
    }
  });
}

/**
 * @param {any} context of an extension
 * @returns {Promise<{rows: number, revised: number}>} how many products there are, and how many were changed
 */
export async function count({ database }) {
  const rows = await database(COLLECTION).count({ count: '*' }).first();
  const revised = await database(COLLECTION)
    .where('name', 'like', `%${REVISED}`)
    .count({ count: '*' })
    .first();
  return { rows: Number(rows.count), revised: Number(revised.count) };
}

/** @param {any} context of an extension */
export async function revise({ database }) {
  await database(COLLECTION).update({ weight: database.raw('weight + 1') });
}
