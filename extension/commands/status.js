/** `status`: folder, base, last runs, what is pending and what drifted, lock. */
import { GOING_BACK } from '../deployments.js';
import { plural, totals } from '../report.js';
import { readStatus } from '../status.js';

/**
 * @typedef {import('../environment.js').Settings} Settings
 * @typedef {import('../runs.js').PastRun} PastRun
 * @typedef {import('../status.js').Status} Status
 */

/** @type {import('./command.js').Command} */
export const status = {
  name: 'status',
  summary: 'Show folder and base, the last runs, what is pending, what drifted, and the lock',
  entries: ['directus'],
  options: [['--json', 'print one JSON document']],
  async run({ settings, instance }) {
    const status = await readStatus(instance, settings);
    const { start, mode } = settings;
    return { lines: statusLines(status, settings), json: { ...status, start, mode } };
  },
};

/** @param {Status} status @param {Settings} settings @returns {string[]} */
export function statusLines({ folder, applied, older, base, difference, runs, lock }, settings) {
  return [
    folderLine(folder),
    appliedLine(folder, applied),
    ...(older ? [OLDER] : []),
    baseLine(base),
    ...differenceLines(difference),
    runLine('import', runs.import),
    runLine('export', runs.export),
    lockLine(lock),
    startLine(settings),
  ];
}

/** @param {Status['folder']} folder */
function folderLine({ dir, files, empty, problem }) {
  if (problem) return `Folder: ${dir} cannot be imported. ${problem.code}: ${problem.message}`;
  if (empty) return `Folder: ${dir} holds no data yet.`;
  return `Folder: ${dir}, ${plural(files, 'data file')}, as listed in the manifest.`;
}

/** @param {Status['folder']} folder @param {string | null} applied */
function appliedLine({ fingerprint }, applied) {
  if (!applied) return 'Import: nothing was imported or exported in full here yet.';
  if (fingerprint === applied)
    return 'Import: this state of the folder is the one that was imported or exported last.';
  return 'Import: another state of the folder was imported or exported last.';
}

/** @param {Status['base']} base */
function baseLine(base) {
  if (!base) return 'Base: folder and instance have not agreed on anything yet.';
  const counts = Object.values(base.entries);
  const rows = counts.reduce((sum, count) => sum + count, 0);
  const what = `${plural(rows, 'row')} of ${plural(counts.length, 'entry', 'entries')}`;
  const schema = base.schema ? 'the schema and ' : '';
  return `Base: ${schema}${what}, agreed on since ${base.since.toISOString()}.`;
}

/** @param {Status['difference']} difference @returns {string[]} */
function differenceLines({ summary, drift, conflicts, problem }) {
  if (problem) return [`Pending: no plan can be made. ${problem.code}: ${problem.message}`];
  if (!summary) return [];
  const changed = conflicts > 0 ? `, and ${conflicts} on both sides` : '';
  return [
    `Pending: an import would apply ${totals({ summary })}.`,
    drift + conflicts > 0
      ? `Drift: since the base ${plural(drift, 'thing')} changed on the instance alone${changed}; see \`diff\`.`
      : 'Drift: nothing was changed on the instance since the base.',
  ];
}

const OLDER =
  'Older: a newer deployment has been imported since this folder was, so that a server that starts with SCHEMA_SYNC=IMPORT ' +
  `imports nothing. ${GOING_BACK}`;

/** @type {Readonly<Record<PastRun['outcome'], string>>} */
const OUTCOMES = Object.freeze({
  changed: 'it changed something',
  unchanged: 'there was nothing to change',
  refused: 'it was refused',
  failed: 'it failed',
});

/** @param {string} kind @param {PastRun | null} run */
function runLine(kind, run) {
  if (!run) return `Last ${kind}: none.`;
  const { who, ended, outcome, code, message } = run;
  const error = code ? `. ${code}: ${message}` : '.';
  return `Last ${kind}: ${ended.toISOString()} by ${who}; ${OUTCOMES[outcome]}${error}`;
}

/** @param {Status['lock']} lock */
function lockLine(lock) {
  if (!lock) return 'Lock: free.';
  const { owner, since, expires, expired } = lock;
  const times = [since && `since ${since.toISOString()}`, expires && `until ${expires.toISOString()}`];
  const held = [`held by ${owner}`, ...times.filter(Boolean)].join(', ');
  return `Lock: ${held}${expired ? '; it has expired and the next import takes it over' : ''}.`;
}

/** @param {Settings} settings */
function startLine({ start, mode }) {
  const imports = start === 'IMPORT' || start === 'BOTH';
  return imports
    ? `Start: the server imports a changed folder, mode ${mode}.`
    : 'Start: the server does not import (SCHEMA_SYNC is not IMPORT).';
}
