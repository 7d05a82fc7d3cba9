/** Which functions a blocked event loop was in, by the profile of its thread. */
import { readFile } from 'node:fs/promises';
import { REPOSITORY } from '../../tests/harness/repository.js';

/**
 * @typedef {import('./probe.mjs').Block} Block
 * @typedef {{id: number, callFrame: Frame, children?: number[]}} ProfileNode
 * @typedef {{functionName: string, url: string, lineNumber: number}} Frame
 *
 * @typedef {object} Profile as V8 writes it
 * @property {ProfileNode[]} nodes
 * @property {number} startTime microseconds of the machine's monotonic clock
 * @property {number[]} samples ids of nodes
 * @property {number[]} timeDeltas microseconds since the sample before
 */

/** Of each block, so many places that it spent most of its time in. */
const PLACES = 8;
const LEAST_MS = 2;
const CORE = 'the core';
/** Of a stack, so many functions. */
const DEPTH = 4;

/**
 * @param {string} file
 * @param {Block[]} blocks
 * @returns {Promise<string[]>} one paragraph for each
 */
export async function placesOf(file, blocks) {
  /** @type {Profile} */
  const profile = JSON.parse(await readFile(file, 'utf8'));
  const stacks = stacksOf(profile);
  return blocks.map(block => describe(block, spentIn(profile, stacks, block)));
}

/**
 * @param {string} file
 * @param {import('./watched.js').Span} span
 * @returns {Promise<number>} milliseconds of it that the main thread was in the core
 */
export async function spentInCore(file, { began, seconds }) {
  /** @type {Profile} */
  const profile = JSON.parse(await readFile(file, 'utf8'));
  const spent = spentIn(profile, stacksOf(profile), { at: began, ms: seconds * 1000 });
  const inCore = [...spent].filter(([place]) => place.endsWith(CORE));
  return inCore.reduce((sum, [, ms]) => sum + ms, 0);
}

/** @param {Block} block @param {Map<string, number>} spent */
function describe({ ms, waited }, spent) {
  const places = [...spent].filter(([, share]) => share >= LEAST_MS).sort(([, a], [, b]) => b - a);
  const lines = places
    .slice(0, PLACES)
    .map(([place, share]) => `${share.toFixed(0).padStart(7)} ms  ${place}`);
  return [`${ms.toFixed(0)} ms, ${waited.toFixed(0)} of them without a processor`, ...lines].join('\n');
}

/**
 * @param {Profile} profile
 * @param {Map<number, string>} stacks
 * @param {{at: number, ms: number}} time
 * @returns {Map<string, number>} milliseconds by place
 */
function spentIn({ samples, timeDeltas, startTime }, stacks, { at, ms }) {
  /** @type {Map<string, number>} */
  const spent = new Map();
  let time = startTime / 1000;
  for (const [index, id] of samples.entries()) {
    time += (timeDeltas[index] ?? 0) / 1000;
    if (time < at) continue;
    if (time > at + ms) break;
    const stack = stacks.get(id) ?? '';
    spent.set(stack, (spent.get(stack) ?? 0) + (timeDeltas[index + 1] ?? 0) / 1000);
  }
  return spent;
}

/** @param {Profile} profile @returns {Map<number, string>} by node */
function stacksOf({ nodes }) {
  const byId = new Map(nodes.map(node => [node.id, node]));
  /** @type {Map<number, string>} */
  const stacks = new Map();
  /** @param {ProfileNode} node @param {Frame[]} above */
  const walk = (node, above) => {
    const frames = [...above, node.callFrame];
    stacks.set(node.id, shorten(frames));
    for (const child of node.children ?? []) walk(/** @type {ProfileNode} */ (byId.get(child)), frames);
  };
  if (nodes[0]) walk(nodes[0], []);
  return stacks;
}

/**
 * @param {Frame[]} frames outermost first
 * @returns {string} our functions and what they were in, or else the innermost of others
 */
function shorten(frames) {
  const named = frames.filter(({ functionName }) => functionName !== '');
  const own = named.filter(({ url }) => url.startsWith(`file://${REPOSITORY}/extension/`));
  const names = (own.length > 0 ? own : named).slice(-DEPTH).map(nameOf);
  if (frames.some(({ url }) => url.startsWith('wasm:'))) return [...names, CORE].join(' > ');
  const leaf = named.at(-1);
  return (leaf && own.length > 0 && leaf !== own.at(-1) ? [...names, nameOf(leaf)] : names).join(' > ');
}

/** @param {Frame} frame */
function nameOf({ functionName, url, lineNumber }) {
  const file = url.split('/').slice(-2).join('/');
  return url ? `${functionName} (${file}:${lineNumber + 1})` : functionName;
}
