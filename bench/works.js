/** The work that is measured, in the order in which one round does it. */
import { productOf, REVISED } from './data.js';
import { measuredDirectus, without } from './measure.js';
import { demandProducts } from './projects.js';

/**
 * @typedef {import('./measure.js').Measured} Measured
 * @typedef {import('./run.js').Contender} Contender
 * @typedef {import('../tests/harness/project.js').Project} Project
 */

/** One row in a hundred changes; one comes for every ten that are there. */
const CHANGED_OF = 100;
const NEW_OF = 10;

/**
 * @param {Contender} contender
 * @param {Project} source with the rows
 * @param {Project} target without
 * @param {number} rows
 * @returns {AsyncGenerator<[work: string, measured: Measured]>} without Directus' own start
 */
export async function* measureWorks(contender, source, target, rows) {
  await contender.prepare(source);
  const boot = contender.withoutDirectus
    ? NOTHING
    : await measuredDirectus(source, ['schema-sync', '--help']);
  yield ['export', without(await contender.exportRows(source), boot)];
  await contender.prepare(target);
  await contender.hand(source, target);
  const imported = async (/** @type {{rows: number, revised: number}} */ expected) => {
    const measured = without(await contender.importRows(target), boot);
    await demandProducts(target, expected);
    return measured;
  };
  yield ['import into empty', await imported({ rows, revised: 0 })];
  if (!contender.edit) return;
  yield ['nothing to do', await imported({ rows, revised: 0 })];
  await contender.edit(target, { each: change });
  const revised = Math.ceil(rows / CHANGED_OF);
  yield ['1% changed', await imported({ rows, revised })];
  await contender.edit(target, { more: added(rows) });
  yield ['10% new', await imported({ rows: rows + rows / NEW_OF, revised })];
}

const NOTHING = Object.freeze({ seconds: 0, cpu: 0, memory: 0 });

/** @param {any} product @param {number} index */
function change(product, index) {
  return index % CHANGED_OF === 0 ? { ...product, name: `${product.name}${REVISED}` } : product;
}

/** @param {number} rows */
function* added(rows) {
  for (let n = 0; n < rows / NEW_OF; n++) yield productOf(rows + n);
}
