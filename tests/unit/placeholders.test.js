/** Placeholders for values of the environment, from the files to an instance in memory and back. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { readEnvironment } from '../../extension/environment.js';
import { exportProject } from '../../extension/export.js';
import { importProject, sealProject } from '../../extension/import.js';
import { installFolder } from '../../extension/install.js';
import { writeManifest } from '../../extension/manifest.js';
import { isApplied, openProject } from '../../extension/project.js';
import { wholeInReport } from '../support/core.js';
import { fakeInstance } from '../support/fake-instance.js';

const base = await mkdtemp(join(tmpdir(), 'schema-sync-placeholders-'));
after(() => rm(base, { recursive: true, force: true }));

const SECRET = 's3cret-title';
const VARIABLES = { POST_TITLE: SECRET, POST_VIEWS: '8055' };
const PLACED = { id: 'a', title: { $env: 'POST_TITLE' }, views: { $env: 'POST_VIEWS' } };
const RESOLVED = { id: 'a', title: SECRET, views: 8055 };
const OLD = { id: 'a', title: '0ld-title', views: 1 };
/** @type {string} */
let dir;

beforeEach(async () => {
  dir = join(await mkdtemp(join(base, 'case-')), 'schema-sync');
  await installFolder(dir, {});
  await writeFile(join(dir, 'config.js'), 'export const syncCustomCollections = { posts: {} };\n');
  await writeFile(join(dir, 'directus_config.js'), 'export const syncDirectusCollections = {};\n');
  await exportProject(fakeInstance([OLD]), settingsOf({}));
  await writeFile(join(dir, 'data/posts.json'), JSON.stringify([PLACED]));
  await writeManifest(settingsOf({}));
});

/** @param {Record<string, string>} [variables] */
function settingsOf(variables = VARIABLES) {
  const env = { SCHEMA_SYNC_DIR: dir, SCHEMA_SYNC_VERIFY: 'false', ...variables };
  return readEnvironment(env).settings;
}

async function posts() {
  return JSON.parse(await readFile(join(dir, 'data/posts.json'), 'utf8'));
}

for (const [name, rows, written] of /** @type {[string, any[], (steps: any[]) => any][]} */ ([
  ['created', [], ([{ rows }]) => rows[0]],
  ['changed', [OLD], ([{ changes }]) => ({ id: changes[0].key, ...changes[0].set })],
])) {
  test(`a row that is ${name} is written with values and shown without`, async () => {
    const target = fakeInstance(rows);
    const report = await importProject(target, settingsOf(), { render: wholeInReport });
    assert.deepEqual(written(target.log.steps), RESOLVED);
    assert.deepEqual(written(report.rendered.steps), PLACED);
    const told = JSON.stringify([report, target.log.runs, Buffer.from(target.log.base ?? []).toString()]);
    for (const value of [SECRET, '8055', '0ld-title']) assert.ok(!told.includes(value), value);
  });
}

test('values that are there already change nothing', async () => {
  const { plan } = await importProject(fakeInstance([RESOLVED]), settingsOf());
  assert.deepEqual(plan?.steps, []);
});

test('variables that are missing stop an import, all of them named', async () => {
  const target = fakeInstance([OLD]);
  await assert.rejects(importProject(target, settingsOf({})), (/** @type {any} */ error) => {
    const named = error.diagnostics.map((/** @type {any} */ { message }) => message.split(' ')[0]);
    assert.deepEqual([error.code, ...named], ['ENV_MISSING', 'POST_TITLE', 'POST_VIEWS']);
    return true;
  });
  assert.deepEqual(target.log.steps, []);
});

test('an error of the database shows no value', async () => {
  const target = fakeInstance([OLD], { failing: `update "posts" set "title" = '${SECRET}' failed` });
  await assert.rejects(importProject(target, settingsOf()), (/** @type {any} */ error) => {
    assert.match(error.message, /"title" = '\{"\$env":"POST_TITLE"\}'/);
    return !String(error.stack).includes(SECRET) && !String(error.cause?.stack).includes(SECRET);
  });
  assert.ok(!JSON.stringify(target.log.runs).includes(SECRET));
});

test('a variable that changes is something to import, another one is not', async () => {
  const target = fakeInstance([OLD]);
  await importProject(target, settingsOf());
  const applied = async (/** @type {Record<string, string>} */ variables) => {
    const settings = settingsOf(variables);
    return isApplied(target, settings, await openProject(settings));
  };
  assert.equal(await applied(VARIABLES), true);
  assert.equal(await applied({ ...VARIABLES, OTHER: 'x' }), true);
  assert.equal(await applied({ ...VARIABLES, POST_TITLE: 'another' }), false);
  assert.equal(await applied({}), false);
});

test('a sealed plan holds no value, and is stale once one changed', async () => {
  const target = fakeInstance([OLD]);
  const sealed = (await sealProject(target, settingsOf()))?.text ?? '';
  assert.match(sealed, /"\$env": "POST_TITLE"/);
  for (const value of [SECRET, '8055', '0ld-title']) assert.ok(!sealed.includes(value), value);
  const changed = settingsOf({ ...VARIABLES, POST_TITLE: 'another' });
  await assert.rejects(importProject(target, changed, { sealed }), { code: 'PLAN_STALE' });
  assert.equal((await importProject(target, settingsOf(), { sealed })).applied, true);
});

test('an export keeps placeholders, with variables and without, whatever the instance holds', async () => {
  const instance = fakeInstance([RESOLVED]);
  await importProject(instance, settingsOf());
  instance.rows[0] = { ...RESOLVED, views: 3 };
  const drifted = await exportProject(instance, settingsOf());
  assert.deepEqual(
    drifted.warnings.map(({ code, path }) => [code, path]),
    [['ENV_DRIFT', 'posts[a].views']],
  );
  assert.deepEqual([drifted.pending, await posts()], [true, [PLACED]]);
  for (const options of [{}, { overwrite: true }]) {
    const report = await exportProject(instance, settingsOf({}), options);
    assert.deepEqual([report.warnings, await posts()], [[], [PLACED]]);
  }
});

test('what the instance changed beside a placeholder is exported', async () => {
  const instance = fakeInstance([RESOLVED]);
  await writeFile(join(dir, 'data/posts.json'), JSON.stringify([{ ...PLACED, views: 8055 }]));
  await writeManifest(settingsOf());
  await importProject(instance, settingsOf());
  instance.rows[0] = { ...RESOLVED, views: 3 };
  await exportProject(instance, settingsOf());
  assert.deepEqual(await posts(), [{ ...PLACED, views: 3 }]);
});

test('a folder with placeholders that cannot be read is not overwritten', async () => {
  await writeFile(join(dir, 'data/posts.json'), '[{"id":"a","title":{"$env":"POST_TITLE"}');
  await writeManifest(settingsOf());
  await assert.rejects(exportProject(fakeInstance([RESOLVED]), settingsOf(), { overwrite: true }), {
    code: 'JSON_INVALID',
  });
});
