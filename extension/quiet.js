/**
 * Work that follows a burst of changes: it starts a quiet time after the last of them, but no later than a cap after
 * the first, runs once at a time, and forgets nothing. What fails is tried again, later each time.
 */

/**
 * @typedef {object} QuietOptions
 * @property {number} quietMs without a change before the work starts
 * @property {number} capMs after the first change, however many follow
 * @property {(error: unknown) => void} onFailure is told each time the work fails
 */

/** How long servers wait for the end of a burst. */
export const BURST = Object.freeze({ quietMs: 1000, capMs: 10_000 });

/** Retries wait twice as long each time, up to this. */
const LONGEST_RETRY_MS = 60_000;

/** @template T what is noted: a name, or anything that a Set tells from others */
export class Quiet {
  #work;
  #options;
  /** @type {Set<T>} */
  #noted = new Set();
  /** When the first of `#noted` came. */
  #since = 0;
  #failures = 0;
  /** When what failed is tried again, however many changes come until then. */
  #retryAt = 0;
  /** @type {NodeJS.Timeout | undefined} */
  #timer;
  /** @type {Promise<void> | null} */
  #running = null;

  /** @param {(noted: Set<T>) => Promise<unknown>} work @param {QuietOptions} options */
  constructor(work, options) {
    this.#work = work;
    this.#options = options;
  }

  /** @param {Iterable<T>} things */
  note(things) {
    const before = this.#noted.size;
    if (before === 0) this.#since = Date.now();
    for (const thing of things) this.#noted.add(thing);
    if (this.#noted.size > 0) this.#schedule();
  }

  /**
   * Does at once what is noted, and waits for it; of what fails nothing is tried again. For the end of a process, or of a
   * load of the extension.
   *
   * @returns {Promise<T[]>} what failed
   */
  async flush() {
    await this.#running;
    clearTimeout(this.#timer);
    if (this.#noted.size > 0) await this.#start();
    clearTimeout(this.#timer);
    return [...this.#noted];
  }

  /**
   * Waits for what runs, and forgets what is noted.
   *
   * @returns {Promise<T[]>} what it forgot
   */
  async stop() {
    clearTimeout(this.#timer);
    await this.#running;
    clearTimeout(this.#timer);
    const forgotten = [...this.#noted];
    this.#noted.clear();
    return forgotten;
  }

  #schedule() {
    // The end of a run schedules what came meanwhile.
    if (this.#running) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#start(), this.#delay());
    this.#timer.unref?.();
  }

  /** @returns {number} milliseconds */
  #delay() {
    const { quietMs, capMs } = this.#options;
    if (this.#failures > 0) return Math.max(0, this.#retryAt - Date.now());
    return Math.max(0, Math.min(quietMs, this.#since + capMs - Date.now()));
  }

  #start() {
    this.#running = this.#run().finally(() => {
      this.#running = null;
      if (this.#noted.size > 0) this.#schedule();
    });
    return this.#running;
  }

  async #run() {
    const noted = this.#noted;
    this.#noted = new Set();
    this.#since = Date.now();
    try {
      await this.#work(noted);
      this.#failures = 0;
    } catch (error) {
      this.#failures += 1;
      this.#retryAt = Date.now() + Math.min(this.#options.quietMs * 2 ** this.#failures, LONGEST_RETRY_MS);
      this.#noted = new Set([...noted, ...this.#noted]);
      this.#options.onFailure(error);
    }
  }
}
