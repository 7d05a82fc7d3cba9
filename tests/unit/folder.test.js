/** The sync folder: reading, atomic writing, and that nothing leads out of it. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { Folder } from '../../extension/folder.js';
import { sha256 } from '../../extension/sha256.js';

const base = await mkdtemp(join(tmpdir(), 'schema-sync-folder-'));
after(() => rm(base, { recursive: true, force: true }));

/** @type {string} */
let root;
beforeEach(async () => {
  root = await mkdtemp(join(base, 'case-'));
});

/** @param {Record<string, string>} files */
async function lay(files) {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(root, path, '..'), { recursive: true });
    await writeFile(join(root, path), text);
  }
}

/** @returns {Promise<Record<string, string>>} every file, hidden ones included */
async function snapshot() {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files = entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name));
  const texts = await Promise.all(
    files.map(async file => [file.slice(root.length + 1), await readFile(file, 'utf8')]),
  );
  return Object.fromEntries(texts.sort());
}

test('a missing folder names the place and the way out', async () => {
  await assert.rejects(Folder.open(join(root, 'nope')), (/** @type {any} */ error) => {
    assert.equal(error.code, 'FOLDER_MISSING');
    assert.match(error.message, /nope.*schema-sync install/);
    return true;
  });
});

test('reads JSON, hashes everything, leaves hidden files alone', async () => {
  await lay({
    'data/posts.json': '[]',
    'data/schema/posts.json': '{}',
    'data/README.md': 'hi',
    'data/.DS_Store': 'x',
  });
  const { paths, hashes, manifest } = await (await Folder.open(root)).readData();
  assert.deepEqual(paths, ['data/posts.json', 'data/schema/posts.json']);
  assert.deepEqual(Object.keys(hashes).sort(), [
    'data/README.md',
    'data/posts.json',
    'data/schema/posts.json',
  ]);
  assert.equal(hashes['data/posts.json'], sha256('[]'));
  assert.equal(manifest, null);
});

test('a file can be read again, though its parts are taken for good', async () => {
  const text = JSON.stringify('long'.repeat(5000));
  await lay({ 'data/posts.json': text });
  const content = await (await Folder.open(root)).readData();
  for (const time of ['once', 'again']) {
    let read = '';
    for await (const part of content.read('data/posts.json')) {
      read += Buffer.from(part).toString();
      structuredClone(part, { transfer: [/** @type {ArrayBuffer} */ (part.buffer)] });
    }
    assert.equal(read, text, time);
  }
});

test('writes only what changes and removes what is told', async () => {
  await lay({
    'data/a.json': 'old',
    'data/b.json': 'same',
    'data/group/x.json': 'gone',
    'data/foreign.json': 'mine',
  });
  const before = await stat(join(root, 'data/b.json'));
  const folder = await Folder.open(root);
  const texts = new Map([
    ['data/a.json', 'new'],
    ['data/b.json', 'same'],
    ['data/deep/er/c.json', 'c'],
  ]);
  assert.deepEqual(await folder.write(texts, ['data/group/x.json']), {
    written: ['data/a.json', 'data/deep/er/c.json'],
    removed: ['data/group/x.json'],
    unchanged: 1,
  });
  const files = {
    'data/a.json': 'new',
    'data/b.json': 'same',
    'data/deep/er/c.json': 'c',
    'data/foreign.json': 'mine',
  };
  assert.deepEqual(await snapshot(), files);
  assert.equal(existsSync(join(root, 'data/group')), false, 'an emptied folder goes too');
  assert.equal((await stat(join(root, 'data/b.json'))).mtimeMs, before.mtimeMs);
});

test('a write that is published but not finished is finished at next use', async () => {
  await lay({
    'data/a.json': 'old',
    'data/b.json': 'old b',
    'data/c.json': 'to go',
    '.write/0': 'new',
    '.write/journal.json': JSON.stringify({ write: ['data/a.json', 'data/b.json'], remove: ['data/c.json'] }),
  });
  // Its second file was moved to its place already when the process was killed.
  await writeFile(join(root, 'data/b.json'), 'new b');
  await Folder.open(root);
  assert.deepEqual(await snapshot(), { 'data/a.json': 'new', 'data/b.json': 'new b' });
});

test('a write that was never published leaves the old set', async () => {
  const staging = '.write-6f1b7c1e-0000-4000-8000-000000000000';
  await lay({
    'data/a.json': 'old',
    [`${staging}/0`]: 'new',
    [`${staging}/journal.json`]: '{"write":["data/a.json"]}',
  });
  await Folder.open(root);
  assert.equal(await readFile(join(root, 'data/a.json'), 'utf8'), 'old');
  const longAgo = new Date(Date.now() - 7_200_000);
  await utimes(join(root, staging), longAgo, longAgo);
  await Folder.open(root);
  assert.deepEqual(await snapshot(), { 'data/a.json': 'old' }, 'what an old process left is removed');
});

test('a write over an unfinished one finishes that first', async () => {
  await lay({
    'data/a.json': 'old',
    'data/b.json': 'old',
    '.write/0': 'new',
    '.write/journal.json': JSON.stringify({ write: ['data/a.json'], remove: [] }),
  });
  await new Folder(root).write(new Map([['data/b.json', 'newer']]), []);
  assert.deepEqual(await snapshot(), { 'data/a.json': 'new', 'data/b.json': 'newer' });
});

test('what cannot be moved to its place is found before anything is published', async () => {
  await lay({ 'data/a.json': 'old', 'data/folder.json/inside.json': 'x', 'data/file': 'x' });
  const before = await snapshot();
  for (const [path, code] of [
    ['data/folder.json', 'FOLDER_UNREADABLE'],
    ['data/file/b.json', 'FOLDER_UNWRITABLE'],
  ]) {
    const texts = new Map([['data/a.json', 'new']]).set(path, 'something is in the way');
    await assert.rejects(new Folder(root).write(texts, []), { code }, path);
    assert.deepEqual(await snapshot(), before);
  }
});

test('no path leads out of the folder', async () => {
  const folder = new Folder(root);
  for (const path of ['../x', 'data/../../x', '/etc/passwd', 'data//x', 'data/..\\x', '', 'data/\0']) {
    await assert.rejects(folder.write(new Map([[path, 'x']]), []), { code: 'FOLDER_OUTSIDE' }, path);
  }
  assert.deepEqual(await snapshot(), {});
});

test('no journal leads out of the folder', async () => {
  await lay({ '.write/0': 'x', '.write/journal.json': '{"write":["../escaped.json"],"remove":[]}' });
  await assert.rejects(Folder.open(root), { code: 'FOLDER_OUTSIDE' });
  assert.equal(existsSync(join(base, 'escaped.json')), false);
});

test('no symbolic link leads out of the folder', async () => {
  const outside = await mkdtemp(join(base, 'outside-'));
  await writeFile(join(outside, 'secret.json'), '{}');
  await lay({ 'data/a.json': '[]' });
  await symlink(join(outside, 'secret.json'), join(root, 'data/link.json'));
  await symlink(outside, join(root, 'data/away'));
  const folder = await Folder.open(root);
  await assert.rejects(folder.readData(), { code: 'FOLDER_OUTSIDE' });
  await assert.rejects(folder.write(new Map([['data/away/x.json', 'x']]), []), { code: 'FOLDER_OUTSIDE' });
  assert.deepEqual(await readdir(outside), ['secret.json']);
});

test('symbolic links inside are followed, as mounted folders have them', async () => {
  await lay({ '..version/posts.json': '[]' });
  await mkdir(join(root, 'data'));
  await symlink(join('..', '..version', 'posts.json'), join(root, 'data/posts.json'));
  const { paths } = await (await Folder.open(root)).readData();
  assert.deepEqual(paths, ['data/posts.json']);
});

test('what is no longer as it was hashed is not read', async () => {
  for (const change of [
    () => writeFile(join(root, 'data/posts.json'), '[]'),
    () => rm(join(root, 'data/posts.json')),
  ]) {
    await lay({ 'data/posts.json': JSON.stringify(['x'.repeat(1 << 17)]) });
    const content = await (await Folder.open(root)).readData();
    assert.equal((await content.bytes('data/posts.json')).length, (1 << 17) + 4);
    await change();
    await assert.rejects(content.bytes('data/posts.json'), { code: 'FOLDER_CHANGED' });
  }
});
