/** The search for credentials in what is exported: what it finds, what it passes over, and what it says. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allows, readAllowed } from '../../extension/secrets/allowed.js';
import { findSecrets, refuseSecrets } from '../../extension/secrets/scan.js';

/** Characters without a pattern, so that no token below stands in this file. @param {number} count */
const random = count =>
  Array.from({ length: count }, (_, index) => 'aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY'[(index * 11 + 3) % 29]).join(
    '',
  );
const capitals = (/** @type {number} */ count) =>
  random(count)
    .toUpperCase()
    .replaceAll(/[0189]/g, 'Q');

/** @type {any} */
const OPERATIONS = {
  id: 'directus_operations',
  collection: 'directus_operations',
  key: ['id'],
  singleton: false,
};
/** @type {any} */
const SETTINGS = { id: 'directus_settings', collection: 'directus_settings', key: [], singleton: true };

/** @param {any} row @param {{entry?: any, allowed?: string[]}} [options] */
function find(row, { entry = OPERATIONS, allowed = [] } = {}) {
  const path = `data/${entry.id}.json`;
  const read = () => Buffer.from(JSON.stringify([row]));
  return findSecrets({ entries: [entry], paths: { [entry.id]: [path] }, read, allowed });
}

/** @param {any} options of one operation @returns {Promise<(string | undefined)[]>} places inside of them */
async function places(options) {
  const found = await find({ id: '1', options });
  return found.map(({ path }) => path?.replace('directus_operations[1].options', ''));
}

/** @type {[kind: string, value: string][]} */
const CREDENTIALS = [
  ['AWS access key id', `AKIA${capitals(16)}`],
  ['AWS secret access key', `aws_secret_access_key = ${random(40)}`],
  ['GitHub', `ghp_${random(36)}`],
  ['GitLab', `glpat-${random(20)}`],
  ['Slack', `xoxb-123456789012-1234567890123-${random(24)}`],
  ['Slack webhook', `https://hooks.slack.com/services/T${capitals(8)}/B${capitals(8)}/${random(24)}`],
  ['Stripe', `sk_live_${random(24)}`],
  ['Google API key', `AIza${random(35)}`],
  ['SendGrid', `SG.${random(22)}.${random(43)}`],
  ['JSON Web Token', `eyJ${random(20)}.eyJ${random(30)}.${random(43)}`],
  ['private key', `-----BEGIN RSA PRIVATE KEY-----\n${random(64)}\n-----END RSA PRIVATE KEY-----`],
  ['Authorization header', `Bearer ${random(32)}`],
  ['Authorization header', `Basic ${Buffer.from('user:password').toString('base64')}`],
  ['password in a URL', `https://shop:${random(10)}@example.com/api`],
  ['connection string', `postgres://shop:${random(10)}@db.example.com/shop`],
];

for (const [kind, value] of CREDENTIALS) {
  test(`a credential is found: ${kind} ${value.slice(0, 6)}…`, async () => {
    const found = await find({ id: '1', options: { body: { text: [`before ${value}`] } } });
    assert.equal(found.length, 1);
    const { severity, code, message, path } = found[0];
    assert.deepEqual({ severity, code }, { severity: 'warning', code: 'SECRET_FOUND' });
    assert.equal(path, 'directus_operations[1].options.body.text[0]');
    assert.match(
      message,
      /^directus_operations\[1\]\.options\.body\.text\[0\] in data\/directus_operations\.json/,
    );
    assert.ok(
      !message.includes(value) && !message.includes(value.slice(8)),
      'the value is not in the message',
    );
  });
}

test('the kind of a credential is said in words', async () => {
  const kinds = await Promise.all(
    [CREDENTIALS[3], CREDENTIALS[9]].map(async ([, value]) => (await find({ id: '1', value }))[0].message),
  );
  assert.match(kinds[0], /\(Gitlab Personal Access Token\)/);
  assert.match(kinds[1], /\(JSON Web Token\)/);
});

test('a name says what a value is, also the one of a header', async () => {
  const found = await places({
    apiKey: random(24),
    smtp: { password: 'Xk4-9!mQz' },
    headers: [
      { header: 'Accept', value: 'application/json' },
      { header: 'X-Api-Key', value: random(24) },
    ],
  });
  assert.deepEqual(found, ['.apiKey', '.smtp.password', '.headers[1].value']);
});

test('what is no secret is passed over', async () => {
  const found = await places({
    url: 'https://example.com/items/posts?access=1',
    token: '{{$env.SHOP_TOKEN}}',
    headers: [{ header: 'Authorization', value: 'Bearer {{ $last.data.access_token_of_the_shop }}' }],
    password: 'required',
    secret: { $env: 'SHOP_SECRET' },
    hash: '$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$c29tZSBoYXNoIG9mIHRoaXM',
    text: 'The token has to be asked for in the shop.',
    id: '8f3e4c1a-52b7-4d0e-9a51-3c6b7d8e9f01',
    mapbox: `pk.eyJ${random(30)}.${random(22)}`,
  });
  assert.deepEqual(found, []);
});

test('values beside each other make no credential together', async () => {
  assert.deepEqual(await places({ a: 'Bearer', b: random(30), c: 'glpat-', d: random(20) }), []);
});

test('each value is named once, those of a singleton without a key', async () => {
  const found = await find({ id: 1, mapbox_key: `sk.eyJ${random(30)}.${random(22)}` }, { entry: SETTINGS });
  assert.deepEqual(
    found.map(({ path }) => path),
    ['directus_settings.mapbox_key'],
  );
});

test('rows of your own collections are not searched', async () => {
  const posts = { ...OPERATIONS, id: 'posts', collection: 'posts' };
  assert.deepEqual(await find({ id: '1', title: CREDENTIALS[2][1] }, { entry: posts }), []);
});

test('places in `allowSecrets` are passed over, and others are not', async () => {
  const row = { id: '1', options: { a: CREDENTIALS[2][1], b: CREDENTIALS[3][1] } };
  const found = await find(row, { allowed: ['directus_operations[*].options.a'] });
  assert.deepEqual(
    found.map(({ path }) => path),
    ['directus_operations[1].options.b'],
  );
  assert.ok(allows(['directus_operations[1].options.a'], 'directus_operations[1].options.a'));
  assert.ok(!allows(['directus_operations[1].options.a'], 'directus_operations[1].options.ab'));
  assert.ok(!allows(['directus_settings.mapbox.key'], 'directus_settings.mapboxxkey'));
});

test('every line of `allowSecrets` that names no value is reported', () => {
  /** @type {any[]} */
  const diagnostics = [];
  const listed = ['directus_settings.mapbox_key', 'directus_flows', 3, '*'];
  assert.deepEqual(readAllowed(listed, 'config.js: allowSecrets', diagnostics), [listed[0]]);
  readAllowed('directus_settings.mapbox_key', 'more.js: allowSecrets', diagnostics);
  assert.deepEqual(
    diagnostics.map(({ code, path }) => [code, path]),
    [1, 2, 3]
      .map(index => ['CONFIG_INVALID', `config.js: allowSecrets[${index}]`])
      .concat([['CONFIG_INVALID', 'more.js: allowSecrets']]),
  );
  assert.deepEqual(readAllowed(undefined, 'config.js: allowSecrets', diagnostics), []);
});

test('credentials end a run that is not to go on with them', async () => {
  refuseSecrets([], 'Nothing was written.');
  const found = await find({ id: '1', value: CREDENTIALS[2][1] });
  assert.throws(
    () => refuseSecrets(found, 'Nothing was written.'),
    (/** @type {any} */ error) =>
      error.exitCode === 3 &&
      error.message === '1 value looks like a credential. Nothing was written.' &&
      error.diagnostics[0].severity === 'error',
  );
});
