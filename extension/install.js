/** Lays down the config folder, and the migration for people who prepare their database by migrations. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Folder } from './folder.js';

const TEMPLATES = new URL('../install/', import.meta.url);

/** Names in the folder by template. npm would take a packed `.gitattributes` for its own. */
const FILES = Object.freeze({
  'config.js': 'config.js',
  'directus_config.js': 'directus_config.js',
  gitattributes: '.gitattributes',
});

/** The name never changes, so that a migration which ran is not run again; Directus has no migration of this version. */
const MIGRATION = '20240101A-schema-sync.mjs';

/**
 * @typedef {object} Installed
 * @property {string} dir
 * @property {string[]} written
 * @property {string[]} kept files that were there and stay as they are
 * @property {string[]} backups
 */

/**
 * @param {string} dir the sync folder
 * @param {{force?: boolean}} options `force` writes the templates over existing files and keeps those as backups
 * @returns {Promise<Installed>}
 */
export async function installFolder(dir, { force = false }) {
  await mkdir(join(dir, 'data'), { recursive: true });
  const folder = await Folder.open(dir);
  /** @type {Map<string, string>} */
  const texts = new Map();
  /** @type {string[]} */
  const backups = [];
  /** @type {string[]} */
  const kept = [];
  for (const [template, name] of Object.entries(FILES)) {
    const text = await readFile(new URL(template, TEMPLATES), 'utf8');
    const existing = await folder.readText(name);
    if (existing === null || existing === text || force) texts.set(name, text);
    else kept.push(name);
    if (force && existing !== null && existing !== text) {
      const backup = await freeName(folder, name);
      texts.set(backup, existing);
      backups.push(backup);
    }
  }
  const { written } = await folder.write(texts, []);
  return { dir, written: written.filter(name => !backups.includes(name)), kept, backups };
}

/**
 * @param {string} dir Directus' folder of migrations
 * @returns {Promise<{file: string, written: boolean}>}
 */
export async function installMigration(dir) {
  const file = join(dir, MIGRATION);
  const text = await readFile(new URL('migration.mjs', TEMPLATES), 'utf8');
  const existing = await readFile(file, 'utf8').catch(() => null);
  if (existing === text) return { file, written: false };
  await mkdir(dir, { recursive: true });
  await writeFile(file, text);
  return { file, written: true };
}

/** @param {Folder} folder @param {string} name @returns {Promise<string>} a name for a backup that is not taken */
async function freeName(folder, name) {
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? `${name}.backup` : `${name}.backup-${number}`;
    if ((await folder.readText(candidate)) === null) return candidate;
  }
}
