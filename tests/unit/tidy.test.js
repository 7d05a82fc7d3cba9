import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { REPOSITORY } from '../harness/repository.js';

/** @param {string} file */
const read = file => readFileSync(join(REPOSITORY, file), 'utf8');
const manifest = JSON.parse(read('package.json'));

test('the package, the crate and the changelog name one version', () => {
  assert.equal(read('Cargo.toml').match(/^version = "(.+)"$/m)?.[1], manifest.version);
  assert.equal(JSON.parse(read('package-lock.json')).version, manifest.version);
  assert.ok(
    read('CHANGELOG.md').includes(manifest.version),
    `CHANGELOG.md does not name ${manifest.version}`,
  );
});

test('the lockfile names no registry', () => {
  assert.doesNotMatch(read('package-lock.json'), /"resolved"/);
});

test('Directus accepts the manifest of the extension', () => {
  const extension = manifest['directus:extension'];
  assert.equal(manifest.name, 'directus-extension-schema-sync');
  for (const key of ['type', 'path', 'source', 'host']) assert.equal(typeof extension[key], 'string', key);
  assert.ok(existsSync(join(REPOSITORY, extension.path)), extension.path);
  for (const file of Object.values(manifest.bin)) assert.ok(existsSync(join(REPOSITORY, file)), file);
});

test('npm packs the wasm file', () => {
  assert.ok(manifest.files.includes('pkg/*.wasm'));
  assert.ok(existsSync(join(REPOSITORY, 'pkg/schema_sync_core_bg.wasm')), 'pkg/ has not been built');
  assert.equal(existsSync(join(REPOSITORY, 'pkg/.gitignore')), false, 'npm would honour pkg/.gitignore');
});
