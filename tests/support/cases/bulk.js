/** Many new rows at once. */
import { apply } from '../../../extension/apply.js';
import { createStep, SCHEMA_STEPS, uuid } from './shop.js';
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
