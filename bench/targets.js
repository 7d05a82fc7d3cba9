/** What the figures are to be, and whether they are. */
import { ours } from './contenders/extension.js';
import { floor } from './contenders/floor.js';
import { medianOf } from './measure.js';

/**
 * @typedef {import('./findings.js').Result} Result
 * @typedef {import('./measure.js').Measured} Measured
 *
 * @typedef {object} Found
 * @property {(work: string, rows: number, contender?: string) => Measured | null} of one contender, this one by default
 * @property {(work: string, rows: number) => Measured | null} peer the fastest of the others that do the work
 *
 * @typedef {object} Target
 * @property {string} text
 * @property {number} most
 * @property {(found: Found) => number | null} measure null for what was not measured
 */

const MANY = 100_000;
const MOST = 1_000_000;
/** What the cost of a row among very many is compared with. */
const FEW = 10_000;

const EXPORT = 'export';
const IMPORT = 'import into empty';

/** @type {readonly Target[]} */
const TARGETS = [
  ofPeer(EXPORT, 'seconds', 0.5),
  ofPeer(EXPORT, 'memory', 0.5),
  ofPeer('nothing to do', 'seconds', 0.35),
  ofPeer('1% changed', 'seconds', 0.15),
  ofPeer('10% new', 'seconds', 0.12),
  ofPeer(IMPORT, 'seconds', 0.08),
  ofFloor(EXPORT, 3),
  ofFloor(IMPORT, 3),
  ...[EXPORT, IMPORT].flatMap(work => [memory(work), perRow(work)]),
];

/** Megabytes by second that the core has to compare. */
const CORE_LEAST = 300;

/** @param {string} work @param {'seconds' | 'memory'} figure @param {number} most @returns {Target} */
function ofPeer(work, figure, most) {
  return {
    text: `${work}, ${count(MANY)} rows: ${figure} beside the fastest peer's`,
    most,
    measure: ({ of, peer }) => ratio(of(work, MANY)?.[figure], peer(work, MANY)?.[figure]),
  };
}

/** @param {string} work @param {number} most @returns {Target} */
function ofFloor(work, most) {
  return {
    text: `${work}, ${count(MANY)} rows: seconds beside ${floor.name}`,
    most,
    measure: ({ of }) => ratio(of(work, MANY)?.seconds, of(work, MANY, floor.name)?.seconds),
  };
}

/** @param {string} work @returns {Target} */
function memory(work) {
  const megabytes = 2 ** 20 / 1e6;
  return {
    text: `${work}, ${count(MOST)} rows: megabytes of memory`,
    most: 1500,
    measure: ({ of }) => ratio(of(work, MOST)?.memory, 1 / megabytes),
  };
}

/** @param {string} work @returns {Target} */
function perRow(work) {
  return {
    text: `${work}: seconds of a row among ${count(MOST)} beside those of one among ${count(FEW)}`,
    most: 1.3,
    measure: ({ of }) => ratio(per(of(work, MOST), MOST), per(of(work, FEW), FEW)),
  };
}

/** @param {Measured | null} measured @param {number} rows */
function per(measured, rows) {
  return measured ? measured.seconds / rows : undefined;
}

/** @param {number} [a] @param {number} [b] */
function ratio(a, b) {
  return a === undefined || b === undefined ? null : a / b;
}

/** @param {number} rows */
function count(rows) {
  return rows.toLocaleString('en');
}

/**
 * @param {Result[]} results
 * @param {Record<string, number>} core megabytes by second, by what the core does
 * @returns {string[][]} the cells of a table with its head
 */
export function targetCells(results, core) {
  const databases = [...new Set(results.map(({ database }) => database))];
  const founds = databases.map(database => foundIn(results.filter(result => result.database === database)));
  const lines = TARGETS.map(({ text, most, measure }) => {
    return [text, `at most ${most}`, ...founds.map(found => judged(measure(found), value => value <= most))];
  });
  return [['', 'target', ...databases], ...lines, ...coreLines(core, databases.length)];
}

/** @param {Result[]} results of one database @returns {Found} */
function foundIn(results) {
  const at = (/** @type {string} */ work, /** @type {number} */ rows) =>
    results.filter(result => result.work === work && result.rows === rows);
  return {
    of(work, rows, contender = ours.name) {
      const result = at(work, rows).find(result => result.contender === contender);
      return result ? medianOf(result.runs) : null;
    },
    peer(work, rows) {
      const peers = at(work, rows).filter(({ contender }) => ![ours.name, floor.name].includes(contender));
      const [fastest] = peers.map(({ runs }) => medianOf(runs)).sort((a, b) => a.seconds - b.seconds);
      return fastest ?? null;
    },
  };
}

/** The core knows no databases. @param {Record<string, number>} core @param {number} databases */
function coreLines({ 'compare equal rows': compared, 'JSON.parse': parsed }, databases) {
  const text = 'comparing rows that are equal, through WebAssembly';
  const spread = (/** @type {string} */ cell) => Array.from({ length: databases }, () => cell);
  const least = (/** @type {number} */ bound) => judged(compared ?? null, value => value >= bound);
  return [
    [`${text}: MB/s`, `at least ${CORE_LEAST}`, ...spread(least(CORE_LEAST))],
    [
      `${text}: MB/s beside JSON.parse`,
      `more than ${parsed?.toFixed(0) ?? 'its'}`,
      ...spread(least(parsed ?? Number.NaN)),
    ],
  ];
}

/** @param {number | null} value @param {(value: number) => boolean} isMet */
function judged(value, isMet) {
  if (value === null) return 'not measured';
  return `${value >= 10 ? value.toFixed(0) : value.toFixed(2)} ${isMet(value) ? '' : '**missed**'}`.trim();
}
