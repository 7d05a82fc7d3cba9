/** The sync folder as a run sees it: config and data files, read once, checked against the manifest. */
import { loadConfig } from './config.js';
import { loadCore } from './core.js';
import { SchemaSyncError } from './errors.js';
import { Folder, isDataPath, MANIFEST } from './folder.js';
import { variablesDigest, variablesOf } from './variables.js';

/**
 * @typedef {import('./environment.js').Settings} Settings
 * @typedef {import('./errors.js').Diagnostic} Diagnostic
 * @typedef {import('./model.js').Config} Config
 *
 * @typedef {object} Project
 * @property {import('./core.js').Core} core of this thread, for what is small; plans are made in another one
 * @property {Folder} folder
 * @property {import('./config.js').LoadedConfig} config
 * @property {import('./folder-content.js').FolderContent} content
 * @property {import('./variables.js').Variables} variables that the data files take values from, as far as they are set
 *
 * @typedef {object} Checked
 * @property {string} root hash over everything that the manifest lists
 * @property {Diagnostic[]} warnings
 */

/** How many file names a message lists before it counts the rest. */
const NAMED_FILES = 20;
const INTENDED = 'Run `schema-sync hash` if that was intended, else restore them from git.';

/** @param {Settings} settings @returns {Promise<Project>} */
export async function openProject(settings) {
  const core = await loadCore();
  const folder = await Folder.open(settings.dir);
  const config = await loadConfig(folder, settings.config);
  const content = await folder.readData();
  const variables = variablesOf(content.variables, settings.variable);
  return { core, folder, config, content, variables };
}

/** @param {Project} project @returns {boolean} whether nothing was ever exported into it */
export function isEmpty({ content }) {
  return content.paths.length === 0 && !content.manifest?.trim();
}

/**
 * Checks the data files against the manifest.
 *
 * @param {Omit<Project, 'config' | 'variables'>} project
 * @param {string[]} [owned] paths that a loaded entry would read; an unlisted one of them stops the run
 * @returns {Checked}
 * @throws {SchemaSyncError} MANIFEST_MISSING, MANIFEST_INVALID, MANIFEST_MISMATCH or CONFLICT_MARKER
 */
export function checkManifest({ core, content, folder }, owned = []) {
  if (content.manifest === null) throw withoutManifest(folder.root);
  const found = core.verifyManifest(content.manifest, content.hashes, owned);
  refuse(found);
  return {
    root: found.root,
    warnings: [
      ...(found.legacy ? [legacyWarning()] : []),
      ...found.ignored.filter(isDataPath).map(ignoredWarning),
    ],
  };
}

/**
 * The project as it is once its manifest is written anew: what was edited counts as intended. A file that is listed but
 * missing does not, since a checkout that is still going on looks like that.
 *
 * @param {Project} project
 * @returns {Project & {root: string}} with the manifest's hash
 * @throws {SchemaSyncError} MANIFEST_MISMATCH that names the missing files
 */
export function withEdits(project) {
  const { core, content } = project;
  const { missing } = core.verifyManifest(content.manifest ?? '', content.hashes, []);
  refuse({ missing, changed: [], unlisted: [] });
  const listed = Object.fromEntries(Object.entries(content.hashes).filter(([path]) => isDataPath(path)));
  const manifest = core.manifestText(listed);
  return { ...project, content: content.withManifest(manifest), root: core.manifestRoot(listed) };
}

/**
 * For a run that replaces files: the rest of the manifest is carried on, so it has to be true.
 *
 * @param {Project} project
 * @param {Set<string>} replaced paths that the run writes or removes
 * @returns {string[] | null} the other paths that the manifest lists; null when it lists none by name
 * @throws {SchemaSyncError} MANIFEST_MISMATCH
 */
export function listedRest({ core, content }, replaced) {
  if (content.manifest === null) return null;
  const found = core.verifyManifest(content.manifest, content.hashes, []);
  if (found.legacy) return null;
  const outside = (/** @type {string[]} */ paths) => paths.filter(path => !replaced.has(path));
  refuse({ ...found, missing: outside(found.missing), changed: outside(found.changed) });
  const unlisted = new Set([...found.unlisted, ...found.ignored]);
  return outside(Object.keys(content.hashes)).filter(path => !unlisted.has(path));
}

/**
 * What a server compares at start with what was applied last. Whatever decides what an import does is part of it.
 *
 * @param {Project} project
 * @param {{root: string} & Pick<Settings, 'mode' | 'safe' | 'dataOnly'>} run
 * @param {{secret: () => Promise<string>}} holder the instance, or a session of it
 * @returns {Promise<string>} hex
 */
export async function fingerprintOf({ core, config, variables }, { root, mode, safe, dataOnly }, holder) {
  const isTaken = Object.keys(variables).length > 0;
  return core.fingerprint([
    ['manifest', root],
    ...config.files,
    ['mode', mode],
    ['schema', safe ? 'safe' : 'as the mode'],
    ['scope', dataOnly ? 'data' : 'all'],
    ...(isTaken ? [environmentPart(core, variables, await holder.secret())] : []),
  ]);
}

/**
 * @param {import('./core.js').Core} core
 * @param {import('./variables.js').Variables} variables
 * @param {string} secret
 * @returns {[name: string, value: string]}
 */
function environmentPart(core, variables, secret) {
  return ['environment', variablesDigest(core, variables, secret)];
}

/**
 * Whether the folder is, to the byte, the one that the instance imported or exported last. Then nothing of it waits for
 * an import.
 *
 * @param {any} instance
 * @param {Settings} settings
 * @param {Project} project
 */
export async function isApplied(instance, settings, project) {
  const { core, content } = project;
  if (content.manifest === null) return false;
  const { root, missing, changed } = core.verifyManifest(content.manifest, content.hashes, []);
  if (missing.length + changed.length > 0) return false;
  const fingerprint = await fingerprintOf(project, { ...settings, root }, instance);
  return (await instance.appliedFingerprint()) === fingerprint;
}

/** @param {string} root */
function withoutManifest(root) {
  const message = `${root} has data files but no ${MANIFEST}. Run \`schema-sync hash\` if the files are complete.`;
  return new SchemaSyncError('MANIFEST_MISSING', message, { path: MANIFEST });
}

/** @param {string} state @param {string[]} paths @returns {string[]} a sentence, or nothing */
function named(state, paths) {
  if (paths.length === 0) return [];
  const rest = paths.length > NAMED_FILES ? ` and ${paths.length - NAMED_FILES} more` : '';
  return [`${state}: ${paths.slice(0, NAMED_FILES).join(', ')}${rest}`];
}

/** @param {Pick<import('./model.js').Verified, 'missing' | 'changed' | 'unlisted'>} found */
function refuse(found) {
  const problems = [
    ...named('missing', found.missing),
    ...named('changed since they were listed', found.changed),
    ...named('not listed', found.unlisted),
  ];
  if (problems.length === 0) return;
  const message = `The data files are not those that ${MANIFEST} lists. Files ${problems.join('; files ')}. ${INTENDED}`;
  const diagnostics = [
    ...fileProblems(found.missing, 'is listed, but missing'),
    ...fileProblems(found.changed, 'was changed since it was listed'),
    ...fileProblems(found.unlisted, 'is not listed, but an entry of the config would read it'),
  ];
  throw new SchemaSyncError('MANIFEST_MISMATCH', message, { path: MANIFEST, diagnostics });
}

/** @param {string[]} paths @param {string} state @returns {Diagnostic[]} */
function fileProblems(paths, state) {
  return paths.map(path => ({
    severity: 'error',
    code: 'MANIFEST_MISMATCH',
    message: `${path} ${state}.`,
    path,
  }));
}

/** @returns {Diagnostic} */
function legacyWarning() {
  const message = `${MANIFEST} has the form of the community extension, which lists no files, so nothing was verified. The next export renews it.`;
  return { severity: 'warning', code: 'MANIFEST_LEGACY', message, path: MANIFEST };
}

/** @param {string} path @returns {Diagnostic} */
function ignoredWarning(path) {
  const message = `${path} is not listed in ${MANIFEST}, and no entry reads it. Remove it, or run \`schema-sync hash\`.`;
  return { severity: 'warning', code: 'MANIFEST_UNLISTED', message, path };
}
