/** What earlier imports at start say about the next one. */
import { SchemaSyncError } from './errors.js';
import { SUCCESSES } from './runs.js';

/**
 * @typedef {import('./runs.js').PastRun} PastRun
 * @typedef {import('./startup.js').Deployment} Deployment
 * @typedef {import('./startup.js').SkipReason} SkipReason
 */

/** What to do where an older deployment is not imported. */
export const GOING_BACK =
  'If going back is meant, set SCHEMA_SYNC_REVISION to a higher number than before (the commit time will do), or run ' +
  '`directus schema-sync import`.';

/**
 * To be asked once the lock is held, since another server may have imported while this one waited.
 *
 * @param {any} instance
 * @param {Deployment} deployment
 * @param {{start: string | null, known: number}} start the setting `SCHEMA_SYNC`, and the id of the last run before
 *   this server began
 * @returns {Promise<SkipReason | null>}
 * @throws {import('./errors.js').SchemaSyncError} what stopped another server with the same folder
 */
export async function reasonToSkip(instance, deployment, { start, known }) {
  if ((await instance.appliedFingerprint()) === deployment.fingerprint) return 'applied';
  /** @type {PastRun[]} */
  const runs = await instance.runs();
  const failed = runs.find(run => run.id > known && isSameFailure(run, deployment));
  if (failed) throw sameFailure(failed);
  return start === 'IMPORT' && isOlder(deployment, runs) ? 'older' : null;
}

/**
 * In a rolling update servers of the old deployment still start after the new one has imported, and must not undo it.
 * Without a revision, an old deployment is one whose folder was imported before the present one.
 *
 * @param {Deployment} deployment
 * @param {PastRun[]} runs the newest first
 * @returns {boolean}
 */
export function isOlder({ fingerprint, revision }, runs) {
  const deployed = runs.filter(run => run.fingerprint && isSuccess(run));
  if (revision !== null) return deployed.some(run => run.revision !== null && run.revision > revision);
  return deployed[0]?.fingerprint !== fingerprint && deployed.some(run => run.fingerprint === fingerprint);
}

/** @param {PastRun} run */
function isSuccess({ outcome }) {
  return SUCCESSES.includes(outcome);
}

/** @param {PastRun} run @param {Deployment} deployment */
function isSameFailure(run, { fingerprint }) {
  return run.fingerprint === fingerprint && !isSuccess(run);
}

/** @param {PastRun} run */
function sameFailure({ who, code, message }) {
  const text = `${who} failed with the same folder just now, so it is not tried again: ${message}`;
  return new SchemaSyncError(code ?? 'INTERNAL', text);
}
