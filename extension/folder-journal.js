/**
 * Replaces many files of the sync folder as one. New content is staged beside the old, and the one rename that
 * publishes the staged set decides: before it the old set stands, after it the new one does. Whoever uses the
 * folder next finishes what was published, so that a killed process leaves no mixture behind.
 */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, rmdir, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SchemaSyncError } from './errors.js';
import { ignoreMissing, locate } from './folder-paths.js';

/** @typedef {import('./folder.js').NewContent} NewContent */
/** @typedef {{write: string[], remove: string[]}} Journal paths; the content of `write[n]` is staged as file `n` */

const PUBLISHED = '.write';
const STAGING_PREFIX = '.write-';
const JOURNAL = 'journal.json';
const ABANDONED_AFTER_MS = 3_600_000;
const PUBLISH_TRIES = 10;

/**
 * @param {string} root the sync folder
 * @param {Map<string, NewContent>} write contents by path
 * @param {string[]} remove paths
 */
export async function replaceFiles(root, write, remove) {
  const staging = join(root, STAGING_PREFIX + randomUUID());
  try {
    for (const path of write.keys()) await prepare(root, path);
    await stage(staging, write, remove);
    await publish(root, staging);
  } catch (error) {
    await rm(staging, { recursive: true, force: true });
    throw error;
  }
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
  await mkdir(dirname(await locate(root, path)), { recursive: true });
}

/** @param {string} staging @param {Map<string, NewContent>} write @param {string[]} remove */
async function stage(staging, write, remove) {
  await mkdir(staging);
  for (const [index, content] of [...write.values()].entries())
    await writeDurably(join(staging, String(index)), content);
  const journal = { write: [...write.keys()], remove };
  await writeDurably(join(staging, JOURNAL), JSON.stringify(journal));
}

/** @param {NewContent} content @returns {content is import('./exporting-contents.js').ContentSource} */
export function isSource(content) {
  return typeof content === 'object' && 'open' in content;
}

/** @param {string} file @param {NewContent} content */
async function writeDurably(file, content) {
  const handle = await open(file, 'wx');
  try {
    await handle.writeFile(isSource(content) ? checked(content) : content);
    // Without it a power cut could leave empty files behind the rename.
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * @param {import('./exporting-contents.js').ContentSource} source
 * @throws {SchemaSyncError} CONTENT_CHANGED behind the last chunk
 */
async function* checked({ sha256, open }) {
  const hash = createHash('sha256');
  for await (const chunk of await open()) {
    hash.update(chunk);
    yield chunk;
  }
  if (hash.digest('hex') === sha256) return;
  const message = 'A file changed in the storage while it was exported. Nothing was written; run it again.';
  throw new SchemaSyncError('CONTENT_CHANGED', message, { path: 'directus_files' });
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
