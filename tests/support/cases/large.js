/** More than the server takes in one statement. */
import { collectionStep, createStep, fieldOf } from './shop.js';
import { toolsOf } from './tools.js';

const COUNT = 400;
/** Nearly what a text holds on MySQL and MariaDB. */
const LENGTH = 60_000;
const BASE_LENGTH = 20_000_000;

/**
 * Creates rows, and changes all of them.
 *
 * @param {any} context
 * @returns {Promise<{created: number, updated: number}>} how many of them do not hold what they should
 */
export async function rows(context) {
  const { run, read } = await toolsOf(context);
  const key = fieldOf('id', 'integer', { is_primary_key: true, is_nullable: false });
  await run([collectionStep('pages', [key, fieldOf('body', 'text')], { group: null })]);
  const ids = Array.from({ length: COUNT }, (_, n) => n + 1);
  const bodyOf = (/** @type {number} */ id, /** @type {string} */ letter) => `${id}`.padEnd(LENGTH, letter);
  const strays = async (/** @type {string} */ letter) => {
    const found = new Map((await read('pages', ['body'])).map(({ id, body }) => [id, body]));
    return ids.filter(id => found.get(id) !== bodyOf(id, letter)).length;
  };
  await run([createStep('pages', ...ids.map(id => ({ id, body: bodyOf(id, 'a') })))]);
  const created = await strays('a');
  const changes = ids.map(id => ({ key: id, label: `${id}`, set: { body: bodyOf(id, 'b') } }));
  await run([{ type: 'items.update', entry: 'pages', collection: 'pages', reason: 'changed', changes }]);
  return { created, updated: await strays('b') };
}

/** @param {any} context @returns {Promise<boolean[]>} whether a large base, and a small one after it, is read as written */
export async function bases(context) {
  const { instance } = await toolsOf(context);
  const same = [];
  for (const length of [BASE_LENGTH, 10]) {
    const base = Buffer.from('🧶base'.repeat(length / 5));
    await instance.transaction(session => session.recordBase(base), { commit: true });
    same.push(base.equals((await instance.agreement()).base ?? Buffer.of()));
  }
  return same;
}
