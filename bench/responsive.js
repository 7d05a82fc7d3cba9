/**
 * `npm run bench:responsive`: whether a server stays responsive while it imports and exports many rows by itself. It is
 * measured inside of the server: the longest time in which its event loop could do nothing else, and its memory before,
 * at the most, and after. Fails where that is more than allowed.
 *
 *   --rows 100000        how many
 *   --majors 12,11       versions of Directus
 *   --databases sqlite   sqlite, postgres or both
 *   --where              also says which functions blocked it, by a profile, which makes everything slower
 */
import { parseArgs } from 'node:util';
import { DIRECTUS_VERSIONS } from '../tests/harness/directus.js';
import { combinations } from '../tests/support/combinations.js';
import { createCounted, ofProducts } from './projects.js';
import { ownTime, RETURNED_MIB } from './responsive/watched.js';
import { placesOf } from './responsive/where.js';
import { watchWorks } from './responsive/works.js';

/** Milliseconds that an event loop may be blocked, without the time in which others had the processor. */
const LIMIT_MS = 50;
/** So many of the longest are explained. */
const EXPLAINED = 12;

const { values: options } = parseArgs({
  options: {
    rows: { type: 'string', default: '100000' },
    majors: { type: 'string', default: '12,11' },
    databases: { type: 'string', default: 'sqlite,postgres' },
    where: { type: 'boolean', default: false },
  },
});

/**
 * What is shown of each work, and how wide: the memory of the process before, at the most and after, then what its main
 * thread had in its heap and outside of it after.
 */
const COLUMNS = /** @type {const} */ ([
  ['work', -24],
  ['s', 6],
  ['longest ms', 12],
  ['waited ms', 11],
  [`over ${LIMIT_MS} ms`, 12],
  ['sum ms', 8],
  ['MiB', 6],
  ['most', 6],
  ['after', 7],
  ['heap', 6],
  ['outside', 9],
]);

const majors = /** @type {import('../tests/harness/directus.js').Major[]} */ (options.majors.split(','));
const databases = /** @type {import('../tests/harness/databases.js').DatabaseName[]} */ (
  options.databases.split(',')
);
for (const { major, database, skip } of await combinations({ majors, databases })) {
  if (skip) console.log(`${database} is left out: ${skip}`);
  else await watch(major, database);
}

/**
 * @param {import('../tests/harness/directus.js').Major} major
 * @param {import('../tests/harness/databases.js').DatabaseName} database
 */
async function watch(major, database) {
  const project = await createCounted({ major, database, content: ofProducts(0) });
  try {
    const watched = await watchWorks(project, { rows: Number(options.rows), profile: options.where });
    console.log(
      `\nDirectus ${DIRECTUS_VERSIONS[major]}, ${database}, ${options.rows} rows\n${line(COLUMNS.map(([name]) => name))}`,
    );
    for (const { work, span } of watched) report(work, span);
    if (options.where) for (const one of watched) await explain(one);
  } finally {
    await project.destroy();
  }
}

/** @param {string} work @param {import('./responsive/watched.js').Span} span */
function report(work, { seconds, blocks, before, most, after }) {
  const [longest = { at: 0, ms: 0, waited: 0 }] = blocks;
  const tooLong = blocks.filter(block => ownTime(block) > LIMIT_MS);
  const sum = tooLong.reduce((total, { ms }) => total + ms, 0);
  const figures = [seconds.toFixed(1), longest.ms.toFixed(0), longest.waited.toFixed(0), tooLong.length];
  const memory = [before.rss, most.rss, after.rss, after.heap, after.external].map(mib => mib.toFixed(0));
  const isWrong = tooLong.length > 0 || after.rss > before.rss + RETURNED_MIB;
  // A start of Directus blocks by itself.
  if (isWrong && !work.startsWith('nothing')) process.exitCode = 1;
  console.log(`${line([work, ...figures, sum.toFixed(0), ...memory])}${isWrong ? '  !' : ''}`);
}

/** @param {(string | number)[]} cells */
function line(cells) {
  return COLUMNS.map(([, width], index) => {
    const cell = String(cells[index]);
    return width < 0 ? cell.padEnd(-width) : cell.padStart(width);
  }).join('');
}

/** @param {import('./responsive/works.js').Watched} watched */
async function explain({ work, span, profiled }) {
  const blocks = span.blocks.filter(block => ownTime(block) > LIMIT_MS / 2).slice(0, EXPLAINED);
  const paragraphs = await placesOf(profiled, blocks);
  if (paragraphs.length > 0) console.log(`\n${work}\n${paragraphs.join('\n')}`);
}
