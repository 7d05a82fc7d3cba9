/** What several tests do with a sync folder: lay down its config, copy it, read it whole. */
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** @typedef {import('../harness/project.js').Project} Project */

/** @param {Project} project */
export function syncFolder(project) {
  return join(project.dir, 'schema-sync');
}

/**
 * Installs the folder and gives it a config for the project's own collections.
 * @param {Project} project
 * @param {Record<string, object>} custom entries by collection
 * @param {Record<string, object>} [directus] entries to add to the shipped `directus_config.js`, as a file of
 *   their own that `SCHEMA_SYNC_CONFIG=extra_config.js` names
 */
export async function installFolder(project, custom, directus = {}) {
  await succeed(project, ['schema-sync', 'install']);
  const folder = syncFolder(project);
  await writeFile(
    join(folder, 'config.js'),
    `export const syncCustomCollections = ${JSON.stringify(custom, null, 2)};\n`,
  );
  const extra = `export const syncDirectusCollections = ${JSON.stringify(directus, null, 2)};\n`;
  await writeFile(join(folder, 'extra_config.js'), extra);
  project.env.SCHEMA_SYNC_CONFIG = 'extra_config.js';
}

/**
 * Runs a command that must succeed, and hands back what it printed.
 * @param {Project} project
 * @param {string[]} args
 * @param {import('../harness/project.js').ProcessOptions} [options]
 */
export async function succeed(project, args, options) {
  const result = await project.cli(args, options);
  if (result.code !== 0) {
    throw new Error(
      `directus ${args.join(' ')} ended with ${result.code}:\n${result.stdout}\n${result.stderr}`,
    );
  }
  return result;
}

/** @param {Project} source @param {Project} target */
export async function copyFolder(source, target) {
  await mkdir(syncFolder(target), { recursive: true });
  await cp(syncFolder(source), syncFolder(target), { recursive: true, force: true });
  if (source.env.SCHEMA_SYNC_CONFIG) target.env.SCHEMA_SYNC_CONFIG = source.env.SCHEMA_SYNC_CONFIG;
}

/**
 * Every data file of the folder and its manifest, path to text.
 * @param {Project} project
 * @returns {Promise<Record<string, string>>}
 */
export async function readData(project) {
  const folder = syncFolder(project);
  const names = await readdir(join(folder, 'data'), { recursive: true, withFileTypes: true });
  const paths = names.filter(name => name.isFile()).map(name => join(name.parentPath, name.name));
  const texts = await Promise.all(
    [...paths, join(folder, 'hash.txt')].sort().map(async path => {
      return /** @type {const} */ ([relative(folder, path), await readFile(path, 'utf8')]);
    }),
  );
  return Object.fromEntries(texts);
}

/**
 * @param {Project} project
 * @param {string} path below `data/`
 * @param {(text: string) => string} change
 */
export async function editText(project, path, change) {
  const file = join(syncFolder(project), 'data', path);
  await writeFile(file, change(await readFile(file, 'utf8')));
}

/**
 * @param {Project} project
 * @param {string} path below `data/`
 * @param {(content: any) => unknown} change gives other content, or changes what it is given
 */
export function editData(project, path, change) {
  return editText(project, path, text => {
    const content = JSON.parse(text);
    return `${JSON.stringify(change(content) ?? content, null, 2)}\n`;
  });
}
