/** What an export changes in the folder, beside the files of schema and rows. */
import { listedRest } from './project.js';
import { entriesIn } from './scope.js';

/**
 * @typedef {import('./project.js').Project} Project
 *
 * @typedef {object} FolderChange
 * @property {string} manifest the new text
 * @property {string[]} remove paths of files that go
 * @property {string} root the manifest's hash
 */

/**
 * @param {Project} project
 * @param {{config: import('./model.js').Config, contents: {kept: string[], remove: string[]}}} exported
 * @param {Record<string, string>} drafted SHA-256 of all files that are written, by path
 * @param {import('./scope.js').Scope} scope
 * @returns {FolderChange}
 */
export function changeOf(project, { config, contents }, drafted, scope) {
  const { core, content } = project;
  const owned = core.entryFiles(config, Object.keys(content.hashes));
  const replaced = entriesIn(config.entries, scope).flatMap(({ id }) => owned.entries[id] ?? []);
  if (scope.schema) replaced.push(...owned.schema);
  replaced.push(...contents.kept, ...contents.remove);
  const written = Object.keys(drafted);
  const ownedByAny = Object.values(owned.entries).flat();
  const hashes = { ...keptFiles(project, new Set([...replaced, ...written]), ownedByAny), ...drafted };
  for (const path of contents.kept) hashes[path] = /** @type {string} */ (content.hashes[path]);
  const stay = new Set([...written, ...contents.kept]);
  const remove = replaced.filter(path => !stay.has(path));
  return { manifest: core.manifestText(hashes), remove, root: core.manifestRoot(hashes) };
}

/**
 * Files that the manifest goes on listing, with their hashes: they belong to entries that this run is not about, or
 * that another config loads.
 *
 * @param {Project} project
 * @param {Set<string>} replaced paths that this run writes or removes
 * @param {string[]} owned paths of all entries
 * @returns {Record<string, string>}
 */
function keptFiles(project, replaced, owned) {
  const paths = listedRest(project, replaced) ?? owned.filter(path => !replaced.has(path));
  return Object.fromEntries(paths.map(path => [path, project.content.hashes[path]]));
}
