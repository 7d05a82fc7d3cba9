/** Imports by a process of their own, which a test can end at any moment. */
import { createProject } from '../harness/project.js';
import { copyFolder } from './sync-folder.js';
import { until } from './until.js';

/**
 * @typedef {import('../harness/project.js').Project} Project
 * @typedef {import('../harness/project.js').ProjectOptions} ProjectOptions
 */

/** Directus says so right before it hands a command to the extension. */
const BOOTED = 'Loaded extensions';

/** @param {Project} target @returns the command that imports, at the moment when it begins */
export async function bootedImport(target) {
  const running = target.startCli(['schema-sync', 'import', '--yes']);
  await until(async () => running.output.stdout.includes(BOOTED), { everyMs: 5 });
  return running;
}

/**
 * Gives `work` an untouched project with the folder of `source`. All of them come from one template, so that their plans
 * are the same.
 *
 * @template T
 * @param {Project} source
 * @param {ProjectOptions} options
 * @param {(target: Project) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withTarget(source, options, work) {
  const target = await createProject({ ...options, template: 'b' });
  try {
    await copyFolder(source, target);
    return await work(target);
  } finally {
    await target.destroy();
  }
}
