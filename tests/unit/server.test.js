import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { readEnvironment } from '../../extension/environment.js';
import { ServerWork } from '../../extension/server.js';

const POLL_S = 1;
const KEY = Symbol.for('directus-extension-schema-sync.server');

/**
 * An instance that only answers when the test lets it, and a clock that only the test moves.
 *
 * @param {import('node:test').TestContext} t
 */
function slowly(t) {
  mock.timers.enable({ apis: ['setTimeout'] });
  t.after(() => {
    mock.timers.reset();
    Reflect.get(globalThis, KEY).work = null;
  });
  /** @type {string[]} */
  const looks = [];
  /** @type {(() => void)[]} */
  const answers = [];
  const { settings } = readEnvironment({ SCHEMA_SYNC_POLL: String(POLL_S) });
  const log = () => {};

  /** @param {string} name @returns {ServerWork} */
  const load = name => {
    const lastImport = async () => {
      looks.push(name);
      await new Promise(resolve => answers.push(() => resolve(undefined)));
      return { id: 0, who: '', agoMs: Number.POSITIVE_INFINITY };
    };
    const instance = /** @type {any} */ ({ lastImport, flush: async () => {} });
    return new ServerWork({
      instance,
      settings,
      logger: { info: log, warn: log, error: log },
      getSchema: async () => null,
    });
  };
  const settle = async () => {
    for (let turn = 0; turn < 30; turn++) await Promise.resolve();
  };
  const answer = async () => {
    await settle();
    for (const give of answers.splice(0)) give();
    await settle();
  };
  /** Lets time pass for one look of everything that looks. @returns {Promise<string[]>} who looked */
  const nextLooks = async () => {
    looks.length = 0;
    mock.timers.tick(POLL_S * 1000);
    await answer();
    return [...looks];
  };
  return { load, answer, nextLooks };
}

test('of loads in quick succession only the last one goes on', async t => {
  const { load, answer, nextLooks } = slowly(t);
  const first = load('first').start();
  await answer();
  await first;
  assert.deepEqual(await nextLooks(), ['first']);

  // The first load is about to look, so that the second has to wait for it.
  mock.timers.tick(POLL_S * 1000);
  const later = [load('second').start(), load('third').start()];
  for (let turn = 0; turn < 4; turn++) await answer();
  await Promise.all(later);
  assert.deepEqual(await nextLooks(), ['third']);
  assert.deepEqual(await nextLooks(), ['third']);
});

test('what is stopped while it starts does nothing any more', async t => {
  const { load, answer, nextLooks } = slowly(t);
  const work = load('only');
  const ends = [work.start(), work.stop()];
  await answer();
  await Promise.all(ends);
  assert.deepEqual(await nextLooks(), []);
});
