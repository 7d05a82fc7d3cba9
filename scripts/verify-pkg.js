#!/usr/bin/env node
/**
 * Builds the core again and runs the JavaScript unit tests on the result, in a copy of the repository: the
 * committed `pkg/` stays as it is.
 */
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeWithParent, runChecked } from '../tests/harness/process.js';
import { REPOSITORY } from '../tests/harness/repository.js';
import { buildCore } from './core.js';

const copy = mkdtempSync(join(tmpdir(), 'schema-sync-rebuild-'));
removeWithParent(copy);
for (const file of await trackedFiles()) cpSync(join(REPOSITORY, file), join(copy, file));
symlinkSync(join(REPOSITORY, 'node_modules'), join(copy, 'node_modules'), 'dir');
await buildCore(join(copy, 'pkg'));
console.error(describeDifference());
const tests = ['--test', '--test-reporter=spec', 'tests/unit/**/*.test.js'];
const { stdout } = await runChecked(process.execPath, tests, { cwd: copy, env: process.env });
console.error(stdout.slice(stdout.lastIndexOf('ℹ tests')));

/** @returns {Promise<string[]>} files of the repository, new ones included, ignored ones not */
async function trackedFiles() {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const { stdout } = await runChecked('git', args, { cwd: REPOSITORY });
  return stdout.split('\0').filter(file => file !== '' && existsSync(join(REPOSITORY, file)));
}

function describeDifference() {
  const committed = join(REPOSITORY, 'pkg');
  const rebuilt = join(copy, 'pkg');
  const different = readdirSync(rebuilt).filter(
    name =>
      !existsSync(join(committed, name)) ||
      !readFileSync(join(committed, name)).equals(readFileSync(join(rebuilt, name))),
  );
  if (different.length === 0) return 'The rebuild equals the committed pkg/, byte for byte.';
  return `The rebuild differs from the committed pkg/ in ${different.join(', ')}; its tests follow.`;
}
