/**
 * Variables of the environment that placeholders of the data files name. What they hold goes to the core, and from
 * there to the instance alone.
 */

/**
 * @typedef {import('./core.js').Core} Core
 * @typedef {Record<string, string>} Variables values by name, of those that are set
 */

/** What every placeholder has. Most files hold none, and what begins with a rare byte is soon not found. */
const MARK = '$env"';
/** No name is longer, with the blanks before it. */
const LONGEST_BYTES = 1024;
const PLACEHOLDER = /"\$env"\s*:\s*("(?:[^"\\]|\\.)+")/g;

/** Looks for placeholders in a data file, which comes in parts. */
export class PlaceholderSearch {
  /** What they name. @type {Set<string>} */
  names = new Set();
  /** Whether any row may have one. */
  isFound = false;
  /** @type {Uint8Array} */
  #end = new Uint8Array();

  /** @param {Uint8Array} part of the file */
  add(part) {
    this.#look(Buffer.concat([this.#end, part.subarray(0, LONGEST_BYTES)]));
    this.#look(Buffer.from(part.buffer, part.byteOffset, part.length));
    const end = part.subarray(-LONGEST_BYTES);
    this.#end = Buffer.concat([this.#end, end]).subarray(-LONGEST_BYTES);
  }

  /** @param {Buffer} bytes */
  #look(bytes) {
    if (!bytes.includes(MARK)) return;
    this.isFound = true;
    for (const [, name] of bytes.toString().matchAll(PLACEHOLDER)) this.names.add(JSON.parse(String(name)));
  }
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
