/** Projects that hold products, made once and copied; and what they hold. */

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createProject } from '../tests/harness/project.js';
import { BENCH, callCaseOf } from '../tests/support/bench/run.js';
import { PRODUCTS } from './data.js';

const CASES = fileURLToPath(new URL('./fill.js', import.meta.url));

/**
 * @param {number} rows
 * @returns {import('../tests/harness/project.js').TemplateContent}
 */
export function ofProducts(rows) {
  return {
    name: `products-${digest()}-${rows}`,
    extension: BENCH,
    async load(api, project) {
      await api('POST', '/collections', PRODUCTS);
      await callCaseOf(project, CASES, 'fill', { rows });
    },
  };
}

function digest() {
  const text = readFileSync(new URL('./data.js', import.meta.url));
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

/**
 * A project with a contender's extension, and the one that counts.
 *
 * @param {import('../tests/harness/project.js').ProjectOptions} options
 */
export async function createCounted(options) {
  const project = await createProject(options);
  await symlink(BENCH, join(project.dir, 'extensions', 'count'), 'dir');
  return project;
}

/**
 * A contender that leaves out work must not count as fast.
 *
 * @param {import('../tests/harness/project.js').Project} project
 * @param {{rows: number, revised: number}} expected
 */
export async function demandProducts(project, expected) {
  assert.deepEqual(await callCaseOf(project, CASES, 'count'), expected);
}

/**
 * Changes every product, past Directus.
 *
 * @param {import('../tests/harness/project.js').Project} project
 */
export async function reviseProducts(project) {
  await callCaseOf(project, CASES, 'revise');
}
