/** Export and import between two instances in memory: what is decided around the plan. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { readEnvironment } from '../../extension/environment.js';
import { exportProject } from '../../extension/export.js';
import { importProject } from '../../extension/import.js';
import { installFolder } from '../../extension/install.js';
import { writeManifest } from '../../extension/manifest.js';
import { wholeInReport } from '../support/core.js';
import { fakeInstance } from '../support/fake-instance.js';

const base = await mkdtemp(join(tmpdir(), 'schema-sync-road-'));
after(() => rm(base, { recursive: true, force: true }));

const POSTS = [
  { id: 'a', title: 'First', views: 1 },
  { id: 'b', title: 'Second', views: 2 },
];
/** @type {import('../../extension/environment.js').Settings} */
let settings;

beforeEach(async () => {
  const dir = join(await mkdtemp(join(base, 'case-')), 'schema-sync');
  // The instance in memory notes the steps of a plan and does not carry them out.
  settings = readEnvironment({ SCHEMA_SYNC_DIR: dir, SCHEMA_SYNC_VERIFY: 'false' }).settings;
  await installFolder(dir, {});
  await configure('{ posts: {} }');
  await put('directus_config.js', 'export const syncDirectusCollections = {};\n');
});

/** @param {string} path @param {string} text */
function put(path, text) {
  return writeFile(join(settings.dir, path), text);
}

/** @param {string} custom */
function configure(custom) {
  return put('config.js', `export const syncCustomCollections = ${custom};\n`);
}

/** @param {string} path */
async function json(path) {
  return JSON.parse(await readFile(join(settings.dir, path), 'utf8'));
}

/** A folder that holds {@link POSTS}. */
async function exported() {
  await exportProject(fakeInstance(POSTS), settings);
}

const mirror = /** @type {const} */ ({ mode: 'mirror' });

test('an export writes rows, schema and manifest, and records what it wrote', async () => {
  const source = fakeInstance(POSTS);
  const report = await exportProject(source, settings);
  assert.deepEqual(report.rows, { posts: 2 });
  assert.deepEqual(report.written, [
    'data/posts.json',
    'data/schema.json',
    'data/schema/posts.json',
    'hash.txt',
  ]);
  assert.deepEqual(await json('data/posts.json'), POSTS);
  assert.match(String(source.log.fingerprint), /^[0-9a-f]{64}$/);
  const again = await exportProject(source, settings);
  assert.deepEqual([again.applied, again.written, again.removed], [false, [], []]);
});

test('an entry without rows still has a file, so that "none" differs from "not exported"', async () => {
  await exportProject(fakeInstance([]), settings);
  assert.deepEqual(await json('data/posts.json'), []);
});

test('an import right after an export has nothing to do and records the same fingerprint', async () => {
  const source = fakeInstance(POSTS);
  await exportProject(source, settings);
  const target = fakeInstance(POSTS);
  const report = await importProject(target, settings);
  assert.deepEqual([report.plan?.steps, report.applied], [[], false]);
  assert.equal(target.log.fingerprint, source.log.fingerprint);
});

test('a plan is applied as it is', async () => {
  await exported();
  const target = fakeInstance([{ id: 'a', title: 'Old', views: 1 }]);
  const report = await importProject(target, settings, { render: wholeInReport });
  assert.equal(report.applied, true);
  assert.deepEqual(target.log.steps, report.rendered.steps);
  assert.deepEqual(report.plan?.summary.items.posts, {
    create: 1,
    update: 1,
    delete: 0,
    unchanged: 0,
    kept: 0,
  });
});

test('a dry run and a partial run record nothing', async () => {
  await exported();
  const target = fakeInstance([]);
  const dry = await importProject(target, settings, { dryRun: true });
  assert.equal(dry.plan?.steps.length, 1);
  assert.deepEqual([target.log.steps, target.log.commits], [[], 0]);
  await importProject(target, settings, { schema: false });
  assert.equal(target.log.fingerprint, null);
  assert.equal(target.log.commits, 1);
});

test('an import keeps the base and a record of the run, with its changes', async () => {
  await exported();
  const target = fakeInstance([]);
  const { plan } = await importProject(target, settings);
  const [run] = target.log.runs;
  assert.deepEqual(
    [target.log.runs.length, run.kind, run.outcome, run.plan, run.counts],
    [1, 'import', 'changed', plan?.digest, plan?.summary],
  );
  assert.match(String(run.folder), /^[0-9a-f]{64}$/);
  assert.ok(target.log.base);
});

test('a failed import keeps no base, and is recorded with its error', async () => {
  await exported();
  const target = fakeInstance([], { failing: true });
  await assert.rejects(importProject(target, settings), { code: 'APPLY_FAILED' });
  const [run] = target.log.runs;
  assert.deepEqual([target.log.runs.length, run.outcome, run.code], [1, 'failed', 'APPLY_FAILED']);
  assert.match(String(run.message), /the disk is full/);
  assert.deepEqual([target.log.base, target.log.fingerprint], [undefined, null]);
});

test('an export makes a base: what the folder removes later is deleted, and nothing else', async () => {
  const instance = fakeInstance([...POSTS]);
  await exportProject(instance, settings);
  assert.deepEqual(
    instance.log.runs.map(({ kind, outcome, counts }) => [kind, outcome, counts]),
    [['export', 'changed', { rows: { posts: 2 }, written: 4, removed: 0, unchanged: 0 }]],
  );
  instance.rows.push({ id: 'c', title: 'Its own', views: 3 });
  await put('data/posts.json', JSON.stringify(POSTS.slice(0, 1)));
  await writeManifest(settings);
  const { rendered: plan } = await importProject(instance, settings, { render: wholeInReport });
  assert.deepEqual(
    plan.steps.map((/** @type {any} */ { type, keys }) => [type, keys]),
    [['items.delete', ['b']]],
  );
  const codes = plan.warnings.map((/** @type {any} */ { code }) => code);
  assert.deepEqual(codes.sort(), ['DELETE_ROWS', 'TARGET_ONLY']);
});

test('without a base nothing is deleted, and what only the instance has is listed', async () => {
  await exported();
  const { plan } = await importProject(
    fakeInstance([...POSTS, { id: 'c', title: 'Its own', views: 3 }]),
    settings,
  );
  assert.deepEqual(plan?.steps, []);
  assert.match(String(plan?.warnings[0].message), /1 row of posts only on the target.*: c\./);
});

test('a flag about drift comes before the config, and that before the default', async () => {
  await configure("{ posts: { onDrift: 'fail' } }");
  const drifted = async () => {
    const instance = fakeInstance(POSTS.map(row => ({ ...row })));
    await exportProject(instance, settings);
    instance.rows[0].title = 'Changed here';
    return instance;
  };
  const refused = await drifted();
  await assert.rejects(importProject(refused, settings), (/** @type {any} */ error) => {
    assert.deepEqual([error.code, error.exitCode], ['DRIFT_REFUSED', 3]);
    assert.match(error.diagnostics[0].message, /1 row of posts changed on the target.*: a\./);
    return true;
  });
  assert.deepEqual([refused.log.steps, refused.log.runs.at(-1)?.outcome], [[], 'refused']);
  const never = async () => assert.fail('there is nothing to ask about');
  await assert.rejects(importProject(refused, settings, { confirm: never }), { code: 'DRIFT_REFUSED' });

  const kept = await importProject(await drifted(), settings, { onDrift: 'keep' });
  assert.deepEqual([kept.plan?.steps, kept.plan?.warnings[0].code], [[], 'DRIFT_KEPT']);
  const overwritten = await importProject(await drifted(), settings, { onDrift: 'overwrite' });
  assert.deepEqual([overwritten.applied, overwritten.plan?.warnings[0].code], [true, 'DRIFT_OVERWRITTEN']);
  await configure('{ posts: {} }');
  const byDefault = await importProject(await drifted(), { ...settings, onDrift: 'keep' });
  assert.equal(byDefault.plan?.warnings[0].code, 'DRIFT_KEPT');
});

/** An instance that was exported, whose folder then got another title for its first row. */
async function exportedAndEdited() {
  const instance = fakeInstance(POSTS.map(row => ({ ...row })));
  await exportProject(instance, settings);
  await put('data/posts.json', JSON.stringify([{ ...POSTS[0], title: 'From git' }, POSTS[1]]));
  await writeManifest(settings);
  return instance;
}

test('an export leaves what waits in the folder for an import, and does not count it as applied', async () => {
  const instance = await exportedAndEdited();
  instance.rows[1].title = 'From the Studio';
  instance.log.fingerprint = null;
  const { warnings, pending, rows } = await exportProject(instance, settings);
  assert.deepEqual(
    warnings.map(({ code, path }) => [code, path]),
    [['PENDING_IMPORT', 'posts']],
  );
  assert.deepEqual([pending, rows, instance.log.fingerprint], [true, { posts: 1 }, null]);
  const titles = (await json('data/posts.json')).map((/** @type {any} */ { title }) => title);
  assert.deepEqual(titles, ['From git', 'From the Studio']);
  const { rendered: plan } = await importProject(instance, settings, { render: wholeInReport });
  assert.deepEqual(
    plan.steps.map((/** @type {any} */ { changes }) => changes),
    [[{ key: 'a', label: 'a', set: { title: 'From git' }, before: { title: 'First' } }]],
  );
});

test('an export stops at what changed on both sides, and --overwrite goes on', async () => {
  const instance = await exportedAndEdited();
  instance.rows[0].title = 'From the Studio';
  const before = await json('data/posts.json');
  await assert.rejects(exportProject(instance, settings), (/** @type {any} */ error) => {
    assert.deepEqual([error.code, error.exitCode], ['EXPORT_CONFLICT', 3]);
    assert.match(error.diagnostics[0].message, /1 row of posts .*: a\./);
    return true;
  });
  assert.deepEqual(await json('data/posts.json'), before);
  assert.deepEqual(instance.log.runs.at(-1)?.outcome, 'refused');
  await assert.rejects(exportProject(instance, settings, { dryRun: true }), { code: 'EXPORT_CONFLICT' });
  await exportProject(instance, settings, { overwrite: true });
  assert.deepEqual(await json('data/posts.json'), instance.rows);
  assert.deepEqual((await importProject(instance, settings)).plan?.warnings, []);
});

test('a folder that cannot be read is replaced only with --overwrite', async () => {
  const instance = await exportedAndEdited();
  await put('data/posts.json', '[{"id": "a",}]');
  await assert.rejects(exportProject(instance, settings), {
    code: 'JSON_INVALID',
    message: /data\/posts\.json.*--overwrite/,
  });
  await exportProject(instance, settings, { overwrite: true });
  assert.deepEqual(await json('data/posts.json'), POSTS);
});

test('a folder without data is nothing to import, not everything to delete', async () => {
  const target = fakeInstance(POSTS);
  const report = await importProject(target, settings, mirror);
  assert.deepEqual(report, { plan: null, applied: false, skipped: null, warnings: [] });
  assert.deepEqual(target.log.steps, []);
});

test('an entry that was never exported is left alone, and that is said', async () => {
  await configure('{}');
  await exported();
  await configure('{ posts: {} }');
  const report = await importProject(fakeInstance(POSTS), settings, mirror);
  assert.deepEqual(report.plan?.steps, []);
  assert.deepEqual(
    report.warnings.map(({ code }) => code),
    ['ENTRY_WITHOUT_FILES'],
  );
});

test('losing data needs consent, by flag, by environment or by a person', async () => {
  await exportProject(fakeInstance(POSTS, { fields: ['id', 'title'] }), settings);
  const target = () => fakeInstance(POSTS);
  await assert.rejects(importProject(target(), settings, mirror), (/** @type {any} */ error) => {
    assert.equal(error.code, 'CONSENT_NEEDED');
    assert.equal(error.exitCode, 3);
    assert.deepEqual(
      error.diagnostics.map((/** @type {any} */ { code, path }) => [code, path]),
      [['DROP_FIELD', 'posts.views']],
    );
    return true;
  });
  const byFlag = await importProject(target(), settings, { ...mirror, allowDestructive: true });
  const byEnvironment = await importProject(target(), { ...settings, allowDestructive: true }, mirror);
  const byPerson = await importProject(target(), settings, { ...mirror, confirm: async () => true });
  assert.deepEqual([byFlag.applied, byEnvironment.applied, byPerson.applied], [true, true, true]);
});

test('a person who says no changes nothing, and is not asked about nothing', async () => {
  await exported();
  const target = fakeInstance([]);
  await assert.rejects(importProject(target, settings, { confirm: async () => false }), {
    code: 'NOT_CONFIRMED',
  });
  assert.deepEqual([target.log.steps, target.log.commits], [[], 0]);
  const never = async () => assert.fail('there is nothing to ask about');
  assert.equal((await importProject(fakeInstance(POSTS), settings, { confirm: never })).applied, false);
});

test('a target that changes while the question is open makes the plan stale', async () => {
  await exported();
  const target = fakeInstance([{ id: 'a', title: 'Old', views: 1 }]);
  const confirm = async () => {
    target.rows[0].title = 'Changed meanwhile';
    target.rows[0].views = 7;
    return true;
  };
  await assert.rejects(importProject(target, settings, { confirm }), { code: 'PLAN_STALE', exitCode: 3 });
  assert.deepEqual(target.log.steps, []);
});

test('functions of the config shape rows on their way out and in', async () => {
  await configure(`{ posts: {
    onExport: ({ views, ...item }) => (item.id === 'b' ? null : { ...item, title: item.title.toUpperCase() }),
    onImport: async (item, service) => ({ ...item, title: item.title + ' in ' + service.collection }),
  } }`);
  await exported();
  assert.deepEqual(await json('data/posts.json'), [{ id: 'a', title: 'FIRST' }]);
  const target = fakeInstance([]);
  await importProject(target, settings);
  assert.deepEqual(target.log.steps[0].rows, [{ id: 'a', title: 'FIRST in posts' }]);
});

test('what onExport changes for good is no change of the folder', async () => {
  await configure(`{ posts: {
    onExport: ({ views, ...item }) => (item.id === 'b' ? null : { ...item, title: item.title.toUpperCase() }),
  } }`);
  const instance = fakeInstance(structuredClone(POSTS));
  await exportProject(instance, settings);
  const again = await exportProject(instance, settings);
  assert.deepEqual([again.applied, again.pending], [false, false]);
  instance.rows[0].title = 'Edited';
  const edited = await exportProject(instance, settings);
  assert.deepEqual([edited.pending, await json('data/posts.json')], [false, [{ id: 'a', title: 'EDITED' }]]);
});

test('getKey finds rows under another primary key', async () => {
  await configure("{ posts: { excludeFields: ['id'], getKey: item => item.title } }");
  await exported();
  const target = fakeInstance([{ id: 'other', title: 'First', views: 100 }]);
  const { plan } = await importProject(target, settings);
  assert.deepEqual(plan?.summary.items.posts, { create: 1, update: 1, delete: 0, unchanged: 0, kept: 0 });
  const update = target.log.steps.find(({ type }) => type === 'items.update');
  assert.deepEqual([update?.changes[0].key, update?.changes[0].set], ['other', { views: 1 }]);
});

test('a person is asked outside of any transaction, with the rows of the plan at hand', async () => {
  await exported();
  const target = fakeInstance([]);
  /** @type {any[]} */
  const asked = [];
  const confirm = async (/** @type {any} */ { whole }) => {
    asked.push(target.log.rollbacks, await whole.render('text'));
    return true;
  };
  await importProject(target, settings, { confirm });
  assert.equal(asked[0], 1, 'the transaction of the plan has ended');
  assert.match(asked[1], /posts/);
});

test('an import is not repeated once another process has done it', async () => {
  await exported();
  const target = fakeInstance([]);
  await importProject(target, settings);
  target.log.steps = [];
  const skip = async () => /** @type {const} */ ('applied');
  const second = await importProject(target, settings, { skip });
  assert.equal(second.skipped, 'applied');
  assert.deepEqual(target.log.steps, []);
});

test('the fingerprint follows config, mode and data', async () => {
  await exported();
  const seen = new Set();
  const remember = async (/** @type {import('../../extension/run.js').ImportOptions} */ options = {}) => {
    const target = fakeInstance(POSTS);
    await importProject(target, settings, options);
    seen.add(target.log.fingerprint);
  };
  await remember();
  await remember(mirror);
  await configure('{ posts: {} } // edited');
  await remember();
  await put('data/posts.json', JSON.stringify(POSTS.slice(0, 1)));
  await writeManifest(settings);
  await remember();
  assert.equal(seen.size, 4);
});

test('files of entries that are not loaded stay, in the manifest too', async () => {
  await configure("{ posts: { prefix: 'old' } }");
  await exported();
  await configure('{ posts: {} }');
  const report = await exportProject(fakeInstance(POSTS), settings);
  assert.deepEqual(report.removed, []);
  assert.match(
    await readFile(join(settings.dir, 'hash.txt'), 'utf8'),
    /data\/old_posts\.json\n.*data\/posts\.json\n/,
  );
});

test("data that nobody reads is warned of, other files are nobody's concern", async () => {
  await exported();
  await put('data/orphans.json', '[]');
  await put('data/README.md', 'Data of our project.');
  const { warnings } = await importProject(fakeInstance(POSTS), settings);
  assert.deepEqual(
    warnings.map(({ code, path }) => [code, path]),
    [['MANIFEST_UNLISTED', 'data/orphans.json']],
  );
});
