/** Whether a plan may be applied. */
import { errorOf, SchemaSyncError } from './errors.js';

/** @typedef {import('./model.js').Plan} Plan */

/**
 * @param {Plan} plan
 * @throws {SchemaSyncError} DRIFT_REFUSED with everything that `onDrift: 'fail'` stops
 */
export function refuseDrift(plan) {
  const refused = plan.warnings.filter(warning => warning.refused);
  if (refused.length === 0) return;
  const message =
    'The target was changed since the last sync, and `onDrift` is `fail`, so nothing was changed. Export the ' +
    'target and merge, change it back, or pass --on-drift overwrite or --on-drift keep.';
  throw new SchemaSyncError('DRIFT_REFUSED', message, { diagnostics: refused.map(errorOf) });
}

/**
 * @param {Plan} plan
 * @param {boolean} isAllowed
 * @throws {SchemaSyncError} CONSENT_NEEDED with everything that would be lost
 */
export function demandConsent(plan, isAllowed) {
  const losses = plan.warnings.filter(warning => warning.destructive);
  if (losses.length === 0 || isAllowed) return;
  const message =
    'This import would lose data, so nothing was changed. To consent, run it on a terminal and answer with yes, ' +
    'pass --allow-destructive where nobody is asked, or set SCHEMA_SYNC_ALLOW_DESTRUCTIVE=true for the import at start.';
  throw new SchemaSyncError('CONSENT_NEEDED', message, { diagnostics: losses.map(errorOf) });
}
