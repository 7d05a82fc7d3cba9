/** Many new or changed rows at once. */
import { apply } from '../../../extension/apply.js';
import { createStep, AUTHORS as SAMPLES, SCHEMA_STEPS, uuid } from './shop.js';
import { failureOf, planOf, toolsOf } from './tools.js';

/** More than one statement takes. */
const POSTS = 1203;
const AUTHORS = 700;
const REPEATED = 650;

/**
 * Rows whose keys the database gives, of two shapes; then one that brings a key, and one behind it.
 *
 * @param {any} context
 */
export async function keysAreThoseOfTheRows(context) {
  const { instance, run, read } = await toolsOf(context);
  await run(SCHEMA_STEPS);
  const posts = Array.from({ length: POSTS }, (_, n) =>
    n % 400 === 7 ? { title: `Post ${n}`, score: n } : { title: `Post ${n}` },
  );
  const step = createStep('posts', ...posts);
  const keys = await instance.transaction(
    async session => {
      await apply(session, planOf([step]));
      return /** @type {unknown[]} */ (session.createdKeys(/** @type {any} */ (step)));
    },
    { commit: true },
  );
  const titles = new Map((await read('posts', ['title', 'score'])).map(row => [row.id, row]));
  const strays = posts.filter(({ title }, n) => titles.get(/** @type {any} */ (keys[n]))?.title !== title);
  await run([createStep('posts', { id: 5000, title: 'Own key' })]);
  await run([createStep('posts', { title: 'Behind it' })]);
  const last = (await read('posts', ['title'])).find(({ title }) => title === 'Behind it');
  const scores = posts.map((_, n) => titles.get(/** @type {any} */ (keys[n]))?.score);
  return { count: keys.length, strays, scores: [scores[6], scores[7]], behind: last?.id };
}

/** @param {any} context */
export async function aWrongRowIsNamed(context) {
  const { run, read } = await toolsOf(context);
  await run(SCHEMA_STEPS);
  const authors = Array.from({ length: AUTHORS }, (_, n) => ({ id: uuid(n + 1), name: `Author ${n}` }));
  /** @type {any} */ (authors[REPEATED]).name = 'Author 3';
  const failure = await failureOf(() => run([createStep('authors', ...authors)]));
  return { failure, left: (await read('authors', ['name'])).length };
}

/**
 * Rows that change together, each in its own way, beside rows that Directus' service changes in the same ways.
 *
 * @param {any} context
 */
export async function changesAreThoseOfTheRows(context) {
  const { instance, run, read } = await toolsOf(context);
  await run(SCHEMA_STEPS);
  const together = Array.from({ length: AUTHORS }, (_, n) => uuid(n + 1));
  const alone = together.slice(0, 20).map((_, n) => uuid(n + 1 + AUTHORS));
  await run([createStep('authors', ...[...together, ...alone].map(id => ({ id, name: id })))]);
  const changes = together.map((key, n) => ({ key, label: key, set: changeOf(n) }));
  let written = 0;
  await instance.transaction(
    async session => {
      written = await writesOf(session, () => apply(session, planOf([updatesOf(changes)])));
      const service = await session.items('authors');
      for (const [n, key] of alone.entries())
        await service.updateOne(key, changeOf(n), { emitEvents: false });
    },
    { commit: true },
  );
  const fields = Object.keys(changeOf(0));
  const rows = new Map((await read('authors', fields)).map(({ id, ...row }) => [id, row]));
  const differing = alone.map((key, n) => [rows.get(together[n]), rows.get(key)]).filter(areDifferent);
  const strays = together.filter((key, n) => rows.get(key).bio !== changeOf(n).bio);
  return { written, differing, strays };
}

/** @param {any} context */
export async function aWrongChangeIsNamed(context) {
  const { run, read } = await toolsOf(context);
  await run(SCHEMA_STEPS);
  const authors = Array.from({ length: AUTHORS }, (_, n) => ({ id: uuid(n + 1), name: `Author ${n}` }));
  await run([createStep('authors', ...authors, { id: uuid(AUTHORS + 1), name: 'Taken' })]);
  const changes = authors.map(({ id }, n) => ({ key: id, label: id, set: { name: `Writer ${n}` } }));
  /** @type {any} */ (changes[REPEATED]).set.name = 'Taken';
  const failure = await failureOf(() => run([updatesOf(changes)]));
  const changed = (await read('authors', ['name'])).filter(({ name }) => name.startsWith('Writer'));
  return { failure, changed: changed.length };
}

/** @param {any[]} changes */
function updatesOf(changes) {
  return { type: 'items.update', entry: 'authors', collection: 'authors', changes };
}

/** A value for a field of every type, null in every third row. @param {number} n */
function changeOf(n) {
  const { id: _, name: __, boss: ___, updated: ____, ...sample } = /** @type {any} */ (SAMPLES[0]);
  const nulls = Object.fromEntries(Object.keys(sample).map(field => [field, null]));
  const extra = n % 2 === 0 ? { n, list: [n, null, '?'] } : [n];
  return {
    ...(n % 3 === 0 ? nulls : { ...sample, extra, rating: n / 7, active: n % 2 === 0 }),
    bio: `? ${n}`,
  };
}

/** How often Directus' service was asked to write. @param {any} session @param {() => Promise<unknown>} work */
async function writesOf(session, work) {
  const { prototype } = (await session.items('authors')).constructor;
  const { updateMany } = prototype;
  let calls = 0;
  prototype.updateMany = function (/** @type {unknown[]} */ ...args) {
    calls += 1;
    return updateMany.apply(this, args);
  };
  try {
    await work();
  } finally {
    prototype.updateMany = updateMany;
  }
  return calls;
}

/** @param {unknown[]} pair */
function areDifferent([one, other]) {
  return JSON.stringify(one) !== JSON.stringify(other);
}
