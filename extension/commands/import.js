/** `import` and `import-schema`: the folder's state into the instance. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { SchemaSyncError } from '../errors.js';
import { importProject } from '../import.js';
import { diagnosticLines, importLines, totals, waitingLine } from '../report.js';
import { withSnapshotFolder } from '../snapshot-file.js';
import { PLAN_OPTIONS, planOptions, refusePlanOptions } from './plan-options.js';

/**
 * @typedef {import('./command.js').Command} Command
 * @typedef {import('./command.js').CommandContext} CommandContext
 * @typedef {import('../run.js').ImportOptions} ImportOptions
 */

const BOTH = '--plan applies a sealed plan of the folder. Leave out --snapshot, or --plan.';

/** @type {Command} */
export const importCommand = {
  name: 'import',
  summary: 'Bring this instance to the state of the folder',
  entries: ['directus'],
  options: [
    ...PLAN_OPTIONS,
    ['--plan <file>', 'apply a plan that `plan --out` sealed, if it is still what would be done'],
    ['--snapshot <file>', 'only the schema that `directus schema snapshot` wrote to a file, JSON or YAML'],
    ['--dry-run', 'show the plan, change nothing'],
    ['--allow-destructive', 'consent to a plan that loses data'],
    ['--yes', 'do not ask; this is no consent to losing data'],
    ['--json', 'print one JSON document'],
  ],
  async run(context, flags) {
    const scope = await whatToImport(flags);
    if (flags.snapshot === undefined) return runImport(context, scope, flags);
    return withSnapshotFolder(flags.snapshot, dir => {
      const settings = { ...context.settings, dir, config: null };
      return runImport({ ...context, settings }, { ...scope, schema: true, data: false }, flags);
    });
  },
};

/** @type {Command} */
export const importSchema = {
  name: 'import-schema',
  summary: 'Import only the schema',
  entries: ['directus'],
  options: importCommand.options.filter(([flags]) => !/^--(data|schema|only|plan|snapshot)\b/.test(flags)),
  run: (context, flags) => runImport(context, planOptions({ ...flags, schema: true }), flags),
};

/** @param {Record<string, any>} flags @returns {Promise<ImportOptions>} */
async function whatToImport(flags) {
  if (flags.plan === undefined) return planOptions(flags);
  if (flags.snapshot !== undefined) throw new SchemaSyncError('OPTION_INVALID', BOTH, { path: '--snapshot' });
  refusePlanOptions(flags);
  return { sealed: await sealedText(flags.plan) };
}

/** @param {string} file */
async function sealedText(file) {
  try {
    return await readFile(resolve(file), 'utf8');
  } catch (cause) {
    const message = `--plan names ${file}, which cannot be read: ${/** @type {Error} */ (cause).message}.`;
    throw new SchemaSyncError('OPTION_INVALID', message, { path: '--plan', cause });
  }
}

/**
 * @param {CommandContext} context
 * @param {ImportOptions} scope
 * @param {Record<string, any>} flags
 */
async function runImport(context, scope, { dryRun, allowDestructive, yes, json }) {
  const { output } = context;
  const asks = output.isInteractive && !yes && !dryRun;
  const report = await importProject(context.instance, context.settings, {
    ...scope,
    dryRun,
    allowDestructive,
    render: ({ whole }) => rendered(whole, json),
    confirm: asks ? planned => confirm(context, planned) : undefined,
    onProgress: step => output.progress(step),
    onWait: lock => output.warn([waitingLine(lock)]),
  });
  const { rendered: { text = '', document = report.plan } = {}, ...rest } = report;
  // Who was asked has seen the plan already.
  const lines =
    asks && report.applied && report.plan ? [`Applied ${totals(report.plan)}.`] : importLines(report, text);
  return { lines, json: { ...rest, plan: document }, warnings: report.warnings };
}

/**
 * @param {import('../planning.js').WholePlan} whole
 * @param {boolean} json whether the plan is wanted as a document, too
 */
async function rendered(whole, json) {
  const document = json ? { document: JSON.parse(await whole.render('json')) } : {};
  return { text: await whole.render('text'), ...document };
}

/**
 * @param {CommandContext} context
 * @param {import('../planning.js').Planned} planned
 */
async function confirm({ output, settings }, { plan, whole, warnings }) {
  output.warn(diagnosticLines(warnings));
  output.say([(await whole.render('text')).trimEnd(), '']);
  const losesData = plan.warnings.some(warning => warning.destructive) && !settings.allowDestructive;
  if (losesData) return (await output.ask('This loses data. Type "yes" to apply it: ')) === 'yes';
  return ['y', 'yes'].includes(await output.ask('Apply these changes? [y/N] '));
}
