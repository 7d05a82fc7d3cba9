/** One import, from what was asked for to its plan. */
import { withCoreThread } from './core-thread.js';
import { makePlan } from './planning.js';
import { checkManifest, isEmpty, openProject } from './project.js';
import { noProgress } from './report.js';
import { scopeOf } from './scope.js';
import { demandSame, rulesOfSealed } from './sealing.js';

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
 * @property {(planned: Planned) => Promise<any>} [render] makes of the plan what the report is to show
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

/**
 * Plans with nothing written, whatever functions of the config do.
 *
 * @template T
 * @param {Run} run
 * @param {(planned: Planned) => T | Promise<T>} use of the plan, once its transaction has ended: it may take as long as a
 *   person who is asked
 * @returns {Promise<T>}
 */
export function planOnly(run, use) {
  return withCoreThread(async thread => {
    const work = (/** @type {any} */ session) => planIn(thread, session, run);
    return use(await run.instance.transaction(work, { commit: false }));
  });
}

/**
 * @param {import('./planning.js').CoreThread} thread
 * @param {any} session
 * @param {Run} run
 * @returns {Promise<Planned>}
 * @throws {import('./errors.js').SchemaSyncError} PLAN_STALE where another plan was sealed
 */
export async function planIn(thread, session, { project, rules, options }) {
  const { sealed, onProgress = noProgress } = options;
  const planned = await makePlan(thread, session, project, rules, onProgress);
  if (sealed !== undefined) await demandSame(sealed, planned, rules);
  return planned;
}
