/** What no tool can beat: the database's driver and JSON, without Directus. */
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { directusCommand } from '../../tests/harness/directus.js';
import { node22 } from '../../tests/harness/node22.js';
import { startCommand } from '../../tests/harness/process.js';
import { productOf } from '../data.js';
import { measured } from '../measure.js';
import { SLICE } from '../slices.js';

/** @typedef {import('../../tests/harness/project.js').Project} Project */

const PROGRAM = fileURLToPath(new URL('./floor-program.js', import.meta.url));

const NAME = 'driver and JSON alone';
const ROW_BYTES = JSON.stringify(productOf(0)).length;

/** @type {import('../run.js').Contender} */
export const floor = {
  name: NAME,
  withoutDirectus: true,
  remark: rows =>
    rows * ROW_BYTES > SLICE
      ? `The import of ${NAME} parses the file of ${rows.toLocaleString('en')} rows in slices, since it is larger than any string.`
      : null,
  extension: async () => false,
  prepare: async () => {},
  exportRows: project => run(project, 'export'),
  hand: (source, target) => cp(fileOf(source), fileOf(target)),
  importRows: project => run(project, 'import'),
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
