/** The import that a server does before it listens. */

import { GOING_BACK, reasonToSkip } from './deployments.js';
import { asKnown } from './errors.js';
import { importProject } from './import.js';
import { checkManifest, fingerprintOf, isEmpty, openProject } from './project.js';
import { failureLines, totals } from './report.js';

/**
 * @typedef {import('./environment.js').Settings} Settings
 * @typedef {import('./import.js').ImportReport} ImportReport
 *
 * @typedef {object} Logger
 * @property {(text: string) => void} info
 * @property {(text: string) => void} warn
 * @property {(text: string) => void} error
 *
 * @typedef {object} Startup
 * @property {import('./instances/local.js').LocalInstance} instance
 * @property {Settings} settings
 * @property {Logger} logger
 * @property {(code: number) => void} [exit] ends the process
 *
 * @typedef {{fingerprint: string, revision: number | null}} Deployment what a start brings along
 * @typedef {'applied' | 'older'} SkipReason why a start imports nothing: another server has done it meanwhile, or a
 *   newer deployment has been imported
 */

const UNCHANGED = 'Schema Sync: the folder is unchanged since it was applied, so there is nothing to import';

const OLDER =
  'Schema Sync: a newer deployment has been imported since this folder was, so this server starts with what that one ' +
  `brought and imports nothing. ${GOING_BACK}`;

/**
 * Imports the folder if it is not what was applied last. It never throws: Directus would only log that.
 *
 * @param {Startup} startup
 */
export async function importAtStart(startup) {
  const { settings, logger, exit = process.exit } = startup;
  try {
    await importIfChanged(startup);
  } catch (error) {
    logger.error(describe(error));
    if (settings.onError === 'exit') return exit(1);
    logger.warn('Schema Sync: the server starts with the state from before (SCHEMA_SYNC_ON_ERROR=continue).');
  }
}

/** @param {Startup} startup */
async function importIfChanged({ instance, settings, logger }) {
  const began = performance.now();
  const project = await openProject(settings);
  if (isEmpty(project))
    return logger.info('Schema Sync: the folder holds no data yet, so there is nothing to import.');
  const { root } = checkManifest(project);
  const fingerprint = await fingerprintOf(project, { ...settings, root }, instance);
  // One query is all that an unchanged folder costs.
  if ((await instance.appliedFingerprint()) === fingerprint)
    return logger.info(`${UNCHANGED} (${secondsSince(began)} s).`);
  const deployment = { fingerprint, revision: settings.revision };
  const known = (await instance.runs())[0]?.id ?? 0;
  const skip = () => reasonToSkip(instance, deployment, { start: settings.start, known });
  const onWait = (/** @type {any} */ state) => logger.info(`Schema Sync: waiting for ${holderOf(state)} …`);
  const report = await importProject(instance, settings, { project, deployment, skip, onWait });
  for (const { message } of report.warnings) logger.warn(`Schema Sync: ${message}`);
  if (report.skipped === 'older') return logger.warn(OLDER);
  logger.info(`Schema Sync: ${outcome(report)} (${secondsSince(began)} s).`);
}

/** @param {number} began */
function secondsSince(began) {
  return ((performance.now() - began) / 1000).toFixed(2);
}

/** @param {import('./lock.js').LockState | null} state */
function holderOf(state) {
  return state ? `the import of ${state.owner}` : 'another process that keeps the database busy';
}

/** @param {ImportReport} report */
function outcome({ plan, applied, skipped }) {
  if (skipped) return 'another server has imported the folder meanwhile, and its state is used';
  if (!plan || !applied) return 'the instance has the state of the folder already, so nothing was changed';
  return `imported the folder: ${totals(plan)}`;
}

/** @param {unknown} error @returns {string} one text, since the lines of two servers may mix */
function describe(error) {
  const known = asKnown(error);
  const kept = known.keepsSchema ? 'no row was changed' : 'nothing was changed';
  return `Schema Sync: the import at start failed, and ${kept}.\n${failureLines(known).join('\n')}`;
}
