/** What tests run on: versions of Directus and databases, and why one of them cannot be used here. */
import { databases as allDatabases } from '../harness/databases.js';
import { MAJORS } from '../harness/directus.js';
import { hasRedis, REDIS_MISSING } from '../harness/redis.js';

/**
 * @typedef {import('../harness/databases.js').DatabaseName} DatabaseName
 * @typedef {import('../harness/directus.js').Major} Major
 *
 * @typedef {object} Combination
 * @property {string} name for the titles of tests
 * @property {Major} major
 * @property {DatabaseName} database
 * @property {string | false} skip why its tests are skipped
 */

const DATABASES = /** @type {DatabaseName[]} */ (Object.keys(allDatabases));

/**
 * Every version with every database.
 *
 * @param {object} [parts]
 * @param {readonly Major[]} [parts.majors] all by default
 * @param {readonly DatabaseName[]} [parts.databases] all by default
 * @returns {Promise<Combination[]>}
 */
export async function combinations({ majors = MAJORS, databases = DATABASES } = {}) {
  const usable = await Promise.all(
    databases.map(async database => ({ database, skip: await reasonToSkip(database) })),
  );
  return majors.flatMap(major =>
    usable.map(({ database, skip }) => ({ name: `Directus ${major}, ${database}`, major, database, skip })),
  );
}

/**
 * @param {DatabaseName} database
 * @returns {Promise<string | false>} why tests that need the database are skipped
 */
export function reasonToSkip(database) {
  return allDatabases[database].missing();
}

/**
 * Several servers on one PostgreSQL, with a Redis between them and without.
 *
 * @returns {Promise<{name: string, redis: boolean, skip: string | false}[]>}
 */
export async function clusters() {
  const withoutPostgres = await reasonToSkip('postgres');
  const withoutRedis = !(await hasRedis()) && REDIS_MISSING;
  return [
    { name: 'without Redis', redis: false, skip: withoutPostgres },
    { name: 'with Redis', redis: true, skip: withoutPostgres || withoutRedis },
  ];
}
