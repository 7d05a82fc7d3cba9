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

/**
 * @param {Record<string, unknown>[]} rows
 * @param {number} most characters that one statement takes
 * @returns {Generator<Record<string, unknown>[], void, void>} as many rows at a time, or a single larger one
 */
export function* bySize(rows, most) {
  if (!Number.isFinite(most)) return yield rows;
  let start = 0;
  let size = 0;
  for (const [index, row] of rows.entries()) {
    const own = sizeOf(Object.values(row));
    if (index > start && size + own > most) {
      yield rows.slice(start, index);
      start = index;
      size = 0;
    }
    size += own;
  }
  yield rows.slice(start);
}

/**
 * @param {unknown[]} values
 * @param {number} most characters that one statement takes
 */
export function isTooLarge(values, most) {
  return Number.isFinite(most) && sizeOf(values) > most;
}

/**
 * @param {string} text
 * @param {number} most characters of a piece
 * @returns {Generator<string, void, void>} pieces, with characters whole that take two places
 */
export function* pieces(text, most) {
  for (let start = 0; start < text.length; ) {
    const end = Math.min(start + most, text.length);
    const isHalf = /[\uD800-\uDBFF]/.test(text.charAt(end - 1));
    const piece = text.slice(start, isHalf ? end + 1 : end);
    yield piece;
    start += piece.length;
  }
}

/** @param {unknown[]} values @returns {number} characters, about; bytes are written as hex */
function sizeOf(values) {
  let size = 0;
  for (const value of values) {
    if (typeof value === 'string') size += value.length;
    else if (Buffer.isBuffer(value)) size += value.length * 2;
  }
  return size;
}
