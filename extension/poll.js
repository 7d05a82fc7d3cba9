/** Notices what other processes imported, and forgets what this one has cached. */
import { Complaints } from './complaints.js';

/** @typedef {import('./server.js').ServerParts} ServerParts */

export class ImportPoll {
  #parts;
  #complaints;
  /** @type {NodeJS.Timeout | undefined} */
  #timer;
  /** @type {number | null} the import that this process knows of; null before the first look */
  #seen = null;

  /** @param {ServerParts} parts */
  constructor(parts) {
    this.#parts = parts;
    this.#complaints = new Complaints(text => parts.logger.warn(text));
  }

  /** @param {number} seconds between two looks; 0 never looks */
  async start(seconds) {
    if (seconds === 0) return;
    await this.#look();
    this.#wait(seconds * 1000);
  }

  stop() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** @param {number} ms */
  #wait(ms) {
    this.#timer = setTimeout(async () => {
      await this.#look();
      if (this.#timer) this.#wait(ms);
    }, ms);
    this.#timer.unref();
  }

  async #look() {
    const { instance, logger } = this.#parts;
    try {
      const last = await instance.lastImport();
      const isNew = this.#seen !== null && last !== this.#seen;
      this.#seen = last;
      if (this.#complaints.settle() || isNew) await instance.flush();
      if (isNew) logger.info('Schema Sync: another process imported; its state is served now.');
    } catch (error) {
      this.#complaints.make('Schema Sync: cannot look for imports by other processes.', error);
    }
  }
}
