/** Variables of the environment that data files name: which they are, their digest, and how errors pass over them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadCore } from '../../extension/core.js';
import { readEnvironment } from '../../extension/environment.js';
import { PlaceholderSearch, variablesDigest, variablesOf, withoutValues } from '../../extension/variables.js';

const core = await loadCore();
const bytes = (/** @type {unknown} */ value, indent = 2) => Buffer.from(JSON.stringify(value, null, indent));

test('names are found wherever a placeholder stands, each once', () => {
  const rows = [{ a: { $env: 'SHOP_TOKEN' }, b: { headers: [{ value: { $env: 'SHOP_KEY' } }] } }];
  for (const file of [bytes(rows), bytes(rows, 0)]) {
    for (let at = 0; at <= file.length; at++) {
      const search = new PlaceholderSearch();
      search.add(file.subarray(0, at));
      search.add(file.subarray(at));
      assert.deepEqual(
        [...search.names].sort(),
        ['SHOP_KEY', 'SHOP_TOKEN'],
        `in two parts, divided at ${at}`,
      );
      assert.equal(search.isFound, true);
    }
  }
  const none = new PlaceholderSearch();
  none.add(bytes([{ a: 'env', b: { env: 'NONE' } }]));
  assert.deepEqual([none.isFound, none.names.size], [false, 0]);
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
