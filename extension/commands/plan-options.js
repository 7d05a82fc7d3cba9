/** What `import`, `diff` and `plan` share: the flags that decide what is planned. */
import { MODES } from '../environment.js';
import { SchemaSyncError } from '../errors.js';
import { parseChoice, parseList } from './command.js';

/** @typedef {import('../run.js').ImportOptions} ImportOptions */

const ON_DRIFT = Object.freeze(/** @type {const} */ (['overwrite', 'keep', 'fail']));

/** @type {readonly [flags: string, description: string][]} */
export const PLAN_OPTIONS = Object.freeze([
  [
    '--mode <mode>',
    '"sync" deletes what the folder removed, "merge" never deletes, "mirror" makes the instance equal to the folder, "create" only adds',
  ],
  ['--merge', 'the same as --mode merge'],
  [
    '--on-drift <what>',
    'what happens where the instance was changed since the last sync: "overwrite", "keep" or "fail"',
  ],
  ['--data', 'only rows, leave the schema alone'],
  ['--schema', 'only the schema, leave rows alone'],
  ['--only <entries>', 'only these entries of the config, divided by commas; "schema" for the schema'],
]);

/**
 * @param {Record<string, any>} flags
 * @returns {Pick<ImportOptions, 'mode' | 'onDrift' | 'only' | 'schema' | 'data'>}
 */
export function planOptions({ mode, merge, onDrift, data, schema, only }) {
  const chosen = parseChoice('--mode', mode, MODES);
  // Each of the two flags asks for one part; both together ask for all.
  const isPart = Boolean(data) !== Boolean(schema);
  return {
    mode: merge ? parseChoice('--merge with --mode', chosen ?? 'merge', ['merge']) : chosen,
    onDrift: parseChoice('--on-drift', onDrift, ON_DRIFT),
    only: parseList(only),
    schema: isPart ? Boolean(schema) : true,
    data: isPart ? Boolean(data) : true,
  };
}

/**
 * A sealed plan says all of this itself, so that nothing on the command line can make it another one.
 *
 * @param {Record<string, any>} flags
 */
export function refusePlanOptions(flags) {
  const given = PLAN_OPTIONS.map(([flag]) => /** @type {string} */ (flag.split(' ')[0]));
  const wrong = given.filter(flag => flags[camelCase(flag)] !== undefined);
  if (wrong.length === 0) return;
  const message = `--plan says by itself what is planned. Leave out ${wrong.join(', ')}, or seal a new plan.`;
  throw new SchemaSyncError('OPTION_INVALID', message, { path: '--plan' });
}

/** @param {string} flag such as `--on-drift` */
function camelCase(flag) {
  return flag.slice(2).replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
}
