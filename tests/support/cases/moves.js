/** What a folder does to an instance, and the instance to the folder, in one process. */
import { readEnvironment } from '../../../extension/environment.js';
import { exportProject } from '../../../extension/export.js';
import { importProject } from '../../../extension/import.js';
import { localInstance } from '../../../extension/instances/local.js';

/**
 * Imports the project's folder, plans it again, and exports into it.
 *
 * @param {any} context of an extension
 * @returns {Promise<{first: any, second: any[], pending: boolean}>} what the first plan sums up to, the steps of the
 *   second one, and whether anything of the folder waits for an import after the export
 */
export async function bringAndReturn(context) {
  const instance = localInstance(context);
  await instance.ensureSettings();
  const { settings } = readEnvironment(process.env);
  const { plan: first } = await importProject(instance, settings, { allowDestructive: true });
  const { plan: second } = await importProject(instance, settings, { dryRun: true });
  const { pending } = await exportProject(instance, settings);
  return { first: first?.summary, second: second?.steps ?? [], pending };
}
