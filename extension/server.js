/** What a running server does by itself: exports changes, imports edits, notices imports of other processes. */
import { AutoExport } from './autoexport.js';
import { ImportPoll } from './poll.js';
import { Queue } from './queue.js';
import { FolderWatch } from './watch.js';

/**
 * @typedef {object} ServerParts what each of them works with
 * @property {import('./instances/local.js').LocalInstance} instance
 * @property {import('./environment.js').Settings} settings
 * @property {import('./startup.js').Logger} logger
 * @property {() => Promise<any>} getSchema Directus' schema, from its cache
 * @property {Queue} queue of imports and exports
 */

/** Directus loads an extension anew without ending the old one, so the old one is found by this name. */
const KEY = Symbol.for('directus-extension-schema-sync.server');

/** @type {Record<symbol, ServerWork | undefined>} */
const shared = /** @type {any} */ (globalThis);

/** @returns {boolean} whether this process is a server that was started before the extension was loaded again */
export function isRunning() {
  return shared[KEY] !== undefined;
}

export class ServerWork {
  #parts;
  #exports;
  #watch;
  #poll;

  /** @param {Omit<ServerParts, 'queue'>} context */
  constructor(context) {
    this.#parts = { ...context, queue: new Queue() };
    const { start, watch } = context.settings;
    this.#exports = start === 'EXPORT' || start === 'BOTH' ? new AutoExport(this.#parts) : null;
    this.#watch = watch ? new FolderWatch(this.#parts) : null;
    this.#poll = new ImportPoll(this.#parts);
  }

  /** Takes the place of what an older load of the extension started. */
  async start() {
    const before = shared[KEY];
    shared[KEY] = this;
    await before?.stop();
    this.#watch?.start();
    await this.#poll.start(this.#parts.settings.poll);
  }

  /** Ends what goes on by itself, and writes what is not written yet. */
  async stop() {
    await this.#watch?.stop();
    this.#poll.stop();
    await this.#exports?.flush();
  }

  /**
   * @param {import('./changes.js').ActionMeta} meta of an action event
   * @param {any} database the knex instance that the event came with
   */
  note(meta, database) {
    this.#exports?.note(meta, database);
  }
}

/**
 * Directus closes its database before it tells extensions that it stops, so the way to that is where the last
 * changes are written.
 *
 * @param {any} database knex
 */
export function stopBeforeClosing({ client }) {
  const { destroy } = client;
  if (destroy[KEY]) return;
  client.destroy = async function stopAndDestroy(/** @type {any[]} */ ...args) {
    await shared[KEY]?.stop();
    return destroy.apply(this, args);
  };
  client.destroy[KEY] = true;
}
