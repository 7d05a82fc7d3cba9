/**
 * The cache of everything that is slow to install: Node 22, Directus, the wasm tools, template databases.
 * It lives outside the tree, so that a fresh clone on the same machine starts at once.
 */
import { existsSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const PROJECT_NAME = 'directus-extension-schema-sync';
const LOCK_POLL_MS = 500;

/** @returns {string} the folder that holds all installs */
export function cacheRoot() {
  if (process.env.SCHEMA_SYNC_CACHE) return process.env.SCHEMA_SYNC_CACHE;
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), PROJECT_NAME);
}

/**
 * Installs something once. The rename at the end is what makes an install count: a killed one leaves only a
 * `.partial-<pid>` folder, which nothing reads and the next install removes.
 *
 * @param {string} name folder inside the cache; it names the version too, so it never changes afterwards
 * @param {(folder: string) => Promise<void>} fill installs into the empty folder that it is given
 * @returns {Promise<string>} the installed folder
 */
export async function installOnce(name, fill) {
  const target = join(cacheRoot(), name);
  if (existsSync(target)) return target;
  await withLock(name, async () => {
    if (existsSync(target)) return;
    await removeAbandoned(name);
    console.error(`Installing ${name} into ${cacheRoot()} (once)`);
    const partial = `${target}.partial-${process.pid}`;
    await mkdir(partial, { recursive: true });
    try {
      await fill(partial);
      await rename(partial, target);
    } catch (error) {
      await rm(partial, { recursive: true, force: true });
      throw error;
    }
  });
  return target;
}

/**
 * Runs `work` while no other process runs work of the same name. The lock saves work, it does not protect
 * data: should two processes ever slip through, the rename of `installOnce` still lets only one install count.
 *
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(name, work) {
  const file = join(cacheRoot(), `${name}.lock`);
  await mkdir(cacheRoot(), { recursive: true });
  while (!(await createLock(file))) {
    if (await isAbandoned(file)) await rm(file, { force: true });
    else await sleep(LOCK_POLL_MS);
  }
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}

/** @param {string} file */
async function createLock(file) {
  try {
    const handle = await open(file, 'wx');
    await handle.writeFile(String(process.pid));
    await handle.close();
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false;
    throw error;
  }
}

/** @param {string} file */
async function isAbandoned(file) {
  const pid = Number(await readFile(file, 'utf8').catch(() => ''));
  // An empty file belongs to a process that is between creating and writing it.
  return pid > 0 && !isAlive(pid);
}

/** @param {number} pid */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

/** @param {string} name */
async function removeAbandoned(name) {
  const prefix = `${name}.partial-`;
  for (const entry of await readdir(cacheRoot())) {
    if (!entry.startsWith(prefix) || isAlive(Number(entry.slice(prefix.length)))) continue;
    await rm(join(cacheRoot(), entry), { recursive: true, force: true });
  }
}
