/** A file in the staging folder of a draft. */
import { open, rename, rm } from 'node:fs/promises';

/** @typedef {[start: number, length: number]} Range of bytes */

/** How much is read at once. */
const PART_BYTES = 1 << 20;
/** How many pieces are read at once: files can be in no order at all. */
const MOST_PIECES = 256;

/** It is written only once there is more of it than one part, or when it is certain to be kept. */
export class StagedFile {
  #place;
  /** @type {Uint8Array | null} */
  #first = null;
  /** @type {string | null} */
  #path = null;
  /** @type {import('node:fs/promises').FileHandle | null} */
  #handle = null;

  /** @param {() => Promise<string>} place */
  constructor(place) {
    this.#place = place;
  }

  /** @param {Uint8Array} part */
  async write(part) {
    if (!this.#first && !this.#handle) this.#first = part;
    else await (await this.#open()).writeFile(part);
  }

  /** @returns {Promise<WrittenFile>} what was written so far, in whose place the file begins anew */
  async restart() {
    await this.#open();
    await this.#close();
    const path = `${this.#path}.before`;
    await rename(/** @type {string} */ (this.#path), path);
    this.#path = null;
    return new WrittenFile(path);
  }

  /** Without bringing it to the disk, a power cut could leave an empty file behind the rename. */
  async finish() {
    await (await this.#open()).sync();
    await this.#close();
  }

  async discard() {
    await this.#close();
    if (this.#path) await rm(this.#path, { force: true });
  }

  async #open() {
    if (this.#handle) return this.#handle;
    this.#path = await this.#place();
    this.#handle = await open(this.#path, 'wx');
    if (this.#first) await this.#handle.writeFile(this.#first);
    this.#first = null;
    return this.#handle;
  }

  async #close() {
    await this.#handle?.close();
    this.#handle = null;
  }
}

/** What was written to a file that begins anew. */
class WrittenFile {
  #path;

  /** @param {string} path */
  constructor(path) {
    this.#path = path;
  }

  /**
   * @param {Range[]} ranges of its bytes
   * @param {string} between what stands between two of them
   * @returns {AsyncGenerator<Uint8Array, void, void>}
   */
  async *inOrder(ranges, between) {
    const handle = await open(this.#path);
    try {
      for (const pieces of batches(piecesOf(ranges, between))) {
        const read = pieces.map(piece =>
          typeof piece === 'string' ? Buffer.from(piece) : readAt(handle, piece),
        );
        yield Buffer.concat(await Promise.all(read));
      }
    } finally {
      await handle.close();
    }
  }

  async discard() {
    await rm(this.#path, { force: true });
  }
}

/**
 * @param {Range[]} ranges
 * @param {string} between
 * @returns {Generator<Range | string, void, void>} none of which is longer than what is read at once
 */
function* piecesOf(ranges, between) {
  for (const [index, [start, length]] of ranges.entries()) {
    if (index > 0) yield between;
    for (let at = 0; at < length; at += PART_BYTES) yield [start + at, Math.min(PART_BYTES, length - at)];
  }
}

/**
 * @param {Iterable<Range | string>} pieces
 * @returns {Generator<(Range | string)[], void, void>} as many at a time as are read at once
 */
function* batches(pieces) {
  /** @type {(Range | string)[]} */
  let batch = [];
  let bytes = 0;
  for (const piece of pieces) {
    batch.push(piece);
    bytes += typeof piece === 'string' ? piece.length : piece[1];
    if (bytes < PART_BYTES && batch.length < MOST_PIECES) continue;
    yield batch;
    batch = [];
    bytes = 0;
  }
  if (batch.length > 0) yield batch;
}

/** @param {import('node:fs/promises').FileHandle} handle @param {Range} range @returns {Promise<Uint8Array>} */
async function readAt(handle, [start, length]) {
  const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(length), 0, length, start);
  if (bytesRead < length) throw new Error('A staged file is shorter than what was written to it.');
  return buffer;
}
