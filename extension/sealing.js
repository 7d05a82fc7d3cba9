/** Sealed plans: what goes into the seal, and whether what was sealed is still what would be done. */
import { SchemaSyncError } from './errors.js';

/**
 * @typedef {import('./model.js').Seal} Seal
 * @typedef {import('./planning.js').Planned} Planned
 * @typedef {import('./planning.js').Rules} Rules
 */

/**
 * @param {Planned} planned
 * @param {Rules} rules that the plan was made by
 * @returns {Seal}
 */
export function sealOf({ root, target, environment }, { scope, ...rules }) {
  return { source: root, target, scope: { ...scope, ...rules, ...(environment && { environment }) } };
}

/** @param {Pick<Seal, 'scope'>} sealed @returns {Rules} what {@link sealOf} was given */
export function rulesOfSealed({ scope }) {
  const { mode, schemaMode, onDrift, defaultDrift, schema, data, only, isFull } = scope;
  return { mode, schemaMode, onDrift, defaultDrift, scope: { schema, data, only, isFull } };
}

/**
 * @param {string} sealed text of the sealed plan
 * @param {Planned} planned as it is now
 * @param {Rules} rules
 * @throws {SchemaSyncError} PLAN_STALE with everything that changed since
 */
export async function demandSame(sealed, planned, rules) {
  const { same, changes } = await planned.whole.compareSealed(sealed, sealOf(planned, rules));
  if (same) return;
  const message =
    'The sealed plan is not what would be done now, so nothing was changed. Look at `directus schema-sync diff`, ' +
    'and seal a new plan.';
  /** @type {import('./errors.js').Diagnostic[]} */
  const diagnostics = changes.map(message => ({ severity: 'error', code: 'PLAN_STALE', message }));
  throw new SchemaSyncError('PLAN_STALE', message, { diagnostics });
}
