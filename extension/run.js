/** One import, from what was asked for to its plan. */
import { makePlan } from './planning.js';
import { checkManifest, isEmpty, openProject } from './project.js';
import { noProgress } from './report.js';
import { scopeOf } from './scope.js';
import { rulesOfSealed } from './sealing.js';

/**
 * @typedef {import('./environment.js').Settings} Settings
 * @typedef {import('./planning.js').Planned} Planned
 * @typedef {import('./planning.js').Rules} Rules
 *
 * @typedef {object} ImportOptions
 * @property {import('./model.js').Mode} [mode] in place of the environment's
 * @property {import('./model.js').OnDrift} [onDrift] in place of the config's
 * @property {string[]} [only]
 * @property {boolean} [schema] false leaves the schema alone
 * @property {boolean} [data] false leaves the rows alone
 * @property {string} [sealed] text of a sealed plan: its mode and scope are used, and nothing else is applied
 * @property {boolean} [dryRun] stops before the first write
 * @property {import('./project.js').Project} [project] opened already
 * @property {import('./startup.js').Deployment} [deployment] what is imported at start
 * @property {() => Promise<import('./startup.js').SkipReason | null>} [skip] asked once the lock is held
 * @property {boolean} [allowDestructive] consent to a plan that loses data, besides the environment's
 * @property {(planned: Planned) => Promise<boolean>} [confirm] asks a person; yes to a plan that loses data is consent
 * @property {import('./report.js').OnProgress} [onProgress]
 * @property {(lock: import('./lock.js').LockState | null) => void} [onWait] is told that another import holds the lock
 *
 * @typedef {object} Run
 * @property {any} instance
 * @property {Settings} settings
 * @property {import('./project.js').Project} project
 * @property {Rules} rules
 * @property {ImportOptions} options
 */

/**
 * @param {any} instance
 * @param {Settings} settings
 * @param {ImportOptions} options
 * @returns {Promise<Run | null>} null when the folder holds no data yet
 */
export async function openRun(instance, settings, options) {
  const { project = await openProject(settings) } = options;
  const rules =
    options.sealed === undefined
      ? rulesOf(options, settings)
      : rulesOfSealed(project.core.openSealed(options.sealed));
  // A sealed plan is about data, which then is missing.
  if (isEmpty(project) && options.sealed === undefined) return null;
  checkManifest(project);
  return { instance, settings, project, rules, options };
}

/** @param {ImportOptions} options @param {Settings} settings @returns {Rules} */
function rulesOf(options, settings) {
  return {
    scope: scopeOf(options, settings),
    mode: options.mode ?? settings.mode,
    schemaMode: settings.safe ? 'merge' : undefined,
    onDrift: options.onDrift,
    defaultDrift: settings.onDrift,
  };
}

/** @param {Run} run @returns {Promise<Planned>} with nothing written, whatever functions of the config did */
export function planOnly(run) {
  return run.instance.transaction((/** @type {any} */ session) => planIn(session, run), { commit: false });
}

/** @param {any} session @param {Run} run @returns {Promise<Planned>} */
export function planIn(session, { project, rules, options }) {
  return makePlan(session, project, rules, options.onProgress ?? noProgress);
}
