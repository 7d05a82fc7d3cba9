/**
 * Variables of the environment that placeholders of the data files name. What they hold goes to the core, and from
 * there to the instance alone.
 */

/**
 * @typedef {import('./core.js').Core} Core
 * @typedef {Record<string, string>} Variables values by name, of those that are set
 */

/** How every placeholder begins; most files hold none, and looking for it costs next to nothing. */
const MARK = '"$env"';
const PLACEHOLDER = /"\$env"\s*:\s*("(?:[^"\\]|\\.)+")/g;

/**
 * @param {Iterable<Uint8Array>} files
 * @returns {string[]} names, sorted
 */
export function variableNames(files) {
  const names = new Set();
  for (const bytes of files) {
    if (!mayHoldPlaceholder(bytes)) continue;
    const text = new TextDecoder().decode(bytes);
    for (const [, name] of text.matchAll(PLACEHOLDER)) names.add(JSON.parse(name));
  }
  return [...names].sort();
}

/** @param {Uint8Array} bytes of a data file @returns {boolean} whether any row of it may have a placeholder */
export function mayHoldPlaceholder(bytes) {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(MARK);
}

/**
 * @param {string[]} names
 * @param {(name: string) => string | undefined} lookUp
 * @returns {Variables}
 */
export function variablesOf(names, lookUp) {
  return Object.fromEntries(
    names.map(name => [name, lookUp(name) ?? '']).filter(([, value]) => value !== ''),
  );
}

/**
 * What tells whether a variable has changed, and tells nobody else anything, since it is keyed.
 *
 * @param {Core} core
 * @param {Variables} variables
 * @param {string} secret of the instance
 * @returns {string} hex
 */
export function variablesDigest(core, variables, secret) {
  return core.fingerprint([['secret', secret], ...Object.entries(variables).sort(byName)]);
}

/**
 * An error as it may be shown: databases name the values that they refuse.
 *
 * @param {any} error whatever was thrown while values were written
 * @param {Variables} variables
 * @returns {any} the same error, with placeholders in place of what they stand for
 */
export function withoutValues(error, variables) {
  if (!(error instanceof Error)) return error;
  for (const name of /** @type {const} */ (['message', 'stack'])) {
    const text = error[name];
    if (text) Object.defineProperty(error, name, { value: redacted(text, variables), configurable: true });
  }
  if (error.cause) error.cause = withoutValues(error.cause, variables);
  return error;
}

/** @param {string} text @param {Variables} variables */
function redacted(text, variables) {
  // A value that holds another one goes first.
  const longest = Object.entries(variables).sort(([, a], [, b]) => b.length - a.length);
  return longest.reduce((text, [name, value]) => {
    const quoted = JSON.stringify(value).slice(1, -1);
    const placeholder = `{"$env":"${name}"}`;
    return text.replaceAll(value, placeholder).replaceAll(quoted, placeholder);
  }, text);
}

/** @param {[string, string]} a @param {[string, string]} b */
function byName([a], [b]) {
  return a < b ? -1 : 1;
}
