/** Child processes: run one to its end, and end what was started, whole process groups at once. */
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env] the whole environment of the child
 * @property {string} [input] text for its standard input
 * @property {number} [timeoutMs] after which it is killed, never by default
 *
 * @typedef {object} RunResult
 * @property {number} code exit code; 128 when a signal ended the process
 * @property {string} stdout
 * @property {string} stderr
 *
 * @typedef {object} RunningCommand
 * @property {number} pid
 * @property {{stdout: string, stderr: string}} output what it has written so far
 * @property {Promise<RunResult>} result settles when the command has ended
 * @property {(signal?: NodeJS.Signals) => Promise<void>} kill
 */

/** Stands for the exit code of a process that a signal ended. */
const SIGNAL_CODE = 128;

/** Process groups and folders that must not outlive this process. */
const groups = /** @type {Map<number, NodeJS.Signals>} */ (new Map());
const folders = /** @type {Set<string>} */ (new Set());
let guarded = false;

/**
 * Runs a command to its end, whatever its exit code, and collects its output.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<RunResult>}
 */
export function run(command, args, options) {
  return startCommand(command, args, options).result;
}

/**
 * Starts a command and hands it back while it runs, for tests that interrupt it.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {RunOptions} [options]
 * @returns {RunningCommand}
 */
export function startCommand(command, args, { cwd, env, input, timeoutMs } = {}) {
  const child = spawn(command, args, { cwd, env, detached: true });
  endWithParent(child.pid);
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', text => {
    output.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', text => {
    output.stderr += text;
  });
  // A command that ends without reading its input closes the pipe early, which is no failure of ours.
  child.stdin.on('error', () => {});
  child.stdin.end(input ?? '');
  const timer = killAfter(child, timeoutMs, output);
  const result = new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', code => {
      clearTimeout(timer);
      forget(child.pid);
      resolve({ code: code ?? SIGNAL_CODE, ...output });
    });
  });
  return { pid: child.pid ?? 0, result, output, kill: signal => endGroup(child, signal) };
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {number | undefined} timeoutMs
 * @param {{stderr: string}} output says why the command ended
 */
function killAfter(child, timeoutMs, output) {
  if (!timeoutMs) return undefined;
  return setTimeout(() => {
    output.stderr += `\nKilled, since it had not ended after ${timeoutMs / 1000} s.\n`;
    signalGroup(child.pid, 'SIGKILL');
  }, timeoutMs);
}

/**
 * Runs a command that has to succeed.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {RunOptions} [options]
 */
export async function runChecked(command, args, options) {
  const result = await run(command, args, options);
  if (result.code === 0) return result;
  const line = [command, ...args].join(' ');
  throw new Error(`"${line}" ended with exit code ${result.code}:\n${result.stdout}${result.stderr}`);
}

/**
 * Ends a process group: politely first, by force when it has not ended after `graceMs`.
 *
 * @param {import('node:child_process').ChildProcess} child the leader of the group
 * @param {NodeJS.Signals} [signal]
 * @param {number} [graceMs]
 */
export async function endGroup(child, signal = 'SIGTERM', graceMs = 15_000) {
  signalGroup(child.pid, signal);
  const deadline = Date.now() + graceMs;
  while (!hasEnded(child) && Date.now() < deadline) await sleep(20);
  // The leader may be gone while one of its children is not.
  signalGroup(child.pid, 'SIGKILL');
  while (!hasEnded(child)) await sleep(20);
  forget(child.pid);
}

/** @param {import('node:child_process').ChildProcess} child */
export function hasEnded(child) {
  return child.exitCode !== null || child.signalCode !== null;
}

/**
 * The group is ended when this process ends, however it ends (except by SIGKILL).
 *
 * @param {number | undefined} pid
 * @param {NodeJS.Signals} [signal]
 */
export function endWithParent(pid, signal = 'SIGKILL') {
  if (pid) groups.set(pid, signal);
  guard();
}

/**
 * A running server must not keep a test process alive that forgot to stop it, or a failed test would hang
 * instead of fail. It is ended by `endWithParent`.
 *
 * @param {import('node:child_process').ChildProcess} child
 */
export function doNotWaitFor(child) {
  child.unref();
  for (const stream of [child.stdout, child.stderr]) {
    /** @type {import('node:net').Socket | null} */ (stream)?.unref();
  }
}

/** @param {string} folder removed when this process ends */
export function removeWithParent(folder) {
  folders.add(folder);
  guard();
}

/** @param {number | string | undefined} thing a group or folder that is gone already */
export function forget(thing) {
  if (typeof thing === 'number') groups.delete(thing);
  if (typeof thing === 'string') folders.delete(thing);
}

function guard() {
  if (guarded) return;
  guarded = true;
  process.on('exit', cleanUp);
  for (const signal of /** @type {NodeJS.Signals[]} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.once(signal, () => {
      cleanUp();
      // The handler is gone by now, so the signal has its ordinary effect and the exit status tells of it.
      process.kill(process.pid, signal);
    });
  }
}

function cleanUp() {
  for (const [pid, signal] of groups) signalGroup(pid, signal);
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

/**
 * @param {number | undefined} pid
 * @param {NodeJS.Signals} signal
 */
function signalGroup(pid, signal) {
  if (!pid) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ESRCH') throw error;
  }
}
