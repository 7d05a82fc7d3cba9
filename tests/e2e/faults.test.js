/** Faults around a healthy server: it says once what is wrong and where, goes on, and recovers by itself. */
import assert from 'node:assert/strict';
import { appendFile, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { canMount, mountDisk } from '../harness/disk.js';
import { createGate } from '../harness/gate.js';
import { reasonToSkip } from '../support/combinations.js';
import { changedTables, contentOf } from '../support/content.js';
import { testProjects } from '../support/projects.js';
import { copyFolder, editText, readData, succeed, syncFolder } from '../support/sync-folder.js';
import { count, until } from '../support/until.js';

/**
 * @typedef {import('../harness/project.js').Project} Project
 * @typedef {import('../harness/server.js').Server} Server
 *
 * @typedef {object} Fault of the folder's config
 * @property {(folder: string) => Promise<unknown>} cause
 * @property {(folder: string) => Promise<unknown>} cure
 * @property {RegExp} message code, place, and what to do
 */

const projects = testProjects();
const withoutDisk = !(await canMount()) && 'it takes root to mount a disk';
const LIVE = Object.freeze({ SCHEMA_SYNC: 'BOTH', SCHEMA_SYNC_WATCH: 'true', SCHEMA_SYNC_POLL: '1' });
/** Longer than two attempts. */
const REPEATED_MS = 8000;

/** Makes an import long enough to be interrupted, and says when it goes on. */
const SLOW_IMPORT = `
syncCustomCollections.tags.onImport = async item => {
  console.log('importing tags');
  await new Promise(resolve => setTimeout(resolve, 1000));
  return item;
};
`;

const config = (/** @type {string} */ folder) => join(folder, 'config.js');
const hide = (/** @type {string} */ path) => rename(path, `${path}.hidden`);
const show = (/** @type {string} */ path) => rename(`${path}.hidden`, path);

/** @param {string} line added to the config @returns {Pick<Fault, 'cause' | 'cure'>} */
function configLine(line) {
  return {
    cause: folder => appendFile(config(folder), line),
    cure: async folder => {
      const text = await readFile(config(folder), 'utf8');
      await writeFile(config(folder), text.replace(line, ''));
    },
  };
}

/** @type {Record<string, Fault>} */
const CONFIG_FAULTS = {
  'a folder that is gone': {
    cause: hide,
    cure: show,
    message: /FOLDER_MISSING: There is no sync folder at .*schema-sync\. Run `directus schema-sync install`/,
  },
  'a folder without config': {
    cause: folder => hide(config(folder)),
    cure: folder => show(config(folder)),
    message: /CONFIG_MISSING: config\.js is not in .*schema-sync\. Run `directus schema-sync install`/,
  },
  'a config with a syntax error': {
    ...configLine('export const = 1;\n'),
    message: /CONFIG_INVALID: config\.js:\d+ cannot be loaded: SyntaxError: .*Correct it/,
  },
  'a config that throws': {
    ...configLine("throw new Error('no such environment');\n"),
    message: /CONFIG_INVALID: config\.js:\d+:\d+ cannot be loaded: Error: no such environment\. Correct it/,
  },
  'a config that imports what is not there': {
    cause: folder => appendFile(config(folder), "import './later.js';\n"),
    cure: folder => writeFile(join(folder, 'later.js'), 'export {};\n'),
    message: /CONFIG_INVALID: config\.js cannot be loaded: Error: Cannot find module .*later\.js/,
  },
};

for (const [name, { cause, message }] of Object.entries(CONFIG_FAULTS)) {
  test(`${name}: a server that starts says so and changes nothing`, async () => {
    const source = await projects.exportedSample({});
    const target = await projects.empty({ template: 'b' });
    await copyFolder(source, target);
    await cause(syncFolder(target));
    const before = contentOf(target);
    const server = await target.start({ env: { SCHEMA_SYNC: 'IMPORT' } });
    assert.match(server.log, message);
    assert.match(server.log, /starts with the state from before/);
    assertWithoutTrace(server);
    await target.stop();
    assert.deepEqual(changedTables(before, contentOf(target)), []);
  });
}

test('a running server goes on by itself once its config is whole again', async () => {
  const project = await projects.exportedSample({});
  const server = await project.start({ env: { SCHEMA_SYNC: 'BOTH' } });
  for (const [name, fault] of Object.entries(CONFIG_FAULTS)) {
    await fault.cause(syncFolder(project));
    const slug = await createTag(server);
    await until(async () => fault.message.test(server.log));
    await fault.cure(syncFolder(project));
    await untilWritten(project, slug, name);
  }
  assertWithoutTrace(server);
  await succeed(project, ['schema-sync', 'hash', '--check']);
});

test('a database that is gone for a while', {
  skip: await reasonToSkip('postgres'),
}, async () => {
  const project = await projects.exportedSample({ database: 'postgres' });
  const gate = await createGate(Number(project.env.DB_PORT));
  const server = await project.start({ env: { ...LIVE, DB_PORT: String(gate.port) } });
  await sleep(REPEATED_MS);

  const slug = await createTag(server);
  await gate.shut();
  await until(async () =>
    /is not exported yet.*\n.*DATABASE_UNAVAILABLE: The database does not answer: /.test(server.log),
  );
  await editTag(project, 'Edited meanwhile');
  await until(async () => /edited files cannot be imported.*\n.*DATABASE_UNAVAILABLE/.test(server.log));
  await sleep(REPEATED_MS);
  assert.equal(count(server.log, /is not exported yet/), 1, 'said once');
  assert.equal(count(server.log, /cannot look for imports/), 1, 'said once');
  assert.equal((await server.api.raw('GET', '/server/ping')).status, 200, 'the server lives');

  await gate.open();
  await untilWritten(project, slug);
  await until(async () => (await server.api('GET', '/items/tags')).some(isLabelled('Edited meanwhile')));
  assertWithoutTrace(server);
  await project.stop();
  await succeed(project, ['schema-sync', 'hash', '--check']);
});

test('a database that goes while a server imports at start: nothing is half done, and the next start completes', {
  skip: await reasonToSkip('postgres'),
}, async () => {
  const source = await projects.exportedSample({ database: 'postgres' });
  const target = await projects.empty({ database: 'postgres', template: 'b' });
  await copyFolder(source, target);
  await appendFile(config(syncFolder(target)), SLOW_IMPORT);
  const gate = await createGate(Number(target.env.DB_PORT));
  const env = { SCHEMA_SYNC: 'IMPORT', SCHEMA_SYNC_LOCK_TTL: '5' };
  const starting = target.startCli(['start'], { env: { ...env, DB_PORT: String(gate.port), PORT: '0' } });
  await until(async () => starting.output.stdout.includes('importing tags'));
  await gate.shut();
  await until(async () =>
    /import at start failed, and nothing was changed\.\n.*DATABASE_UNAVAILABLE/.test(starting.output.stdout),
  );
  await starting.kill();

  const server = await target.start({ env });
  assert.match(server.log, /imported the folder:/);
  assert.ok((await server.api('GET', '/items/products')).length > 0);
  await target.stop();
  await succeed(target, ['schema-sync', 'diff', '--exit-code']);
});

/**
 * @param {import('node:test').TestContext} t
 * @param {Project} project whose sync folder moves to a small disk of its own
 */
async function diskBelow(t, project) {
  const disk = await mountDisk(syncFolder(project));
  t.after(() => disk.unmount());
  return disk;
}

test('a disk that is full, or read-only', {
  skip: withoutDisk,
}, async t => {
  const project = await projects.exportedSample({});
  const disk = await diskBelow(t, project);
  const server = await project.start({ env: LIVE });
  const before = await readData(project);

  await disk.fill();
  const first = await createTag(server);
  await until(async () =>
    /FOLDER_UNWRITABLE: The sync folder cannot be written: ENOSPC.*free space/.test(server.log),
  );
  await sleep(REPEATED_MS);
  assert.equal(count(server.log, /is not exported yet/), 1, 'said once');
  assert.deepEqual(await readData(project), before, 'nothing half done');
  await disk.free();
  await untilWritten(project, first);

  await disk.setReadOnly(true);
  const second = await createTag(server);
  await until(async () => /FOLDER_UNWRITABLE: The sync folder cannot be written: EROFS/.test(server.log));
  await disk.setReadOnly(false);
  await untilWritten(project, second);
  assertWithoutTrace(server);
  await succeed(project, ['schema-sync', 'hash', '--check']);
});

test('an import needs no write access to the folder', {
  skip: withoutDisk,
}, async t => {
  const source = await projects.exportedSample({});
  const target = await projects.empty({ template: 'b' });
  await copyFolder(source, target);
  const disk = await diskBelow(t, target);
  await disk.setReadOnly(true);
  const server = await target.start({ env: { SCHEMA_SYNC: 'IMPORT' } });
  assert.match(server.log, /imported the folder:/);
  assert.doesNotMatch(server.log, /ERROR/);
});

test('an edit on a full disk is imported, and listed in the manifest when there is room again', {
  skip: withoutDisk,
}, async t => {
  const project = await projects.exportedSample({});
  const disk = await diskBelow(t, project);
  const server = await project.start({ env: LIVE });
  await sleep(REPEATED_MS);
  await editTag(project, 'Edited');
  await disk.fill();
  await until(async () => /FOLDER_UNWRITABLE/.test(server.log));
  assert.ok((await server.api('GET', '/items/tags')).some(isLabelled('Edited')));
  await disk.free();
  const isListed = async () => (await project.cli(['schema-sync', 'hash', '--check'])).code === 0;
  await until(isListed, { everyMs: 5000 });
});

let tags = 0;

/** @param {Server} server @returns {Promise<string>} its key */
async function createTag({ api }) {
  tags += 1;
  const slug = `fault-${tags}`;
  await api('POST', '/items/tags', { slug, label: 'Changed meanwhile' });
  return slug;
}

/** @param {Project} project @param {string} label */
function editTag(project, label) {
  return editText(project, 'tags.json', text => text.replace(/"label": "[^"]*"/, `"label": "${label}"`));
}

/** @param {string} label */
function isLabelled(label) {
  return (/** @type {{label: string}} */ tag) => tag.label === label;
}

/** @param {Project} project @param {string} slug @param {string} [name] */
async function untilWritten(project, slug, name) {
  await until(async () => (await readData(project))['data/tags.json']?.includes(slug) ?? false);
  assert.match((await readData(project))['data/tags.json'] ?? '', new RegExp(slug), name);
}

/** @param {Server} server */
function assertWithoutTrace({ log }) {
  assert.doesNotMatch(log, /INTERNAL|nhandled|extension\/\S+\.js:\d+/);
}
