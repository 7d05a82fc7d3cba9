/** What was measured, as tables and a chart. */
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { DIRECTUS_VERSIONS } from '../tests/harness/directus.js';
import { REPOSITORY } from '../tests/harness/repository.js';
import { chartOf } from './chart.js';
import { ours } from './contenders/extension.js';
import { medianOf } from './measure.js';
import { targetCells } from './targets.js';

/** @typedef {import('./findings.js').Result} Result */

const OURS = ours.name;
const FOLDER = join(REPOSITORY, 'bench', 'results');

/**
 * @param {{results: Result[], notes: string[], core: Record<string, number>}} found
 * @returns {Promise<string>} what was written about it
 */
export async function writeResults({ results, notes, core }) {
  const parts = [
    '# Rows',
    aboutOf(results),
    ...notes,
    tableOf(resultCells(results)),
    '## Targets',
    tableOf(targetCells(results, core)),
  ];
  const text = `${parts.join('\n\n')}\n`;
  await mkdir(FOLDER, { recursive: true });
  await writeFile(join(FOLDER, 'rows.md'), text);
  await writeFile(join(FOLDER, 'rows.svg'), chartOf(results));
  return text;
}

/** @param {Result[]} results */
function aboutOf(results) {
  const counts = results.map(({ runs }) => runs.length);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  const rounds = least === most ? most : `${least} to ${most}`;
  const versions = `Directus ${DIRECTUS_VERSIONS[12]}, for the schema ${DIRECTUS_VERSIONS[11]}, Node ${process.versions.node}`;
  return `${versions}, ${machine()}. Median of ${rounds}, without Directus' own start; memory is the whole process.`;
}

function machine() {
  const gibibytes = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} cores (${cpus()[0]?.model.trim()}), ${gibibytes} GiB`;
}

/** @param {string[][]} cells the head first */
function tableOf([head = [], ...lines]) {
  return [head, head.map(() => '---'), ...lines].map(line => `| ${line.join(' | ')} |`).join('\n');
}

/** @param {Result[]} results */
function resultCells(results) {
  const head = ['database', 'rows', 'work', 'by', 'seconds', 'ours takes of it', 'CPU seconds', 'MiB'];
  return [head, ...results.map(result => lineOf(result, results))];
}

/** @param {Result} result @param {Result[]} all */
function lineOf(result, all) {
  const { database, rows, work, contender, runs } = result;
  const { seconds, cpu, memory } = medianOf(runs);
  const isOurs = (/** @type {Result} */ other) =>
    other.contender === OURS && other.database === database && other.rows === rows && other.work === work;
  const best = all.find(isOurs);
  const ratio = best && seconds > 0 ? (medianOf(best.runs).seconds / seconds).toFixed(2) : '';
  const figures = [seconds.toFixed(2), ratio, cpu.toFixed(2), memory.toFixed(0)];
  return [database, rows === 0 ? '' : rows.toLocaleString('en'), work, contender, ...figures];
}
