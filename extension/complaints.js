/** Says a problem once, however often it comes back in a row. */

import { asKnown } from './errors.js';
import { errorLines } from './report.js';

export class Complaints {
  #log;
  /** @type {string | null} */
  #last = null;

  /** @param {(text: string) => void} log */
  constructor(log) {
    this.#log = log;
  }

  /** @param {string} introduction @param {unknown} error @returns {boolean} whether it was new */
  make(introduction, error) {
    const text = [introduction, ...errorLines(asKnown(error))].join('\n');
    if (text === this.#last) return false;
    this.#last = text;
    this.#log(text);
    return true;
  }

  /** @returns {boolean} whether there was something to settle */
  settle() {
    const had = this.#last !== null;
    this.#last = null;
    return had;
  }
}
