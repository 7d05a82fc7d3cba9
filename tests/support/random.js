/** Numbers that look random and are the same on every run. */

/**
 * @param {number} seed
 */
export function seeded(seed) {
  let state = seed >>> 0;

  /** A number from 0 up to, not including, `limit`. */
  function below(/** @type {number} */ limit) {
    // The mulberry32 generator: small, and good enough to vary tests.
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  }

  return {
    below,
    /** @template T @param {readonly T[]} things @returns {T} */
    pick: things => things[below(things.length)],
    /** @template T @param {readonly T[]} things @returns {T[]} */
    shuffle: things =>
      things
        .map(thing => ({ thing, at: below(1 << 30) }))
        .sort((a, b) => a.at - b.at)
        .map(({ thing }) => thing),
  };
}

/** @typedef {ReturnType<typeof seeded>} Random */
