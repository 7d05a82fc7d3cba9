/**
 * Reads ahead of who takes what was read: the database goes on while the core is busy, and begins while files are still
 * on their way to it.
 */

/**
 * @template T
 * @typedef {{item: T, bytes: number}} Read with its size in memory, as far as it is known
 */

/** @template T */
export class ReadAhead {
  /** @type {Read<T>[]} */
  #ahead = [];
  #bytes = 0;
  #isEnded = false;
  #isStopped = false;
  /** @type {unknown} */
  #failure = null;
  #changed = Promise.withResolvers();
  #room;
  #reading;

  /**
   * @param {AsyncIterable<Read<T>>} source of which the first is read at once
   * @param {number} room bytes that are kept while nobody takes them
   */
  constructor(source, room) {
    this.#room = room;
    this.#reading = this.#read(source);
  }

  /** @returns {AsyncGenerator<T, void, void>} everything, once */
  async *items() {
    for (;;) {
      const next = this.#ahead.shift();
      if (next) {
        this.#bytes -= next.bytes;
        this.#tell();
        yield next.item;
      } else if (this.#isEnded) {
        if (this.#failure) throw this.#failure;
        return;
      } else await this.#changed.promise;
    }
  }

  /** Returns once nothing is being read any more. */
  async stop() {
    this.#isStopped = true;
    this.#tell();
    await this.#reading;
  }

  /** @param {AsyncIterable<Read<T>>} source */
  async #read(source) {
    try {
      for await (const read of source) {
        this.#ahead.push(read);
        this.#bytes += read.bytes;
        this.#tell();
        while (this.#bytes > this.#room && !this.#isStopped) await this.#changed.promise;
        if (this.#isStopped) break;
      }
    } catch (error) {
      this.#failure = error;
    }
    this.#isEnded = true;
    this.#tell();
  }

  #tell() {
    this.#changed.resolve(undefined);
    this.#changed = Promise.withResolvers();
  }
}
