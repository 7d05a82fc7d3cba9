/** A schema in one file of JSON or YAML, as `directus schema snapshot` writes it. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { loadCore } from './core.js';
import { SchemaSyncError } from './errors.js';
import { writeManifest } from './manifest.js';

/** @typedef {import('./model.js').Snapshot} Snapshot */

/** Where a folder has its schema, which the core names in messages. */
const PLACE = 'data/schema.json';
/** A folder that is about a schema alone. */
const CONFIGS = Object.freeze({
  'config.js': 'export const syncCustomCollections = {};\n',
  'directus_config.js': 'export const syncDirectusCollections = {};\n',
});

/**
 * @param {string} file
 * @returns {Promise<Snapshot>}
 * @throws {SchemaSyncError} OPTION_INVALID where there is no such file, else what is wrong with it
 */
export async function readSnapshotFile(file) {
  const bytes = await readFile(resolve(file)).catch(cause => {
    const message = `--snapshot names ${file}, which cannot be read: ${cause.message}.`;
    throw new SchemaSyncError('OPTION_INVALID', message, { path: '--snapshot', cause });
  });
  const text = /\.ya?ml$/i.test(file) ? await jsonOf(file, bytes.toString()) : bytes.toString();
  try {
    return (await loadCore()).joinSnapshot([{ path: PLACE, text }]);
  } catch (error) {
    throw named(file, error);
  }
}

/**
 * A folder with nothing but the schema of the file, for as long as `work` takes.
 *
 * @template T
 * @param {string} file
 * @param {(dir: string) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withSnapshotFolder(file, work) {
  const snapshot = await readSnapshotFile(file);
  const dir = await mkdtemp(join(tmpdir(), 'schema-sync-snapshot-'));
  try {
    for (const [name, text] of Object.entries(CONFIGS)) await writeFile(join(dir, name), text);
    await mkdir(join(dir, 'data'));
    for (const { path, text } of (await loadCore()).splitSnapshot(snapshot, false))
      await writeFile(join(dir, path), text);
    await writeManifest({ dir });
    return await work(dir);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/**
 * YAML is for the few who have such a file, so its parser is loaded for them alone.
 *
 * @param {string} file
 * @param {string} text
 */
async function jsonOf(file, text) {
  const { parse } = await import('yaml');
  try {
    return JSON.stringify(parse(text) ?? null);
  } catch (cause) {
    const { message, linePos } = /** @type {import('yaml').YAMLParseError} */ (cause);
    const path = linePos ? `${file}:${linePos[0].line}:${linePos[0].col}` : file;
    throw new SchemaSyncError('SNAPSHOT_INVALID', `${path} is not YAML: ${message}`, { path, cause });
  }
}

/** @param {string} file @param {unknown} error of the core @returns {unknown} that names the file */
function named(file, error) {
  if (!(error instanceof SchemaSyncError)) return error;
  const renamed = (/** @type {string | undefined} */ place) => place?.replace(PLACE, file);
  const diagnostics = error.diagnostics.map(found => ({
    ...found,
    message: found.message.replaceAll(PLACE, file),
    path: renamed(found.path),
  }));
  const message = error.message.replaceAll(PLACE, file);
  return new SchemaSyncError(error.code, message, { path: renamed(error.path), diagnostics, cause: error });
}
