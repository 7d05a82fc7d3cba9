import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { CONTENT, contentPath, extensionOf, FolderContents } from '../../extension/contents.js';
import { ExportedContents } from '../../extension/exporting-contents.js';
import { Folder } from '../../extension/folder.js';
import { inParallel } from '../../extension/instances/local/parallel.js';

const [A, B, C] = [1, 2, 3].map(digit => `${digit}0000000-0000-4000-8000-000000000000`);
const ENTRY = /** @type {any} */ ({ id: 'directus_files' });
const UNMIXED = Object.freeze({ keep: [], leftOut: [], omit: [], replace: [] });

/** @param {string} id @param {string | null} sha256 @param {string} [disk] */
function fileRow(id, sha256, disk = `${id}.png`) {
  return { id, title: 'File', storage: 'local', filename_disk: disk, [CONTENT]: sha256 };
}

/** @param {Record<string, string>} hashes by path @param {string[]} rows ids of the folder's rows */
function folderOf(hashes, rows) {
  const folder = new FolderContents(hashes);
  folder.note(
    ENTRY.id,
    rows.map(id => ({ id })),
  );
  return folder;
}

/** @param {FolderContents} folder @param {any[]} rows of the instance @param {object} [staying] */
function changeOf(folder, rows, staying = {}) {
  const exported = new ExportedContents(folder, async row => Readable.from([row.filename_disk]));
  exported.add(ENTRY.id, exported.settle(rows));
  const stays = { [ENTRY.id]: /** @type {any} */ ({ ...UNMIXED, ...staying }) };
  const change = exported.change([ENTRY], stays, folder.rowsOf(ENTRY.id));
  return { ...change, write: [...change.write.keys()], warnings: exported.warnings() };
}

test('contents are known by the ids in their names, and by nothing else', () => {
  const names = [`${A}.png`, B, `${C}.tar.gz`, 'README.md', `${C}.${'x'.repeat(20)}`, `sub/${C}.png`];
  const folder = new FolderContents(Object.fromEntries(names.map(name => [`data/files/${name}`, name])));
  assert.deepEqual(folder.of(`${A}`), { path: `data/files/${A}.png`, extension: '.png', sha256: `${A}.png` });
  assert.equal(folder.of(`${B}`)?.extension, '');
  assert.deepEqual(folder.paths, [`data/files/${A}.png`, `data/files/${B}`]);
});

test('two contents of one row are refused by name', () => {
  const hashes = { [contentPath(`${A}`, '.png')]: 'x', [contentPath(`${A}`, '.jpg')]: 'y' };
  assert.throws(
    () => new FolderContents(hashes),
    /** @param {any} error */ error =>
      error.code === 'CONTENT_AMBIGUOUS' && /\.png and .*\.jpg/.test(error.message),
  );
});

test('rows get the hashes of their contents, and those without say nothing but a warning', () => {
  const folder = new FolderContents({ [contentPath(`${A}`, '.png')]: 'x' });
  assert.deepEqual(folder.addTo([{ id: A }, null, { id: B }]), [{ id: A, [CONTENT]: 'x' }, null, { id: B }]);
  assert.deepEqual(
    folder.warnings().map(({ code, message }) => [code, message.includes(`${B}`)]),
    [['CONTENT_MISSING', true]],
  );
});

test('extensions are safe on every disk', () => {
  const names = ['a.png', 'a.tar.gz', 'a', null, 'a.b/c', 'a.p?g', `a.${'x'.repeat(17)}`];
  assert.deepEqual(names.map(extensionOf), ['.png', '.gz', '', '', '', '', '']);
});

test('an export writes what differs, and removes what no row has', () => {
  const paths = [A, B, C].map(id => contentPath(`${id}`, '.png'));
  const folder = folderOf(Object.fromEntries(paths.map(path => [path, 'old'])), [`${A}`, `${B}`, `${C}`]);
  const change = changeOf(folder, [fileRow(`${A}`, 'old'), fileRow(`${B}`, 'new', 'b.jpg')]);
  assert.deepEqual(change, {
    write: [contentPath(`${B}`, '.jpg')],
    kept: [paths[0]],
    remove: [paths[1], paths[2]],
    warnings: [],
  });
});

test('what waits in the folder keeps its contents', () => {
  const paths = [A, B].map(id => contentPath(`${id}`, '.png'));
  const folder = folderOf(Object.fromEntries(paths.map(path => [path, 'mine'])), [`${B}`, `${A}`]);
  const rows = [fileRow(`${A}`, 'theirs'), fileRow(`${C}`, 'gone')];
  const change = changeOf(folder, rows, { replace: [[A, 1]], keep: [0], omit: [C] });
  assert.deepEqual(change, { write: [], kept: paths.reverse(), remove: [], warnings: [] });
});

test('what the storage has lost stays in the folder', () => {
  const path = contentPath(`${A}`, '.png');
  const change = changeOf(folderOf({ [path]: 'old' }, [`${A}`]), [
    fileRow(`${A}`, null),
    fileRow(`${B}`, null),
  ]);
  assert.deepEqual([change.write, change.kept, change.remove], [[], [path], []]);
  assert.match(change.warnings[0]?.message ?? '', new RegExp(`${A} \\(${A}.png\\), ${B}`));
});

test('contents are written as streams, and only if they are what they should be', async t => {
  const dir = await mkdtemp(join(tmpdir(), 'schema-sync-contents-'));
  t.after(() => rm(dir, { recursive: true }));
  const folder = await Folder.open(dir);
  const source = (/** @type {string} */ sha256) => ({ sha256, open: async () => Readable.from(['a', 'b']) });
  const path = contentPath(`${A}`, '.txt');
  const right = createHash('sha256').update('ab').digest('hex');
  const content = await folder.readData();
  const draft = folder.draft(content);
  await draft.add('data/posts.json', [Buffer.from('[]\n')]);
  await assert.rejects(draft.addContent(path, source('0'.repeat(64))), { code: 'CONTENT_CHANGED' });
  await draft.discard();
  assert.deepEqual(await readdir(dir), [], 'nothing is written at all');
  const other = folder.draft(content);
  await other.addContent(path, source(right));
  await other.publish([]);
  assert.equal(await readFile(join(dir, path), 'utf8'), 'ab');
});

test('work goes on at several items at once, and the results keep their order', async () => {
  let running = 0;
  let most = 0;
  const results = await inParallel([30, 10, 20, 0], 2, async ms => {
    most = Math.max(most, ++running);
    await new Promise(resolve => setTimeout(resolve, ms));
    running -= 1;
    return ms;
  });
  assert.deepEqual([results, most], [[30, 10, 20, 0], 2]);
  await assert.rejects(
    inParallel([1], 4, async () => {
      throw new Error('no');
    }),
    /no/,
  );
});
