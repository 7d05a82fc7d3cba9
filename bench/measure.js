/** What a command takes: time, processor, memory. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { median } from '../scripts/measuring.js';

/**
 * @typedef {object} Measured
 * @property {number} seconds from start to end
 * @property {number} cpu seconds of processor time, of all threads
 * @property {number} memory the most that was resident, in MiB
 *
 * @typedef {import('../tests/harness/project.js').Project} Project
 */

const PRELOADED = new URL('./usage.mjs', import.meta.url).href;
/** Slow ones take long, and end all the same. */
const LONGEST_MS = 60 * 60_000;

/**
 * Runs a command that has to succeed.
 *
 * @param {Project} project
 * @param {(env: Record<string, string>) => import('../tests/harness/process.js').RunningCommand} start the command in a
 *   process of Node, given variables that it is to have
 * @returns {Promise<Measured>}
 */
export async function measured(project, start) {
  const file = join(project.dir, 'usage.json');
  const began = performance.now();
  const running = start({ NODE_OPTIONS: `--import ${PRELOADED}`, BENCH_USAGE: file });
  const { code, stdout, stderr } = await running.result;
  const seconds = (performance.now() - began) / 1000;
  if (code !== 0) throw new Error(`A measured command ended with ${code}:\n${stdout}\n${stderr}`);
  const usage = JSON.parse(await readFile(file, 'utf8'));
  await rm(file);
  const cpu = (usage.userCPUTime + usage.systemCPUTime) / 1_000_000;
  return { seconds, cpu, memory: usage.maxRSS / 1024 };
}

/**
 * @param {Project} project
 * @param {string[]} args of `directus`
 * @returns {Promise<Measured>}
 */
export function measuredDirectus(project, args) {
  return measured(project, env => project.startCli(args, { env, timeoutMs: LONGEST_MS }));
}

/**
 * What is left of a command when Directus' own start is taken away. Memory has no such part: it is taken whole.
 *
 * @param {Measured} command
 * @param {Measured} boot of Directus alone
 * @returns {Measured}
 */
export function without({ seconds, cpu, memory }, boot) {
  return { seconds: Math.max(0, seconds - boot.seconds), cpu: Math.max(0, cpu - boot.cpu), memory };
}

/** @param {Measured[]} runs @returns {Measured} each figure by itself */
export function medianOf(runs) {
  const middle = (/** @type {keyof Measured} */ figure) => median(runs.map(run => run[figure]));
  return { seconds: middle('seconds'), cpu: middle('cpu'), memory: middle('memory') };
}
