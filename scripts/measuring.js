/** What benchmarks have in common. */

/** How often each thing is measured: `BENCH_ROUNDS`, or five times. */
export const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);

/** @param {number[]} values @returns {number} NaN of none */
export function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
