/** Servers that projects stand on, such as a database: throw-away processes that end with this one. */
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { doNotWaitFor, endGroup, endWithParent, hasEnded } from './process.js';

const START_TIMEOUT_MS = 30_000;
const READY_POLL_MS = 50;

/**
 * @typedef {object} ServiceOptions
 * @property {string} name for people
 * @property {string} cwd
 * @property {NodeJS.Signals} endSignal ends it at once, with nothing left behind
 * @property {(log: string) => Promise<boolean>} isReady whether it answers, by what it has written or by asking it
 *
 * @typedef {{stop: (signal?: NodeJS.Signals) => Promise<void>}} Service `endSignal` stops it if no other one does
 */

/**
 * Starts a service and waits until it is ready.
 *
 * @param {string[]} command with its arguments
 * @param {ServiceOptions} options
 * @returns {Promise<Service>}
 */
export async function startService([program, ...args], { name, cwd, endSignal, isReady }) {
  const child = spawn(program, args, { cwd, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  endWithParent(child.pid, endSignal);
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', text => (log += text));
  doNotWaitFor(child);
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!(await isReady(log))) {
    if (hasEnded(child) || Date.now() > deadline) {
      await endGroup(child, endSignal);
      throw new Error(`${name} did not start. Its log:\n${log}`);
    }
    await sleep(READY_POLL_MS);
  }
  return { stop: (signal = endSignal) => endGroup(child, signal) };
}

/**
 * Tests of what a machine lacks are left out, but not where everything has to be tested: in CI.
 *
 * @param {boolean} isInstalled
 * @param {string} missing says what is missing and how to get it
 * @returns {boolean} `isInstalled`
 */
export function unlessRequired(isInstalled, missing) {
  if (isInstalled || process.env.SCHEMA_SYNC_TEST_EVERYTHING !== 'true') return isInstalled;
  throw new Error(`${missing} SCHEMA_SYNC_TEST_EVERYTHING=true demands it.`);
}
