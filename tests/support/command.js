/** The command `schema-sync`, which needs no Directus. */

import { join } from 'node:path';
import { node22 } from '../harness/node22.js';
import { run } from '../harness/process.js';
import { REPOSITORY } from '../harness/repository.js';

/**
 * @param {import('../harness/project.js').Project | {dir: string, env: Record<string, string>}} project
 * @param {...string} args
 */
export function schemaSync({ dir, env }, ...args) {
  const file = join(REPOSITORY, 'extension', 'bin.js');
  return run(node22().bin, [file, ...args], {
    cwd: dir,
    env: { PATH: process.env.PATH, NO_COLOR: '1', ...env },
  });
}
