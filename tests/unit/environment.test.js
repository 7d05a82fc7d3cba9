import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readEnvironment, VARIABLES } from '../../extension/environment.js';

const README = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

test('defaults', () => {
  const { settings, diagnostics } = readEnvironment({}, '/project');
  assert.deepEqual(diagnostics, []);
  const { variable, ...others } = settings;
  assert.equal(typeof variable, 'function');
  assert.deepEqual(others, {
    dir: '/project/schema-sync',
    config: null,
    start: null,
    mode: 'sync',
    safe: false,
    onDrift: 'overwrite',
    split: true,
    dataOnly: false,
    onError: 'continue',
    wait: 600,
    lockTtl: 60,
    allowDestructive: false,
    verify: true,
    revision: null,
    watch: false,
    poll: 5,
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
  const { variable: _, ...fromCast } = readEnvironment(asCast, '/project').settings;
  const { variable: __, ...fromText } = settings;
  assert.deepEqual(fromText, fromCast);
  assert.equal(settings.start, 'IMPORT');
  assert.equal(settings.split, false);
  assert.equal(settings.wait, 5);
  assert.equal(settings.dir, join('/project', 'sync'));
});

test('an empty value counts as not set', () => {
  assert.equal(readEnvironment({ SCHEMA_SYNC_MODE: '', SCHEMA_SYNC: undefined }).settings.mode, 'sync');
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
  const { diagnostics } = readEnvironment({ SCHEMA_SYNC_API: true, SCHEMA_SYNC_MOED: 'mirror', OTHER: 1 });
  assert.deepEqual(
    diagnostics.map(({ severity, path }) => [severity, path]),
    [
      ['warning', 'SCHEMA_SYNC_API'],
      ['warning', 'SCHEMA_SYNC_MOED'],
    ],
  );
  assert.match(diagnostics[0].message, /not supported by this version yet/);
});

test('MERGE contradicts every other mode, and SAFE none, since it is about the schema alone', () => {
  for (const mode of ['sync', 'mirror', 'create']) {
    const env = { SCHEMA_SYNC_MODE: mode, SCHEMA_SYNC_MERGE: true };
    assert.throws(() => readEnvironment(env), {
      code: 'ENVIRONMENT_INVALID',
      message: `SCHEMA_SYNC_MERGE=true contradicts SCHEMA_SYNC_MODE=${mode}. Remove one of them.`,
    });
    const { settings } = readEnvironment({ SCHEMA_SYNC_MODE: mode, SCHEMA_SYNC_SAFE: true });
    assert.deepEqual([settings.mode, settings.safe], [mode, true]);
  }
  assert.equal(readEnvironment({ SCHEMA_SYNC_MERGE: true }).settings.mode, 'merge');
});

test('an instance that people work on keeps what they did', () => {
  const drift = (/** @type {string | undefined} */ start) =>
    readEnvironment({ SCHEMA_SYNC: start }).settings.onDrift;
  assert.deepEqual([undefined, 'IMPORT', 'EXPORT', 'BOTH'].map(drift), [
    'overwrite',
    'overwrite',
    'keep',
    'keep',
  ]);
});

test('the README lists exactly the variables that are honoured', () => {
  const section = README.split('\n## Environment\n')[1].split('\n## ')[0];
  const documented = [...section.matchAll(/^\| `(SCHEMA_SYNC\w*)` \| (.*) \|[^|]*\|$/gm)].map(
    ([, name, doc]) => [name, doc],
  );
  const honoured = VARIABLES.filter(({ parse }) => parse).map(({ name, doc }) => [name, doc]);
  assert.deepEqual(documented, honoured);
});
