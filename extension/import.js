/** The folder's state into an instance. */
import { apply } from './apply.js';
import { SchemaSyncError } from './errors.js';
import { withLock } from './lock.js';
import { makePlan } from './planning.js';
import { checkManifest, fingerprintOf, isEmpty, openProject } from './project.js';
import { noProgress } from './report.js';
import { scopeOf } from './scope.js';
import { verifyApplied } from './verify.js';

/**
 * @typedef {import('./environment.js').Settings} Settings
 * @typedef {import('./errors.js').Diagnostic} Diagnostic
 * @typedef {import('./model.js').Mode} Mode
 * @typedef {import('./model.js').Plan} Plan
 * @typedef {import('./planning.js').Planned} Planned
 * @typedef {import('./project.js').Project} Project
 * @typedef {import('./scope.js').Scope} Scope
 *
 * @typedef {object} ImportOptions
 * @property {Mode} [mode] in place of the environment's
 * @property {string[]} [only]
 * @property {boolean} [schema] false leaves the schema alone
 * @property {boolean} [data] false leaves the rows alone
 * @property {boolean} [dryRun] stops before the first write
 * @property {string} [unlessApplied] a fingerprint: nothing is done if it was applied by the time the lock is held
 * @property {boolean} [allowDestructive] consent to a plan that loses data, besides the environment's
 * @property {(planned: Planned) => Promise<boolean>} [confirm] asks a person; yes to a plan that loses data is consent
 * @property {import('./report.js').OnProgress} [onProgress]
 * @property {(lock: import('./lock.js').LockState | null) => void} [onWait] is told that another import holds the lock
 *
 * @typedef {object} ImportReport
 * @property {Plan | null} plan null when the folder holds no data yet
 * @property {boolean} applied whether anything was written
 * @property {boolean} skipped whether `unlessApplied` held
 * @property {Diagnostic[]} warnings
 *
 * @typedef {object} Run what the steps below share
 * @property {any} instance
 * @property {Settings} settings
 * @property {Project} project
 * @property {Scope} scope
 * @property {Mode} mode
 * @property {ImportOptions} options
 */

/** @type {ImportReport} */
const NOTHING = Object.freeze({ plan: null, applied: false, skipped: false, warnings: [] });

/**
 * Plans and applies in one transaction, under the lock. A question is asked outside of both, so the plan is made
 * again afterwards and applied only if it is the same.
 *
 * @param {any} instance
 * @param {Settings} settings
 * @param {ImportOptions} [options]
 * @returns {Promise<ImportReport>}
 * @throws {SchemaSyncError} with everything as it was before
 */
export async function importProject(instance, settings, options = {}) {
  const project = await openProject(settings);
  if (isEmpty(project)) return { ...NOTHING };
  checkManifest(project);
  const scope = scopeOf(options, settings);
  const run = { instance, settings, project, scope, mode: options.mode ?? settings.mode, options };
  if (options.dryRun) return reportOf(await planOnly(run), false);
  const consented = options.confirm ? await ask(run, options.confirm) : null;
  return planAndApply(run, consented);
}

/** @param {Run} run @returns {Promise<Planned>} with nothing written, whatever functions of the config did */
function planOnly(run) {
  return run.instance.transaction((/** @type {any} */ session) => plan(run, session), { commit: false });
}

/** @param {Run} run @param {any} session */
function plan({ project, scope, mode, options }, session) {
  return makePlan(session, project, scope, mode, options.onProgress ?? noProgress);
}

/**
 * @param {Run} run
 * @param {(planned: Planned) => Promise<boolean>} confirm
 * @returns {Promise<string | null>} digest of the plan that was agreed to; null when there was nothing to ask
 */
async function ask(run, confirm) {
  const planned = await planOnly(run);
  if (planned.plan.steps.length === 0) return null;
  if (await confirm(planned)) return planned.plan.digest;
  throw new SchemaSyncError(
    'NOT_CONFIRMED',
    'Nothing was changed, because the question was not answered with yes.',
  );
}

/**
 * @param {Run} run
 * @param {string | null} consented digest of the plan that a person agreed to
 * @returns {Promise<ImportReport>}
 */
function planAndApply(run, consented) {
  const { instance, settings, options } = run;
  const waiting = { wait: settings.wait, ttl: settings.lockTtl, onWait: options.onWait };
  return withLock(instance, waiting, async lock => {
    if (await isApplied(instance, options.unlessApplied)) return { ...NOTHING, skipped: true };
    const work = (/** @type {any} */ session) => planAndApplyIn(session, lock, run, consented);
    return instance.transaction(work, { commit: true });
  });
}

/** @param {any} instance @param {string} [fingerprint] */
async function isApplied(instance, fingerprint) {
  return fingerprint !== undefined && (await instance.appliedFingerprint()) === fingerprint;
}

/**
 * @param {any} session
 * @param {import('./lock.js').Lock} lock
 * @param {Run} run
 * @param {string | null} consented
 */
async function planAndApplyIn(session, lock, run, consented) {
  await lock.fence(session);
  const planned = await plan(run, session);
  gate(run, planned.plan, consented);
  await apply(session, planned.plan, run.options.onProgress);
  if (run.settings.verify) await verifyApplied(session, run.project.core, planned.plan);
  await record(run, session, planned.root);
  return reportOf(planned, planned.plan.steps.length > 0);
}

/**
 * @param {Run} run
 * @param {Plan} plan
 * @param {string | null} consented
 */
function gate({ settings, options }, plan, consented) {
  if (consented !== null && consented !== plan.digest) {
    const message =
      'The target or the files changed while the question was open. Nothing was changed; look again.';
    throw new SchemaSyncError('PLAN_STALE', message);
  }
  const losses = plan.warnings.filter(warning => warning.destructive);
  const isAllowed = consented !== null || options.allowDestructive || settings.allowDestructive;
  if (losses.length > 0 && !isAllowed) throw withoutConsent(losses);
}

/** @param {import('./model.js').PlanWarning[]} losses */
function withoutConsent(losses) {
  const message =
    'This import would lose data, so nothing was changed. To consent, run it on a terminal and answer with yes, ' +
    'pass --allow-destructive where nobody is asked, or set SCHEMA_SYNC_ALLOW_DESTRUCTIVE=true for the import at start.';
  /** @type {Diagnostic[]} */
  const diagnostics = losses.map(({ code, message, path }) => ({ severity: 'error', code, message, path }));
  return new SchemaSyncError('CONSENT_NEEDED', message, { diagnostics });
}

/**
 * Only a full run brings the instance to the state of the folder, so that a start may skip it.
 *
 * @param {Run} run
 * @param {any} session
 * @param {string} root
 */
async function record({ project, scope, mode, settings }, session, root) {
  if (!scope.isFull) return;
  await session.recordFingerprint(fingerprintOf(project, { root, mode, dataOnly: settings.dataOnly }));
}

/** @param {Planned} planned @param {boolean} applied @returns {ImportReport} */
function reportOf({ plan, warnings }, applied) {
  return { plan, applied, skipped: false, warnings };
}
