/** Redis from the binaries of this machine, for servers that share a message bus and caches. */
import { tmpdir } from 'node:os';
import { run } from './process.js';
import { freePort } from './server.js';
import { startService, unlessRequired } from './service.js';

/** Why tests are skipped. */
export const REDIS_MISSING = 'redis-server is not installed. Debian has it: apt-get install redis-server.';

/**
 * @typedef {object} Redis one server of its own, since its message bus is one for all of its databases
 * @property {Record<string, string>} env what makes Directus use it for all that it can
 * @property {(...words: string[]) => Promise<unknown>} command runs one in it
 * @property {() => Promise<void>} stop
 */

/** @returns {Promise<boolean>} whether this machine has Redis, for tests that are skipped without it */
export async function hasRedis() {
  const isInstalled = await run('redis-server', ['--version']).then(
    ({ code }) => code === 0,
    () => false,
  );
  return unlessRequired(isInstalled, REDIS_MISSING);
}

/** @returns {Promise<Redis>} without anything on the disk */
export async function startRedis() {
  const port = await freePort();
  const settings = { port, bind: '127.0.0.1', save: '', appendonly: 'no' };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const command = (/** @type {string[]} */ ...words) => run('redis-cli', ['-p', String(port), ...words]);
  const { stop } = await startService(['redis-server', ...args], {
    name: 'Redis',
    cwd: tmpdir(),
    endSignal: 'SIGKILL',
    isReady: async () => (await command('PING')).code === 0,
  });
  const env = {
    // It alone makes Directus share message bus, locks and permissions; each other store names it by itself.
    REDIS: `redis://127.0.0.1:${port}`,
    CACHE_STORE: 'redis',
    SYNCHRONIZATION_STORE: 'redis',
  };
  return { env, command, stop };
}
