/** What no tool can beat: the database's driver and JSON, without Directus. */
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { directusCommand } from '../../tests/harness/directus.js';
import { node22 } from '../../tests/harness/node22.js';
import { startCommand } from '../../tests/harness/process.js';
import { measured } from '../measure.js';

/** @typedef {import('../../tests/harness/project.js').Project} Project */

const PROGRAM = fileURLToPath(new URL('./floor-program.js', import.meta.url));

/** @type {import('../run.js').Contender} */
export const floor = {
  name: 'driver and JSON alone',
  withoutDirectus: true,
  extension: async () => false,
  prepare: async () => {},
  exportRows: project => run(project, 'export'),
  hand: (source, target) => cp(fileOf(source), fileOf(target)),
  importRows: project => run(project, 'import'),
  async edit(project, change) {
    await writeFile(
      fileOf(project),
      JSON.stringify(change(JSON.parse(await readFile(fileOf(project), 'utf8')))),
    );
  },
};

/** @param {Project} project */
function fileOf(project) {
  return join(project.dir, 'rows.json');
}

/** @param {Project} project @param {'export' | 'import'} what */
function run(project, what) {
  const args = [PROGRAM, what, fileOf(project), directusCommand(project.major)];
  return measured(project, env =>
    startCommand(node22().bin, args, { cwd: project.dir, env: { ...process.env, ...project.env, ...env } }),
  );
}
