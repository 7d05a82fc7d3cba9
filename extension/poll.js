/** Notices what other processes imported, and forgets what this one has cached. */
import { Complaints } from './complaints.js';
import { isOwn } from './lock.js';

/** @typedef {Pick<import('./server.js').ServerParts, 'instance' | 'logger'>} PollParts */
/** @typedef {import('./instances/local/runs.js').LastImport} LastImport */

/** An import is recorded shortly before its commit makes it seen. */
const LONGEST_COMMIT_MS = 60_000;

export class ImportPoll {
  #parts;
  #complaints;
  /** @type {NodeJS.Timeout | undefined} */
  #timer;
  /** @type {number | null} the import that this process knows of; null before the first look */
  #seen = null;
  /** Whether the caches may hold what was replaced since. */
  #isBehind = false;
  /** @type {Promise<void>} */
  #looking = Promise.resolve();

  /** @param {PollParts} parts */
  constructor(parts) {
    this.#parts = parts;
    this.#complaints = new Complaints(text => parts.logger.warn(text));
  }

  /** @param {number} seconds between two looks; 0 never looks again */
  async start(seconds) {
    await this.#look();
    if (seconds > 0) this.#wait(seconds * 1000);
  }

  /** Returns once no look is under way. */
  async stop() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#looking;
  }

  /** @param {number} ms */
  #wait(ms) {
    this.#timer = setTimeout(async () => {
      await this.#look();
      if (this.#timer) this.#wait(ms);
    }, ms);
    this.#timer.unref();
  }

  #look() {
    this.#looking = this.#catchUp();
    return this.#looking;
  }

  async #catchUp() {
    const { instance, logger } = this.#parts;
    try {
      const isFirst = this.#seen === null;
      const last = await instance.lastImport();
      const isNew = !isOwn(last.who) && (isFirst ? endedSinceStart(last) : last.id !== this.#seen);
      this.#seen = last.id;
      this.#isBehind ||= isNew;
      if (this.#isBehind) await instance.flush();
      this.#isBehind = false;
      this.#complaints.settle();
      if (isNew && !isFirst) {
        logger.info('Schema Sync: another process imported; its state is served now.');
      }
    } catch (error) {
      this.#isBehind = true;
      this.#complaints.make('Schema Sync: cannot look for imports by other processes.', error);
    }
  }
}

/**
 * Directus fills its caches before it calls extensions, so this process may have read what was replaced meanwhile.
 *
 * @param {LastImport} last
 */
function endedSinceStart({ agoMs }) {
  return agoMs < process.uptime() * 1000 + LONGEST_COMMIT_MS;
}
