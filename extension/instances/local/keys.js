/** Primary keys of rows. */

const INTEGER = /^-?\d+$/;
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/**
 * A text that is no UUID makes PostgreSQL fail on a uuid column, where it just matches nothing.
 *
 * @param {any} collection as Directus' schema has it
 * @param {unknown} key
 * @returns {boolean} whether the column can hold it
 */
export function isPossibleKey({ primary, fields }, key) {
  if (fields[primary].type === 'uuid') return UUID.test(String(key));
  if (['integer', 'bigInteger'].includes(fields[primary].type)) return INTEGER.test(String(key));
  return key !== null && key !== undefined;
}
