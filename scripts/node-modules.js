/** The repository's node_modules, installed when they are missing or the lockfile has changed. */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from '../tests/harness/cache.js';
import { runChecked } from '../tests/harness/process.js';
import { REPOSITORY } from '../tests/harness/repository.js';

/** Holds the digest of the lockfile that node_modules were installed from. */
const STAMP = join(REPOSITORY, 'node_modules', '.installed-from');

/** @param {NodeJS.ProcessEnv} env in which npm runs */
export async function ensureNodeModules(env) {
  if (isInstalled()) return;
  const name = `node-modules-${sha256(REPOSITORY).slice(0, 12)}`;
  await withLock(name, async () => {
    if (isInstalled()) return;
    console.error('Installing the packages of package-lock.json');
    await runChecked('npm', ['ci', '--no-audit', '--no-fund'], { cwd: REPOSITORY, env });
    writeFileSync(STAMP, lockDigest());
  });
}

function isInstalled() {
  try {
    return readFileSync(STAMP, 'utf8') === lockDigest();
  } catch {
    return false;
  }
}

function lockDigest() {
  return sha256(readFileSync(join(REPOSITORY, 'package-lock.json')));
}

/** @param {import('node:crypto').BinaryLike} content */
function sha256(content) {
  return createHash('sha256').update(content).digest('hex');
}
