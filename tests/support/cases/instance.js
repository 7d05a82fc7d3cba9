/** Reading a real Directus: settings, facts, rows. */

import { localInstance } from '../../../extension/instances/local.js';
import { collectionStep, createStep, fieldOf, ROW_STEPS, SCHEMA_STEPS, uuid } from './shop.js';
import { entryOf, failureOf, rowsOf, toolsOf } from './tools.js';

/** @param {any} context */
export async function settings(context) {
  const { database } = context;
  const instance = localInstance(context);
  const untouched = {
    complete: await instance.hasSettings(),
    fingerprint: await instance.appliedFingerprint(),
    lock: await instance.lockState(),
  };
  // As the community extension's migration made them, with the lock of an import that was killed.
  await database.schema.alterTable('directus_settings', (/** @type {any} */ table) => {
    table.string('mv_hash').defaultTo('');
    table.timestamp('mv_ts', { useTz: true }).defaultTo('2020-01-01');
    table.boolean('mv_locked').defaultTo(false);
  });
  await database('directus_settings').delete();
  await Promise.all([instance.ensureSettings(), localInstance(context).ensureSettings()]);
  await database('directus_settings').update({ mv_locked: true, mv_hash: 'community' });
  await instance.ensureSettings();
  return {
    untouched,
    complete: await instance.hasSettings(),
    rows: await database('directus_settings').count({ count: '*' }),
    fingerprint: await instance.appliedFingerprint(),
    lock: await instance.lockState(),
    claim: Boolean(await instance.acquireLock('me', 1000)),
  };
}

/** @param {any} context */
export async function facts(context) {
  const { instance, run } = await toolsOf(context);
  await run(SCHEMA_STEPS);
  const found = await instance.transaction(session => session.facts(), { commit: false });
  const admin = await context.database('directus_roles').where({ name: 'Administrator' }).first('id');
  await run([
    createStep('directus_roles', { id: uuid(70), name: 'Administrator' }),
    createStep('directus_policies', { id: uuid(71), name: 'Administrator', admin_access: true }),
    createStep('directus_access', { id: uuid(72), role: uuid(70), policy: uuid(71) }),
  ]);
  const ask = (/** @type {any} */ names) => () =>
    instance.transaction(session => session.facts(names), { commit: false });
  const { authors, posts } = found.collections;
  return {
    directus: found.directus,
    vendor: found.vendor,
    limits: found.limits,
    adminRole: found.admin?.role === admin.id,
    key: posts?.fields.id,
    name: authors?.fields.name,
    alias: authors?.fields.posts?.type,
    relation: found.relations.find(({ collection, field }) => collection === 'posts' && field === 'author'),
    anyRelation: found.relations.find(
      ({ collection, field }) => collection === 'directus_panels' && field === 'dashboard',
    ),
    ambiguous: await failureOf(ask({})),
    named: (await ask({ adminRole: uuid(70), adminPolicy: uuid(71) })()).admin,
    notFound: await failureOf(ask({ adminRole: uuid(1) })),
  };
}

/** @param {any} context */
export async function rows(context) {
  const { instance, run } = await toolsOf(context);
  await run([...SCHEMA_STEPS, ...ROW_STEPS]);
  const many = Array.from({ length: 2500 }, (_, n) => ({ id: 1000 + n, title: `t${n}`, score: n % 7 }));
  await run([createStep('posts', ...many)]);
  return instance.transaction(
    async session => {
      const pages = [];
      for await (const page of session.readRows(entryOf('posts', ['title']))) pages.push(page.length);
      const service = await session.itemsService('authors');
      const fields = ['id', 'name', 'extra', 'tags', 'active', 'born', 'joined', 'created', 'fee'];
      const filter = { _and: [{ score: { _eq: 3 } }, { title: { _starts_with: 't1' } }] };
      return {
        pages,
        ours: await rowsOf(session, 'authors', fields),
        theirs: await service.readByQuery({ fields, limit: -1, sort: ['id'] }),
        filtered: (await rowsOf(session, 'posts', ['title'], { filter })).length,
        limited: await rowsOf(session, 'posts', ['title'], { limit: 2, sort: ['-id'] }),
        newCollection: await rowsOf(session, 'not_there', ['id']),
        newField: await rowsOf(session, 'posts', ['title', 'not_there'], { limit: 1 }),
        newFilter: await rowsOf(session, 'posts', ['title'], {
          filter: { _or: [{ not_there: { _eq: 1 } }] },
        }),
        failure: await failureOf(() =>
          rowsOf(session, 'posts', ['title'], { filter: { title: { _nonsense: 1 } } }),
        ),
        existing: await session.existing('authors', [uuid(1), uuid(99), 'no uuid', null]),
        existingNumbers: await session.existing('posts', [7, '9', 8, 'x']),
        existingNowhere: await session.existing('not_there', [1]),
      };
    },
    { commit: false },
  );
}

/** @param {any} context */
export async function dryRun(context) {
  const { instance, dump } = await toolsOf(context);
  const before = await dump();
  const key = fieldOf('id', 'integer', { is_primary_key: true, has_auto_increment: true });
  const seen = await instance.transaction(
    async session => {
      await session.write([collectionStep('extra', [key], {})], () => {});
      await session.write([createStep('extra', { id: 1 })], () => {});
      return rowsOf(session, 'extra', []);
    },
    { commit: false },
  );
  const same = JSON.stringify(await dump()) === JSON.stringify(before);
  return { seen, same, cached: (await context.getSchema()).collections.extra ?? null };
}

/**
 * Whether our own tables stay out of what is shared, and what they hold after runs.
 *
 * @param {any} context
 */
export async function ownTables(context) {
  const { instance } = await toolsOf(context);
  const { secret } = await instance.agreement();
  const hadBase = await instance.hasBase();
  await instance.ensureSettings();
  const run = /** @type {const} */ ({ kind: 'import', who: 'somebody', started: 1, outcome: 'changed' });
  await instance.transaction(
    async session => {
      await session.recordBase(Buffer.from('{"a":1}'));
      await session.recordBase(Buffer.from('{"a":2}'));
      for (let number = 0; number < 105; number++) await session.recordRun({ ...run, counts: { number } });
      for (let number = 0; number < 105; number++) await session.recordRun({ ...run, outcome: 'refused' });
    },
    { commit: true },
  );
  await instance.recordFailure({ ...run, outcome: 'failed', code: 'APPLY_FAILED', message: 'It broke.' });
  const { base, since, secret: again } = await instance.agreement();
  const runs = await instance.runs();
  const { facts, snapshot } = await instance.transaction(
    async session => ({ facts: await session.facts(), snapshot: await session.readSnapshot() }),
    { commit: false },
  );
  const isOurs = (/** @type {string} */ name) => name.startsWith('schema_sync');
  return {
    sameSecret: Buffer.from(secret).equals(again),
    bytes: secret.length,
    base: Buffer.from(base ?? '').toString(),
    hasBase: [hadBase, await instance.hasBase()],
    age: (await instance.now()) - Number(since),
    count: runs.length,
    newest: [runs[0], runs.find(({ outcome }) => outcome === 'changed')],
    oldest: runs.at(-1)?.counts,
    inFacts: Object.keys(facts.collections).filter(isOurs),
    inSnapshot: JSON.stringify(snapshot).includes('schema_sync_'),
    used: facts.limits?.collections?.used ?? null,
  };
}
