/** `diff` and `plan`: what an import would change, to look at or to seal. */
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { EXIT, SchemaSyncError } from '../errors.js';
import { importProject, sealProject } from '../import.js';
import { importLines, plural, totals } from '../report.js';
import { diffFormat } from './command.js';
import { PLAN_OPTIONS, planOptions } from './plan-options.js';

/**
 * @typedef {import('./command.js').Command} Command
 * @typedef {import('../import.js').ImportReport} ImportReport
 * @typedef {import('../model.js').Plan} Plan
 */

/** @type {[flags: string, description: string]} */
const FORMAT = [
  '--format <format>',
  '"text", "json", "markdown" for a pull request, or "html" for one page to read',
];
/** @type {[flags: string, description: string]} */
const JSON_FLAG = ['--json', 'the same as --format json'];

/** @type {Command} */
export const diff = {
  name: 'diff',
  summary: 'Show what an import would change',
  entries: ['directus'],
  options: [
    ...PLAN_OPTIONS,
    FORMAT,
    ['--out <file>', 'write it to a file'],
    ['--exit-code', 'end with 2 when changes are pending'],
    JSON_FLAG,
  ],
  run: runDiff,
};

/** @type {Command} */
export const planCommand = {
  name: 'plan',
  summary: 'Seal what an import would change, for `import --plan` to do exactly that',
  entries: ['directus'],
  options: [
    ...PLAN_OPTIONS,
    ['--out <file>', 'write the sealed plan to a file; without it the plan is only shown'],
    FORMAT,
    JSON_FLAG,
  ],
  run: (context, flags) => (flags.out ? runSeal(context, flags) : runDiff(context, flags)),
};

/** @type {Command['run']} */
async function runSeal({ instance, settings, output }, flags) {
  if (flags.format) throw sealedFormat();
  const onProgress = (/** @type {import('../report.js').Progress} */ step) => output.progress(step);
  const sealed = await sealProject(instance, settings, { ...planOptions(flags), onProgress });
  if (!sealed) return { lines: importLines({ plan: null, applied: false }, ''), json: null };
  const { text, plan, warnings } = sealed;
  await writeFile(resolve(flags.out), text);
  const losses = plan.warnings.filter(({ destructive }) => destructive).length;
  const lines = [
    `Sealed ${totals(plan)} in ${flags.out}. Apply exactly that with \`directus schema-sync import --plan ${flags.out}\`.`,
    ...(losses > 0 ? [`${plural(losses, 'warning')} of it need consent: add --allow-destructive then.`] : []),
  ];
  return { lines, warnings, json: { file: flags.out, digest: plan.digest, summary: plan.summary, losses } };
}

function sealedFormat() {
  const message =
    '--out writes a sealed plan, which has a form of its own. Leave out --format, or use `diff`.';
  return new SchemaSyncError('OPTION_INVALID', message, { path: '--format' });
}

/** @type {Command['run']} */
async function runDiff({ instance, settings, output }, flags) {
  const format = diffFormat(flags);
  const report = await importProject(instance, settings, {
    ...planOptions(flags),
    dryRun: true,
    render: ({ whole }) => whole.render(format),
    onProgress: step => output.progress(step),
  });
  const isPending = (report.plan?.steps.length ?? 0) > 0;
  const rest = {
    warnings: report.warnings,
    exitCode: flags.exitCode && isPending ? EXIT.pending : EXIT.done,
  };
  const lines = diffLines(report, format);
  if (!flags.out)
    return {
      lines: format === 'json' ? [] : lines,
      json: format === 'json' ? JSON.parse(lines.join('')) : null,
      ...rest,
    };
  await writeFile(resolve(flags.out), `${lines.join('\n')}\n`);
  return { lines: [`Wrote ${flags.out}${report.plan ? `: ${totals(report.plan)}` : ''}.`], ...rest };
}

/**
 * @param {ImportReport} report
 * @param {'text' | 'json' | 'markdown' | 'html'} format
 */
function diffLines(report, format) {
  const { rendered } = report;
  if (format === 'json') return [(rendered ?? 'null').trimEnd()];
  if (rendered && format !== 'text') return [rendered.trimEnd()];
  return importLines(report, rendered ?? '');
}
