/** Fewer than the variables that any supported database takes in one statement. */
const VALUES_PER_STATEMENT = 500;

/**
 * @template T
 * @param {readonly T[]} values such as those for `WHERE … IN (…)`
 * @param {number} [size] as many as one statement takes, unless given
 * @returns {Generator<T[], void, void>} that many at a time
 */
export function* chunks(values, size = VALUES_PER_STATEMENT) {
  for (let start = 0; start < values.length; start += size) yield values.slice(start, start + size);
}
