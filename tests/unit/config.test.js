/** Loading of config files: as modules, with their functions kept and their mistakes placed. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { loadConfig } from '../../extension/config.js';
import { Folder } from '../../extension/folder.js';

const base = await mkdtemp(join(tmpdir(), 'schema-sync-config-'));
after(() => rm(base, { recursive: true, force: true }));

const NONE = 'export const syncDirectusCollections = {};\n';
/** @type {string} */
let root;
beforeEach(async () => {
  root = await mkdtemp(join(base, 'case-'));
});

/** @param {string | null} custom @param {Record<string, string>} [others] @param {string | null} [extra] */
async function load(custom, others = {}, extra = null) {
  const files = {
    'directus_config.js': NONE,
    ...(custom === null ? {} : { 'config.js': custom }),
    ...others,
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(root, name), text);
  return loadConfig(new Folder(root), extra);
}

test('functions stay here, everything else goes to the core', async () => {
  const config = await load(`export const syncCustomCollections = {
    posts: { onExport: item => ({ ...item, seen: true }), getKey: ({ slug }) => slug, query: { filter: { a: { _in: [1] } } } },
  };`);
  const fn = { $function: true };
  const posts = { onExport: fn, getKey: fn, query: { filter: { a: { _in: [1] } } } };
  const source = { file: 'config.js', custom: { posts }, directus: undefined, renames: undefined };
  assert.deepEqual(config.sources[0], source);
  const { onExport, onImport, getKey } = config.functionsOf({ source: 0, collection: 'posts' });
  assert.deepEqual(onExport?.({ id: 1 }, null), { id: 1, seen: true });
  assert.equal(getKey?.({ slug: 'a' }), 'a');
  assert.equal(onImport, undefined);
});

test('CommonJS is understood too', async () => {
  const config = await load('module.exports = { syncCustomCollections: { posts: { prefix: "x" } } };');
  assert.deepEqual(config.sources[0].custom, { posts: { prefix: 'x' } });
});

test('ES modules are understood below a package.json of type commonjs, and without a warning', async () => {
  await writeFile(join(root, 'package.json'), '{"type": "commonjs"}');
  /** @type {unknown[]} */
  const warnings = [];
  const onWarning = (/** @type {unknown} */ warning) => warnings.push(warning);
  process.on('warning', onWarning);
  const config = await load('export const syncCustomCollections = { posts: {} };');
  await new Promise(resolve => setImmediate(resolve));
  process.off('warning', onWarning);
  assert.deepEqual(config.sources[0].custom, { posts: {} });
  assert.deepEqual(warnings, []);
});

test('an additional config is a source of its own', async () => {
  const extra = 'export const syncCustomCollections = { tags: {} };';
  const config = await load(
    'export const syncCustomCollections = {};',
    { 'test_config.js': extra },
    'test_config.js',
  );
  assert.deepEqual(
    config.sources.map(({ file }) => file),
    ['config.js', 'directus_config.js', 'test_config.js'],
  );
  assert.deepEqual(config.sources[2].custom, { tags: {} });
  assert.deepEqual(
    config.files.map(([name]) => name),
    ['config.js', 'directus_config.js', 'test_config.js'],
  );
});

test('an edited config is loaded anew', async () => {
  const first = await load('export const syncCustomCollections = { a: {} };');
  const second = await load('export const syncCustomCollections = { b: {} };');
  assert.deepEqual(Object.keys(first.sources[0].custom ?? {}), ['a']);
  assert.deepEqual(Object.keys(second.sources[0].custom ?? {}), ['b']);
  assert.notEqual(first.files[0][1], second.files[0][1]);
});

test('a missing config says how to get one', async () => {
  await assert.rejects(load(null), {
    code: 'CONFIG_MISSING',
    path: 'config.js',
    message: /schema-sync install/,
  });
  await assert.rejects(load('export const syncCustomCollections = {};', {}, 'nope.js'), {
    code: 'CONFIG_MISSING',
    message: /SCHEMA_SYNC_CONFIG/,
  });
});

test('an additional config outside of the folder is refused', async () => {
  await assert.rejects(load('export const syncCustomCollections = {};', {}, '../other.js'), {
    code: 'FOLDER_OUTSIDE',
  });
});

test('a syntax error names file and line', async () => {
  await assert.rejects(load('export const syncCustomCollections = {\n  posts: {},\n  tags: {,\n};\n'), {
    code: 'CONFIG_INVALID',
    path: 'config.js:3',
    message: /SyntaxError/,
  });
});

test('a config that throws names file and line', async () => {
  await assert.rejects(load('const a = undefined;\n\nexport const syncCustomCollections = a.b;\n'), {
    code: 'CONFIG_INVALID',
    path: /^config\.js:3:\d+$/,
    message: /TypeError/,
  });
});

test('an import that does not exist names the config', async () => {
  await assert.rejects(load("import './nope.js';\nexport const syncCustomCollections = {};\n"), {
    code: 'CONFIG_INVALID',
    message: /config\.js.*nope\.js/,
  });
});

test('a config that failed is loaded once what it imports is there', async () => {
  const text = "import { posts } from './posts.js';\nexport const syncCustomCollections = { posts };";
  await assert.rejects(load(text), { code: 'CONFIG_INVALID' });
  const config = await load(text, { 'posts.js': 'export const posts = {};' });
  assert.deepEqual(config.sources[0].custom, { posts: {} });
});

test('a config may only rename fields', async () => {
  const { sources } = await load("export const renames = { 'posts.title': 'posts.headline' };");
  assert.deepEqual(sources[0]?.renames, { 'posts.title': 'posts.headline' });
});

test('a config without one of the two exports is refused', async () => {
  await assert.rejects(load('export const customCollections = {};'), {
    code: 'CONFIG_INVALID',
    message: /exports neither syncCustomCollections nor syncDirectusCollections/,
  });
});

test('values that are no data are refused all at once, with their paths', async () => {
  const text =
    'const a = {}; a.a = a;\nexport const syncCustomCollections = { p: { d: new Date(0), n: NaN, a, b: 1n } };';
  await assert.rejects(load(text), (/** @type {any} */ error) => {
    const place = 'config.js: syncCustomCollections.p';
    assert.equal(error.code, 'CONFIG_INVALID');
    assert.deepEqual(
      error.diagnostics.map((/** @type {any} */ { path }) => path),
      [`${place}.d`, `${place}.n`, `${place}.a.a`, `${place}.b`],
    );
    assert.match(error.message, /a Date/);
    return true;
  });
});

test('ids of the admin are found in any source', async () => {
  const directus =
    "export const syncDirectusCollections = { directus_roles: { admin: 'r' }, directus_policies: { admin: 'p' } };";
  const config = await load('export const syncCustomCollections = {};', { 'directus_config.js': directus });
  assert.deepEqual(config.admin, { adminRole: 'r', adminPolicy: 'p' });
});
