#!/usr/bin/env node
/** Proves that the committed `pkg/` was built from the committed sources, without building anything. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from '../tests/harness/repository.js';
import { DIGEST_FILE, digestText } from './sources.js';

const pkg = join(REPOSITORY, 'pkg');
const problem = findProblem();
if (problem) {
  console.error(`${problem} Run: npm run build`);
  process.exitCode = 1;
} else {
  console.error('pkg/ belongs to the sources.');
}

/** @returns {string | null} */
function findProblem() {
  const file = join(pkg, DIGEST_FILE);
  if (!existsSync(file)) return 'pkg/ has not been built.';
  const built = new Set(readFileSync(file, 'utf8').split('\n'));
  const stale = digestText(pkg)
    .split('\n')
    .filter(line => !built.delete(line))
    .concat([...built])
    .map(line => line.split('  ')[1]);
  if (stale.includes('sources')) return 'pkg/ was built from other sources.';
  return stale.length > 0 ? `pkg/ was edited after it was built: ${[...new Set(stale)].join(', ')}.` : null;
}
