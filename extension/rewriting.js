/** What an export changes in the folder. */
import { MANIFEST } from './folder.js';
import { listedRest } from './project.js';
import { entriesIn } from './scope.js';

/**
 * @typedef {import('./project.js').Project} Project
 *
 * @typedef {object} FolderChange
 * @property {Map<string, import('./folder.js').NewContent>} contents new contents by path, the manifest among them
 * @property {string[]} remove paths of files that go
 * @property {string} root the manifest's hash
 */

/**
 * @param {Project} project
 * @param {import('./reading.js').Exported} exported
 * @param {import('./scope.js').Scope} scope
 * @returns {FolderChange}
 */
export function changeOf(project, { config, files, contents: ofFiles }, scope) {
  const { core, content } = project;
  const owned = core.entryFiles(config, Object.keys(content.hashes));
  const replaced = entriesIn(config.entries, scope).flatMap(({ id }) => owned.entries[id] ?? []);
  if (scope.schema) replaced.push(...owned.schema);
  replaced.push(...ofFiles.kept, ...ofFiles.remove);
  /** @type {FolderChange['contents']} */
  const contents = new Map(files.map(({ path, bytes }) => [path, bytes]));
  for (const [path, source] of ofFiles.write) contents.set(path, source);
  const kept = keptFiles(
    project,
    new Set([...replaced, ...contents.keys()]),
    Object.values(owned.entries).flat(),
  );
  const hashes = { ...kept };
  for (const path of ofFiles.kept) hashes[path] = /** @type {string} */ (content.hashes[path]);
  for (const [path, { sha256 }] of ofFiles.write) hashes[path] = sha256;
  for (const { path, bytes } of files) hashes[path] = core.sha256(bytes);
  const stay = new Set([...contents.keys(), ...ofFiles.kept]);
  const remove = replaced.filter(path => !stay.has(path));
  contents.set(MANIFEST, core.manifestText(hashes));
  return { contents, remove, root: core.manifestRoot(hashes) };
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

/**
 * What `folder.write` would say of the change.
 *
 * @param {Project} project
 * @param {FolderChange} change
 */
export async function preview({ folder }, { contents, remove }) {
  const changed = await folder.changed(contents);
  return {
    written: [...changed.keys()].sort(),
    removed: [...remove].sort(),
    unchanged: contents.size - changed.size,
  };
}
