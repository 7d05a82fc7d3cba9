/** `allowSecrets` of the config: places whose values look like credentials and are none. */

/**
 * @typedef {import('../errors.js').Diagnostic} Diagnostic
 */

const EXAMPLE = "`allowSecrets = ['directus_operations[*].options.url']`";
/** An entry's name, the key of a row except for a singleton, and a path inside of the row. */
const PLACE = /^[^[\].*\s]+(?:\[.+\])?\..+$/s;

/**
 * @param {unknown} listed what a config file exports
 * @param {string} path of it, for messages
 * @param {Diagnostic[]} diagnostics
 * @returns {string[]}
 */
export function readAllowed(listed, path, diagnostics) {
  if (listed === undefined || listed === null) return [];
  const places = Array.isArray(listed) ? listed : [listed];
  const isPlace = (/** @type {unknown} */ place) => typeof place === 'string' && PLACE.test(place);
  if (!Array.isArray(listed)) diagnostics.push(invalid(path, 'is no list'));
  for (const [index, place] of places.entries()) {
    if (Array.isArray(listed) && !isPlace(place))
      diagnostics.push(invalid(`${path}[${index}]`, 'names no value of a row'));
  }
  return places.filter(isPlace);
}

/**
 * @param {string[]} allowed
 * @param {string} place such as `directus_operations[3f0c…].options.url`
 * @returns {boolean}
 */
export function allows(allowed, place) {
  return allowed.some(pattern => pattern === place || patternOf(pattern).test(place));
}

/** @param {string} place in which `*` stands for any text @returns {RegExp} */
function patternOf(place) {
  const parts = place.split('*').map(part => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's');
}

/** @param {string} path @param {string} what @returns {Diagnostic} */
function invalid(path, what) {
  const message = `${path} ${what}. List places as the warnings name them, with * for any text, as in ${EXAMPLE}.`;
  return { severity: 'error', code: 'CONFIG_INVALID', message, path };
}
