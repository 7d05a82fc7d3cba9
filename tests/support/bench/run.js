/** Calls of the bench extension from a test. */
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createProject } from '../../harness/project.js';
import { benchResult } from './index.js';

/** Folder of the bench extension. */
export const BENCH = dirname(fileURLToPath(import.meta.url));

/**
 * A project whose only extension is the bench.
 *
 * @param {import('node:test').TestContext} t
 * @param {import('../../harness/project.js').ProjectOptions} options
 */
export async function createBenchProject(t, options) {
  const project = await createProject({ ...options, extension: BENCH });
  t.after(() => project.destroy());
  return project;
}

/**
 * Calls one case of a module under `tests/support/cases/` inside Directus.
 *
 * @param {import('../../harness/project.js').Project} project
 * @param {string} module such as `apply`
 * @param {string} name of the exported function
 * @param {unknown} [input]
 * @returns {Promise<any>} what it gave
 */
export function callCase(project, module, name, input = null) {
  const file = fileURLToPath(new URL(`../cases/${module}.js`, import.meta.url));
  return callCaseOf(project, file, name, input);
}

/**
 * The same for a module anywhere.
 *
 * @param {import('../../harness/project.js').Project} project
 * @param {string} file
 * @param {string} name of the exported function
 * @param {unknown} [input]
 * @returns {Promise<any>} what it gave
 */
export async function callCaseOf(project, file, name, input = null) {
  const { stdout, stderr } = await project.cli(['bench', file, name, JSON.stringify(input)]);
  const { result, error } = benchResult(stdout);
  if (error) throw new Error(`${name} of ${file} failed: ${error.stack}\n${stderr}`);
  return result;
}
