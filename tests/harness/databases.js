/**
 * The databases that a test project can stand on. Another one is one more entry of the table.
 */
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createPostgresDatabase, hasPostgres } from './postgres.js';

/**
 * @typedef {object} ProjectDatabase one empty database, for one project
 * @property {Record<string, string>} env what Directus needs to connect to it
 * @property {(file: string) => Promise<void>} save writes the whole content into a file; no Directus may be running
 * @property {(file: string) => Promise<void>} restore fills the empty database from such a file
 * @property {() => Promise<void>} drop
 *
 * @typedef {object} DatabaseKind
 * @property {(projectFolder: string) => Promise<ProjectDatabase>} create
 * @property {() => Promise<string | false>} missing says what this machine lacks for it
 *
 * @typedef {'sqlite' | 'postgres'} DatabaseName
 */

/** @type {Record<DatabaseName, DatabaseKind>} */
export const databases = {
  sqlite: { create: createSqliteDatabase, missing: async () => false },
  postgres: {
    create: createPostgresDatabase,
    missing: async () => !(await hasPostgres()) && 'PostgreSQL is not installed',
  },
};

/** @param {string} projectFolder @returns {Promise<ProjectDatabase>} */
async function createSqliteDatabase(projectFolder) {
  const filename = join(projectFolder, 'data.db');
  return {
    env: { DB_CLIENT: 'sqlite3', DB_FILENAME: filename },
    save: file => copyFile(filename, file),
    restore: file => copyFile(file, filename),
    // The file goes with the project's folder.
    drop: async () => {},
  };
}
