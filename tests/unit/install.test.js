/** What `install` lays down, and that it never costs anybody a config. */
import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { loadConfig } from '../../extension/config.js';
import { loadCore } from '../../extension/core.js';
import { Folder } from '../../extension/folder.js';
import { installFolder, installMigration } from '../../extension/install.js';
import { DEFINITIONS, FILES, RUNS, STATE } from '../../extension/instances/local/tables.js';

const base = await mkdtemp(join(tmpdir(), 'schema-sync-install-'));
after(() => rm(base, { recursive: true, force: true }));

/** @type {string} */
let root;
beforeEach(async () => {
  root = join(await mkdtemp(join(base, 'case-')), 'schema-sync');
});

test('a new folder has everything that an export needs', async () => {
  const { written, kept, backups } = await installFolder(root, {});
  assert.deepEqual(written, ['.gitattributes', 'config.js', 'directus_config.js']);
  assert.deepEqual([kept, backups], [[], []]);
  assert.deepEqual((await readdir(root)).sort(), [
    '.gitattributes',
    'config.js',
    'data',
    'directus_config.js',
  ]);
});

test('the shipped config names what the core has on by default, and nothing else', async () => {
  await installFolder(root, {});
  const core = await loadCore();
  const { sources } = await loadConfig(await Folder.open(root), null);
  assert.deepEqual(sources[0].custom, {});
  const known = Object.entries(core.defaultDirectusConfig()).filter(([, { sync }]) => sync);
  assert.deepEqual(Object.keys(sources[1].directus ?? {}).sort(), known.map(([name]) => name).sort());
  for (const [name, { watch }] of known) {
    assert.deepEqual(/** @type {any} */ (sources[1].directus)[name].watch, watch, name);
  }
});

test('what is there stays, and --force keeps it as a backup', async () => {
  await installFolder(root, {});
  await writeFile(join(root, 'config.js'), '// mine\n');
  await rm(join(root, 'directus_config.js'));
  const second = await installFolder(root, {});
  assert.deepEqual([second.written, second.kept], [['directus_config.js'], ['config.js']]);
  const forced = await installFolder(root, { force: true });
  assert.deepEqual([forced.written, forced.backups], [['config.js'], ['config.js.backup']]);
  assert.equal(await readFile(join(root, 'config.js.backup'), 'utf8'), '// mine\n');
  await writeFile(join(root, 'config.js'), '// mine again\n');
  const again = await installFolder(root, { force: true });
  assert.deepEqual(again.backups, ['config.js.backup-2']);
  assert.deepEqual((await installFolder(root, { force: true })).written, []);
});

test('the migration adds what is missing, once, and takes it away again', async () => {
  const folder = join(root, 'migrations');
  const first = await installMigration(folder);
  assert.equal(first.written, true);
  assert.equal((await installMigration(folder)).written, false);
  const { up, down } = await import(pathToFileURL(first.file).href);
  const knex = fakeKnex({ directus_settings: { id: 'increments', mv_hash: 'string' } });
  await up(knex);
  const made = structuredClone(knex.tables);
  assert.deepEqual(Object.keys(made), ['directus_settings', STATE, RUNS, FILES]);
  assert.deepEqual(Object.keys(made.directus_settings), [
    'id',
    'mv_hash',
    'mv_ts',
    'mv_locked',
    'mv_owner',
    'mv_epoch',
    'mv_expires',
  ]);
  await up(knex);
  assert.deepEqual(knex.tables, made);
  await down(knex);
  await down(knex);
  assert.deepEqual(knex.tables, { directus_settings: { id: 'increments' } });
});

test('the migration makes the tables that the extension makes by itself', async () => {
  const { up } = await import(new URL('../../install/migration.mjs', import.meta.url).href);
  const byMigration = fakeKnex({ directus_settings: {} });
  await up(byMigration);
  const byExtension = fakeKnex({});
  for (const [name, define] of Object.entries(DEFINITIONS)) byExtension.schema.createTable(name, define);
  const { directus_settings: _, ...tables } = byMigration.tables;
  assert.deepEqual(tables, byExtension.tables);
});

/**
 * Like knex, it gives a builder that can be used once each time `schema` is asked for.
 *
 * @param {Record<string, Record<string, string>>} tables how each column was defined, by table and name
 */
function fakeKnex(tables) {
  const builder = {
    hasTable: async (/** @type {string} */ name) => name in tables,
    hasColumn: async (/** @type {string} */ table, /** @type {string} */ name) => name in tables[table],
    alterTable: (/** @type {string} */ name, /** @type {(table: any) => void} */ alter) => {
      alter(recorder(tables[name]));
    },
    createTable: (/** @type {string} */ name, /** @type {(table: any) => void} */ define) => {
      tables[name] = {};
      define(recorder(tables[name]));
    },
    dropTableIfExists: async (/** @type {string} */ name) => delete tables[name],
  };
  return {
    tables,
    get schema() {
      let isUsed = false;
      return new Proxy(builder, {
        get(target, name) {
          assert.equal(isUsed, false, 'a builder is used once');
          isUsed = true;
          return Reflect.get(target, name);
        },
      });
    },
  };
}

/** @param {Record<string, string>} columns @returns {any} notes every call that defines a column */
function recorder(columns) {
  const call = (/** @type {string} */ method, /** @type {unknown[]} */ args) =>
    `${method}(${JSON.stringify(args).slice(1, -1)})`;
  /** @param {string} name */
  const column = name => {
    /** @type {any} */
    const chain = new Proxy(
      {},
      {
        get:
          (_, method) =>
          (/** @type {unknown[]} */ ...args) => {
            columns[name] += `.${call(String(method), args)}`;
            return chain;
          },
      },
    );
    return chain;
  };
  return new Proxy(
    {},
    {
      get:
        (_, method) =>
        (/** @type {string} */ name, /** @type {unknown[]} */ ...args) => {
          if (method === 'dropColumn') return delete columns[name];
          columns[name] = call(String(method), args);
          return column(name);
        },
    },
  );
}
