import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, test } from 'node:test';
import { installOnce } from '../harness/cache.js';
import { removeWithParent } from '../harness/process.js';

let root = '';

beforeEach(async () => {
  if (root) await rm(root, { recursive: true, force: true });
  root = await mkdtemp(join(tmpdir(), 'schema-sync-cache-'));
  removeWithParent(root);
  process.env.SCHEMA_SYNC_CACHE = root;
});

test('an install is made once, also when two want it at the same time', async () => {
  let installs = 0;
  const fill = async (/** @type {string} */ folder) => {
    installs += 1;
    await writeFile(join(folder, 'done'), 'yes');
  };
  const [first, second] = await Promise.all([installOnce('tool-1', fill), installOnce('tool-1', fill)]);
  assert.equal(first, second);
  assert.equal(installs, 1);
  assert.equal(await readFile(join(first, 'done'), 'utf8'), 'yes');
  assert.deepEqual(await readdir(root), ['tool-1']);
});

test('a failed install leaves nothing and is tried again', async () => {
  await assert.rejects(
    installOnce('tool-1', async folder => {
      await writeFile(join(folder, 'half'), '');
      throw new Error('no network');
    }),
    /no network/,
  );
  assert.deepEqual(await readdir(root), []);
  assert.ok(existsSync(await installOnce('tool-1', async () => {})));
});

test('what a killed install left behind is not believed', async () => {
  const { pid } = spawnSync(process.execPath, ['--version']);
  await mkdir(join(root, `tool-1.partial-${pid}`));
  await writeFile(join(root, 'tool-1.lock'), String(pid));
  const folder = await installOnce('tool-1', async () => {});
  assert.deepEqual(await readdir(root), ['tool-1']);
  assert.deepEqual(await readdir(folder), []);
});
