/** The storage where Directus keeps the contents of files, through its own drivers, and always as streams. */
import { createHash } from 'node:crypto';
import { basename, extname } from 'node:path';
import { Readable } from 'node:stream';
import { directusModule } from './directus.js';

/**
 * @typedef {object} Disk a driver of Directus for one location
 * @property {(name: string) => Promise<Readable>} read
 * @property {(name: string, content: Readable, type?: string) => Promise<void>} write
 * @property {(name: string) => Promise<void>} delete
 * @property {(name: string) => Promise<boolean>} exists
 * @property {(name: string) => Promise<{size: number, modified: Date}>} stat
 * @property {(prefix: string) => AsyncIterable<string>} list
 *
 * @typedef {{size: number, modified: number}} Stat bytes; milliseconds since the epoch by the storage's clock
 */

/** @param {string} location such as `local` @returns {Promise<Disk>} */
export async function diskAt(location) {
  const storage = await directusModule('storage/index');
  if (!storage) throw new Error('This Directus has its storage elsewhere, so that files cannot be reached.');
  return (await storage.getStorage()).location(location);
}

/** @param {Record<string, any>} env of Directus @returns {string} where it keeps new files */
export function firstLocation({ STORAGE_LOCATIONS }) {
  const [first] = Array.isArray(STORAGE_LOCATIONS) ? STORAGE_LOCATIONS : String(STORAGE_LOCATIONS).split(',');
  return String(first).trim();
}

/** @param {Disk} disk @param {string} name @returns {Promise<Stat | null>} null where there is no such file */
export async function statOf(disk, name) {
  try {
    const { size, modified } = await disk.stat(name);
    return { size: Number(size), modified: Number(modified) };
  } catch (error) {
    // A storage that does not answer is not to be taken for one without the file.
    if (await disk.exists(name)) throw error;
    return null;
  }
}

/** @param {Disk} disk @param {string} name @returns {Promise<string>} SHA-256 in hex */
export async function sha256At(disk, name) {
  const hash = createHash('sha256');
  for await (const chunk of await disk.read(name)) hash.update(chunk);
  return hash.digest('hex');
}

/**
 * @param {Disk} disk
 * @param {string} name
 * @param {Readable} content
 * @param {string} [type] of media
 * @returns {Promise<string>} SHA-256 in hex of what was written
 */
export async function writeTo(disk, name, content, type) {
  const hash = createHash('sha256');
  await disk.write(name, Readable.from(hashed(content, hash), { objectMode: false }), type);
  return hash.digest('hex');
}

/** @param {Readable} content @param {import('node:crypto').Hash} hash */
async function* hashed(content, hash) {
  for await (const chunk of content) {
    hash.update(chunk);
    yield chunk;
  }
}

/**
 * Removes a content with the thumbnails that Directus made of it.
 *
 * @param {Disk} disk
 * @param {string} name
 */
export async function removeFrom(disk, name) {
  const stem = basename(name, extname(name));
  const found = [];
  for await (const other of disk.list(stem)) {
    if (other === name || other.startsWith(`${stem}__`)) found.push(other);
  }
  for (const other of found) await disk.delete(other);
}
