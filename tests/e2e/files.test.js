/** Contents of files: they travel with their rows, only those that changed, and nothing is lost on the way. */
import assert from 'node:assert/strict';
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { files as SAMPLE_FILES } from '../harness/sample/configuration.js';
import { ids } from '../harness/sample-project.js';
import { BENCH, callCaseOf } from '../support/bench/run.js';
import { combinations } from '../support/combinations.js';
import { schemaSync } from '../support/command.js';
import { testProjects } from '../support/projects.js';
import {
  copyFolder,
  editData,
  installFolder,
  readData,
  succeed,
  syncFolder,
} from '../support/sync-folder.js';

/**
 * @typedef {import('../harness/project.js').Project} Project
 * @typedef {import('../harness/project.js').ProjectOptions} ProjectOptions
 */

const projects = testProjects();
const CASES = fileURLToPath(new URL('../support/cases/files.js', import.meta.url));
const { logo, sweater, care } = ids.file;
/** Settings of images that everybody sees. */
const PUBLIC = Object.freeze({
  project_logo: logo,
  public_foreground: sweater,
  public_background: sweater,
  public_favicon: logo,
});
/** What the harness gives for a process that was killed. */
const KILLED = 128;

for (const { name, major, database, skip } of await combinations()) {
  test(`${name}: logo and file fields work after an import into an empty instance`, { skip }, async () => {
    const source = await exportedProject({ major, database });
    const exported = await readData(source);
    for (const { id, content } of SAMPLE_FILES)
      assert.deepEqual(await readFile(contentOf(source, id)), Buffer.from(content));
    assert.doesNotMatch(exported['data/directus_files.json'] ?? '', /filename_disk|"storage"|"filesize"|\$/);

    const target = await importedProject(source, { major, database });
    assert.deepEqual((await planOf(target)).steps, []);
    await succeed(target, ['schema-sync', 'export']);
    assert.deepEqual(await readData(target), exported, 'to the byte');

    const { api, url } = await target.start();
    const { image } = await api('GET', `/items/products/${ids.product.sweater}`);
    for (const [setting, file] of Object.entries(PUBLIC)) {
      assert.equal((await api('GET', '/settings'))[setting], file);
      assert.equal((await fetch(`${url}/assets/${file}`)).status, 200, `${setting}, without a login`);
    }
    for (const id of [logo, image]) {
      for (const path of [`/assets/${id}`, `/assets/${id}?width=1`])
        assert.equal((await api.raw('GET', path)).status, 200, path);
    }
    const { filesize } = await api('GET', `/files/${care}`);
    assert.equal(Number(filesize), contentFor(care).length);
  });
}

for (const { name, major, database, skip } of await combinations()) {
  test(`${name}: an import that fails or is killed loses no content, and the next one tidies up`, {
    skip,
  }, async () => {
    const project = await exportedProject({ major, database, env: { SCHEMA_SYNC_LOCK_TTL: '5' } });
    const before = await uploadsOf(project);
    await writeFile(contentOf(project, care), 'Hand wash only.');
    await schemaSync(project, 'hash');

    assert.match(await callCase(project, 'fails'), /no commit today/);
    assert.deepEqual(await uploadsOf(project), before, 'what was copied is gone again');
    await dies(project, 'diesBeforeCommit');
    const staged = await uploadsOf(project);
    assert.deepEqual(pick(staged, Object.keys(before)), before);
    assert.equal(Object.keys(staged).length, SAMPLE_FILES.length + 1);
    await dies(project, 'diesAfterCommit');
    const committed = await uploadsOf(project);
    assert.deepEqual(pick(committed, Object.keys(before)), before);
    assert.equal(Object.keys(committed).length, SAMPLE_FILES.length + 1, 'what was staged before is gone');

    await succeed(project, ['schema-sync', 'import', '--yes']);
    const { [`${care}.txt`]: old, ...untouched } = before;
    const after = await uploadsOf(project);
    assert.deepEqual(pick(after, Object.keys(untouched)), untouched, 'only what changed was copied');
    assert.equal(Object.keys(after).length, SAMPLE_FILES.length);
    assert.ok(Object.values(after).includes('Hand wash only.') && !Object.values(after).includes(old));

    await editData(project, 'directus_files.json', files =>
      files.filter((/** @type {any} */ { id }) => id !== care),
    );
    await rm(contentOf(project, care));
    await schemaSync(project, 'hash');
    await succeed(project, ['schema-sync', 'import', '--yes', '--allow-destructive']);
    assert.deepEqual(await uploadsOf(project), untouched);
  });
}

test('an export copies what changed, keeps what the storage has lost, and removes what is not needed', async () => {
  const project = await exportedProject({});
  const { api } = await project.start();
  const form = new FormData();
  form.append('file', new Blob(['Wash warm.'], { type: 'text/plain' }), 'care.txt');
  await api('PATCH', `/files/${care}`, form);
  await api('PATCH', `/files/${sweater}`, { title: 'Without content' });
  await project.stop();
  await rm(join(project.dir, 'uploads', `${sweater}.png`));
  const changed = await succeed(project, ['schema-sync', 'export']);
  assert.match(changed.stderr, new RegExp(`CONTENT_MISSING: .*${sweater} \\(${sweater}.png\\)`));
  assert.equal(await readFile(contentOf(project, care), 'utf8'), 'Wash warm.');
  assert.deepEqual(await readFile(contentOf(project, sweater)), Buffer.from(contentFor(sweater)));

  await succeed(project, ['schema-sync', 'import', '--yes']);
  const brought = Buffer.from(contentFor(sweater)).toString('latin1');
  assert.ok(Object.values(await uploadsOf(project)).includes(brought), 'an import brings it back');
  await project.start();
  await project.api('DELETE', `/files/${care}`);
  await project.stop();
  const { stdout } = await succeed(project, ['schema-sync', 'export']);
  assert.match(stdout, new RegExp(`- data/files/${care}\\.txt`));
  assert.deepEqual(await contentsOf(project), [`${sweater}.png`, `${logo}.png`]);

  await writeFile(contentOf(project, care), 'Of a row that nobody has.');
  await schemaSync(project, 'hash');
  await succeed(project, ['schema-sync', 'export', '--overwrite']);
  assert.deepEqual(await contentsOf(project), [`${sweater}.png`, `${logo}.png`]);
});

test('a listed content that is missing stops an import, and two for one row do', async () => {
  const project = await exportedProject({});
  const content = await readFile(contentOf(project, care));
  await rm(contentOf(project, care));
  const missing = await project.cli(['schema-sync', 'import', '--yes']);
  assert.equal(missing.code, 1);
  assert.match(missing.stderr, new RegExp(`MANIFEST_MISMATCH: .*data/files/${care}\\.txt`));
  await writeFile(contentOf(project, care), content);
  await writeFile(contentOf(project, care).replace('.txt', '.md'), content);
  await schemaSync(project, 'hash');
  const twice = await project.cli(['schema-sync', 'import', '--yes']);
  assert.equal(twice.code, 1);
  assert.match(twice.stderr, /CONTENT_AMBIGUOUS/);
});

/** @param {ProjectOptions} options */
async function exportedProject(options) {
  const source = await projects.sample({ ...options, template: 'a' });
  const { api } = await source.start();
  await api('PATCH', '/settings', PUBLIC);
  await source.stop();
  await installFolder(
    source,
    { products: {}, brands: {}, categories: {} },
    { directus_files: { files: true } },
  );
  await succeed(source, ['schema-sync', 'export']);
  await cp(BENCH, join(source.dir, 'extensions', 'bench'), { recursive: true });
  return source;
}

/** @param {Project} source @param {ProjectOptions} options */
async function importedProject(source, options) {
  const target = await projects.empty({ ...options, template: 'b' });
  await copyFolder(source, target);
  await succeed(target, ['schema-sync', 'import', '--yes']);
  return target;
}

/** @param {string} id */
function contentFor(id) {
  const [file] = SAMPLE_FILES.filter(file => file.id === id);
  assert.ok(file);
  return file.content;
}

/** @param {Project} project @param {string} id @returns {string} the place of a content in its folder */
function contentOf(project, id) {
  return join(syncFolder(project), 'data', 'files', `${id}${id === care ? '.txt' : '.png'}`);
}

/** @param {Project} project @returns {Promise<string[]>} names of the contents in its folder */
async function contentsOf(project) {
  return (await readdir(join(syncFolder(project), 'data', 'files'))).sort();
}

/** @param {Project} project @returns {Promise<Record<string, string>>} what its storage holds, by name */
async function uploadsOf(project) {
  const folder = join(project.dir, 'uploads');
  const names = (await readdir(folder)).sort();
  const contents = names.map(async name => [name, await readFile(join(folder, name), 'latin1')]);
  return Object.fromEntries(await Promise.all(contents));
}

/** @param {Record<string, string>} uploads @param {string[]} names */
function pick(uploads, names) {
  return Object.fromEntries(names.map(name => [name, uploads[name]]));
}

/** @param {Project} project @param {string} name of a case @returns {Promise<any>} */
function callCase(project, name) {
  return callCaseOf(project, CASES, name);
}

/** @param {Project} project @param {string} name of a case that ends its process */
async function dies(project, name) {
  const { code, stdout, stderr } = await project.cli(['bench', CASES, name]);
  assert.equal(code, KILLED, `${stdout}\n${stderr}`);
}

/** @param {Project} project @returns {Promise<any>} */
async function planOf(project) {
  const file = join(project.dir, 'plan.json');
  await succeed(project, ['schema-sync', 'diff', '--format', 'json', '--out', file]);
  return JSON.parse(await readFile(file, 'utf8'));
}
