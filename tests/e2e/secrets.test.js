/** Secrets stay on their instance, or come from the environment of the importing one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callCase, createBenchProject } from '../support/bench/run.js';
import { combinations } from '../support/combinations.js';

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
