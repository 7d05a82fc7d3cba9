/** The one table of commands, offered by both entries, and the only place that catches and ends the process. */

import { isJson } from './commands/command.js';
import { convert } from './commands/convert.js';
import { diff, planCommand } from './commands/diff.js';
import { exportCommand, exportSchema } from './commands/export.js';
import { hash } from './commands/hash.js';
import { importCommand, importSchema } from './commands/import.js';
import { install } from './commands/install.js';
import { status } from './commands/status.js';
import { unlock } from './commands/unlock.js';
import { validate } from './commands/validate.js';
import { readEnvironment } from './environment.js';
import { asKnown, EXIT } from './errors.js';
import { Output } from './output.js';
import { diagnosticLines, failureLines } from './report.js';

/**
 * @typedef {import('./commands/command.js').Command} Command
 * @typedef {import('./commands/command.js').Outcome} Outcome
 *
 * @typedef {object} Entry what an entry file knows
 * @property {'directus' | 'bin'} name
 * @property {Record<string, unknown>} env
 * @property {() => any} [instance] the Directus to work on, made when a command runs
 */

/** @type {readonly Command[]} */
export const COMMANDS = Object.freeze([
  install,
  exportCommand,
  importCommand,
  diff,
  planCommand,
  status,
  hash,
  convert,
  validate,
  unlock,
  exportSchema,
  importSchema,
]);

/**
 * @param {any} parent a command of commander, Directus' or our own
 * @param {Entry} entry
 */
export function registerCommands(parent, entry) {
  for (const command of COMMANDS.filter(({ entries }) => entries.includes(entry.name))) {
    const registered = parent.command(command.name).description(command.summary);
    for (const [flags, description] of command.options) registered.option(flags, description);
    registered.action((/** @type {Record<string, any>} */ options) => runCommand(command, entry, options));
  }
}

/**
 * Directus keeps timers and pools that would keep the process alive, so it is ended here.
 *
 * @param {Command} command
 * @param {Entry} entry
 * @param {Record<string, any>} options
 */
async function runCommand(command, entry, options) {
  const output = new Output({ json: wantsJson(options) });
  const code = await resultOf(command, entry, options, output);
  await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
  process.exit(code);
}

/** @param {Record<string, any>} options */
function wantsJson(options) {
  try {
    return isJson(options);
  } catch {
    // The command itself reports the bad option.
    return false;
  }
}

/**
 * @param {Command} command
 * @param {Entry} entry
 * @param {Record<string, any>} options
 * @param {Output} output
 * @returns {Promise<number>} exit code
 */
async function resultOf(command, { env, instance }, options, output) {
  try {
    const { settings, diagnostics } = readEnvironment(env);
    output.warn(diagnosticLines(diagnostics));
    const outcome = await command.run({ settings, env, output, instance: instance?.() ?? null }, options);
    output.warn(diagnosticLines(outcome.warnings ?? []));
    output.say(outcome.lines);
    if (outcome.json !== undefined) output.document(outcome.json);
    return outcome.exitCode ?? EXIT.done;
  } catch (error) {
    return failure(error, output);
  }
}

/** @param {unknown} error @param {Output} output @returns {number} exit code */
function failure(error, output) {
  const known = asKnown(error);
  output.warn(failureLines(known));
  output.document({ error: known });
  return known.exitCode;
}

/** @param {NodeJS.WriteStream} stream @returns {Promise<void>} settles when everything is written */
function flushed(stream) {
  return new Promise(resolve => stream.write('', () => resolve()));
}
