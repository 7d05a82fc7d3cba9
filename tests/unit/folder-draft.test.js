/** Files of a draft whose content comes part by part, in the order of a database. */
import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { Folder } from '../../extension/folder.js';
import { sha256 } from '../../extension/sha256.js';

const base = await mkdtemp(join(tmpdir(), 'schema-sync-draft-'));
after(() => rm(base, { recursive: true, force: true }));
const PATH = 'data/posts.json';
const BRACKETS = { path: PATH, begin: '[', between: ',', end: '\n]\n' };

/** @type {string} */
let root;
/** @type {import('../../extension/folder-draft.js').FolderDraft} */
let draft;
beforeEach(async () => {
  root = await mkdtemp(join(base, 'case-'));
  const folder = await Folder.open(root);
  draft = folder.draft(await folder.readData());
});

/** @param {string[]} parts @param {[number, number][]} ranges @returns {Promise<string>} the published file */
async function arranged(parts, ranges) {
  const file = draft.begin();
  for (const part of parts) await file.write(Buffer.from(part));
  await file.arrange({ ...BRACKETS, ranges });
  await file.end(PATH);
  await draft.add('data/tags.json', [Buffer.from('[]\n')]);
  await draft.publish([]);
  const text = await readFile(join(root, PATH), 'utf8');
  assert.equal(draft.hashes[PATH], sha256(text));
  assert.deepEqual((await readdir(join(root, 'data'))).sort(), ['posts.json', 'tags.json']);
  assert.deepEqual(await readdir(root), ['data'], 'nothing is left beside');
  return text;
}

test('what came in order stays as it was written', async () => {
  assert.equal(await arranged(['[1,2', ',3'], [[1, 5]]), '[1,2,3\n]\n');
});

test('nothing at all is a file, too', async () => {
  assert.equal(await arranged([''], []), '\n]\n');
});

test('what came in another order is put in order, whatever its size', async () => {
  const long = (/** @type {string} */ letter) => letter.repeat(3_000_001);
  const size = 3_000_001;
  const text = await arranged(
    [`[${long('c')}`, ',b', `,${long('a')}`],
    [
      [4 + size, size],
      [2 + size, 1],
      [1, size],
    ],
  );
  assert.ok(text === `[${long('a')},b,${long('c')}\n]\n`);
});

test('many short rows are put in order', async () => {
  const rows = Array.from({ length: 2000 }, (_, index) => String(9000 - index));
  /** @type {[number, number][]} */
  const ranges = rows.map((_, index) => [1 + index * 5, 4]);
  const text = await arranged(
    [`[${rows.slice(0, 900).join()}`, `,${rows.slice(900).join()}`],
    ranges.reverse(),
  );
  assert.equal(text, `[${rows.toSorted().join()}\n]\n`);
});

test('a file that is given up leaves nothing behind', async () => {
  const file = draft.begin();
  for (const part of ['[1', ',2']) await file.write(Buffer.from(part));
  await file.discard();
  await draft.discard();
  assert.deepEqual(await readdir(root), []);
});
