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
 * @property {(work: () => Promise<void>, lock?: Lock) => Promise<void>} changeSchema around the steps that change the
 *   schema, which all come before rows; where the database commits such changes by itself, it takes the lock to begin anew
 *   behind them
 * @property {(steps: [Step, ...Step[]], onRows: (rows: number) => void) => Promise<void>} write steps of one type on one
 *   collection
 * @property {() => Promise<void>} verify checks the result against what was there at `begin`
 *
 * @typedef {object} Applied what was done
 * @property {number} schema changes of collections, fields and relations
 * @property {number} create rows
 * @property {number} update rows; one that was changed in two steps counts twice
 * @property {number} delete rows
 *
 * @typedef {import('./lock.js').Lock} Lock
 * @typedef {import('./report.js').OnProgress} OnProgress
 */

/**
 * @param {TargetSession} session
 * @param {Pick<Plan, 'steps'>} plan
 * @param {OnProgress} [onProgress]
 * @param {Lock} [lock] of the run
 * @returns {Promise<Applied>}
 */
export async function apply(session, plan, onProgress = noProgress, lock) {
  const applied = { schema: 0, create: 0, update: 0, delete: 0 };
  const write = async (/** @type {Step[]} */ planned) => {
    for (const steps of runs(planned)) {
      const [{ collection }] = steps;
      const count = (/** @type {number} */ size) => {
        applied[kindOf(steps[0])] += size;
        onProgress({ phase: 'apply', subject: collection, count: size });
      };
      await writeRun(session, steps, count);
    }
  };
  const [schema, rows] = bySchema(plan.steps);
  await session.begin();
  if (schema.length > 0) await session.changeSchema(() => write(schema), lock);
  await write(rows);
  await session.verify();
  return applied;
}

/** @param {Step[]} steps @returns {[schema: Step[], rows: Step[]]} */
function bySchema(steps) {
  const first = steps.findIndex(step => kindOf(step) !== 'schema');
  return first < 0 ? [steps, []] : [steps.slice(0, first), steps.slice(first)];
}

/**
 * Steps that follow each other and are of one type on one collection, so that a table is altered once.
 *
 * @param {Step[]} steps
 * @returns {[Step, ...Step[]][]}
 */
function runs(steps) {
  /** @type {[Step, ...Step[]][]} */
  const runs = [];
  for (const step of steps) {
    const last = runs.at(-1);
    if (last?.[0].type === step.type && last[0].collection === step.collection) last.push(step);
    else runs.push([step]);
  }
  return runs;
}

/**
 * @param {TargetSession} session
 * @param {[Step, ...Step[]]} steps
 * @param {(size: number) => void} count
 */
async function writeRun(session, steps, count) {
  try {
    await session.write(steps, count);
    if (kindOf(steps[0]) === 'schema') count(steps.length);
  } catch (error) {
    throw stepFailed(/** @type {any} */ (error)?.schemaSyncStep ?? steps[0], error);
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
