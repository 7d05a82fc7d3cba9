/**
 * Contents of files travel outside of the import's transaction: they are copied beside those that are there before it
 * begins, and what was replaced goes once it has ended. So a failed import loses nothing, and nobody waits for a
 * transaction that copies gigabytes.
 */
import { createReadStream } from 'node:fs';
import { CONTENT, FolderContents } from './contents.js';
import { partsToShow } from './plan-steps.js';
import { planOnly } from './run.js';

/**
 * @typedef {import('./model.js').Step} Step
 * @typedef {import('./planning.js').Planned} Planned
 * @typedef {import('./run.js').Run} Run
 * @typedef {{file: string, sha256: string, type?: string}} Wanted a content that a row is to have
 */

/**
 * @template T
 * @param {Run} run
 * @param {(planned: Planned) => unknown} gate throws where the plan may not be applied
 * @param {() => Promise<T>} work the transaction
 * @returns {Promise<T>}
 */
export async function withContents(run, gate, work) {
  const { instance, project } = run;
  await instance.tidyContents();
  try {
    const contents = new FolderContents(project.content.hashes);
    if (contents.paths.length > 0) {
      const wanted = await planOnly(run, planned => {
        gate(planned);
        return wantedBy(planned);
      });
      await stage(run, contents, wanted);
    }
    return await work();
  } finally {
    await instance.tidyContents();
  }
}

/** @param {Run} run @param {FolderContents} contents @param {Wanted[]} wanted */
async function stage({ instance, project }, contents, wanted) {
  const files = wanted.map(one => ({ ...one, extension: contents.of(one.file)?.extension ?? '' }));
  await instance.stageContents(files, async (/** @type {Wanted} */ { file }) => {
    const { path } = /** @type {import('./contents.js').ContentFile} */ (contents.of(file));
    return createReadStream(await project.folder.locate(path));
  });
}

/** @param {Planned} planned @returns {Promise<Wanted[]>} */
async function wantedBy({ plan, whole }) {
  const wanted = [];
  for (const [index, { effects }] of plan.steps.entries()) {
    if (!effects?.files) continue;
    for await (const part of partsToShow(whole, plan, index)) wanted.push(...contentsOf(part));
  }
  return wanted;
}

/** @param {Step} step of files, with rows @returns {Wanted[]} */
function contentsOf({ type, rows, changes }) {
  const written = (/** @type {any} */ row, /** @type {string} */ file) =>
    row[CONTENT] ? [{ file, sha256: row[CONTENT], type: row.type }] : [];
  if (type === 'items.create') return rows.flatMap((/** @type {any} */ row) => written(row, row.id));
  if (type === 'items.update') return changes.flatMap((/** @type {any} */ { key, set }) => written(set, key));
  return [];
}
