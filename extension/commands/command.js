/**
 * What a command is, and what it is given. A command decides and reports; `cli.js` prints, and sets the exit code.
 *
 * @typedef {object} CommandContext
 * @property {import('../environment.js').Settings} settings
 * @property {Record<string, unknown>} env
 * @property {any} instance null where there is no database
 * @property {import('../output.js').Output} output
 *
 * @typedef {object} Outcome
 * @property {string[]} lines for people
 * @property {unknown} [json] for machines
 * @property {import('../errors.js').Diagnostic[]} [warnings]
 * @property {number} [exitCode] 0 unless told otherwise
 *
 * @typedef {object} Command
 * @property {string} name
 * @property {string} summary
 * @property {readonly ('directus' | 'bin')[]} entries where it is offered: `directus schema-sync`, `schema-sync`
 * @property {readonly [flags: string, description: string][]} options
 * @property {(context: CommandContext, options: Record<string, any>) => Promise<Outcome>} run
 */
import { SchemaSyncError } from '../errors.js';

/** @param {unknown} value of `--only a,b` @returns {string[] | undefined} */
export function parseList(value) {
  if (value === undefined) return undefined;
  const names = String(value)
    .split(',')
    .map(name => name.trim())
    .filter(Boolean);
  if (names.length > 0) return names;
  throw new SchemaSyncError('OPTION_INVALID', '--only takes names of entries, divided by commas.', {
    path: '--only',
  });
}

/**
 * @template {string} T
 * @param {string} flag
 * @param {unknown} value
 * @param {readonly T[]} allowed
 * @returns {T | undefined}
 */
export function parseChoice(flag, value, allowed) {
  if (value === undefined) return undefined;
  const found = allowed.find(choice => choice === value);
  if (found !== undefined) return found;
  const message = `${flag} is "${value}", but only ${allowed.join(', ')} are understood.`;
  throw new SchemaSyncError('OPTION_INVALID', message, { path: flag });
}

const FORMATS = Object.freeze(/** @type {const} */ (['text', 'json', 'markdown', 'html']));

/** @param {Record<string, any>} flags of `diff` */
export function diffFormat({ json, format }) {
  const chosen = parseChoice('--format', format, FORMATS);
  return json ? 'json' : (chosen ?? 'text');
}

/** @param {Record<string, any>} flags @returns {boolean} whether stdout belongs to one JSON document */
export function isJson(flags) {
  return diffFormat(flags) === 'json';
}
