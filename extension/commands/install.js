/** `install`: the config folder, and our columns and tables in the database. */
import { resolve } from 'node:path';
import { installFolder, installMigration } from '../install.js';

/** @type {import('./command.js').Command} */
export const install = {
  name: 'install',
  summary: 'Lay down the folder with its config, and prepare the database',
  entries: ['directus', 'bin'],
  options: [
    ['--force', 'lay the config down anew; what was there is kept as a backup'],
    ['--json', 'print one JSON document'],
  ],
  async run({ instance, settings, env }, { force }) {
    const folder = await installFolder(settings.dir, { force });
    const database = instance ? await prepareDatabase(instance) : await prepareMigration(env);
    return {
      lines: [...folderLines(folder), ...database.lines, nextLine(instance)],
      json: { folder, ...database.json },
    };
  },
};

/** @param {any} instance */
async function prepareDatabase(instance) {
  const wasReady = await instance.hasSettings();
  if (!wasReady) await instance.ensureSettings();
  const line = wasReady
    ? 'The database has the columns and tables of Schema Sync already.'
    : 'Added the columns of Schema Sync to directus_settings, and its own tables.';
  return { lines: [line], json: { database: !wasReady } };
}

/** @param {Record<string, unknown>} env */
async function prepareMigration(env) {
  const migration = await installMigration(resolve(String(env.MIGRATIONS_PATH || 'migrations')));
  const line = migration.written ? `Wrote ${migration.file}.` : `${migration.file} is there already.`;
  return { lines: [line], json: { migration } };
}

/** @param {import('../install.js').Installed} folder @returns {string[]} */
function folderLines({ dir, written, kept, backups }) {
  return [
    written.length > 0
      ? `Wrote ${written.join(', ')} to ${dir}.`
      : `Nothing to write: ${dir} is laid down already.`,
    ...(kept.length > 0 ? [`Kept ${kept.join(', ')} as they are (--force writes them anew).`] : []),
    ...(backups.length > 0 ? [`What was there before is kept in ${backups.join(', ')}.`] : []),
  ];
}

/** @param {any} instance */
function nextLine(instance) {
  return instance
    ? 'Next: look at the config, then run `directus schema-sync export`.'
    : 'Next: run `directus database migrate:latest`, look at the config, then run `directus schema-sync export`.';
}
