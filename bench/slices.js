/** Files of rows, read and changed slice by slice where they are larger than any string can be. */
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { readFile, rename, stat } from 'node:fs/promises';

/**
 * @typedef {object} Edit of exported rows
 * @property {(row: any, index: number) => any} [each]
 * @property {Iterable<any>} [more] rows behind the others
 */

/** Bytes. A smaller file is parsed as a whole. */
export const SLICE = 64 * 2 ** 20;
/** Ends a row that is followed by another. The products hold no objects, and no line break in a text. */
const BOUNDARY = '},\n';

/**
 * @param {string} file an array of products
 * @returns {AsyncGenerator<any[]>} its rows, in their order
 */
export async function* slicesOf(file) {
  const { size } = await stat(file);
  if (size <= SLICE) return yield JSON.parse(await readFile(file, 'utf8'));
  let rest = Buffer.alloc(0);
  for await (const chunk of createReadStream(file, { highWaterMark: SLICE })) {
    const bytes = Buffer.concat([rest, chunk]);
    const comma = bytes.lastIndexOf(BOUNDARY) + 1;
    rest = bytes;
    if (comma === 0) continue;
    // Each slice becomes an array of its own.
    bytes.write(']', comma);
    yield JSON.parse(bytes.toString('utf8', 0, comma + 1));
    bytes.write('[', comma);
    rest = bytes.subarray(comma);
  }
  yield JSON.parse(rest.toString('utf8'));
}

/** @param {string} file @param {Edit} edit */
export async function editRows(file, { each = row => row, more = [] }) {
  const output = createWriteStream(`${file}.new`);
  let index = 0;
  for await (const rows of slicesOf(file)) {
    for (const row of rows) await write(output, each(row, index), index++);
  }
  for (const row of more) await write(output, row, index++);
  output.end('\n]\n');
  await once(output, 'finish');
  await rename(`${file}.new`, file);
}

/** @param {import('node:fs').WriteStream} output @param {any} row @param {number} index */
async function write(output, row, index) {
  const isTaken = output.write(`${index === 0 ? '[' : ','}\n${JSON.stringify(row, null, 2)}`);
  if (!isTaken) await once(output, 'drain');
}
