/**
 * The databases that a test project can stand on. Another one is one more entry of the table.
 */
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createPostgresDatabase } from './postgres.js';

/**
 * @typedef {object} ProjectDatabase one empty database, for one project
 * @property {Record<string, string>} env what Directus needs to connect to it
 * @property {(file: string) => Promise<void>} save writes the whole content into a file; no Directus may be running
 * @property {(file: string) => Promise<void>} restore fills the empty database from such a file
 * @property {() => Promise<void>} drop
 *
 * @typedef {'sqlite' | 'postgres'} DatabaseName
 */

/** @type {Record<DatabaseName, (projectFolder: string) => Promise<ProjectDatabase>>} */
export const databases = {
  sqlite: async projectFolder => {
    const filename = join(projectFolder, 'data.db');
    return {
      env: { DB_CLIENT: 'sqlite3', DB_FILENAME: filename },
      save: file => copyFile(filename, file),
      restore: file => copyFile(file, filename),
      // The file goes with the project's folder.
      drop: async () => {},
    };
  },
  postgres: createPostgresDatabase,
};
