/**
 * The databases that a test project can stand on. Another one is one more entry of the table.
 */
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createMariadbDatabase, hasMariadb, MARIADB_MISSING, mariadbFormat } from './mariadb.js';
import { createPostgresDatabase, hasPostgres, postgresFormat } from './postgres.js';
import { POSTGRES_MISSING } from './postgres-programs.js';

/**
 * @typedef {object} ProjectDatabase the database of one project
 * @property {Record<string, string>} env what Directus needs to connect to it
 * @property {(copy: string) => Promise<void>} save stores the whole content as a file or folder of that name, and may end
 *   the database
 * @property {() => Promise<void>} drop
 *
 * @typedef {object} DatabaseKind
 * @property {(projectFolder: string, copy: string | null) => Promise<ProjectDatabase>} create makes an empty one, or one
 *   with the content that was saved
 * @property {() => Promise<string>} format what can read a saved copy
 * @property {() => Promise<string | false>} missing says what this machine lacks for it
 *
 * @typedef {'sqlite' | 'postgres' | 'mariadb'} DatabaseName
 */

/** @type {Record<DatabaseName, DatabaseKind>} */
export const databases = {
  sqlite: { create: createSqliteDatabase, format: async () => 'sqlite', missing: async () => false },
  postgres: {
    create: createPostgresDatabase,
    format: postgresFormat,
    missing: async () => !(await hasPostgres()) && POSTGRES_MISSING,
  },
  mariadb: {
    create: createMariadbDatabase,
    format: mariadbFormat,
    missing: async () => !(await hasMariadb()) && MARIADB_MISSING,
  },
};

/** @type {DatabaseKind['create']} */
async function createSqliteDatabase(projectFolder, copy) {
  const filename = join(projectFolder, 'data.db');
  if (copy) await copyFile(copy, filename);
  return {
    env: { DB_CLIENT: 'sqlite3', DB_FILENAME: filename },
    save: copy => copyFile(filename, copy),
    // The file goes with the project's folder.
    drop: async () => {},
  };
}
