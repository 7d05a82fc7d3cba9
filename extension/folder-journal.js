/**
 * Replaces many files of the sync folder as one. New content is staged beside the old, and the one rename that
 * publishes the staged set decides: before it the old set stands, after it the new one does. Whoever uses the
 * folder next finishes what was published, so that a killed process leaves no mixture behind.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, rmdir, stat, unlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ignoreMissing, locate } from './folder-paths.js';

/** @typedef {{write: string[], remove: string[]}} Journal paths; the content of `write[n]` is staged as file `n` */

const PUBLISHED = '.write';
const STAGING_PREFIX = '.write-';
const JOURNAL = 'journal.json';
const ABANDONED_AFTER_MS = 3_600_000;
const PUBLISH_TRIES = 10;

/** @param {string} root the sync folder @returns {Promise<string>} a new folder to stage contents in */
export async function createStaging(root) {
  const staging = join(root, STAGING_PREFIX + randomUUID());
  await mkdir(staging);
  return staging;
}

/**
 * @param {string} root the sync folder
 * @param {string} staging with the contents of `journal.write`
 * @param {Journal} journal
 */
export async function publishStaged(root, staging, journal) {
  for (const path of journal.write) await prepare(root, path);
  await writeFile(join(staging, JOURNAL), JSON.stringify(journal), { flush: true });
  await publish(root, staging);
  await finishReplacing(root);
}

/**
 * Finishes what was published and not completed, and removes what was staged and never published. Several
 * processes may do so at once: a file that another one has moved already is none to move.
 *
 * @param {string} root the sync folder
 */
export async function finishReplacing(root) {
  await removeAbandoned(root);
  const published = join(root, PUBLISHED);
  const text = await readFile(join(published, JOURNAL), 'utf8').catch(ignoreMissing);
  if (text === undefined) return;
  const journal = /** @type {Journal} */ (JSON.parse(text));
  for (const [index, path] of journal.write.entries())
    await moveInto(root, path, join(published, String(index)));
  for (const path of journal.remove) await removeFile(root, path);
  await rm(published, { recursive: true, force: true });
}

/**
 * What would stop a file from moving to its place has to be found before the set is published.
 *
 * @param {string} root
 * @param {string} path
 */
async function prepare(root, path) {
  const place = await locate(root, path);
  await mkdir(dirname(place), { recursive: true });
  const found = await stat(place).catch(ignoreMissing);
  if (found?.isDirectory()) throw new Error(`${path} is a folder`);
}

/** @param {string} root @param {string} staging */
async function publish(root, staging) {
  for (let tries = 1; ; tries += 1) {
    try {
      return await rename(staging, join(root, PUBLISHED));
    } catch (error) {
      const { code } = /** @type {NodeJS.ErrnoException} */ (error);
      const isTaken = code === 'ENOTEMPTY' || code === 'EEXIST' || code === 'EPERM';
      if (!isTaken || tries === PUBLISH_TRIES) throw error;
      await finishReplacing(root);
    }
  }
}

/** @param {string} root @param {string} path @param {string} staged */
async function moveInto(root, path, staged) {
  await mkdir(dirname(await locate(root, path)), { recursive: true });
  await rename(staged, await locate(root, path)).catch(ignoreMissing);
}

/** @param {string} root @param {string} path */
async function removeFile(root, path) {
  await unlink(await locate(root, path)).catch(ignoreMissing);
  await removeEmptyFolders(root, dirname(path));
}

/** @param {string} root @param {string} path */
async function removeEmptyFolders(root, path) {
  if (!path.includes('/')) return;
  const isRemoved = await rmdir(await locate(root, path)).then(
    () => true,
    () => false,
  );
  if (isRemoved) await removeEmptyFolders(root, dirname(path));
}

/** @param {string} root */
async function removeAbandoned(root) {
  const names = await readdir(root);
  for (const name of names.filter(name => name.startsWith(STAGING_PREFIX))) {
    const staging = join(root, name);
    const found = await stat(staging).catch(ignoreMissing);
    if (found && Date.now() - found.mtimeMs > ABANDONED_AFTER_MS)
      await rm(staging, { recursive: true, force: true });
  }
}
