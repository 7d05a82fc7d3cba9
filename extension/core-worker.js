/** The other end of `core-thread.js`: calls the core as it is asked to, one call after the other. */
import { parentPort, workerData } from 'node:worker_threads';
import { loadCore } from './core.js';
import { SchemaSyncError } from './errors.js';

/**
 * @typedef {import('./core-thread.js').Call} Call
 * @typedef {import('./core-thread.js').Answer} Answer
 */

const port = /** @type {import('node:worker_threads').MessagePort} */ (parentPort);
const core = await loadCore(workerData.module);

/** What calls are made on, by its number. @type {Map<number, any>} */
const targets = new Map([[0, core]]);
let made = 0;

port.on('message', (/** @type {Call} */ call) => {
  const answer = answerTo(call);
  const { value } = answer;
  // A part of a file changes hands without being copied.
  port.postMessage(answer, value instanceof Uint8Array ? [/** @type {ArrayBuffer} */ (value.buffer)] : []);
});

/** @param {Call} call @returns {Answer} */
function answerTo({ id, target, method, args }) {
  try {
    const given = args.map(arg => (arg.target === undefined ? arg.value : targets.get(arg.target)));
    const value = targets.get(target)[method](...given);
    if (method === 'free') targets.delete(target);
    given.forEach(release);
    return isTarget(value) ? { id, made: keep(value), kind: value.constructor.name } : { id, value };
  } catch (error) {
    return {
      id,
      error: error instanceof SchemaSyncError ? { ...error.toJSON(), cause: error.cause } : error,
    };
  }
}

/**
 * The core has a copy. Whole pages would wait for the next collection of garbage otherwise, which comes late, as they are
 * not on the heap.
 *
 * @param {unknown} given
 */
function release(given) {
  const buffer = given instanceof Uint8Array ? /** @type {ArrayBuffer} */ (given.buffer) : null;
  // Two small ones may share a buffer.
  if (buffer && !buffer.detached) buffer.transfer(0);
}

/** @param {any} value @returns {boolean} whether it is one of the core's objects, which stay here */
function isTarget(value) {
  return typeof value?.free === 'function';
}

/** @param {any} target @returns {number} */
function keep(target) {
  made += 1;
  targets.set(made, target);
  return made;
}
