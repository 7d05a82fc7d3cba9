/** The one table of `SCHEMA_SYNC*` environment variables, and the settings that they add up to. */
import { resolve } from 'node:path';
import { throwErrors } from './errors.js';

/** @typedef {import('./errors.js').Diagnostic} Diagnostic */

/**
 * @typedef {object} Variable
 * @property {string} name
 * @property {string} doc
 * @property {(value: unknown) => unknown} [parse] gives the setting or throws a sentence that says what is allowed;
 *   absent where this version does not honour the variable
 * @property {unknown} [default]
 *
 * @typedef {object} Settings everything that the environment decides
 * @property {string} dir the sync folder, absolute
 * @property {string | null} config an additional config file, relative to the folder
 * @property {'IMPORT' | 'EXPORT' | 'BOTH' | null} start what the server does by itself
 * @property {import('./core.js').Mode} mode
 * @property {boolean} safe whether nothing of the schema is ever deleted
 * @property {import('./core.js').OnDrift} onDrift for entries whose config does not say
 * @property {boolean} split whether the schema goes into one file per collection
 * @property {boolean} dataOnly whether an import leaves the schema alone
 * @property {'continue' | 'exit'} onError what a server does when its import at start fails
 * @property {number} wait seconds to wait for the lock
 * @property {number | null} revision of the deployment, which grows
 * @property {boolean} watch whether edits of the data files are imported into the running server
 * @property {number} poll seconds between looks for imports by other processes, 0 for none
 * @property {number} lockTtl seconds after which the lock of a dead process is taken over
 * @property {boolean} allowDestructive consent to plans that lose data
 * @property {boolean} verify whether an import reads again what it wrote
 * @property {(name: string) => string | undefined} variable the value of any other variable, for placeholders of the
 *   data files
 */

/** How far an import may go, by the words that flags and variables take. */
export const MODES = Object.freeze(/** @type {const} */ (['sync', 'merge', 'mirror', 'create']));

/** @type {readonly Variable[]} */
export const VARIABLES = Object.freeze([
  {
    name: 'SCHEMA_SYNC',
    doc: '`IMPORT`: import at start when the folder changed. `EXPORT`: write changes to the folder. `BOTH`',
    parse: oneOf('IMPORT', 'EXPORT', 'BOTH'),
    default: null,
  },
  { name: 'SCHEMA_SYNC_DIR', doc: 'the folder', parse: text, default: 'schema-sync' },
  {
    name: 'SCHEMA_SYNC_CONFIG',
    doc: 'one more config file, relative to the folder',
    parse: text,
    default: null,
  },
  {
    name: 'SCHEMA_SYNC_MODE',
    doc: '`sync`, `merge`, `mirror` or `create`',
    parse: oneOf(...MODES),
  },
  { name: 'SCHEMA_SYNC_MERGE', doc: '`true` is `SCHEMA_SYNC_MODE=merge`', parse: flag, default: false },
  {
    name: 'SCHEMA_SYNC_SAFE',
    doc: '`true` never deletes in the schema, whatever the mode',
    parse: flag,
    default: false,
  },
  {
    name: 'SCHEMA_SYNC_SPLIT',
    doc: '`false` writes the whole schema to `data/schema.json`',
    parse: flag,
    default: true,
  },
  { name: 'SCHEMA_SYNC_DATA_ONLY', doc: '`true` leaves the schema alone', parse: flag, default: false },
  {
    name: 'SCHEMA_SYNC_ALLOW_DESTRUCTIVE',
    doc: '`true` gives the consent of `--allow-destructive` at start',
    parse: flag,
    default: false,
  },
  {
    name: 'SCHEMA_SYNC_VERIFY',
    doc: '`false` does not compare what was written with what reads back',
    parse: flag,
    default: true,
  },
  {
    name: 'SCHEMA_SYNC_ON_ERROR',
    doc: '`continue` starts with the old state when an import fails, `exit` ends the process',
    parse: oneOf('continue', 'exit'),
    default: 'continue',
  },
  {
    name: 'SCHEMA_SYNC_WAIT',
    doc: "seconds to wait for another replica's import",
    parse: seconds(0),
    default: 600,
  },
  {
    name: 'SCHEMA_SYNC_LOCK_TTL',
    doc: 'seconds after which the lock of a dead process is taken over',
    parse: seconds(5),
    default: 60,
  },
  {
    name: 'SCHEMA_SYNC_WATCH',
    doc: '`true` imports edits of the data files into the running server',
    parse: flag,
    default: false,
  },
  {
    name: 'SCHEMA_SYNC_POLL',
    doc: 'seconds between looks for imports by other processes, `0` for none',
    parse: seconds(0),
    default: 5,
  },
  {
    name: 'SCHEMA_SYNC_REVISION',
    doc: 'a number that grows with every deployment, such as the commit time; a lower one is not imported at start',
    parse: wholeNumber,
    default: null,
  },
  { name: 'SCHEMA_SYNC_API', doc: 'lets other environments work through this server' },
]);

/**
 * Evaluates the environment.
 *
 * @param {Record<string, unknown>} env `process.env`, or the environment of Directus, which has cast `true` and
 *   numbers already
 * @param {string} [cwd] what a relative `SCHEMA_SYNC_DIR` is relative to
 * @returns {{settings: Settings, diagnostics: Diagnostic[]}} only warnings are handed back
 * @throws {import('./errors.js').SchemaSyncError} ENVIRONMENT_INVALID with every bad value at once
 */
export function readEnvironment(env, cwd = process.cwd()) {
  /** @type {Diagnostic[]} */
  const diagnostics = [];
  const values = Object.fromEntries(
    VARIABLES.map(variable => [variable.name, read(variable, env, diagnostics)]),
  );
  diagnostics.push(...unknownNames(env), ...contradictions(values));
  throwErrors(diagnostics);
  const variable = (/** @type {string} */ name) => textOf(process.env[name] ?? env[name]);
  return { settings: { ...settingsOf(values, cwd), variable }, diagnostics };
}

/** @param {Record<string, any>} values @param {string} cwd @returns {Omit<Settings, 'variable'>} */
function settingsOf(values, cwd) {
  return {
    dir: resolve(cwd, values.SCHEMA_SYNC_DIR),
    config: values.SCHEMA_SYNC_CONFIG,
    start: values.SCHEMA_SYNC,
    mode: values.SCHEMA_SYNC_MODE ?? (values.SCHEMA_SYNC_MERGE ? 'merge' : 'sync'),
    safe: values.SCHEMA_SYNC_SAFE,
    onDrift: exportsToo(values.SCHEMA_SYNC) ? 'keep' : 'overwrite',
    split: values.SCHEMA_SYNC_SPLIT,
    dataOnly: values.SCHEMA_SYNC_DATA_ONLY,
    onError: values.SCHEMA_SYNC_ON_ERROR,
    wait: values.SCHEMA_SYNC_WAIT,
    lockTtl: values.SCHEMA_SYNC_LOCK_TTL,
    allowDestructive: values.SCHEMA_SYNC_ALLOW_DESTRUCTIVE,
    verify: values.SCHEMA_SYNC_VERIFY,
    revision: values.SCHEMA_SYNC_REVISION,
    watch: values.SCHEMA_SYNC_WATCH,
    poll: values.SCHEMA_SYNC_POLL,
  };
}

/**
 * On such an instance people work, and what they did is not exported yet.
 *
 * @param {Settings['start']} start
 */
function exportsToo(start) {
  return start === 'EXPORT' || start === 'BOTH';
}

/** @param {Variable} variable @param {Record<string, unknown>} env @param {Diagnostic[]} diagnostics */
function read({ name, parse, default: otherwise }, env, diagnostics) {
  const value = env[name];
  // An empty value is how compose files and CI systems write "not set".
  if (value === undefined || value === null || value === '') return otherwise;
  if (!parse) {
    diagnostics.push(warning(name, `${name} is not supported by this version yet and has no effect.`));
    return otherwise;
  }
  try {
    return parse(value);
  } catch (error) {
    const reason = /** @type {Error} */ (error).message;
    diagnostics.push(problem(name, `${name} is "${value}", but ${reason}.`));
    return otherwise;
  }
}

/** @param {Record<string, unknown>} env @returns {Diagnostic[]} */
function unknownNames(env) {
  const known = new Set(VARIABLES.map(({ name }) => name));
  return Object.keys(env)
    .filter(name => name.startsWith('SCHEMA_SYNC_') && !known.has(name))
    .sort()
    .map(name => warning(name, `${name} is not a variable of Schema Sync and has no effect.`));
}

/** @param {Record<string, unknown>} values @returns {Diagnostic[]} */
function contradictions(values) {
  const mode = values.SCHEMA_SYNC_MODE ?? 'merge';
  if (!values.SCHEMA_SYNC_MERGE || mode === 'merge') return [];
  const message = `SCHEMA_SYNC_MERGE=true contradicts SCHEMA_SYNC_MODE=${mode}. Remove one of them.`;
  return [problem('SCHEMA_SYNC_MERGE', message)];
}

/** @param {string} name @param {string} message @returns {Diagnostic} */
function warning(name, message) {
  return { severity: 'warning', code: 'ENVIRONMENT_UNKNOWN', message, path: name };
}

/** @param {string} name @param {string} message @returns {Diagnostic} */
function problem(name, message) {
  return { severity: 'error', code: 'ENVIRONMENT_INVALID', message, path: name };
}

/** @param {...string} allowed @returns {(value: unknown) => string} */
function oneOf(...allowed) {
  return value => {
    const found = allowed.find(name => name.toLowerCase() === String(value).trim().toLowerCase());
    if (found) return found;
    throw new Error(`only ${allowed.join(', ')} are understood`);
  };
}

/** @param {unknown} value */
function flag(value) {
  return oneOf('true', 'false')(value) === 'true';
}

/**
 * Directus reads variables from files too, and casts those; the process has them as they are.
 *
 * @param {unknown} value
 * @returns {string | undefined}
 */
function textOf(value) {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** @param {unknown} value */
function text(value) {
  return String(value).trim();
}

/** @param {unknown} value */
function wholeNumber(value) {
  const number = Number(value);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  throw new Error('it takes a whole number');
}

/** @param {number} least @returns {(value: unknown) => number} */
function seconds(least) {
  return value => {
    const number = Number(value);
    if (Number.isInteger(number) && number >= least) return number;
    throw new Error(`it takes a whole number of seconds, ${least} or more`);
  };
}
