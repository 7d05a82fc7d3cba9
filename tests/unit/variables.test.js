/** Variables of the environment that data files name: which they are, their digest, and how errors pass over them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadCore } from '../../extension/core.js';
import { readEnvironment } from '../../extension/environment.js';
import {
  mayHoldPlaceholder,
  variableNames,
  variablesDigest,
  variablesOf,
  withoutValues,
} from '../../extension/variables.js';

const core = await loadCore();
const bytes = (/** @type {unknown} */ value, indent = 2) => Buffer.from(JSON.stringify(value, null, indent));

test('names are found wherever a placeholder stands, each once', () => {
  const rows = [{ a: { $env: 'SHOP_TOKEN' }, b: { headers: [{ value: { $env: 'SHOP_KEY' } }] } }];
  const files = [bytes(rows), bytes(rows, 0), bytes([{ a: 'env', b: { env: 'NONE' } }])];
  assert.deepEqual(variableNames(files), ['SHOP_KEY', 'SHOP_TOKEN']);
  assert.deepEqual(files.map(mayHoldPlaceholder), [true, true, false]);
});

test('a part of a larger buffer is looked at alone', () => {
  const whole = Buffer.from('{"$env": "NAME"}[1]');
  assert.equal(mayHoldPlaceholder(new Uint8Array(whole.buffer, whole.byteOffset + 16, 3)), false);
});

test('a variable that is empty counts as not set', () => {
  /** @type {Record<string, string>} */
  const env = { SHOP_TOKEN: 'token', EMPTY: '' };
  assert.deepEqual(
    variablesOf(['SHOP_TOKEN', 'EMPTY', 'MISSING'], name => env[name]),
    {
      SHOP_TOKEN: 'token',
    },
  );
});

test('variables that Directus has cast are texts again', () => {
  const { settings } = readEnvironment({ PORT_OF_SHOP: 8055, FLAG_OF_SHOP: true, LIST_OF_SHOP: ['a'] });
  assert.equal(settings.variable('PORT_OF_SHOP'), '8055');
  assert.equal(settings.variable('FLAG_OF_SHOP'), 'true');
  assert.equal(settings.variable('LIST_OF_SHOP'), '["a"]');
  assert.equal(settings.variable('MISSING_IN_SHOP'), undefined);
});

test('the digest depends on names, values and the secret, and not on an order', () => {
  const digest = (/** @type {Record<string, string>} */ variables, secret = 's') =>
    variablesDigest(core, variables, secret);
  assert.equal(digest({ A: '1', B: '2' }), digest({ B: '2', A: '1' }));
  const others = [digest({ A: '1', B: '3' }), digest({ A: '1' }), digest({ A: '1', B: '2' }, 't')];
  for (const other of others) assert.notEqual(other, digest({ A: '1', B: '2' }));
});

test('errors name variables in place of their values, the longer ones first', () => {
  const cause = new Error('insert into "vault" values (\'to"ken\', \'to"ken-2\') failed');
  const error = new Error('Writing of "to\\"ken-2" failed', { cause });
  const known = withoutValues(error, { SHORT: 'to"ken', LONG: 'to"ken-2' });
  assert.equal(known, error);
  assert.equal(error.message, 'Writing of "{"$env":"LONG"}" failed');
  assert.equal(
    cause.message,
    'insert into "vault" values (\'{"$env":"SHORT"}\', \'{"$env":"LONG"}\') failed',
  );
  assert.ok(!error.stack?.includes('ken') && !cause.stack?.includes('ken-2'));
  assert.equal(withoutValues('text', { SHORT: 'text' }), 'text');
});
