/** What `status` tells of an instance and its folder. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { statusLines } from '../../extension/commands/status.js';
import { readEnvironment } from '../../extension/environment.js';
import { exportProject } from '../../extension/export.js';
import { installFolder } from '../../extension/install.js';
import { writeManifest } from '../../extension/manifest.js';
import { readStatus } from '../../extension/status.js';
import { fakeInstance } from '../support/fake-instance.js';

const base = await mkdtemp(join(tmpdir(), 'schema-sync-status-'));
after(() => rm(base, { recursive: true, force: true }));

const POSTS = [
  { id: 'a', title: 'First', views: 1 },
  { id: 'b', title: 'Second', views: 2 },
];
/** @type {import('../../extension/environment.js').Settings} */
let settings;

beforeEach(async () => {
  const dir = join(await mkdtemp(join(base, 'case-')), 'schema-sync');
  settings = readEnvironment({ SCHEMA_SYNC_DIR: dir }).settings;
  await installFolder(dir, {});
  await writeFile(join(dir, 'config.js'), 'export const syncCustomCollections = { posts: {} };\n');
  await writeFile(join(dir, 'directus_config.js'), 'export const syncDirectusCollections = {};\n');
});

test('an instance without a past', async () => {
  const status = await readStatus(fakeInstance(POSTS), settings);
  assert.deepEqual([status.base, status.applied, status.pending], [null, null, false]);
  assert.deepEqual(status.runs, { import: null, export: null });
  assert.deepEqual(statusLines(status, settings).slice(1), [
    'Import: nothing was imported or exported in full here yet.',
    'Base: folder and instance have not agreed on anything yet.',
    'Last import: none.',
    'Last export: none.',
    'Lock: free.',
    'Start: the server does not import (SCHEMA_SYNC is not IMPORT).',
  ]);
});

test('what is pending and what drifted is counted, and nothing is written', async () => {
  const instance = fakeInstance(POSTS.map(row => ({ ...row })));
  await exportProject(instance, settings);
  instance.rows[0].title = 'Changed here';
  await writeFile(
    join(settings.dir, 'data/posts.json'),
    JSON.stringify([...POSTS, { id: 'c', title: 'Third', views: 3 }]),
  );
  await writeManifest(settings);
  const { log } = instance;
  const before = { ...log, runs: [...log.runs] };
  const status = await readStatus(instance, settings);
  assert.deepEqual({ ...log, rollbacks: before.rollbacks }, before);
  assert.equal(status.pending, true);
  assert.deepEqual(status.base?.entries, { posts: 2 });
  assert.deepEqual([status.difference.drift, status.difference.conflicts], [1, 0]);
  assert.deepEqual(status.difference.summary?.items.posts.create, 1);
  const lines = statusLines(status, settings);
  assert.match(lines[2], /^Base: (the schema and )?2 rows of 1 entry, agreed on since \d{4}-/);
  assert.deepEqual(lines.slice(3, 5), [
    'Pending: an import would apply 0 changes to the schema and 2 to rows.',
    'Drift: since the base 1 thing changed on the instance alone; see `diff`.',
  ]);
  assert.match(lines[6], /^Last export: \d{4}-.* by .*process \d+; it changed something\.$/);
});

test('why there is no plan is said, and how the last run failed', async () => {
  const instance = fakeInstance(POSTS);
  await exportProject(instance, settings);
  await writeFile(join(settings.dir, 'data/posts.json'), '[');
  await writeManifest(settings);
  await assert.rejects(exportProject(instance, settings), { code: 'JSON_INVALID' });
  const status = await readStatus(instance, settings);
  assert.equal(status.difference.problem?.code, 'JSON_INVALID');
  const lines = statusLines(status, settings);
  assert.match(lines[3], /^Pending: no plan can be made\. JSON_INVALID: data\/posts\.json/);
  assert.match(lines[5], /^Last export: .*; it failed\. JSON_INVALID: /);
});

test('a damaged base is no base, and the plan says so', async () => {
  const instance = fakeInstance(POSTS);
  await exportProject(instance, settings);
  instance.log.base = new TextEncoder().encode('{}');
  const { base: agreed, difference } = await readStatus(instance, settings);
  assert.deepEqual([agreed, difference.problem?.code], [null, 'BASE_INVALID']);
});

test('a folder that a newer deployment has replaced is named as such, with the ways out', async () => {
  const instance = fakeInstance(POSTS);
  await exportProject(instance, settings);
  const fingerprint = (await readStatus(instance, settings)).folder.fingerprint;
  const deployed = (/** @type {string | null} */ folder, /** @type {number | null} */ revision) =>
    /** @type {any} */ ({
      kind: 'import',
      outcome: 'changed',
      who: 'a server',
      fingerprint: folder,
      revision,
    });
  instance.log.fingerprint = 'of a newer folder';
  instance.log.runs = [deployed(fingerprint, 1), deployed('of a newer folder', 2)];

  const old = await readStatus(instance, settings);
  assert.equal(old.older, true);
  assert.match(statusLines(old, settings)[2], /^Older: .* SCHEMA_SYNC_REVISION .*schema-sync import/);
  assert.equal((await readStatus(instance, { ...settings, revision: 1 })).older, true);
  assert.equal((await readStatus(instance, { ...settings, revision: 3 })).older, false);

  instance.log.fingerprint = fingerprint;
  const applied = await readStatus(instance, settings);
  assert.equal(applied.older, false, 'it was applied by hand since');
  assert.doesNotMatch(statusLines(applied, settings).join('\n'), /Older/);
});
