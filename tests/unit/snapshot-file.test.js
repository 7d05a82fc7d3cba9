/** Snapshots in one file: JSON and YAML are the same, and what is wrong with them is said with the file's name. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readSnapshotFile, withSnapshotFolder } from '../../extension/snapshot-file.js';

const dir = mkdtempSync(join(tmpdir(), 'schema-sync-snapshots-'));
after(() => rmSync(dir, { recursive: true, force: true }));

const YAML = `version: 1
directus: 12.4.0
vendor: sqlite
collections:
  - collection: posts
    meta: {collection: posts, note: 'It''s: "yes"', group: null}
    schema:
      name: posts
fields:
  - collection: posts
    field: id
    type: integer
    meta:
      collection: posts
      field: id
      options:
        placeholder: '2024-01-01'
        choices: [off, 'no', 012, 1e3]
    schema: {name: id, table: posts, default_value: null, is_primary_key: true, has_auto_increment: true}
systemFields: []
relations: []
`;
const SNAPSHOT = {
  version: 1,
  directus: '12.4.0',
  vendor: 'sqlite',
  collections: [
    {
      collection: 'posts',
      meta: { collection: 'posts', note: 'It\'s: "yes"', group: null },
      schema: { name: 'posts' },
    },
  ],
  fields: [
    {
      collection: 'posts',
      field: 'id',
      type: 'integer',
      meta: {
        collection: 'posts',
        field: 'id',
        options: { placeholder: '2024-01-01', choices: ['off', 'no', 12, 1000] },
      },
      schema: {
        name: 'id',
        table: 'posts',
        default_value: null,
        is_primary_key: true,
        has_auto_increment: true,
      },
    },
  ],
  systemFields: [],
  relations: [],
};

test('YAML and JSON give the same snapshot', async () => {
  const yaml = await readSnapshotFile(file('snapshot.yaml', YAML));
  assert.deepEqual(yaml, SNAPSHOT);
  assert.deepEqual(await readSnapshotFile(file('snapshot.json', JSON.stringify(SNAPSHOT))), yaml);
});

test('what is wrong is said with the name of the file', async () => {
  const missing = join(dir, 'nowhere.yml');
  await assert.rejects(readSnapshotFile(missing), { code: 'OPTION_INVALID', path: '--snapshot' });
  const broken = file('broken.yml', 'version: 1\ncollections: [\n');
  await assert.rejects(readSnapshotFile(broken), { code: 'SNAPSHOT_INVALID', path: `${broken}:3:1` });
  const json = file('broken.json', '{"version": 1,');
  const error = await readSnapshotFile(json).catch(thrown => thrown);
  assert.equal(error.code, 'JSON_INVALID');
  assert.ok(error.path.startsWith(json), error.path);
  const empty = file('empty.yaml', '');
  const found = await readSnapshotFile(empty).catch(thrown => thrown);
  assert.equal(found.code, 'SNAPSHOT_INVALID');
  assert.ok(found.message.includes(empty) || found.path === empty, found.message);
});

test('a folder of its own is gone afterwards', async () => {
  const snapshot = file('own.yaml', YAML);
  const own = await withSnapshotFolder(snapshot, async folder => {
    assert.deepEqual(readdirSync(folder).sort(), ['config.js', 'data', 'directus_config.js', 'hash.txt']);
    return folder;
  });
  assert.throws(() => readdirSync(own), { code: 'ENOENT' });
});

/** @param {string} name @param {string} text @returns {string} its path */
function file(name, text) {
  const path = join(dir, name);
  writeFileSync(path, text);
  return path;
}
