/**
 * What can be said of the folder without a database. The schema in the folder tells of your own collections; of
 * Directus' own ones only those fields are known that the core has a rule for.
 */
import { SchemaSyncError, throwErrors } from './errors.js';
import { desiredSnapshot } from './planning.js';
import { checkManifest, isEmpty, openProject } from './project.js';

/**
 * @typedef {import('./environment.js').Settings} Settings
 * @typedef {import('./errors.js').Diagnostic} Diagnostic
 * @typedef {import('./model.js').Config} Config
 * @typedef {import('./model.js').Facts} Facts
 * @typedef {import('./project.js').Project} Project
 */

/** Problems that only an instance can settle for collections of Directus itself. */
const NEED_AN_INSTANCE = new Set([
  'CONFIG_UNKNOWN_FIELD',
  'ROW_UNKNOWN_FIELD',
  'ROW_INVALID',
  'CONFIG_KEY_INVALID',
]);

/**
 * @param {Settings} settings
 * @returns {Promise<{files: number, entries: number, warnings: Diagnostic[]}>}
 * @throws {SchemaSyncError} with everything that is wrong
 */
export async function validateFolder(settings) {
  const project = await openProject(settings);
  const files = project.content.files.size;
  if (isEmpty(project)) return { files, entries: 0, warnings: [] };
  const facts = factsWithoutInstance(project);
  const config = resolve(project, facts, settings);
  const owned = project.core.entryFiles(config, [...project.content.files.keys()]);
  const { warnings } = checkManifest(project, [...owned.schema, ...Object.values(owned.entries).flat()]);
  checkFiles(project, facts, config, owned);
  return { files, entries: config.entries.length, warnings: [...warnings, ...config.diagnostics] };
}

/** @param {Project} project @returns {Facts} */
function factsWithoutInstance({ core }) {
  const known = Object.entries(core.defaultDirectusConfig());
  const collections = Object.fromEntries(
    known.map(([name, { key = [] }]) => [name, { primary: 'id', fields: fields(key) }]),
  );
  return { directus: '', vendor: '', collections, relations: [] };
}

/** @param {string[]} key */
function fields(key) {
  return Object.fromEntries(['id', ...key].map(name => [name, { type: 'string' }]));
}

/** @param {Project} project @param {Facts} facts @param {Settings} settings @returns {Config} */
function resolve(project, facts, { mode, dataOnly }) {
  const snapshot = dataOnly ? null : desiredSnapshot(project);
  const config = project.core.resolveConfig(
    { sources: project.config.sources, mode },
    facts,
    snapshot ?? undefined,
  );
  const diagnostics = certain(config.diagnostics);
  throwErrors(diagnostics);
  return { ...config, diagnostics };
}

/**
 * @param {Project} project
 * @param {Facts} facts
 * @param {Config} config
 * @param {import('./model.js').EntryFiles} owned
 */
function checkFiles({ core, content }, facts, config, owned) {
  const planner = core.planner(config, facts);
  try {
    for (const { id } of config.entries) {
      for (const path of owned.entries[id] ?? [])
        planner.addFile(id, path, /** @type {Uint8Array} */ (content.files.get(path)));
    }
    planner.finishFiles();
  } catch (error) {
    if (!(error instanceof SchemaSyncError) || error.diagnostics.length === 0) throw error;
    throwErrors(certain(error.diagnostics));
  } finally {
    planner.free();
  }
}

/** @param {Diagnostic[]} diagnostics @returns {Diagnostic[]} */
function certain(diagnostics) {
  return diagnostics.filter(({ code, path }) => !(NEED_AN_INSTANCE.has(code) && path?.includes('directus_')));
}
