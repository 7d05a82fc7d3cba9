import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readEnvironment, VARIABLES } from '../../extension/environment.js';

const README = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

test('defaults', () => {
  const { settings, diagnostics } = readEnvironment({}, '/project');
  assert.deepEqual(diagnostics, []);
  assert.deepEqual(settings, {
    dir: '/project/schema-sync',
    config: null,
    start: null,
    mode: 'merge',
    split: true,
    dataOnly: false,
    onError: 'continue',
    wait: 600,
    lockTtl: 60,
    allowDestructive: false,
    verify: true,
  });
});

test('values are understood as text and as Directus casts them', () => {
  const asText = {
    SCHEMA_SYNC: 'import',
    SCHEMA_SYNC_SPLIT: 'false',
    SCHEMA_SYNC_WAIT: '5',
    SCHEMA_SYNC_DIR: 'sync',
  };
  const asCast = {
    SCHEMA_SYNC: 'IMPORT',
    SCHEMA_SYNC_SPLIT: false,
    SCHEMA_SYNC_WAIT: 5,
    SCHEMA_SYNC_DIR: 'sync',
  };
  const { settings } = readEnvironment(asText, '/project');
  assert.deepEqual(settings, readEnvironment(asCast, '/project').settings);
  assert.equal(settings.start, 'IMPORT');
  assert.equal(settings.split, false);
  assert.equal(settings.wait, 5);
  assert.equal(settings.dir, join('/project', 'sync'));
});

test('an empty value counts as not set', () => {
  assert.equal(readEnvironment({ SCHEMA_SYNC_MODE: '', SCHEMA_SYNC: undefined }).settings.mode, 'merge');
});

test('every bad value is reported at once', () => {
  const env = {
    SCHEMA_SYNC: 'YES',
    SCHEMA_SYNC_MODE: 'replace',
    SCHEMA_SYNC_WAIT: '-1',
    SCHEMA_SYNC_SPLIT: 'maybe',
  };
  assert.throws(
    () => readEnvironment(env),
    (/** @type {any} */ error) => {
      assert.equal(error.code, 'ENVIRONMENT_INVALID');
      assert.equal(error.exitCode, 1);
      assert.deepEqual(
        error.diagnostics.map((/** @type {any} */ { path }) => path).sort(),
        Object.keys(env).sort(),
      );
      assert.match(
        error.diagnostics[0].message,
        /SCHEMA_SYNC is "YES", but only IMPORT, EXPORT, BOTH are understood/,
      );
      return true;
    },
  );
});

test('unknown and later variables are warned of', () => {
  const { diagnostics } = readEnvironment({ SCHEMA_SYNC_POLL: 5, SCHEMA_SYNC_MOED: 'mirror', OTHER: 1 });
  assert.deepEqual(
    diagnostics.map(({ severity, path }) => [severity, path]),
    [
      ['warning', 'SCHEMA_SYNC_POLL'],
      ['warning', 'SCHEMA_SYNC_MOED'],
    ],
  );
  assert.match(diagnostics[0].message, /not supported by this version yet/);
});

test('the export half of SCHEMA_SYNC is not accepted in silence', () => {
  for (const start of ['EXPORT', 'BOTH']) {
    const { diagnostics } = readEnvironment({ SCHEMA_SYNC: start });
    assert.match(diagnostics[0].message, /does not export by itself yet/);
  }
  assert.deepEqual(readEnvironment({ SCHEMA_SYNC: 'IMPORT' }).diagnostics, []);
});

test('mirror contradicts what protects from deletions', () => {
  for (const name of ['SCHEMA_SYNC_MERGE', 'SCHEMA_SYNC_SAFE']) {
    assert.throws(() => readEnvironment({ SCHEMA_SYNC_MODE: 'mirror', [name]: true }), {
      code: 'ENVIRONMENT_INVALID',
    });
  }
});

test('the README lists exactly the variables that are honoured', () => {
  const section = README.split('\n## Environment\n')[1].split('\n## ')[0];
  const documented = [...section.matchAll(/^\| `(SCHEMA_SYNC\w*)` \| (.*) \|[^|]*\|$/gm)].map(
    ([, name, doc]) => [name, doc],
  );
  const honoured = VARIABLES.filter(({ parse }) => parse).map(({ name, doc }) => [name, doc]);
  assert.deepEqual(documented, honoured);
});
