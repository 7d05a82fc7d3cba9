/**
 * The core in a thread of its own, for all that grows with the rows. The server goes on serving meanwhile, the database
 * reads the next rows while the core is busy with these, and the memory, which WebAssembly never gives back, ends with
 * the thread.
 */
import { Worker } from 'node:worker_threads';
import { Core, compiledCore, ItemExport, Planner, Verification, WholePlan } from './core.js';
import { SchemaSyncError } from './errors.js';

/**
 * @typedef {Core | ItemExport | Planner | Verification | WholePlan} Target what calls are made on
 * @typedef {{id: number, target: number, method: string, args: {value?: unknown, target?: number}[]}} Call of a method of
 *   a target, by its number; an argument is a value, or another target
 * @typedef {{id: number, value?: unknown, made?: number, kind?: string, error?: any}} Answer with what was returned; of
 *   another target its number and class
 */

/**
 * @template T
 * @typedef {{[Method in keyof T]: T[Method] extends (...args: infer Args) => infer Result
 *   ? (...args: Args) => Promise<Result extends Target ? Remote<Result> : Result> : never}} Remote the same methods,
 *   each a promise
 */

const WORKER = new URL('./core-worker.js', import.meta.url);
/** Methods that take pages and parts of files for good: they change hands without being copied. */
const TAKING = new Set([
  'addCurrent',
  'addExported',
  'addFilePart',
  'addKeys',
  'addOutside',
  'addRows',
  'byKey',
]);
const KINDS = Object.freeze({ Core, ItemExport, Planner, Verification, WholePlan });

/**
 * @template T
 * @param {(core: Remote<Core>) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withCoreThread(work) {
  const thread = new CoreThread(await compiledCore());
  try {
    return await work(thread.core);
  } finally {
    await thread.end();
  }
}

class CoreThread {
  #worker;
  /** @type {Map<number, {resolve: (value: any) => void, reject: (error: unknown) => void}>} */
  #waiting = new Map();
  /** @type {WeakMap<object, number>} */
  #targets = new WeakMap();
  #calls = 0;
  /** @type {unknown} */
  #failure = null;

  /** @param {any} module the compiled core */
  constructor(module) {
    // It needs nothing of the environment, which holds secrets, and no flags of the process.
    const options = { name: 'schema-sync-core', workerData: { module }, execArgv: [], env: {} };
    this.#worker = new Worker(WORKER, options);
    this.#worker.on('message', answer => this.#take(answer));
    this.#worker.on('error', error => this.#fail(error));
    this.#worker.on('exit', () => this.#fail(new Error('its thread ended.')));
    /** @type {Remote<Core>} */
    this.core = this.#remote(0, 'Core');
  }

  /** Calls that were not answered fail. */
  async end() {
    await this.#worker.terminate();
  }

  /** @param {number} target @param {string} kind @returns {any} */
  #remote(target, kind) {
    const { prototype } = KINDS[/** @type {keyof typeof KINDS} */ (kind)];
    const methods = Object.getOwnPropertyNames(prototype).filter(name => name !== 'constructor');
    const call =
      (/** @type {string} */ method) =>
      (/** @type {unknown[]} */ ...args) =>
        this.#call(target, method, args);
    const remote = Object.fromEntries(methods.map(method => [method, call(method)]));
    this.#targets.set(remote, target);
    return remote;
  }

  /** @param {number} target @param {string} method @param {any[]} args @returns {Promise<any>} */
  #call(target, method, args) {
    if (this.#failure) return Promise.reject(this.#failure);
    const id = this.#calls++;
    const given = args.map(value =>
      this.#targets.has(value) ? { target: this.#targets.get(value) } : { value },
    );
    const answer = new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      const taken = TAKING.has(method) ? args.flatMap(wholeBuffer) : [];
      this.#worker.postMessage({ id, target, method, args: given }, taken);
    });
    // Whoever waits for it is told. Nobody does where the call before has failed already.
    answer.catch(() => {});
    return answer;
  }

  /** @param {Answer} answer */
  #take({ id, value, made, kind, error }) {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error) waiting?.reject(errorOf(error));
    else waiting?.resolve(kind && made ? this.#remote(made, kind) : value);
  }

  /** @param {any} cause */
  #fail(cause) {
    this.#failure ??= new SchemaSyncError('INTERNAL', `The core failed: ${cause?.message ?? cause}`, {
      cause,
    });
    for (const { reject } of this.#waiting.values()) reject(this.#failure);
    this.#waiting.clear();
  }
}

/** @param {unknown} value @returns {ArrayBuffer[]} its buffer, if nothing else stands in it */
function wholeBuffer(value) {
  const isWhole = value instanceof Uint8Array && value.length === value.buffer.byteLength;
  return isWhole ? [/** @type {ArrayBuffer} */ (value.buffer)] : [];
}

/** @param {any} error as it crossed */
function errorOf(error) {
  const { code, message, path, cause, diagnostics } = error;
  return error instanceof Error ? error : new SchemaSyncError(code, message, { path, cause, diagnostics });
}
