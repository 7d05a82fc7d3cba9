/** The folder's state into an instance. */
import { apply } from './apply.js';
import { withCoreThread } from './core-thread.js';
import { SchemaSyncError } from './errors.js';
import { demandConsent, refuseDrift } from './gate.js';
import { withLock } from './lock.js';
import { fingerprintOf } from './project.js';
import { openRun, planIn, planOnly } from './run.js';
import { recorded } from './runs.js';
import { sealOf } from './sealing.js';
import { withContents } from './staging.js';
import { withoutValues } from './variables.js';
import { verifyApplied } from './verify.js';

/**
 * @typedef {import('./environment.js').Settings} Settings
 * @typedef {import('./errors.js').Diagnostic} Diagnostic
 * @typedef {import('./model.js').Plan} Plan
 * @typedef {import('./planning.js').Planned} Planned
 * @typedef {import('./run.js').ImportOptions} ImportOptions
 * @typedef {import('./run.js').Run} Run
 * @typedef {import('./runs.js').StartedRun} StartedRun
 *
 * @typedef {object} ImportReport
 * @property {Plan | null} plan its head; null when the folder holds no data yet
 * @property {any} [rendered] what `options.render` made of it
 * @property {boolean} applied whether anything was written
 * @property {import('./startup.js').SkipReason | null} skipped why nothing was done
 * @property {Diagnostic[]} warnings
 */

/** @type {ImportReport} */
const NOTHING = Object.freeze({ plan: null, applied: false, skipped: null, warnings: [] });

/**
 * Plans and applies in one transaction, under the lock. A question is asked outside of both, so the plan is made
 * again afterwards and applied only if it is the same.
 *
 * @param {any} instance
 * @param {Settings} settings
 * @param {ImportOptions} [options]
 * @returns {Promise<ImportReport>}
 * @throws {SchemaSyncError} with everything as it was before, but for a schema that the database cannot take back
 */
export async function importProject(instance, settings, options = {}) {
  const run = await openRun(instance, settings, options);
  if (!run) return { ...NOTHING };
  if (options.dryRun) return planOnly(run, planned => reportOf(run, planned, false));
  const consented = options.confirm ? await ask(run, options.confirm) : null;
  return planAndApply(run, consented);
}

/**
 * Plans, for somebody to look at now and to apply later.
 *
 * @param {any} instance
 * @param {Settings} settings
 * @param {ImportOptions} [options]
 * @returns {Promise<{text: string, plan: Plan, warnings: Diagnostic[]} | null>} null when the folder holds no data yet
 */
export async function sealProject(instance, settings, options = {}) {
  const run = await openRun(instance, settings, options);
  if (!run) return null;
  // The secret tells instances apart, so it has to be there.
  await instance.ensureSettings();
  return planOnly(run, async planned => {
    const { plan, whole, warnings } = planned;
    return { text: await whole.seal(sealOf(planned, run.rules)), plan, warnings };
  });
}

/**
 * @param {Run} run
 * @param {(planned: Planned) => Promise<boolean>} confirm
 * @returns {Promise<string | null>} digest of the plan that was agreed to; null when there was nothing to ask
 */
function ask(run, confirm) {
  return planOnly(run, async planned => {
    refuseDrift(planned.plan);
    if (planned.plan.steps.length === 0) return null;
    if (await confirm(planned)) return planned.plan.digest;
    const message = 'Nothing was changed, because the question was not answered with yes.';
    throw new SchemaSyncError('NOT_CONFIRMED', message);
  });
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
    const skipped = (await options.skip?.()) ?? null;
    if (skipped) return { ...NOTHING, skipped };
    const { deployment = {} } = options;
    return recorded(instance, { kind: 'import', who: lock.owner, ...deployment }, async started => {
      await instance.repairSchema();
      const work = (/** @type {any} */ session) => planAndApplyIn(session, lock, run, started, consented);
      return withContents(
        run,
        planned => gate(run, planned.plan, consented),
        () => instance.transaction(work, { commit: true }),
      );
    });
  });
}

/**
 * @param {any} session
 * @param {import('./lock.js').Lock} lock
 * @param {Run} run
 * @param {StartedRun} started
 * @param {string | null} consented
 */
async function planAndApplyIn(session, lock, run, started, consented) {
  await lock.fence(session);
  return withCoreThread(async thread => {
    const planned = await planIn(thread, session, run);
    gate(run, planned.plan, consented);
    await write(session, run, planned, lock);
    await record(session, run, planned, started);
    return reportOf(run, planned, planned.plan.steps.length > 0);
  });
}

/**
 * Values of the environment stand in what is written and in nothing that is shown.
 *
 * @param {any} session
 * @param {Run} run
 * @param {Planned} planned
 * @param {import('./lock.js').Lock} lock
 */
async function write(session, { project, settings, options }, planned, lock) {
  if (planned.plan.steps.length === 0) return;
  try {
    await apply(session, planned, options.onProgress, lock);
    if (settings.verify) await verifyApplied(session, planned);
  } catch (error) {
    throw withoutValues(error, project.variables);
  }
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
  refuseDrift(plan);
  demandConsent(plan, consented !== null || Boolean(options.allowDestructive) || settings.allowDestructive);
}

/**
 * Only a full run brings the instance to the state of the folder, so that a start may skip it.
 *
 * @param {any} session
 * @param {Run} run
 * @param {Planned} planned
 * @param {StartedRun} started
 */
async function record(session, { project, rules, settings }, { plan, base, root }, started) {
  const outcome = plan.steps.length > 0 ? 'changed' : 'unchanged';
  await session.recordBase(base);
  await session.recordContents();
  await session.recordRun({ ...started, outcome, folder: root, plan: plan.digest, counts: plan.summary });
  if (!rules.scope.isFull) return;
  const fingerprint = await fingerprintOf(project, { ...settings, mode: rules.mode, root }, session);
  await session.recordFingerprint(fingerprint);
}

/** @param {Run} run @param {Planned} planned @param {boolean} applied @returns {Promise<ImportReport>} */
async function reportOf({ options }, planned, applied) {
  const { plan, warnings } = planned;
  const rendered = await options.render?.(planned);
  return { plan, rendered, applied, skipped: null, warnings };
}
