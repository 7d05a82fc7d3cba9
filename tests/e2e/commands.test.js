/** The commands: what they say, what they print for machines, and their exit codes. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { SAMPLE_COLLECTIONS } from '../harness/sample-project.js';
import { schemaSync } from '../support/command.js';
import { changedTables, contentOf, setSettings } from '../support/content.js';
import { testProjects } from '../support/projects.js';
import { copyFolder, installFolder, readData, syncFolder } from '../support/sync-folder.js';

/** @typedef {import('../harness/project.js').Project} Project */

const projects = testProjects();
const CUSTOM = Object.fromEntries(SAMPLE_COLLECTIONS.map(name => [name, {}]));
/** Directus logs its own start to stdout. */
const QUIET = { LOG_LEVEL: 'silent' };

/** @type {Project} */
let source;
/** @type {Project} */
let target;

before(async () => {
  source = await projects.sample({ major: '12', template: 'a' });
  target = await projects.empty({ major: '12', template: 'b' });
});

/** @param {Project} project @param {string[]} args @param {Record<string, string>} [env] */
function sync(project, args, env) {
  return project.cli(['schema-sync', ...args], env && { env });
}

/**
 * @param {Project} project
 * @param {string[]} args
 * @returns {Promise<{code: number, document: any}>} what it printed, which has to be one JSON document
 */
async function json(project, args) {
  const { code, stdout, stderr } = await sync(project, [...args, '--json'], QUIET);
  assert.doesNotThrow(() => JSON.parse(stdout), `stdout:\n${stdout}\nstderr:\n${stderr}`);
  return { code, document: JSON.parse(stdout) };
}

test('without a folder every command says how to get one', async () => {
  for (const args of [['export'], ['import'], ['diff'], ['hash']]) {
    const { code, stderr } = await sync(source, args);
    assert.equal(code, 1);
    assert.match(stderr, /error FOLDER_MISSING: .*schema-sync install/);
  }
});

test('install lays down the folder, and changes nothing the second time', async () => {
  const first = await sync(source, ['install']);
  assert.equal(first.code, 0, first.stderr);
  assert.match(first.stdout, /Wrote .*config\.js, directus_config\.js to/);
  const config = join(syncFolder(source), 'config.js');
  await writeFile(config, '// mine\n');
  const second = await sync(source, ['install']);
  assert.match(second.stdout, /Kept config\.js/);
  assert.equal(await readFile(config, 'utf8'), '// mine\n');
  const forced = await sync(source, ['install', '--force']);
  assert.match(forced.stdout, /kept in config\.js\.backup/);
  assert.equal(await readFile(`${config}.backup`, 'utf8'), '// mine\n');
  assert.match(await readFile(config, 'utf8'), /syncCustomCollections/);
});

test('before the first export there is nothing to import', async () => {
  await installFolder(source, CUSTOM, { directus_files: {} });
  const { code, stdout } = await sync(source, ['import']);
  assert.equal(code, 0);
  assert.match(stdout, /Nothing to import: the folder holds no data yet/);
});

test('export --dry-run says what it would write and writes nothing', async () => {
  const { code, stdout } = await sync(source, ['export', '--dry-run']);
  assert.equal(code, 0);
  assert.match(stdout, /Would export the schema and \d+ rows of \d+ entries/);
  assert.equal(existsSync(join(syncFolder(source), 'hash.txt')), false);
});

test('export counts what it wrote, and says when there was nothing to write', async () => {
  const first = await sync(source, ['export']);
  assert.equal(first.code, 0, first.stderr);
  assert.match(
    first.stdout,
    /Exported the schema and \d+ rows of \d+ entries to .*schema-sync\.\n\d+ files written, 0 removed/,
  );
  const again = await json(source, ['export']);
  assert.equal(again.code, 0);
  assert.deepEqual([again.document.written, again.document.removed], [[], []]);
  assert.equal(again.document.rows.tags, 3);
});

test('export --only touches what it names', async () => {
  const before = await readData(source);
  await rm(join(syncFolder(source), 'data/tags.json'));
  const { code, document } = await json(source, ['export', '--only', 'tags']);
  assert.equal(code, 0);
  assert.deepEqual(document.written, ['data/tags.json']);
  assert.deepEqual(Object.keys(document.rows), ['tags']);
  assert.deepEqual(await readData(source), before);
});

test('export refuses to carry on a manifest that is not true', async () => {
  const file = join(syncFolder(source), 'data/brands.json');
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace('DK', 'NO'));
  const { code, stderr } = await sync(source, ['export', '--only', 'tags']);
  assert.equal(code, 1);
  assert.match(stderr, /MANIFEST_MISMATCH: .*data\/brands\.json/);
  await writeFile(file, text);
});

test('export-schema writes the schema alone', async () => {
  const before = await readData(source);
  const { code, document } = await json(source, ['export-schema', '--split', 'false']);
  assert.equal(code, 0);
  assert.deepEqual(document.written, ['data/schema.json', 'hash.txt']);
  assert.ok(document.removed.includes('data/schema/tags.json'));
  assert.equal((await sync(source, ['export-schema'])).code, 0);
  assert.deepEqual(await readData(source), before);
});

test('hash --check compares, hash accepts', async () => {
  const file = join(syncFolder(source), 'data/tags.json');
  const text = await readFile(file, 'utf8');
  await writeFile(file, `${text}\n`);
  const refused = await schemaSync(source, 'hash', '--check');
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /changed since they were listed: data\/tags\.json/);
  assert.match((await schemaSync(source, 'hash')).stdout, /Wrote hash\.txt with \d+ data files/);
  assert.equal((await schemaSync(source, 'hash', '--check')).code, 0);
  await writeFile(file, text);
  await schemaSync(source, 'hash');
  assert.match((await schemaSync(source, 'hash')).stdout, /Nothing to write/);
});

test('validate needs no database', async () => {
  const { code, stdout, stderr } = await schemaSync(source, 'validate');
  assert.equal(code, 0, stderr);
  assert.match(stdout, /Valid: \d+ data files and \d+ entries/);
});

test('diff shows what is pending, import applies it, and then nothing is pending', async () => {
  await copyFolder(source, target);
  const before = contentOf(target);
  const pending = await sync(target, ['diff', '--exit-code']);
  assert.equal(pending.code, 2, pending.stderr);
  assert.match(pending.stdout, /tags/);
  assert.match(
    pending.stdout,
    /Nothing was changed\. An import would apply \d+ changes to the schema and \d+ to rows/,
  );
  const out = join(target.dir, 'plan.json');
  const written = await sync(target, ['diff', '--json', '--out', out]);
  assert.equal(written.code, 0);
  const plan = JSON.parse(await readFile(out, 'utf8'));
  assert.equal(plan.summary.items.tags.create, 3);
  assert.match(plan.digest, /^[0-9a-f]{64}$/);
  assert.equal((await sync(target, ['import', '--dry-run'])).code, 0);
  assert.deepEqual(changedTables(before, contentOf(target)), [], 'nothing was written so far');

  const { code, document } = await json(target, ['import']);
  assert.equal(code, 0, JSON.stringify(document));
  assert.equal(document.applied, true);
  assert.equal(document.plan.digest, plan.digest);
  const after = await json(target, ['diff', '--exit-code']);
  assert.equal(after.code, 0);
  assert.deepEqual(after.document.steps, []);
});

test('status tells whether the folder was applied', async () => {
  const { code, document } = await json(target, ['status']);
  assert.equal(code, 0);
  assert.equal(document.pending, false);
  assert.equal(document.applied, document.folder.fingerprint);
  assert.equal(document.lock, null);
  const { stdout } = await sync(target, ['status']);
  assert.match(stdout, /Folder: .*\d+ data files, as listed/);
  assert.match(stdout, /Lock: free/);
});

test('a partial import records no fingerprint', async () => {
  const { document: before } = await json(target, ['status']);
  const file = join(syncFolder(target), 'data/tags.json');
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace('Handgefertigt', 'Von Hand'));
  await schemaSync(target, 'hash');
  const { document } = await json(target, ['import', '--only', 'tags']);
  assert.deepEqual(Object.keys(document.plan.summary.items), ['tags']);
  const { document: after } = await json(target, ['status']);
  assert.equal(after.applied, before.applied);
  assert.equal(after.pending, true);
  await writeFile(file, text);
  await schemaSync(target, 'hash');
  assert.equal((await json(target, ['import'])).code, 0);
});

test('losing data needs consent, which --yes does not give', async () => {
  const { field, restore } = await withoutField(target);
  const before = contentOf(target);
  const refused = await sync(target, ['import', '--mode', 'mirror', '--schema', '--yes']);
  assert.equal(refused.code, 3, refused.stderr);
  assert.match(refused.stderr, /error CONSENT_NEEDED: .*--allow-destructive/);
  assert.match(refused.stderr, new RegExp(`DROP_FIELD: .*${field}`));
  assert.deepEqual(changedTables(before, contentOf(target)), []);
  const merged = await json(target, ['import', '--mode', 'merge', '--schema']);
  assert.deepEqual([merged.code, merged.document.applied], [0, false], 'merge never deletes');
  const allowed = await json(target, ['import', '--mode', 'mirror', '--schema', '--allow-destructive']);
  assert.deepEqual([allowed.code, allowed.document.applied], [0, true]);
  await restore();
  assert.equal((await json(target, ['import'])).code, 0);
});

/**
 * Takes the field `views` of products out of the folder.
 *
 * @param {Project} project
 */
async function withoutField(project) {
  const folder = syncFolder(project);
  const files = ['data/schema/products.json', 'data/products.json'].map(path => join(folder, path));
  const texts = await Promise.all(files.map(file => readFile(file, 'utf8')));
  const schema = JSON.parse(texts[0]);
  schema.fields = schema.fields.filter((/** @type {any} */ { field }) => field !== 'views');
  const rows = JSON.parse(texts[1]).map((/** @type {any} */ { views: _, ...row }) => row);
  await writeFile(files[0], JSON.stringify(schema));
  await writeFile(files[1], JSON.stringify(rows));
  await schemaSync(project, 'hash');
  const restore = async () => {
    for (const [index, file] of files.entries()) await writeFile(file, texts[index]);
    await schemaSync(project, 'hash');
  };
  return { field: 'views', restore };
}

test('a lock of another process ends the command with 4, and unlock releases it', async () => {
  setSettings(target, "mv_owner = 'a process that died', mv_expires = 32503680000000, mv_locked = 1");
  const locked = await sync(target, ['import', '--yes'], { SCHEMA_SYNC_WAIT: '0' });
  assert.equal(locked.code, 4, locked.stderr);
  assert.match(locked.stderr, /error LOCKED: .*a process that died.*unlock/);
  const status = await json(target, ['status']);
  assert.equal(status.document.lock.owner, 'a process that died');

  const unanswered = await sync(target, ['unlock']);
  assert.equal(unanswered.code, 3);
  assert.match(unanswered.stderr, /--yes/);
  const unlocked = await sync(target, ['unlock', '--yes']);
  assert.equal(unlocked.code, 0);
  assert.match(unlocked.stdout, /Released the lock of a process that died/);
  assert.equal((await sync(target, ['import', '--yes'], { SCHEMA_SYNC_WAIT: '0' })).code, 0);
});

test('bad options and variables end the command with 1 and name what is understood', async () => {
  const mode = await json(target, ['import', '--mode', 'replace']);
  assert.equal(mode.code, 1);
  assert.equal(mode.document.error.code, 'OPTION_INVALID');
  assert.match(mode.document.error.message, /sync, merge, mirror, create/);
  const only = await sync(target, ['export', '--only', 'tagz']);
  assert.equal(only.code, 1);
  assert.match(only.stderr, /OPTION_INVALID: --only names tagz.*tags/);
  const variable = await sync(target, ['status'], { SCHEMA_SYNC_MODE: 'replace', SCHEMA_SYNC_MOED: 'x' });
  assert.equal(variable.code, 1);
  assert.match(
    variable.stderr,
    /ENVIRONMENT_INVALID: SCHEMA_SYNC_MODE is "replace", but only sync, merge, mirror, create/,
  );
  assert.match(variable.stderr, /SCHEMA_SYNC_MOED/);
});
