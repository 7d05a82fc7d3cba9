/**
 * Carries out a plan. Everything that it does is written in the plan; it knows neither options nor files, and
 * how a step is written is the session's business.
 */
import { SchemaSyncError } from './errors.js';
import { noProgress } from './report.js';

/**
 * @typedef {import('./model.js').Plan} Plan
 * @typedef {import('./model.js').Step} Step
 *
 * @typedef {object} TargetSession an open transaction on an instance
 * @property {() => Promise<void>} begin called before the first write
 * @property {(step: Step, onRows: (rows: number) => void) => Promise<void>} write
 * @property {() => Promise<void>} verify checks the result against what was there at `begin`
 *
 * @typedef {object} Applied what was done
 * @property {number} schema changes of collections, fields and relations
 * @property {number} create rows
 * @property {number} update rows; one that was changed in two steps counts twice
 * @property {number} delete rows
 *
 * @typedef {import('./report.js').OnProgress} OnProgress
 */

/**
 * @param {TargetSession} session
 * @param {Plan} plan
 * @param {OnProgress} [onProgress]
 * @returns {Promise<Applied>}
 */
export async function apply(session, plan, onProgress = noProgress) {
  const applied = { schema: 0, create: 0, update: 0, delete: 0 };
  await session.begin();
  for (const step of plan.steps) {
    const count = (/** @type {number} */ size) => {
      applied[kindOf(step)] += size;
      onProgress({ phase: 'apply', subject: step.collection, count: size });
    };
    await writeStep(session, step, count);
  }
  await session.verify();
  return applied;
}

/**
 * @param {TargetSession} session
 * @param {Step} step
 * @param {(size: number) => void} count
 */
async function writeStep(session, step, count) {
  try {
    await session.write(step, count);
    if (kindOf(step) === 'schema') count(1);
  } catch (error) {
    throw stepFailed(step, error);
  }
}

/** @param {Step} step @returns {keyof Applied} */
function kindOf({ type }) {
  const [what, act] = type.split('.');
  return what === 'items' ? /** @type {'create' | 'update' | 'delete'} */ (act) : 'schema';
}

/** Codes of Directus 12 for what its licence does not allow. */
const LICENCE_CODES = new Set(['LIMIT_EXCEEDED', 'RESOURCE_RESTRICTED']);

/** @param {Step} step @param {any} error */
function stepFailed(step, error) {
  if (error instanceof SchemaSyncError) return error;
  const path = error?.schemaSyncPath ?? (step.field ? `${step.collection}.${step.field}` : step.collection);
  const message = `${step.type} of ${path} failed: ${error?.message ?? error} Nothing was changed.`;
  return new SchemaSyncError(LICENCE_CODES.has(error?.code) ? 'LICENSE_LIMIT' : 'APPLY_FAILED', message, {
    path,
    cause: error,
  });
}
