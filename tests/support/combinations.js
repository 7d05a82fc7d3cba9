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

/** Databases that all tests run on. */
const DATABASES = /** @type {readonly DatabaseName[]} */ (['sqlite', 'postgres']);

/**
 * Test files in which MariaDB says something that the others do not, and the versions with which it joins them. In all
 * others it would only take time.
 *
 * @type {Readonly<Record<string, readonly Major[]>>}
 */
const WITH_MARIADB = Object.freeze({
  apply: ['12'],
  bulk: ['12'],
  'committed-schema': ['11', '12'],
  kill: ['12'],
  'kill-rows': ['11'],
  lock: ['12'],
  losses: ['12'],
  renames: ['12'],
  startup: ['12'],
  'three-way-rows': ['11'],
  'three-way-schema': ['12'],
  types: ['11', '12'],
});

/**
 * Every version with every database, and MariaDB where the test file is one of those that it joins.
 *
 * @param {object} [parts]
 * @param {keyof typeof WITH_MARIADB} [parts.file] name of the test file
 * @param {readonly Major[]} [parts.majors] all by default
 * @param {readonly DatabaseName[]} [parts.databases] all but MariaDB by default
 * @returns {Promise<Combination[]>}
 */
export async function combinations({ file, majors = MAJORS, databases = DATABASES } = {}) {
  const usual = majors.flatMap(major => databases.map(database => ({ major, database })));
  const added = (file ? (WITH_MARIADB[file] ?? []) : []).map(major => ({
    major,
    database: /** @type {const} */ ('mariadb'),
  }));
  return Promise.all(
    [...usual, ...added].map(async ({ major, database }) => ({
      name: `Directus ${major}, ${database}`,
      major,
      database,
      skip: await reasonToSkip(database),
    })),
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
