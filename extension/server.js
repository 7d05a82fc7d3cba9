/** What a running server does by itself: exports changes, imports edits, notices imports of other processes. */
import { AutoExport } from './autoexport.js';
import { hearForGood } from './instances/local/events.js';
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

/**
 * @typedef {object} Shared what all loads of the extension in one process share
 * @property {ServerWork | null} work what the last of them started
 * @property {boolean} isLoaded false while Directus loads extensions, and after it has left this one out
 * @property {boolean} isHearing whether events reach {@link onEvent} without a handler of a load
 *
 * @typedef {object} Left what a load that stops hands on to the next one
 * @property {string[]} edits paths of files that are not imported
 * @property {string[]} changes that could not be written
 */

/** @type {Left} */
const NOTHING = Object.freeze({ edits: [], changes: [] });

/** Directus loads an extension anew without ending the old one, so what they share is found by this name. */
const KEY = Symbol.for('directus-extension-schema-sync.server');

/** @type {Shared} */
const shared = sharedIn(/** @type {any} */ (globalThis));

/** @param {Record<symbol, Shared>} holder */
function sharedIn(holder) {
  holder[KEY] ??= { work: null, isLoaded: false, isHearing: false };
  return holder[KEY];
}

/** @returns {boolean} whether this process is a server that was started before the extension was loaded again */
export function isLoadedAgain() {
  shared.isLoaded = true;
  return shared.work !== null;
}

/** From now on events are heard also while Directus loads extensions, and the end of this one is noticed. */
export async function hearEvents() {
  shared.isHearing ||= await hearForGood(onEvent);
}

/** An event that a handler of a load was told of. @type {typeof onEvent} */
export function onHandled(meta, database) {
  if (!shared.isHearing) onEvent(meta, database);
}

/**
 * @param {import('./changes.js').ActionMeta} meta of an action event
 * @param {any} database the knex instance that the event came with
 */
function onEvent(meta, database) {
  if (meta.event === 'extensions.unload') shared.isLoaded = false;
  // Somebody has switched this extension off.
  else if (meta.event === 'extensions.load' && !shared.isLoaded) shared.work?.stop();
  else shared.work?.note(meta, database);
}

export class ServerWork {
  #parts;
  #exports;
  #watch;
  #poll;
  /** Whether it has ended, or is about to. */
  isStopped = false;
  #starting = Promise.resolve();

  /** @param {Omit<ServerParts, 'queue'>} context */
  constructor(context) {
    this.#parts = { ...context, queue: new Queue() };
    const { start, watch } = context.settings;
    this.#exports = start === 'EXPORT' || start === 'BOTH' ? new AutoExport(this.#parts) : null;
    this.#watch = watch ? new FolderWatch(this.#parts) : null;
    this.#poll = new ImportPoll(this.#parts);
  }

  /** Takes the place of what an older load of the extension started, and begins when that has stopped. */
  start() {
    const before = shared.work;
    shared.work = this;
    this.#starting = this.#startAfter(before);
    return this.#starting;
  }

  /** @param {ServerWork | null} before */
  async #startAfter(before) {
    const goesOn = before !== null && !before.isStopped;
    const watching = this.#watch?.start();
    // Both notice an edit rather than none of them.
    if (goesOn) await watching;
    const left = (await before?.stop()) ?? NOTHING;
    this.#watch?.resume(left.edits);
    if (goesOn) this.#exports?.resume(left.changes);
    else this.#exports?.catchUp();
    // Another load may have taken the place of this one meanwhile.
    if (this.isStopped) return;
    await this.#poll.start(this.#parts.settings.poll);
  }

  /**
   * Ends what goes on by itself, and writes what is not written yet.
   *
   * @returns {Promise<Left>}
   */
  async stop() {
    this.isStopped = true;
    await this.#starting;
    const edits = (await this.#watch?.stop()) ?? [];
    await this.#poll.stop();
    return { edits, changes: (await this.#exports?.flush()) ?? [] };
  }

  /**
   * @param {import('./changes.js').ActionMeta} meta of an action event
   * @param {any} database the knex instance that the event came with
   */
  note(meta, database) {
    if (!this.isStopped) this.#exports?.note(meta, database);
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
    await shared.work?.stop();
    return destroy.apply(this, args);
  };
  client.destroy[KEY] = true;
}
