/**
 * Loaded into a server: notes each time its event loop was blocked, and its memory, as lines of JSON. Times are
 * milliseconds of the machine's monotonic clock, which all of its processes share.
 */
import { appendFileSync, openSync, readSync, renameSync, writeFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import { isMainThread } from 'node:worker_threads';

/**
 * @typedef {object} Block
 * @property {number} at when it began
 * @property {number} ms how long no timer could run
 * @property {number} waited milliseconds of that in which the thread was ready and had no processor, 0 where unknown
 *
 * @typedef {object} Memory in bytes
 * @property {number} at
 * @property {number} rss of the process, all of its threads together
 * @property {number} most that has been resident since the process began
 * @property {number} heap of the main thread, what is free in it included
 * @property {number} external of the main thread, array buffers included
 * @property {number} arrayBuffers of the main thread
 */

const TICK_MS = 1;
/** Shorter blocks are not worth a line. */
const SHORTEST_MS = 5;
const MEMORY_EVERY_MS = 50;
const SAMPLE_EVERY_US = 1000;

const { PROBE_NOTES, PROBE_PROFILE } = process.env;
// The variables that load this reach worker threads, too.
if (PROBE_NOTES && isMainThread) begin(PROBE_NOTES);
if (PROBE_PROFILE && isMainThread) profile(PROBE_PROFILE);

/** @param {string} file */
function begin(file) {
  const note = (/** @type {Block | Memory} */ line) => appendFileSync(file, `${JSON.stringify(line)}\n`);
  const waiting = waitingMeter();
  let last = now();
  let waited = waiting();
  let remembered = 0;
  setInterval(() => {
    const at = now();
    const ms = at - last - TICK_MS;
    const waitedNow = waiting();
    if (ms > SHORTEST_MS) note({ at: last, ms, waited: waitedNow - waited });
    if (at - remembered > MEMORY_EVERY_MS) {
      note(memory(at));
      remembered = at;
    }
    last = at;
    waited = waitedNow;
  }, TICK_MS).unref();
}

function now() {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** @param {number} at @returns {Memory} */
function memory(at) {
  const { rss, heapTotal: heap, external, arrayBuffers } = process.memoryUsage();
  return { at, rss, most: process.resourceUsage().maxRSS * 1024, heap, external, arrayBuffers };
}

/** @returns {() => number} milliseconds that this thread has waited for a processor so far, as Linux counts them */
function waitingMeter() {
  try {
    const file = openSync('/proc/thread-self/schedstat', 'r');
    const text = Buffer.alloc(80);
    return () =>
      Number(text.toString('latin1', 0, readSync(file, text, 0, text.length, 0)).split(' ')[1]) / 1e6;
  } catch {
    return () => 0;
  }
}

/** @param {string} file is written when the process is sent SIGUSR2 */
function profile(file) {
  const session = new Session();
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.setSamplingInterval', { interval: SAMPLE_EVERY_US });
  session.post('Profiler.start');
  process.once('SIGUSR2', () => {
    session.post('Profiler.stop', (_, { profile }) => {
      // Whoever waits for the file finds it whole.
      writeFileSync(`${file}.new`, JSON.stringify(profile));
      renameSync(`${file}.new`, file);
    });
  });
}
