/** Where commands write: people's lines, one JSON document for machines, progress and questions on a terminal. */
import { createInterface } from 'node:readline/promises';
import pc from 'picocolors';

/** @typedef {import('./report.js').Progress} Progress */

const PHASES = Object.freeze({ read: 'Reading', plan: 'Planning', apply: 'Applying' });
const REDRAW_MS = 80;
const CLEAR_LINE = '\r\x1b[2K';

/** Colours by how a line begins; plans mark changes like a diff does. */
const COLOURS = Object.freeze([
  { pattern: /^\s*(error )/, paint: pc.red },
  { pattern: /^\s*(warning )/, paint: pc.yellow },
  { pattern: /^\s*\+ /, paint: pc.green },
  { pattern: /^\s*~ /, paint: pc.yellow },
  { pattern: /^\s*- /, paint: pc.red },
]);

export class Output {
  #json;
  #lastDrawn = 0;
  #drawn = false;
  #phase = '';
  #count = 0;

  /** @param {{json?: boolean}} [options] `json` keeps stdout for one document */
  constructor({ json = false } = {}) {
    this.#json = json;
  }

  /** Whether a person can be asked. */
  get isInteractive() {
    return !this.#json && Boolean(process.stdin.isTTY && process.stdout.isTTY);
  }

  /** @param {string[]} lines what the command has to say */
  say(lines) {
    this.#write(this.#json ? process.stderr : process.stdout, lines);
  }

  /** @param {string[]} lines warnings and errors */
  warn(lines) {
    this.#write(process.stderr, lines);
  }

  /** @param {unknown} document */
  document(document) {
    if (this.#json) process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
  }

  /** @param {Progress} progress */
  progress({ phase, subject, count = 0 }) {
    this.#count = phase === this.#phase ? this.#count + count : count;
    this.#phase = phase;
    if (!process.stderr.isTTY || Date.now() - this.#lastDrawn < REDRAW_MS) return;
    this.#lastDrawn = Date.now();
    this.#drawn = true;
    const total = this.#count > 0 ? pc.dim(` ${this.#count}`) : '';
    process.stderr.write(`${CLEAR_LINE}${PHASES[phase]} ${subject ?? ''}${total}`);
  }

  /**
   * @param {string} question
   * @returns {Promise<string>} the answer in lower case; empty when the input ended
   */
  async ask(question) {
    this.#clear();
    const terminal = createInterface({ input: process.stdin, output: process.stdout });
    const ended = new Promise(resolve => terminal.once('close', () => resolve('')));
    try {
      const answer = await Promise.race([terminal.question(pc.bold(question)), ended]);
      return String(answer).trim().toLowerCase();
    } finally {
      terminal.close();
    }
  }

  /** @param {NodeJS.WriteStream} stream @param {string[]} lines */
  #write(stream, lines) {
    if (lines.length === 0) return;
    this.#clear();
    const painted = stream.isTTY ? lines.flatMap(line => line.split('\n')).map(paint) : lines;
    stream.write(`${painted.join('\n')}\n`);
  }

  #clear() {
    if (this.#drawn) process.stderr.write(CLEAR_LINE);
    this.#drawn = false;
  }
}

/** @param {string} line */
function paint(line) {
  return COLOURS.find(({ pattern }) => pattern.test(line))?.paint(line) ?? line;
}
