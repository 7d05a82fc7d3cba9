/** What Directus itself makes of rows: who wrote them and when, their order, their archive, the next key, the only row. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createApi } from '../harness/rest.js';
import { column, manyToOne, relation, serialKey, uuidKey } from '../harness/sample/fields.js';
import { combinations } from '../support/combinations.js';
import { testProjects } from '../support/projects.js';
import { copyFolder, installFolder, succeed } from '../support/sync-folder.js';

/** @typedef {import('../harness/project.js').Project} Project */
/** @typedef {import('../harness/rest.js').Api} Api */

const EDITOR = 'editor@example.com';
const ARTICLES = {
  collection: 'articles',
  schema: {},
  meta: { archive_field: 'status', archive_value: 'archived', unarchive_value: 'draft', sort_field: 'sort' },
  fields: [
    serialKey(),
    column('title', 'string'),
    column('status', 'string', {}, { default_value: 'draft' }),
    column('sort', 'integer'),
    column('date_created', 'timestamp', { special: ['date-created'] }),
    column('date_updated', 'timestamp', { special: ['date-updated'] }),
    manyToOne('user_created', 'uuid', { special: ['user-created'] }),
    manyToOne('user_updated', 'uuid', { special: ['user-updated'] }),
  ],
};
const LANDING = {
  collection: 'landing',
  schema: {},
  meta: { singleton: true },
  fields: [uuidKey(), column('headline', 'string')],
};

const projects = testProjects();

for (const { name, major, database, skip } of await combinations()) {
  test(`${name}: stamps, keys, order, archive and singletons are those of Directus`, { skip }, async () => {
    const source = await projects.empty({ major, database, template: 'a' });
    const { articles, editor } = await withServer(source, fillSource);
    await installFolder(
      source,
      { articles: {}, landing: {} },
      { directus_users: { query: { filter: { email: { _eq: EDITOR } } } } },
    );
    await succeed(source, ['schema-sync', 'export']);

    const target = await projects.empty({ major, database, template: 'b' });
    await copyFolder(source, target);
    await succeed(target, ['schema-sync', 'import', '--schema', '--yes']);
    await withServer(target, ({ api }) =>
      api('PATCH', '/items/landing', { headline: 'The own one of the target' }),
    );
    await succeed(target, ['schema-sync', 'import', '--yes']);

    await withServer(target, async ({ api }) => {
      const landing = await api('GET', '/items/landing');
      assert.equal(landing.headline, 'Welcome');
      const imported = await api('GET', '/items/articles?sort=sort');
      const [author] = await api('GET', `/users?filter[email][_eq]=${EDITOR}`);
      const itself = (/** @type {any} */ row) => withUsers(row, editor, author.id);
      assert.deepEqual(imported, articles.map(itself), 'as they were, in their order');
      assert.deepEqual(
        imported.map((/** @type {any} */ { title }) => title),
        ['First', 'Second', 'Last one'],
      );
      const { meta } = await api('GET', '/collections/articles');
      for (const [key, value] of Object.entries(ARTICLES.meta)) assert.equal(meta[key], value, key);
      await writesOn(api, imported);
    });
  });
}

/**
 * Rows of an editor, one of which was changed, and one that is gone.
 *
 * @param {import('../harness/server.js').Server} server
 * @returns {Promise<{articles: any[], editor: string}>} the articles in their order, and the id of the editor
 */
async function fillSource({ api, url }) {
  for (const collection of [ARTICLES, LANDING]) await api('POST', '/collections', collection);
  for (const field of ['user_created', 'user_updated'])
    await api('POST', '/relations', relation('articles', field, 'directus_users', 'NO ACTION'));
  const [{ id: role }] = await api('GET', '/roles?filter[name][_eq]=Administrator');
  const token = 'a-token-of-the-editor';
  const { id: editor } = await api('POST', '/users', { email: EDITOR, role, token });
  const asEditor = createApi(url, token);
  await asEditor('PATCH', '/items/landing', { headline: 'Welcome' });
  const written = await asEditor('POST', '/items/articles', [
    { title: 'Last', sort: 3, status: 'archived' },
    { title: 'Gone', sort: 2 },
    { title: 'First', sort: 1, status: 'published' },
    { title: 'Second', sort: 2 },
  ]);
  const idOf = (/** @type {string} */ title) =>
    written.find((/** @type {any} */ row) => row.title === title).id;
  await asEditor('PATCH', `/items/articles/${idOf('Last')}`, { title: 'Last one' });
  await asEditor('DELETE', `/items/articles/${idOf('Gone')}`);
  return { articles: await api('GET', '/items/articles?sort=sort'), editor };
}

/**
 * What is written from now on is stamped and numbered as ever.
 *
 * @param {Api} api as the administrator of the target
 * @param {any[]} imported
 */
async function writesOn(api, imported) {
  const { id: me } = await api('GET', '/users/me');
  const created = await api('POST', '/items/articles', { title: 'New' });
  assert.equal(
    created.id,
    Math.max(...imported.map(({ id }) => id)) + 1,
    'keys go on behind those of the files',
  );
  assert.deepEqual([created.status, created.user_created, created.date_updated], ['draft', me, null]);
  const [{ id, date_updated: before, date_created }] = imported;
  const changed = await api('PATCH', `/items/articles/${id}`, { title: 'Changed' });
  assert.equal(changed.user_updated, me);
  assert.ok(changed.date_updated > (before ?? ''));
  assert.equal(changed.date_created, date_created);
}

/** @param {any} row @param {string} from @param {string} to the same user on another instance */
function withUsers(row, from, to) {
  const mapped = (/** @type {string | null} */ user) => (user === from ? to : user);
  return { ...row, user_created: mapped(row.user_created), user_updated: mapped(row.user_updated) };
}

/**
 * @template T
 * @param {Project} project
 * @param {(server: import('../harness/server.js').Server) => Promise<T>} work
 * @returns {Promise<T>}
 */
async function withServer(project, work) {
  const server = await project.start();
  const result = await work(server);
  await project.stop();
  return result;
}
