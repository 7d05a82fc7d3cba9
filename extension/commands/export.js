/** `export` and `export-schema`: the instance's state into the folder. */
import { exportProject } from '../export.js';
import { exportLines, waitingLine } from '../report.js';
import { parseList } from './command.js';

/** @type {import('./command.js').Command} */
export const exportCommand = {
  name: 'export',
  summary: 'Write schema, configuration and rows of this instance to the folder',
  entries: ['directus'],
  options: [
    ['--only <entries>', 'only these entries of the config, divided by commas; "schema" for the schema'],
    ['--no-schema', 'leave the files of the schema alone'],
    ['--no-data', 'leave the files of rows alone'],
    ['--overwrite', 'write the state of this instance, whatever was changed in the folder'],
    ['--fail-on-secrets', 'write nothing and end with 3 if a value looks like a credential'],
    ['--dry-run', 'say what would be written, write nothing'],
    ['--json', 'print one JSON document'],
  ],
  run: (context, { only, ...options }) => runExport(context, { ...options, only: parseList(only) }),
};

/** @type {import('./command.js').Command} */
export const exportSchema = {
  name: 'export-schema',
  summary: 'Write only the schema to the folder',
  entries: ['directus'],
  options: [
    ['-S, --split [boolean]', 'one file per collection; "false" writes one file'],
    ['--overwrite', 'write the schema of this instance, whatever was changed in the folder'],
    ['--json', 'print one JSON document'],
  ],
  run: (context, { split, overwrite }) =>
    runExport(context, { data: false, overwrite, split: split === undefined ? split : split !== 'false' }),
};

/**
 * @param {import('./command.js').CommandContext} context
 * @param {import('../export.js').ExportOptions} options
 * @returns {Promise<import('./command.js').Outcome>}
 */
async function runExport({ instance, settings, output }, options) {
  const report = await exportProject(instance, settings, {
    ...options,
    onProgress: step => output.progress(step),
    onWait: lock => output.warn([waitingLine(lock)]),
  });
  return { lines: exportLines(report), json: report, warnings: report.warnings };
}
