/** A server that is watched from the inside: what its event loop and its memory did in a span of time. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { median } from '../../scripts/measuring.js';
import { until } from '../../tests/support/until.js';

/**
 * @typedef {import('../../tests/harness/project.js').Project} Project
 * @typedef {import('./probe.mjs').Block} Block
 * @typedef {import('./probe.mjs').Memory} Memory
 *
 * @typedef {object} Span
 * @property {number} began by the clock of the probe
 * @property {number} seconds
 * @property {Block[]} blocks longest first, by what they took of their own
 * @property {Figures} before in the last second before the first span of the server
 * @property {Figures} most
 * @property {Figures} after when it was back within {@link RETURNED_MIB}, or when the patience for that was over
 *
 * @typedef {Record<typeof FIGURES[number], number>} Figures MiB
 */

/** Memory that is back within this of what it was has returned. A running server's own goes up and down by less. */
export const RETURNED_MIB = 64;
const RETURN_PATIENCE_MS = 20_000;
const PROBE = new URL('./probe.mjs', import.meta.url).href;
/** A server's first requests load what later ones find. */
const WARM_UP_REQUESTS = 20;
const SETTLED_MS = 4000;
/** Its memory is noted at least once in that time when the span is over. */
const LATE_MS = 100;
/** So many of the last notes say how much memory it has. */
const LAST = 5;
const MIB = 2 ** 20;
const FIGURES = /** @type {const} */ (['rss', 'heap', 'external', 'arrayBuffers']);

export class WatchedServer {
  #notes;
  #isProfiled;
  /** What it had before the first span. @type {Figures | null} */
  #quiet = null;

  /**
   * @param {Project} project
   * @param {{env: Record<string, string>, profile: boolean}} options
   */
  static async start(project, { env, profile }) {
    const notes = join(project.dir, `notes-${Date.now()}.jsonl`);
    /** @type {Record<string, string>} */
    const probe = { NODE_OPTIONS: `--import ${PROBE}`, PROBE_NOTES: notes };
    if (profile) probe.PROBE_PROFILE = profileOf(notes);
    const server = await project.start({ env: { ...env, ...probe } });
    return new WatchedServer(server, notes, profile);
  }

  /** @param {import('../../tests/harness/server.js').Server} server @param {string} notes @param {boolean} isProfiled */
  constructor(server, notes, isProfiled) {
    this.server = server;
    this.#notes = notes;
    this.#isProfiled = isProfiled;
  }

  /** The file of the profile, once the server has ended. */
  get profiled() {
    return profileOf(this.#notes);
  }

  /** Until nothing of its start is left to do. */
  async settle() {
    for (let n = 0; n < WARM_UP_REQUESTS; n++) await this.server.api('GET', '/server/info');
    await sleep(SETTLED_MS);
  }

  /** @param {() => Promise<unknown>} work that ends with what is measured @returns {Promise<Span>} */
  async during(work) {
    const began = now();
    await work();
    const ended = now();
    this.#quiet ??= figuresOf(secondBefore(began, (await read(this.#notes)).memory));
    await this.#returned(this.#quiet);
    return spanOf(await read(this.#notes), { began, ended, quiet: this.#quiet });
  }

  /**
   * Waits until the memory is back, with a request now and then: an engine without any work collects no garbage.
   *
   * @param {Figures} quiet
   */
  async #returned(quiet) {
    const patience = now() + RETURN_PATIENCE_MS;
    while (now() < patience) {
      await this.server.api('GET', '/server/info');
      await sleep(250);
      const { memory } = await read(this.#notes);
      if (figuresOf(memory.slice(-LAST)).rss < quiet.rss + RETURNED_MIB) return;
    }
  }

  /** Ends the server, after it has written its profile. */
  async end() {
    if (this.#isProfiled) {
      process.kill(this.server.pid, 'SIGUSR2');
      await until(async () => existsSync(this.profiled));
    }
    await this.server.stop();
  }
}

/** @param {string} notes */
function profileOf(notes) {
  return `${notes}.cpuprofile`;
}

/**
 * @param {{blocks: Block[], memory: Memory[]}} notes
 * @param {{began: number, ended: number, quiet: Figures}} span
 * @returns {Span}
 */
function spanOf({ blocks, memory }, { began, ended, quiet }) {
  const inside = memory.filter(({ at }) => at >= began && at <= ended + LATE_MS);
  const highest = figures(name => Math.max(...inside.map(line => line[name])));
  const reached = memory.findLast(({ at }) => at < began)?.most ?? 0;
  const most = inside.at(-1)?.most ?? 0;
  return {
    began,
    seconds: (ended - began) / 1000,
    blocks: blocks
      .filter(({ at, ms }) => at + ms >= began && at <= ended)
      .sort((a, b) => ownTime(b) - ownTime(a)),
    before: quiet,
    // A peak between two looks is only known where it is the highest of the process.
    most: { ...highest, rss: Math.max(highest.rss, most > reached ? most / MIB : 0) },
    after: figuresOf(memory.slice(-LAST)),
  };
}

/** @param {number} began @param {Memory[]} memory */
function secondBefore(began, memory) {
  return memory.filter(({ at }) => at < began && at > began - 1000);
}

/** What a block took of its own: without the time in which other processes had the processor. @param {Block} block */
export function ownTime({ ms, waited }) {
  return ms - waited;
}

/** @param {Memory[]} memory @returns {Figures} */
function figuresOf(memory) {
  return figures(name => median(memory.map(line => line[name])));
}

/** @param {(name: keyof Figures) => number} bytesOf @returns {Figures} */
function figures(bytesOf) {
  return /** @type {Figures} */ (Object.fromEntries(FIGURES.map(name => [name, bytesOf(name) / MIB])));
}

/** @param {string} notes */
async function read(notes) {
  const lines = (await readFile(notes, 'utf8')).split('\n').slice(0, -1);
  const parsed = lines.map(line => JSON.parse(line));
  return { blocks: parsed.filter(line => 'ms' in line), memory: parsed.filter(line => 'rss' in line) };
}

/** @returns {number} milliseconds of the clock that the probe goes by */
function now() {
  return Number(process.hrtime.bigint()) / 1e6;
}
