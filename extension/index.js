/** The hook that Directus loads: commands, and the import at start. */
import { registerCommands } from './cli.js';
import { readEnvironment } from './environment.js';
import { asKnown, EXIT } from './errors.js';
import { hear } from './instances/local/events.js';
import { localInstance } from './instances/local.js';
import { diagnosticLines, errorLines } from './report.js';
import { hearEvents, isLoadedAgain, onHandled, ServerWork, stopBeforeClosing } from './server.js';
import { importAtStart } from './startup.js';

/** @typedef {import('./instances/local/context.js').Context} Context */

const SUMMARY = 'Move this project between environments through a folder of JSON files';

/**
 * @param {import('./instances/local/events.js').Hooks & {init: (event: string, handler: (meta: any) => unknown) => void}} hooks
 * @param {Context} context
 */
export default function register({ init, action, filter }, context) {
  // Directus adds its own commands later and dies of a name that is taken, so only one new name is added.
  init('cli.before', ({ program }) => {
    const parent = program.command('schema-sync').description(SUMMARY);
    registerCommands(parent, { name: 'directus', env: context.env, instance: () => localInstance(context) });
  });
  init('app.before', () => beginWork(context, true));
  hear({ action, filter }, onHandled);
  // Directus loads extensions anew while it runs, and calls nothing but this function then.
  if (isLoadedAgain()) beginWork(context, false);
}

/**
 * Begins what goes on by itself from now on.
 *
 * @param {Context} context
 * @param {boolean} isStart whether the server does not listen yet
 */
async function beginWork(context, isStart) {
  const { logger, getSchema, database } = context;
  const settings = attempt(context, () => settingsOf(context));
  const instance = settings && attempt(context, () => localInstance(context));
  if (!settings || !instance) return;
  if (isStart && (settings.start === 'IMPORT' || settings.start === 'BOTH')) {
    await importAtStart({ instance, settings, logger });
  }
  const work = new ServerWork({ instance, settings, logger, getSchema });
  await hearEvents();
  await work.start();
  stopBeforeClosing(database);
}

/** @param {Context} context */
function settingsOf({ env, logger }) {
  const { settings, diagnostics } = readEnvironment(env);
  for (const line of diagnosticLines(diagnostics)) logger.warn(`Schema Sync: ${line}`);
  return settings;
}

/**
 * A throw at this point would only be logged by Directus, and the server would start as if all were well.
 *
 * @template T
 * @param {Context} context
 * @param {() => T} work
 * @returns {T | null} null when it failed, unless the process ends
 */
function attempt({ env, logger }, work) {
  try {
    return work();
  } catch (error) {
    for (const line of errorLines(asKnown(error))) logger.error(`Schema Sync: ${line}`);
    if (String(env.SCHEMA_SYNC_ON_ERROR).toLowerCase() === 'exit') process.exit(EXIT.error);
    return null;
  }
}
