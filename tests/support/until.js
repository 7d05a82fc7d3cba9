/** Waiting for what a server does in its own time. */
import { setTimeout as sleep } from 'node:timers/promises';

const PATIENCE_MS = 60_000;

/**
 * @param {() => Promise<boolean>} isTrue fails the test if it never is
 * @param {{everyMs?: number, patienceMs?: number}} [options] how long to wait between two looks, and in all
 */
export async function until(isTrue, { everyMs = 100, patienceMs = PATIENCE_MS } = {}) {
  for (let waited = 0; !(await isTrue()); waited += everyMs) {
    if (waited > patienceMs) throw new Error(`It did not happen within ${patienceMs / 1000} s: ${isTrue}`);
    await sleep(everyMs);
  }
}

/** @param {string} log @param {RegExp} pattern @returns {number} how often it occurs */
export function count(log, pattern) {
  return log.match(new RegExp(pattern, 'g'))?.length ?? 0;
}
