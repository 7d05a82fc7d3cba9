/**
 * Carries out a plan. Everything that it does is written in the plan; it knows neither options nor files, and
 * how a step is written is the session's business.
 */
import { SchemaSyncError } from './errors.js';

/**
 * @typedef {import('./model.js').Plan} Plan
 * @typedef {import('./model.js').Step} Step
 *
 * @typedef {object} TargetSession an open transaction on an instance
 * @property {() => Promise<unknown>} limits counts what the licence limits; called before the first write
 * @property {(step: Step, onRows: (rows: number) => void) => Promise<void>} write
 * @property {() => Promise<void>} verify checks the result
 *
 * @typedef {object} Applied what was done
 * @property {number} schema changes of collections, fields and relations
 * @property {number} create rows
 * @property {number} update rows; one that was changed in two steps counts twice
 * @property {number} delete rows
 *
 * @typedef {object} Progress
 * @property {number} done rows and schema changes
 * @property {number} total
 * @property {Step} step
 */

/**
 * @param {TargetSession} session
 * @param {Plan} plan
 * @param {(progress: Progress) => void} [onProgress]
 * @returns {Promise<Applied>}
 */
export async function apply(session, plan, onProgress = () => {}) {
  const applied = { schema: 0, create: 0, update: 0, delete: 0 };
  const total = plan.steps.reduce((sum, step) => sum + sizeOf(step), 0);
  let done = 0;
  await session.limits();
  for (const step of plan.steps) {
    const count = (/** @type {number} */ size) => {
      applied[kindOf(step)] += size;
      done += size;
      onProgress({ done, total, step });
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

/** @param {Step} step */
function sizeOf({ rows, changes, keys }) {
  return (rows ?? changes ?? keys ?? [0]).length;
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
