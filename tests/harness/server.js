/** A running Directus, from the first line of its log to its end. */
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { doNotWaitFor, endGroup, endWithParent, hasEnded } from './process.js';
import { createApi } from './rest.js';

const START_TIMEOUT_MS = 180_000;
const LOG_EXCERPT = 6000;

/**
 * @typedef {object} Server
 * @property {string} url without a slash at the end
 * @property {number} pid
 * @property {string} log everything it has written so far
 * @property {import('./rest.js').Api} api calls its REST API as admin
 * @property {() => Promise<void>} stop ends it politely
 * @property {(signal?: NodeJS.Signals) => Promise<void>} kill ends it, by SIGKILL unless told otherwise
 * @property {Promise<number>} ended its exit code once it has ended, 128 after a signal
 */

/**
 * Starts Directus and waits until it answers.
 *
 * @param {object} options
 * @param {string} options.node
 * @param {string} options.command the file that `directus` runs
 * @param {string} options.cwd
 * @param {NodeJS.ProcessEnv} options.env
 * @param {string} options.token
 * @param {number} [options.port] a free one by default
 * @returns {Promise<Server>}
 */
export async function startServer({ node, command, cwd, env, token, port }) {
  const listenOn = port ?? (await freePort());
  const url = `http://127.0.0.1:${listenOn}`;
  const child = spawn(node, [command, 'start'], {
    cwd,
    env: { ...env, HOST: '127.0.0.1', PORT: String(listenOn), PUBLIC_URL: url },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  endWithParent(child.pid);
  const server = serverOf(child, url, token);
  doNotWaitFor(child);
  await answering(server, child);
  return server;
}

/** @returns {Promise<number>} a TCP port that was free a moment ago */
export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = /** @type {import('node:net').AddressInfo} */ (probe.address());
      probe.close(() => resolve(port));
    });
  });
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {string} url
 * @param {string} token
 * @returns {Server}
 */
function serverOf(child, url, token) {
  let log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', text => {
      log += text;
    });
  }
  const ended = new Promise(resolve => child.once('exit', code => resolve(code ?? 128)));
  return {
    url,
    pid: child.pid ?? 0,
    get log() {
      return log;
    },
    api: createApi(url, token),
    stop: () => endGroup(child),
    kill: (signal = 'SIGKILL') => endGroup(child, signal),
    ended,
  };
}

/**
 * @param {Server} server
 * @param {import('node:child_process').ChildProcess} child
 */
async function answering(server, child) {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!(await answers(`${server.url}/server/ping`))) {
    const reason = hasEnded(child) ? `ended with exit code ${child.exitCode}` : 'did not answer in time';
    if (hasEnded(child) || Date.now() > deadline) {
      await server.kill();
      throw new Error(`Directus ${reason} at start. Its log:\n${server.log.slice(-LOG_EXCERPT)}`);
    }
    await sleep(100);
  }
}

/** @param {string} url */
async function answers(url) {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}
