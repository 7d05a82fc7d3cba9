/** Paths inside the sync folder, and the guarantee that none of them leads out of it. */
import { lstat, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { SchemaSyncError } from './errors.js';

/**
 * The place of a path of the folder on the disk. Symbolic links are followed as long as they stay inside, which is
 * how container platforms mount such folders.
 *
 * @param {string} root the folder
 * @param {string} path relative to the folder, with `/`
 * @returns {Promise<string>} absolute
 * @throws {SchemaSyncError} FOLDER_OUTSIDE
 */
export async function locate(root, path) {
  const segments = path.split('/');
  if (segments.some(segment => !isName(segment))) throw outside(path);
  const realRoot = await realpath(root);
  let place = root;
  for (const segment of segments) {
    place = join(place, segment);
    await refuseEscape(realRoot, place, path);
  }
  return place;
}

/** @param {string} segment */
function isName(segment) {
  return segment !== '' && segment !== '.' && segment !== '..' && !/[\\:\0]/.test(segment);
}

/** @param {string} realRoot @param {string} place @param {string} path for the message */
async function refuseEscape(realRoot, place, path) {
  const stat = await lstat(place).catch(ignoreMissing);
  if (!stat?.isSymbolicLink()) return;
  const target = await realpath(place).catch(ignoreMissing);
  if (target && !target.startsWith(realRoot + sep)) throw outside(path);
}

/** @param {string} path */
function outside(path) {
  return new SchemaSyncError(
    'FOLDER_OUTSIDE',
    `${path} leads out of the sync folder. Replace it by a file inside.`,
    {
      path,
    },
  );
}

/**
 * For `catch`: a thing that is not there is no error.
 *
 * @param {NodeJS.ErrnoException} error
 * @returns {undefined}
 */
export function ignoreMissing(error) {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
  throw error;
}
