/** What a run has found so far: kept on disk after every measurement, so that an interrupted run has not run in vain. */
import { writeResults } from './results.js';

/**
 * @typedef {import('./measure.js').Measured} Measured
 *
 * @typedef {object} Measurement what was measured
 * @property {string} database
 * @property {number} rows 0 for work that has none
 * @property {string} work
 * @property {string} contender
 *
 * @typedef {Measurement & {runs: Measured[]}} Result with a run for each round, without Directus' own start
 */

export class Findings {
  /** @type {Map<string, Result>} */
  #results = new Map();
  /** What a reader has to know of the figures. @type {Set<string>} */
  #notes = new Set();
  /** Megabytes by second of what the core does, by name. @type {Record<string, number>} */
  #core = {};

  /** @param {Measurement} measurement @param {Measured} run */
  async add(measurement, run) {
    const { database, rows, work, contender } = measurement;
    const name = [database, rows, work, contender].join();
    const result = this.#results.get(name) ?? { ...measurement, runs: [] };
    result.runs.push(run);
    this.#results.set(name, result);
    const what = `${database}, ${rows === 0 ? '' : `${rows} rows, `}${contender}, ${work}`;
    console.error(`${what}: ${run.seconds.toFixed(2)} s, ${run.memory.toFixed(0)} MiB`);
    await this.write();
  }

  /** @param {Record<string, number>} speeds */
  addCore(speeds) {
    this.#core = speeds;
  }

  /** @param {string} text a sentence */
  note(text) {
    if (!this.#notes.has(text)) console.error(text);
    this.#notes.add(text);
  }

  /** @returns {Promise<string>} what was written */
  write() {
    return writeResults({ results: [...this.#results.values()], notes: [...this.#notes], core: this.#core });
  }
}
