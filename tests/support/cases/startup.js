/** The import at start, in a process that has filled its caches before. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { readEnvironment } from '../../../extension/environment.js';
import { importProject } from '../../../extension/import.js';
import { localInstance } from '../../../extension/instances/local.js';
import { ServerWork } from '../../../extension/server.js';
import { importAtStart } from '../../../extension/startup.js';

/**
 * Fills the caches as Directus does before it calls an extension, lets another process import the folder, and
 * starts then.
 *
 * @param {any} context
 * @returns {Promise<{lines: string[], collections: string[]}>} what was logged, and which collections are served
 */
export async function startBehind(context) {
  await context.getSchema();
  await inAnotherProcess('importFolder');
  /** @type {string[]} */
  const lines = [];
  const log = (/** @type {string} */ line) => lines.push(line);
  const { settings } = readEnvironment(context.env);
  const logger = { info: log, warn: log, error: log };
  const parts = { instance: localInstance(context), settings, logger };
  await importAtStart(parts);
  await new ServerWork({ ...parts, getSchema: context.getSchema }).start();
  return { lines, collections: Object.keys((await context.getSchema()).collections) };
}

/** @param {any} context */
export async function importFolder(context) {
  await importProject(localInstance(context), readEnvironment(context.env).settings);
}

/** @param {string} name of a case of this file */
async function inAnotherProcess(name) {
  const directus = /** @type {string} */ (process.argv[1]);
  await promisify(execFile)(process.execPath, [
    directus,
    'bench',
    fileURLToPath(import.meta.url),
    name,
    'null',
  ]);
}
