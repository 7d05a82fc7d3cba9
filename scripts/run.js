#!/usr/bin/env node
/**
 * `node scripts/run.js <task>`: sets up what the task needs, then runs its steps under Node 22. It runs on
 * any Node that npm supports and imports nothing that has to be installed first.
 */
import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { ensureNode22, withNode22 } from '../tests/harness/node22.js';
import { REPOSITORY } from '../tests/harness/repository.js';
import { ensureNodeModules } from './node-modules.js';
import { needs, tasks } from './tasks.js';

const [name = '', ...rest] = process.argv.slice(2);
process.exitCode = await runTask(name, rest).catch(error => {
  console.error(error.message);
  return 1;
});

/** @param {string} name @param {string[]} rest @returns {Promise<number>} exit code */
async function runTask(name, rest) {
  const task = tasks[name];
  if (!task) {
    console.error(`There is no task "${name}". Tasks: ${Object.keys(tasks).join(', ')}.`);
    return 1;
  }
  const env = await environment();
  for (const need of task.needs ?? []) await needs[need]();
  for (const step of task.steps) {
    const code = await runStep(step, step === task.steps.at(-1) ? rest : [], env);
    if (code !== 0) return code;
  }
  return 0;
}

/** @returns {Promise<NodeJS.ProcessEnv>} Node 22, then the tools of node_modules, then everything else */
async function environment() {
  const node = await ensureNode22();
  await ensureNodeModules(withNode22(node));
  const path = [join(REPOSITORY, 'node_modules', '.bin'), process.env.PATH].join(delimiter);
  return withNode22(node, { ...process.env, PATH: path });
}

/**
 * @param {import('./tasks.js').Step} step
 * @param {string[]} rest what the user typed after the task's name
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number>} exit code
 */
function runStep([command, ...args], rest, env) {
  const line = [command, ...args, ...rest];
  console.error(`\n> ${line.join(' ')}`);
  return new Promise((resolve, reject) => {
    const child = spawn(command, line.slice(1), { cwd: REPOSITORY, env, stdio: 'inherit' });
    child.on('error', error => reject(new Error(`"${command}" cannot be run: ${error.message}`)));
    child.on('exit', code => resolve(code ?? 1));
    passOn(child);
  });
}

/**
 * A signal is passed on, and this process ends only after the step has cleaned up behind itself.
 *
 * @param {import('node:child_process').ChildProcess} child
 */
function passOn(child) {
  for (const signal of /** @type {NodeJS.Signals[]} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    const forward = () => child.kill(signal);
    process.on(signal, forward);
    child.on('exit', () => process.off(signal, forward));
  }
}
