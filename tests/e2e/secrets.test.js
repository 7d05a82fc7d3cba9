/** Secrets stay on their instance, or come from the environment of the importing one. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { createProject } from '../harness/project.js';
import { callCase, createBenchProject } from '../support/bench/run.js';
import { combinations, reasonToSkip } from '../support/combinations.js';
import { setSettings } from '../support/content.js';
import { installFolder, readData, syncFolder } from '../support/sync-folder.js';

for (const { name, major, database, skip } of await combinations()) {
  test(`${name}: secrets stay where they are, and masks are never written`, { skip }, async t => {
    const project = await createBenchProject(t, { major, database });
    assert.deepEqual(await callCase(project, 'secrets', 'stays'), {
      found: [],
      exports: true,
      steps: [{ name: 'Second' }],
      same: true,
      keeps: true,
    });
  });

  test(`${name}: values come from the environment and stand nowhere else`, { skip }, async t => {
    const project = await createBenchProject(t, { major, database });
    const result = await callCase(project, 'secrets', 'environment');
    assert.equal(result.missing.code, 'ENV_MISSING');
    assert.equal(result.untouched, true, 'nothing was written without the variables');
    assert.deepEqual(result.stored, {
      views: 8005,
      concealed: 'c0ncealed-of-the-environment',
      isHashed: true,
      encrypted: 'encrypt3d-of-the-environment',
      isEncrypted: true,
      key: 'sk-s3tting-of-the-environment',
      header: 't0ken-of-the-environment',
    });
    assert.deepEqual(result.changed, [3, 0, 2], 'rows that three imports changed');
    assert.equal(result.sealed, 0);
    assert.deepEqual(result.drifted, [
      ['ENV_DRIFT', 'vault[a].concealed'],
      ['ENV_DRIFT', 'vault[a].views'],
    ]);
    const names = [
      'SHOP_TOKEN',
      'VAULT_CONCEALED',
      'VAULT_ENCRYPTED',
      'VAULT_HASHED',
      'VAULT_KEY',
      'VAULT_VIEWS',
    ];
    assert.deepEqual(result.kept, names);
    assert.deepEqual(result.keptWithout, [names, 0, 0], 'an export needs no variables');
    assert.equal(result.rotatedTo, 'T0KEN-OF-THE-ENVIRONMENT');
    assert.equal(result.isImportedAnew, true, 'another value is another fingerprint');
    assert.deepEqual(result.leaked, []);
  });

  test(`${name}: hashes of passwords travel as they are`, { skip }, async t => {
    const project = await createBenchProject(t, { major, database });
    assert.deepEqual(await callCase(project, 'secrets', 'users'), {
      isHash: true,
      copied: [true, true],
      tokens: [null],
      again: 0,
    });
  });
}

/** Tokens as a provider makes them, put together here so that none stands in this file. */
const TOKENS = ['of-the-source', 'of-the-environment'].map(
  text => `sk.eyJ${Buffer.from(text.repeat(3)).toString('base64url')}.${'aB3dE5gH7jK9mN1pQ2rS4t'}`,
);
const LOOKS = [
  ['diff'],
  ['diff', '--json'],
  ['diff', '--format', 'markdown'],
  ['diff', '--format', 'html'],
  ['plan', '--out', 'plan.json'],
  ['status'],
  ['import', '--yes', '--json'],
];

test('commands warn of a credential, and print none', { skip: await reasonToSkip('sqlite') }, async t => {
  const project = await createProject({ major: '12', database: 'sqlite' });
  t.after(() => project.destroy());
  const [source, wanted] = TOKENS;
  await installFolder(project, {});
  setSettings(project, `mapbox_key = '${source}'`);
  const run = (/** @type {string[]} */ ...args) =>
    project.cli(['schema-sync', ...args], { env: { MAPBOX_KEY: wanted } });
  let printed = '';
  const refused = await run('export', '--fail-on-secrets');
  assert.equal(refused.code, 3, refused.stderr);
  assert.equal(existsSync(join(syncFolder(project), 'hash.txt')), false, 'nothing was written');
  const warned = await run('export');
  assert.equal(warned.code, 0, warned.stderr);
  for (const { stderr } of [refused, warned])
    assert.match(stderr, /SECRET_FOUND: directus_settings\.mapbox_key/);
  printed += refused.stdout + refused.stderr + warned.stdout + warned.stderr;

  const path = join(syncFolder(project), 'data/directus_settings.json');
  const [settings] = JSON.parse(await readFile(path, 'utf8'));
  await writeFile(path, JSON.stringify([{ ...settings, mapbox_key: { $env: 'MAPBOX_KEY' } }]));
  await run('hash');
  for (const look of LOOKS) {
    const { code, stdout, stderr } = await run(...look);
    assert.equal(code, 0, `${look.join(' ')}:\n${stdout}\n${stderr}`);
    printed += stdout + stderr;
  }
  assert.match(printed, /\{"\$env":"MAPBOX_KEY"\}/, 'plans name the variable');
  const { stdout, stderr, code } = await run('export', '--fail-on-secrets');
  assert.equal(code, 0, stderr);
  const files = Object.values(await readData(project)).join('\n');
  const sealed = await readFile(join(project.dir, 'plan.json'), 'utf8');
  const everything = [printed, stdout, stderr, files, sealed].join('\n');
  for (const token of TOKENS) assert.ok(!everything.includes(token), 'no token is printed or written');
});
