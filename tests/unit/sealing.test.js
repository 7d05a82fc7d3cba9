/** Plans that are sealed by one command and applied by another, or refused. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { planCommand } from '../../extension/commands/diff.js';
import { importCommand } from '../../extension/commands/import.js';
import { readEnvironment } from '../../extension/environment.js';
import { exportProject } from '../../extension/export.js';
import { installFolder } from '../../extension/install.js';
import { writeManifest } from '../../extension/manifest.js';
import { fakeInstance } from '../support/fake-instance.js';

const base = await mkdtemp(join(tmpdir(), 'schema-sync-sealing-'));
after(() => rm(base, { recursive: true, force: true }));

const POSTS = [
  { id: 'a', title: 'First', views: 1 },
  { id: 'b', title: 'Second', views: 2 },
];
/** @type {import('../../extension/environment.js').Settings} */
let settings;
/** @type {string} */
let file;
/** @type {ReturnType<typeof fakeInstance>} */
let target;

beforeEach(async () => {
  const root = await mkdtemp(join(base, 'case-'));
  file = join(root, 'plan.json');
  const env = { SCHEMA_SYNC_DIR: join(root, 'schema-sync'), SCHEMA_SYNC_VERIFY: 'false' };
  settings = readEnvironment(env).settings;
  await installFolder(settings.dir, {});
  await writeFile(join(settings.dir, 'config.js'), 'export const syncCustomCollections = { posts: {} };\n');
  await writeFile(join(settings.dir, 'directus_config.js'), 'export const syncDirectusCollections = {};\n');
  await exportProject(fakeInstance(POSTS), settings);
  target = fakeInstance([{ id: 'a', title: 'Old', views: 1 }]);
});

/** @param {import('../../extension/commands/command.js').Command} command @param {Record<string, any>} flags */
function run(command, flags) {
  const output = /** @type {any} */ ({ isInteractive: false, progress() {}, warn() {} });
  return command.run({ instance: target, settings, output, env: {} }, flags);
}

/** @param {Record<string, any>} [flags] */
const seal = flags => run(planCommand, { out: file, ...flags });
/** @param {Record<string, any>} [flags] */
const applySealed = flags => run(importCommand, { plan: file, ...flags });

test('a sealed plan is applied as it was sealed, in its own mode and scope', async () => {
  const { lines, json } = await seal({ mode: 'create', data: true });
  assert.match(lines[0], /^Sealed 0 changes to the schema and 1 to rows in .*import --plan/);
  assert.deepEqual(target.log.commits, 0);
  const sealed = JSON.parse(await readFile(file, 'utf8'));
  assert.deepEqual(sealed.scope, {
    data: true,
    defaultDrift: 'overwrite',
    isFull: false,
    mode: 'create',
    only: null,
    schema: false,
  });
  const { json: report } = /** @type {any} */ (await applySealed());
  assert.equal(report.applied, true);
  assert.equal(report.plan.digest, /** @type {any} */ (json).digest);
  assert.deepEqual(
    target.log.steps.map(({ type, rows }) => [type, rows]),
    [['items.create', [POSTS[1]]]],
  );
  assert.equal(target.log.fingerprint, null, 'a part of the folder is not all of it');
});

/** @type {[name: string, change: () => Promise<void> | void, says: RegExp][]} */
const STALE = [
  [
    'files',
    async () => {
      await writeFile(join(settings.dir, 'data/posts.json'), JSON.stringify(POSTS.slice(0, 1)));
      await writeManifest(settings);
    },
    /The files changed/,
  ],
  [
    'rows of the target',
    () => {
      target.rows[0].views = 7;
    },
    /posts.*a/,
  ],
  [
    'the target itself',
    () => {
      target = fakeInstance([{ id: 'a', title: 'Old', views: 1 }], { secret: [9] });
    },
    /another instance/,
  ],
];

for (const [name, change, says] of STALE) {
  test(`a sealed plan is stale once ${name} changed`, async () => {
    await seal();
    await change();
    for (const flags of [{}, { dryRun: true }]) {
      await assert.rejects(applySealed(flags), (/** @type {any} */ error) => {
        assert.deepEqual([error.code, error.exitCode], ['PLAN_STALE', 3]);
        assert.match(error.diagnostics.map((/** @type {any} */ { message }) => message).join('\n'), says);
        return true;
      });
    }
    assert.deepEqual(target.log.steps, []);
  });
}

test('a sealed plan that was edited, or is none, is refused', async () => {
  await seal();
  const text = await readFile(file, 'utf8');
  for (const spoilt of [text.replace('"mode": "sync"', '"mode": "mirror"'), '{}', 'nonsense']) {
    await writeFile(file, spoilt);
    await assert.rejects(applySealed(), { code: 'PLAN_INVALID' });
  }
  await rm(file);
  await assert.rejects(applySealed(), {
    code: 'OPTION_INVALID',
    message: /plan\.json, which cannot be read/,
  });
  assert.deepEqual(target.log.steps, []);
});

test('flags that would make it another plan are refused', async () => {
  await seal();
  const flags = { mode: 'mirror', merge: true, onDrift: 'keep', data: true, schema: true, only: 'posts' };
  await assert.rejects(applySealed(flags), {
    code: 'OPTION_INVALID',
    message: /Leave out --mode, --merge, --on-drift, --data, --schema, --only/,
  });
});

test('a sealed plan is no consent to losing data', async () => {
  await exportProject(fakeInstance(POSTS, { fields: ['id', 'title'] }), settings);
  target = fakeInstance(POSTS);
  const { lines } = await seal({ mode: 'mirror' });
  assert.match(lines[1], /need consent: add --allow-destructive/);
  await assert.rejects(applySealed(), { code: 'CONSENT_NEEDED', exitCode: 3 });
  const { json } = /** @type {any} */ (await applySealed({ allowDestructive: true }));
  assert.equal(json.applied, true);
});
