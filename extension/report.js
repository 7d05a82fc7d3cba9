/** What runs tell: progress while they run, and the lines that say in numbers what they did. */

/**
 * @typedef {import('./errors.js').Diagnostic} Diagnostic
 * @typedef {import('./errors.js').SchemaSyncError} SchemaSyncError
 * @typedef {import('./model.js').Plan} Plan
 *
 * @typedef {object} Progress
 * @property {'read' | 'plan' | 'apply'} phase
 * @property {string} [subject] entry or collection
 * @property {number} [count] rows, or changes of the schema, since the last report
 *
 * @typedef {(progress: Progress) => void} OnProgress
 */

/** How many files are named before the rest is counted. */
const NAMED_FILES = 10;

/** For runs that nobody watches. */
export function noProgress() {}

/** @param {import('./export.js').ExportReport} report @returns {string[]} */
export function exportLines({ dir, applied, rows, schema, written, removed, unchanged }) {
  const counts = Object.values(rows);
  const rowsText = `${plural(sum(counts), 'row')} of ${plural(counts.length, 'entry', 'entries')}`;
  const what = [...(schema ? ['the schema'] : []), ...(counts.length > 0 ? [rowsText] : [])].join(' and ');
  if (written.length + removed.length === 0) return [`Nothing to write: ${dir} holds ${what} already.`];
  return [
    `${applied ? 'Exported' : 'Would export'} ${what} to ${dir}.`,
    `${plural(written.length, 'file')} written, ${removed.length} removed, ${unchanged} unchanged.`,
    ...fileLines('~', written),
    ...fileLines('-', removed),
  ];
}

/**
 * @param {Pick<import('./import.js').ImportReport, 'plan' | 'applied'>} report
 * @param {string} rendered the plan as text
 * @returns {string[]}
 */
export function importLines({ plan, applied }, rendered) {
  if (!plan)
    return [
      'Nothing to import: the folder holds no data yet. Run `directus schema-sync export` where the data is.',
    ];
  if (plan.steps.length === 0) return [rendered.trimEnd()];
  return [
    rendered.trimEnd(),
    '',
    applied ? `Applied ${totals(plan)}.` : `Nothing was changed. An import would apply ${totals(plan)}.`,
  ];
}

/** @param {Pick<Plan, 'summary'>} plan @returns {string} such as `3 changes to the schema and 12 to rows` */
export function totals({ summary }) {
  const changes = (/** @type {Record<string, import('./model.js').Counts>} */ group) =>
    sum(Object.values(group).map(counts => counts.create + counts.update + counts.delete));
  return `${plural(changes(summary.schema), 'change')} to the schema and ${changes(summary.items)} to rows`;
}

/** @param {import('./lock.js').LockState | null} lock of the run that is under way, where it can be told */
export function waitingLine(lock) {
  return `Waiting for the run of ${lock?.owner ?? 'another process'} to end.`;
}

/** @param {Diagnostic[]} diagnostics @returns {string[]} */
export function diagnosticLines(diagnostics) {
  return diagnostics.map(({ severity, code, message, path }) => {
    const place = path && !message.includes(path) ? ` (${path})` : '';
    return `${severity} ${code}: ${message}${place}`;
  });
}

/** @param {SchemaSyncError} error @returns {string[]} the error with everything that was found with it */
export function errorLines({ code, message, path, diagnostics }) {
  const own = diagnosticLines([{ severity: 'error', code, message, path }]);
  const others = diagnostics.filter(found => found.message !== message || found.code !== code);
  return [...own, ...diagnosticLines(others).map(line => `  ${line}`)];
}

/** @param {SchemaSyncError} error @returns {string[]} the same; for a fault of ours with the trace that a report needs */
export function failureLines(error) {
  const { code, cause } = error;
  const trace = code === 'INTERNAL' && cause instanceof Error ? [cause.stack ?? ''] : [];
  return [...errorLines(error), ...trace];
}

/** @param {number} count @param {string} one @param {string} [many] */
export function plural(count, one, many = `${one}s`) {
  return `${count} ${count === 1 ? one : many}`;
}

/** @param {string} sign @param {string[]} paths */
function fileLines(sign, paths) {
  const lines = paths.slice(0, NAMED_FILES).map(path => `  ${sign} ${path}`);
  const rest = paths.length - lines.length;
  return rest > 0 ? [...lines, `  ${sign} and ${rest} more`] : lines;
}

/** @param {number[]} numbers */
function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}
