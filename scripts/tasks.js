/** The one table of tasks: what each needs installed, and the commands that it runs in order. */
import { ensureDirectus } from '../tests/harness/directus.js';
import { ensurePostgres } from '../tests/harness/postgres-programs.js';
import { ensureRust } from './wasm-tools.js';

/**
 * @typedef {[command: string, ...args: string[]]} Step
 * @typedef {'rust' | 'directus11' | 'directus12' | 'postgres'} Need
 * @typedef {{needs?: Need[], steps: Step[]}} Task
 */

/** @type {Record<Need, () => Promise<unknown>>} */
export const needs = {
  rust: ensureRust,
  directus11: () => ensureDirectus('11'),
  directus12: () => ensureDirectus('12'),
  postgres: ensurePostgres,
};

const UNIT_TESTS = 'tests/unit/**/*.test.js';
const END_TO_END_TESTS = 'tests/e2e/**/*.test.js';

/** Tests that take a count and a seed; a soak runs them alone and without a time limit. */
const SOAK_TESTS = ['bursts', 'kill', 'kill-rows', 'mutations', 'replicas'].map(
  name => `tests/e2e/${name}.test.js`,
);

/** @type {Step[]} */
const staticChecks = [
  ['biome', 'ci', `--colors=${process.stdout.isTTY ? 'force' : 'off'}`, '.'],
  ['tsc', '--noEmit', '-p', '.'],
  ['cargo', 'fmt', '--check'],
  ['cargo', 'clippy', '--locked', '--all-targets', '--', '-D', 'warnings'],
  ['cargo', 'clippy', '--locked', '--lib', '--target', 'wasm32-unknown-unknown', '--', '-D', 'warnings'],
  ['node', 'scripts/check-pkg.js'],
];

/** @type {Step} */
const rustTests = ['cargo', 'test', '--locked'];

/** @param {...string} files @returns {Step} */
const untimedTests = (...files) => [
  'node',
  '--test',
  '--test-reporter=spec',
  '--test-concurrency=2',
  ...files,
];

/** @param {...string} files @returns {Step} */
const nodeTests = (...files) => untimedTests('--test-timeout=900000', ...files);

/** @type {Record<string, Task>} */
export const tasks = {
  bench: { needs: ['directus12', 'postgres'], steps: [['node', 'bench/run.js']] },
  'bench:responsive': {
    needs: ['directus12', 'directus11', 'postgres'],
    steps: [['node', 'bench/responsive.js']],
  },
  'bench:core': { steps: [['node', 'scripts/bench-core.js']] },
  'bench:live': { needs: ['directus12', 'directus11'], steps: [['node', 'scripts/bench-live.js']] },
  'bench:schema': { needs: ['directus11', 'postgres'], steps: [['node', 'scripts/bench-schema.js']] },
  'bench:startup': { needs: ['directus12', 'directus11'], steps: [['node', 'scripts/bench-startup.js']] },
  build: { needs: ['rust'], steps: [['node', 'scripts/build-core.js']] },
  check: { needs: ['rust'], steps: [...staticChecks, rustTests, nodeTests(UNIT_TESTS)] },
  demo: { needs: ['directus12'], steps: [['node', 'scripts/demo.js']] },
  format: {
    needs: ['rust'],
    steps: [
      ['cargo', 'fmt'],
      ['biome', 'check', '--write', '.'],
    ],
  },
  soak: { needs: ['directus12', 'directus11', 'postgres'], steps: [untimedTests(...SOAK_TESTS)] },
  // One run of all JavaScript tests comes last, so that its summary ends the output.
  test: {
    needs: ['rust', 'directus12', 'directus11', 'postgres'],
    steps: [...staticChecks, rustTests, nodeTests(UNIT_TESTS, END_TO_END_TESTS)],
  },
  'test:e2e': { needs: ['directus12', 'directus11', 'postgres'], steps: [nodeTests(END_TO_END_TESTS)] },
  'test:unit': { steps: [nodeTests(UNIT_TESTS)] },
  'verify-pkg': {
    needs: ['rust'],
    steps: [
      ['node', 'scripts/check-pkg.js'],
      ['node', 'scripts/verify-pkg.js'],
    ],
  },
};
