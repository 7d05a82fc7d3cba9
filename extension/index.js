/** The hook that Directus loads: commands, and the import at start. */
import { registerCommands } from './cli.js';
import { readEnvironment } from './environment.js';
import { localInstance } from './instances/local.js';
import { diagnosticLines, errorLines } from './report.js';
import { importAtStart } from './startup.js';

/** @typedef {import('./instances/local/context.js').Context} Context */

const SUMMARY = 'Move this project between environments through a folder of JSON files';

/**
 * @param {{init: (event: string, handler: (meta: any) => unknown) => void}} hooks
 * @param {Context} context
 */
export default function register({ init }, context) {
  // Directus adds its own commands later and dies of a name that is taken, so only one new name is added.
  init('cli.before', ({ program }) => {
    const parent = program.command('schema-sync').description(SUMMARY);
    registerCommands(parent, { name: 'directus', env: context.env, instance: () => localInstance(context) });
  });
  init('app.before', () => start(context));
}

/** @param {Context} context */
async function start(context) {
  const settings = settingsAtStart(context);
  if (settings?.start !== 'IMPORT' && settings?.start !== 'BOTH') return;
  await importAtStart({ instance: localInstance(context), settings, logger: context.logger });
}

/**
 * A throw at this point would only be logged by Directus, and the server would start as if all were well.
 *
 * @param {Context} context
 * @returns {import('./environment.js').Settings | null} null when a value is not understood
 */
function settingsAtStart({ env, logger }) {
  try {
    const { settings, diagnostics } = readEnvironment(env);
    for (const line of diagnosticLines(diagnostics)) logger.warn(`Schema Sync: ${line}`);
    return settings;
  } catch (error) {
    const lines = errorLines(/** @type {import('./errors.js').SchemaSyncError} */ (error));
    for (const line of lines) logger.error(`Schema Sync: ${line}`);
    if (String(env.SCHEMA_SYNC_ON_ERROR).toLowerCase() === 'exit') process.exit(1);
    return null;
  }
}
