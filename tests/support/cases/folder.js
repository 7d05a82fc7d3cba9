/** A Directus that is exported into a folder of its own, whose files a case edits and imports again. */
import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readEnvironment } from '../../../extension/environment.js';
import { exportProject } from '../../../extension/export.js';
import { importProject, sealProject } from '../../../extension/import.js';
import { installFolder } from '../../../extension/install.js';
import { writeManifest } from '../../../extension/manifest.js';
import { toolsOf } from './tools.js';

/**
 * @param {any} context
 * @param {any[]} steps what is applied before the export
 * @param {Record<string, object>} entries of `config.js`, by collection
 * @param {import('../../../extension/export.js').ExportOptions} [options] of the first export
 */
export async function exportedFolder(context, steps, entries, options) {
  const { instance, run } = await toolsOf(context);
  await run(steps);
  const environment = { SCHEMA_SYNC_DIR: 'folder' };
  const { settings } = readEnvironment(environment);
  await installFolder(settings.dir, {});
  const config = `export const syncCustomCollections = ${JSON.stringify(entries)};\n`;
  await writeFile(join(settings.dir, 'config.js'), config);
  await exportProject(instance, settings, options);
  const read = async (/** @type {string} */ path) =>
    JSON.parse(await readFile(join(settings.dir, path), 'utf8'));
  return {
    read,
    /** @param {string} path @param {(content: any) => void} change */
    async edit(path, change) {
      const content = await read(path);
      change(content);
      await writeFile(join(settings.dir, path), `${JSON.stringify(content, null, 2)}\n`);
      await writeManifest(settings);
    },
    /** Takes the files as they are for what was intended. */
    accept: () => writeManifest(settings),
    /** @param {string} text to be added to `config.js` */
    configure: text => appendFile(join(settings.dir, 'config.js'), text),
    /** @param {string[]} paths */
    async remove(...paths) {
      for (const path of paths) await rm(join(settings.dir, path));
      await writeManifest(settings);
    },
    /** @param {import('../../../extension/run.js').ImportOptions} [options] @param {Record<string, string>} [more] */
    import: (options, more) =>
      importProject(instance, readEnvironment({ ...environment, ...more }).settings, options),
    /** @returns {Promise<{text: string, plan: import('../../../extension/model.js').Plan}>} */
    seal: async () => /** @type {any} */ (await sealProject(instance, settings)),
    /** @param {import('../../../extension/export.js').ExportOptions} [options] */
    export: options => exportProject(instance, settings, options),
  };
}
