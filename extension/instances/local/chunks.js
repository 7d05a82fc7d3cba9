/** Fewer than the variables that any supported database takes in one statement. */
const VALUES_PER_STATEMENT = 500;

/**
 * @template T
 * @param {readonly T[]} values for `WHERE … IN (…)`
 * @returns {Generator<T[], void, void>} as many at a time as one statement takes
 */
export function* chunks(values) {
  for (let start = 0; start < values.length; start += VALUES_PER_STATEMENT) {
    yield values.slice(start, start + VALUES_PER_STATEMENT);
  }
}
