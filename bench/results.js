/** What was measured, as a table and a chart. */
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { DIRECTUS_VERSIONS } from '../tests/harness/directus.js';
import { REPOSITORY } from '../tests/harness/repository.js';
import { chartOf } from './chart.js';
import { ours } from './contenders/extension.js';
import { medianOf } from './measure.js';

/** @typedef {import('./run.js').Result} Result */

const OURS = ours.name;
const FOLDER = join(REPOSITORY, 'bench', 'results');

/** @param {Result[]} results @param {number} rounds */
export async function writeResults(results, rounds) {
  const table = tableOf(results);
  const about = `Directus ${DIRECTUS_VERSIONS[12]}, for the schema ${DIRECTUS_VERSIONS[11]}, Node ${process.versions.node}, ${machine()}. Median of ${rounds}, without Directus' own start; memory is the whole process.`;
  await mkdir(FOLDER, { recursive: true });
  await writeFile(join(FOLDER, 'rows.md'), `# Rows\n\n${about}\n\n${table}\n`);
  await writeFile(join(FOLDER, 'rows.svg'), chartOf(results));
  console.log(`${about}\n\n${table}`);
}

function machine() {
  const gibibytes = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} cores (${cpus()[0]?.model.trim()}), ${gibibytes} GiB`;
}

/** @param {Result[]} results */
function tableOf(results) {
  const head = ['database', 'rows', 'work', 'by', 'seconds', 'ours takes of it', 'CPU seconds', 'MiB'];
  const lines = results.map(result => lineOf(result, results));
  return [head, head.map(() => '---'), ...lines].map(cells => `| ${cells.join(' | ')} |`).join('\n');
}

/** @param {Result} result @param {Result[]} all */
function lineOf(result, all) {
  const { database, rows, work, contender, runs } = result;
  const { seconds, cpu, memory } = medianOf(runs);
  const isOurs = (/** @type {Result} */ other) =>
    other.contender === OURS && other.database === database && other.rows === rows && other.work === work;
  const best = all.find(isOurs);
  const ratio = best ? (medianOf(best.runs).seconds / seconds).toFixed(2) : '';
  const figures = [seconds.toFixed(2), ratio, cpu.toFixed(2), memory.toFixed(0)];
  return [database, rows === 0 ? '' : rows.toLocaleString('en'), work, contender, ...figures];
}
