/** What is kept of a run, an import or an export: on the instance, whether it succeeded or not. */
import { asKnown, EXIT } from './errors.js';

/**
 * @typedef {'import' | 'export'} RunKind
 * @typedef {'changed' | 'unchanged' | 'refused' | 'failed'} RunOutcome
 *
 * @typedef {object} NewRun
 * @property {RunKind} kind
 * @property {string} who process and machine, as the lock names them
 * @property {string} [fingerprint] of the folder, for an import at start
 * @property {number | null} [revision] of the deployment, for an import at start
 *
 * @typedef {NewRun & {started: number}} StartedRun `started` in milliseconds since the epoch, by the database's clock
 *
 * @typedef {object} RunResult
 * @property {RunOutcome} outcome
 * @property {string} [folder] hash of the manifest, where instance and folder are the same now
 * @property {string} [plan] digest
 * @property {unknown} [counts] the summary of a plan, or the rows and files of an export
 * @property {string} [code] of the error
 * @property {string} [message] of the error
 *
 * @typedef {StartedRun & RunResult} Run
 *
 * @typedef {object} PastRun
 * @property {number} id counts up
 * @property {RunKind} kind
 * @property {string} who
 * @property {string | null} fingerprint of an import at start
 * @property {number | null} revision
 * @property {Date} started
 * @property {Date} ended
 * @property {RunOutcome} outcome
 * @property {string | null} folder
 * @property {string | null} plan
 * @property {any} counts
 * @property {string | null} code
 * @property {string | null} message
 */

/** Outcomes of a run that did what it was asked for. @type {readonly RunOutcome[]} */
export const SUCCESSES = Object.freeze(['changed', 'unchanged']);

/**
 * Does the work of a run. Success is the work's own to record, in the transaction of its changes; a failure is
 * recorded here, after everything was rolled back.
 *
 * @template T
 * @param {any} instance
 * @param {NewRun} newRun
 * @param {(run: StartedRun) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function recorded(instance, newRun, work) {
  const run = { ...newRun, started: await instance.now() };
  try {
    return await work(run);
  } catch (error) {
    await instance.recordFailure({ ...run, ...resultOf(error) });
    throw error;
  }
}

/** @param {unknown} error @returns {RunResult} */
function resultOf(error) {
  const { code, message, exitCode } = asKnown(error);
  return { outcome: exitCode === EXIT.refused ? 'refused' : 'failed', code, message };
}
