/** Plans applied to real databases: what is written, what is refused, and what a failure leaves behind. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MAJORS } from '../harness/directus.js';
import { callCase, createBenchProject } from '../support/bench/run.js';
import { AUTHORS, POSTS, uuid } from '../support/cases/shop.js';
import { combinations, reasonToSkip } from '../support/combinations.js';

const withoutPostgres = await reasonToSkip('postgres');

/** What SQLite gives back: decimals are numbers there. */
const READ_AUTHORS = [{ ...AUTHORS[0], boss: uuid(2), fee: 12.5 }, { ...AUTHORS[1] }];

for (const major of MAJORS) {
  test(`Directus ${major}: schema and rows are written as the plan says`, async t => {
    const project = await createBenchProject(t, { major });
    const made = await callCase(project, 'apply', 'createsAndReads');
    assert.deepEqual(made.applied, { schema: 7, create: 4, update: 1, delete: 0 });
    assert.deepEqual(made.authors, READ_AUTHORS);
    assert.deepEqual(made.posts, POSTS);
    assert.deepEqual(made.collections, [
      ['authors', 'shop'],
      ['posts', 'shop'],
      ['shop', null],
    ]);
    assert.deepEqual(made.relations, [
      ['authors', 'boss', 'authors', 'SET NULL'],
      ['posts', 'author', 'authors', 'CASCADE'],
    ]);
    const types = new Map(
      made.fields.map((/** @type {string[]} */ [collection, field, type]) => [
        `${collection}.${field}`,
        type,
      ]),
    );
    assert.equal(types.get('authors.tags'), 'csv');
    assert.equal(types.get('posts.score'), 'integer');
    assert.equal(types.get('authors.posts'), 'alias');
  });

  test(`Directus ${major}: changing a column keeps the rows that refer to its table`, async t => {
    const project = await createBenchProject(t, { major });
    const changed = await callCase(project, 'apply', 'changesColumnAndKeepsChildren');
    assert.deepEqual(changed.authors, READ_AUTHORS);
    assert.deepEqual(changed.posts, POSTS);
    const { max_length, is_nullable, is_unique, default_value } = changed.name.schema;
    assert.deepEqual(
      { max_length, is_nullable, is_unique, default_value },
      { max_length: 100, is_nullable: false, is_unique: true, default_value: 'Nobody' },
    );
    assert.equal(changed.name.meta.note, 'Full name');
    assert.deepEqual(changed.name.meta.options, { trim: true });
    assert.equal(changed.name.meta.interface, 'input', 'keys that do not change stay');
    assert.equal(changed.title, 'Headline');
    assert.equal(changed.icon, 'article');
    assert.equal(changed.relation.schema.on_delete, 'SET NULL');
    assert.equal(changed.relation.meta.one_deselect_action, 'delete');
    assert.equal(changed.indexed, true);
  });

  test(`Directus ${major}: system rows are written through the services that check them`, async t => {
    const project = await createBenchProject(t, { major });
    const system = await callCase(project, 'apply', 'writesSystemRows');
    assert.deepEqual(system.applied, { schema: 0, create: 6, update: 3, delete: 0 });
    assert.deepEqual(
      system.permissions.map((/** @type {any} */ { id: _, ...permission }) => permission),
      [
        { policy: uuid(50), collection: 'posts', action: 'update', fields: ['*'], presets: null },
        { policy: uuid(50), collection: 'posts', action: 'delete', fields: ['*'], presets: null },
      ],
    );
    assert.deepEqual(system.flows, [
      { id: uuid(60), operation: uuid(61), status: 'active', options: { collections: ['posts'] } },
    ]);
    assert.deepEqual(system.operations, [
      { id: uuid(61), resolve: uuid(62) },
      { id: uuid(62), resolve: null },
    ]);
    assert.equal(system.settings[0].project_name, 'Shop');
    assert.deepEqual(system.settings[0].module_bar, [{ type: 'module', id: 'content' }]);
  });

  test(`Directus ${major}: a step that fails in the middle leaves the database exactly as it was`, async t => {
    const project = await createBenchProject(t, { major });
    const { failure, same, cached, foreignKeys } = await callCase(project, 'apply', 'failsInTheMiddle');
    assert.equal(failure.code, 'APPLY_FAILED');
    assert.equal(failure.path, 'posts[7]');
    assert.match(failure.message, /^items\.create of posts\[7\] failed: .*unique.* Nothing was changed\.$/);
    assert.equal(same, true);
    assert.deepEqual(cached, [null, null], 'Directus does not remember what was rolled back');
    assert.equal(foreignKeys, 1);
  });

  test(`Directus ${major}: a result that does not fit together is refused`, async t => {
    const project = await createBenchProject(t, { major });
    const { dangling, lastAdmin, unknown, nameless, same } = await callCase(
      project,
      'apply',
      'refusesWhatDoesNotFit',
    );
    assert.equal(dangling.code, 'APPLY_FAILED');
    assert.equal(dangling.path, 'posts[77].author');
    assert.match(dangling.message, /authors has no such row/);
    assert.equal(lastAdmin.code, 'LAST_ADMIN');
    assert.match(nameless.message, /names no row/);
    assert.match(unknown.message, /no writer for steps of type "nonsense\.create"/);
    assert.equal(same, true);
  });

  test(`Directus ${major}: a dangling reference of the user's own does not stop an import`, async t => {
    const project = await createBenchProject(t, { major });
    const posts = await callCase(project, 'apply', 'toleratesOldViolations');
    assert.deepEqual(
      posts.map((/** @type {any} */ { title }) => title),
      ['Seven!', 'Nine', 'old'],
    );
  });

  test(`Directus ${major}: rows go with what depends on them, then relations, fields and collections`, async t => {
    const project = await createBenchProject(t, { major });
    const left = await callCase(project, 'apply', 'deletes');
    assert.deepEqual(left.authors, [{ id: uuid(1), name: 'Ann', boss: null }], 'SET NULL lets go');
    assert.deepEqual(left.posts, [{ id: 7, title: 'Seven' }], 'CASCADE goes along');
    assert.deepEqual(left.permissions, []);
    assert.deepEqual(left.relations, []);
    assert.deepEqual(left.foreignKeys, [], 'the foreign key goes with its relation');
    assert.equal(left.fields.includes('posts.author'), false);
    assert.equal(left.fields.includes('authors.posts'), false);
    assert.equal(left.fields.includes('authors.boss'), true);
    assert.deepEqual(left.collections, []);
  });
}

test('Directus 12: what the licence does not allow is refused and named', async t => {
  const project = await createBenchProject(t, { major: '12' });
  const { sixth, none, flows, customRule, collections } = await callCase(project, 'apply', 'keepsTheLicence');
  assert.equal(sixth.code, 'LICENSE_LIMIT');
  assert.match(sixth.message, /6 active flows, but the licence of this Directus allows 5/);
  assert.deepEqual(none, []);
  assert.equal(flows, 6, 'five active ones and an inactive one fit');
  assert.equal(customRule.code, 'LICENSE_LIMIT');
  assert.match(customRule.path, /^directus_permissions/);
  assert.equal(collections.code, 'LICENSE_LIMIT');
  assert.equal(collections.path, 'c25');
});

for (const { name, skip, ...options } of [
  ...(await combinations({ databases: ['sqlite'] })),
  ...(await combinations({ file: 'apply', majors: ['12'], databases: ['postgres'] })),
]) {
  test(`${name}: relations of every kind are made and changed`, { skip }, async t => {
    const project = await createBenchProject(t, options);
    const { made, changed, left, indexed, authorsOfPosts, users } = await callCase(
      project,
      'apply',
      'changesRelations',
    );
    const boss = ['authors.boss', 'authors', 'SET NULL'];
    assert.deepEqual(made, [
      boss,
      ['blocks.item', ['posts', 'authors'], null],
      ['blocks.post', 'posts', null],
      ['posts.author', 'authors', 'CASCADE'],
    ]);
    assert.deepEqual(changed, [
      boss,
      ['blocks.item', ['posts'], null],
      ['blocks.post', 'posts', 'CASCADE'],
      ['posts.author', 'authors', null],
    ]);
    assert.deepEqual(left, [boss, ['posts.author', 'authors', null]]);
    const isNeeded = options.database === 'mariadb';
    assert.equal(indexed.includes('directus_revisions.parent'), isNeeded, 'the index below a key stays');
    assert.equal(indexed.includes('directus_revisions.activity'), true);
    assert.deepEqual(authorsOfPosts, [uuid(1), uuid(2)], 'rebuilding tables keeps the rows');
    assert.equal(users, 1);
  });
}

test('PostgreSQL: the same plan gives the same rows', { skip: withoutPostgres }, async t => {
  const project = await createBenchProject(t, { major: '12', database: 'postgres' });
  const made = await callCase(project, 'apply', 'createsAndReads');
  assert.deepEqual(made.authors, [{ ...READ_AUTHORS[0], fee: '12.50' }, READ_AUTHORS[1]]);
  assert.deepEqual(made.posts, POSTS);
});

test('PostgreSQL: keys go on behind those of the files', { skip: withoutPostgres }, async t => {
  const project = await createBenchProject(t, { major: '11', database: 'postgres' });
  assert.equal(await callCase(project, 'apply', 'nextKey'), 10);
});
