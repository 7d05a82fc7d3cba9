/** Waiting for what a server does in its own time. */
import { setTimeout as sleep } from 'node:timers/promises';

const PATIENCE_MS = 60_000;
const POLL_MS = 100;

/** @param {() => Promise<boolean>} isTrue fails the test if it never is */
export async function until(isTrue) {
  for (let waited = 0; !(await isTrue()); waited += POLL_MS) {
    if (waited > PATIENCE_MS) throw new Error(`It did not happen within ${PATIENCE_MS / 1000} s: ${isTrue}`);
    await sleep(POLL_MS);
  }
}
