/**
 * What an unlicensed Directus 12 does not take is refused before the first write, naming the limit.
 * The folders come from Directus 11, which has no limits.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testProjects } from '../support/projects.js';
import { copyFolder, installFolder, succeed } from '../support/sync-folder.js';

const projects = testProjects();

/**
 * @param {(api: import('../harness/rest.js').Api) => Promise<void>} fill
 * @param {Record<string, object>} [directus]
 */
async function importIntoTwelve(fill, directus = {}) {
  const source = await projects.empty({ major: '11', template: 'a' });
  await source.start();
  await fill(source.api);
  await source.stop();
  await installFolder(source, {}, directus);
  await succeed(source, ['schema-sync', 'export']);
  const target = await projects.empty({ major: '12', template: 'b' });
  await copyFolder(source, target);
  const refused = await target.cli(['schema-sync', 'import', '--yes']);
  await target.start();
  return { target, refused };
}

/** @param {import('../harness/process.js').RunResult} result @param {RegExp} limit */
function assertRefused(result, limit) {
  assert.equal(result.code, 1, result.stdout + result.stderr);
  assert.match(result.stderr, /LICENSE_LIMIT/);
  assert.match(result.stderr, limit);
}

test('more than 25 collections', async () => {
  const { target, refused } = await importIntoTwelve(async api => {
    for (let number = 0; number < 30; number++) {
      await api('POST', '/collections', { collection: `limit_${number}`, schema: {}, meta: {} });
    }
  });
  assertRefused(refused, /collections.*25|25.*collections/i);
  const names = (await target.api('GET', '/collections')).map((/** @type {any} */ row) => row.collection);
  assert.equal(names.filter((/** @type {string} */ name) => name.startsWith('limit_')).length, 0);
});

test('more than 5 active flows', async () => {
  const { target, refused } = await importIntoTwelve(async api => {
    for (let number = 0; number < 7; number++) {
      await api('POST', '/flows', {
        name: `Flow ${number}`,
        status: 'active',
        trigger: 'manual',
        options: {},
      });
    }
  });
  assertRefused(refused, /flows.*5|5.*flows/i);
  assert.deepEqual(await target.api('GET', '/flows'), []);
});

test('custom permission rules', async () => {
  const { target, refused } = await importIntoTwelve(async api => {
    const policy = { name: 'Readers', app_access: true };
    const { id } = await api('POST', '/policies', policy);
    const permissions = { email: { _nnull: true } };
    await api('POST', '/permissions', {
      policy: id,
      collection: 'directus_users',
      action: 'read',
      fields: ['id'],
      permissions,
    });
  });
  assertRefused(refused, /permission/i);
  assert.deepEqual(await target.api('GET', '/policies?filter[name][_eq]=Readers'), []);
});

test('more than 3 seats', async () => {
  const { target, refused } = await importIntoTwelve(
    async api => {
      const { id } = await api('POST', '/policies', { name: 'App', app_access: true });
      const role = await api('POST', '/roles', { name: 'Editors', policies: [{ policy: id }] });
      for (let number = 0; number < 5; number++) {
        const email = `editor${number}@example.com`;
        await api('POST', '/users', { email, role: role.id, status: 'active', password: 'secret-secret' });
      }
    },
    { directus_users: {} },
  );
  assertRefused(refused, /seats/i);
  assert.deepEqual(await target.api('GET', '/users?filter[email][_starts_with]=editor'), []);
});
