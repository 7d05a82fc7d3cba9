/** `import`, `import-schema` and `diff`: the folder's state into the instance, or what that would change. */
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { loadCore } from '../core.js';
import { MODES } from '../environment.js';
import { EXIT } from '../errors.js';
import { importProject } from '../import.js';
import { diagnosticLines, importLines, totals, waitingLine } from '../report.js';
import { diffFormat, parseChoice, parseList } from './command.js';

/**
 * @typedef {import('./command.js').Command} Command
 * @typedef {import('./command.js').CommandContext} CommandContext
 * @typedef {import('../import.js').ImportOptions} ImportOptions
 * @typedef {import('../import.js').ImportReport} ImportReport
 */

const ON_DRIFT = Object.freeze(/** @type {const} */ (['overwrite', 'keep', 'fail']));

/** @type {[flags: string, description: string][]} */
const SCOPE_OPTIONS = [
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
];

/** @type {Command} */
export const importCommand = {
  name: 'import',
  summary: 'Bring this instance to the state of the folder',
  entries: ['directus'],
  options: [
    ...SCOPE_OPTIONS,
    ['--dry-run', 'show the plan, change nothing'],
    ['--allow-destructive', 'consent to a plan that loses data'],
    ['--yes', 'do not ask; this is no consent to losing data'],
    ['--json', 'print one JSON document'],
  ],
  run: (context, flags) => runImport(context, scopeOptions(flags), flags),
};

/** @type {Command} */
export const importSchema = {
  name: 'import-schema',
  summary: 'Import only the schema',
  entries: ['directus'],
  options: importCommand.options.filter(([flags]) => !/^--(data|schema|only)\b/.test(flags)),
  run: (context, flags) => runImport(context, scopeOptions({ ...flags, schema: true }), flags),
};

/** @type {Command} */
export const diff = {
  name: 'diff',
  summary: 'Show what an import would change',
  entries: ['directus'],
  options: [
    ...SCOPE_OPTIONS,
    ['--format <format>', '"text", "json", "markdown" for a pull request, or "html" for one page to read'],
    ['--out <file>', 'write it to a file'],
    ['--exit-code', 'end with 2 when changes are pending'],
    ['--json', 'the same as --format json'],
  ],
  run: runDiff,
};

/**
 * @param {Record<string, any>} flags
 * @returns {Pick<ImportOptions, 'mode' | 'onDrift' | 'only' | 'schema' | 'data'>}
 */
function scopeOptions({ mode, merge, onDrift, data, schema, only }) {
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
 * @param {CommandContext} context
 * @param {ImportOptions} scope
 * @param {Record<string, any>} flags
 */
async function runImport(context, scope, { dryRun, allowDestructive, yes }) {
  const { output } = context;
  const asks = output.isInteractive && !yes && !dryRun;
  const report = await importProject(context.instance, context.settings, {
    ...scope,
    dryRun,
    allowDestructive,
    confirm: asks ? planned => confirm(context, planned) : undefined,
    onProgress: step => output.progress(step),
    onWait: lock => output.warn([waitingLine(lock)]),
  });
  const rendered = await render(report);
  // Who was asked has seen the plan already.
  const lines =
    asks && report.applied && report.plan
      ? [`Applied ${totals(report.plan)}.`]
      : importLines(report, rendered);
  return { lines, json: report, warnings: report.warnings };
}

/**
 * @param {CommandContext} context
 * @param {import('../planning.js').Planned} planned
 */
async function confirm({ output, settings }, { plan, warnings }) {
  output.warn(diagnosticLines(warnings));
  output.say([(await loadCore()).renderPlan(plan, 'text').trimEnd(), '']);
  const losesData = plan.warnings.some(warning => warning.destructive) && !settings.allowDestructive;
  if (losesData) return (await output.ask('This loses data. Type "yes" to apply it: ')) === 'yes';
  return ['y', 'yes'].includes(await output.ask('Apply these changes? [y/N] '));
}

/** @type {Command['run']} */
async function runDiff({ instance, settings, output }, flags) {
  const format = diffFormat(flags);
  const report = await importProject(instance, settings, {
    ...scopeOptions(flags),
    dryRun: true,
    onProgress: step => output.progress(step),
  });
  const isPending = (report.plan?.steps.length ?? 0) > 0;
  const rest = {
    warnings: report.warnings,
    exitCode: flags.exitCode && isPending ? EXIT.pending : EXIT.done,
  };
  const lines = await diffLines(report, format);
  if (!flags.out) return { lines: format === 'json' ? [] : lines, json: report.plan, ...rest };
  await writeFile(resolve(flags.out), `${lines.join('\n')}\n`);
  return { lines: [`Wrote ${flags.out}${report.plan ? `: ${totals(report.plan)}` : ''}.`], ...rest };
}

/**
 * @param {ImportReport} report
 * @param {'text' | 'json' | 'markdown' | 'html'} format
 */
async function diffLines(report, format) {
  const { plan } = report;
  if (format === 'json') return [JSON.stringify(plan, null, 2)];
  if (plan && format !== 'text') return [(await loadCore()).renderPlan(plan, format).trimEnd()];
  return importLines(report, await render(report));
}

/** @param {ImportReport} report */
async function render({ plan }) {
  return plan ? (await loadCore()).renderPlan(plan, 'text') : '';
}
