/**
 * What can be said of the folder without a database. The schema in the folder tells of your own collections; of
 * Directus' own ones only those fields are known that the core has a rule for.
 */
import { SchemaSyncError, throwErrors } from './errors.js';
import { desiredSnapshot } from './planning.js';
import { checkManifest, isEmpty, openProject } from './project.js';
import { findSecrets, refuseSecrets } from './secrets/scan.js';

/**
 * @typedef {import('./environment.js').Settings} Settings
 * @typedef {import('./errors.js').Diagnostic} Diagnostic
 * @typedef {import('./model.js').Config} Config
 * @typedef {import('./model.js').Facts} Facts
 * @typedef {import('./model.js').Snapshot} Snapshot
 * @typedef {import('./project.js').Project} Project
 */

/** Problems that only an instance can settle for collections of Directus itself. */
const NEED_AN_INSTANCE = new Set([
  'CONFIG_UNKNOWN_FIELD',
  'ROW_UNKNOWN_FIELD',
  'ROW_INVALID',
  'CONFIG_KEY_INVALID',
]);

/** Files refer to the Administrator, and which one that will be does not matter here. */
const SOME_ADMIN = Object.freeze({
  role: '00000000-0000-4000-8000-000000000001',
  policy: '00000000-0000-4000-8000-000000000002',
});

/**
 * @param {Settings} settings
 * @param {{failOnSecrets?: boolean}} [options] whether values that look like credentials are errors
 * @returns {Promise<{files: number, entries: number, warnings: Diagnostic[]}>}
 * @throws {SchemaSyncError} with everything that is wrong
 */
export async function validateFolder(settings, { failOnSecrets } = {}) {
  const project = await openProject(settings);
  const files = project.content.files.size;
  if (isEmpty(project)) return { files, entries: 0, warnings: [] };
  const facts = factsWithoutInstance(project);
  const schema = settings.dataOnly ? null : desiredSnapshot(project);
  const config = resolve(project, facts, schema, settings.mode);
  const owned = project.core.entryFiles(config, [...project.content.files.keys()]);
  const { warnings } = checkManifest(project, [...owned.schema, ...Object.values(owned.entries).flat()]);
  checkFiles(project, { facts, schema, config, owned });
  const secrets = await secretsIn(project, config, owned.entries);
  if (failOnSecrets) refuseSecrets(secrets, 'Do not commit the folder like this.');
  return {
    files,
    entries: config.entries.length,
    warnings: [...warnings, ...config.diagnostics, ...secrets],
  };
}

/** @param {Project} project @param {Config} config @param {Record<string, string[]>} paths */
function secretsIn({ content, config: { allowSecrets } }, { entries }, paths) {
  const files = [...content.files].map(([path, bytes]) => ({ path, bytes }));
  return findSecrets({ entries, files, paths, allowed: allowSecrets });
}

/** @param {Project} project @returns {Facts} */
function factsWithoutInstance({ core }) {
  const known = Object.entries(core.defaultDirectusConfig());
  const collections = Object.fromEntries(
    known.map(([name, { key = [] }]) => [name, { primary: 'id', fields: fields(key) }]),
  );
  return { directus: '', vendor: '', collections, relations: [], admin: SOME_ADMIN };
}

/** @param {string[]} key */
function fields(key) {
  return Object.fromEntries(['id', ...key].map(name => [name, { type: 'string' }]));
}

/**
 * @param {Project} project
 * @param {Facts} facts
 * @param {Snapshot | null} schema
 * @param {import('./model.js').Mode} mode
 * @returns {Config}
 */
function resolve({ core, config: { sources } }, facts, schema, mode) {
  const config = core.resolveConfig({ sources, mode }, facts, schema ?? undefined);
  const diagnostics = certain(config.diagnostics);
  throwErrors(diagnostics);
  return { ...config, diagnostics };
}

/**
 * @param {Project} project
 * @param {{facts: Facts, schema: Snapshot | null, config: Config, owned: import('./model.js').EntryFiles}} known
 */
function checkFiles({ core, content }, { facts, schema, config, owned }) {
  const planner = core.planner(config, facts);
  try {
    if (schema) checkSchema(core, planner, schema);
    for (const { id } of config.entries) {
      for (const path of owned.entries[id] ?? []) {
        planner.addFile(id, path, /** @type {Uint8Array} */ (content.files.get(path)));
      }
    }
    planner.finishFiles();
  } catch (error) {
    if (!(error instanceof SchemaSyncError) || error.diagnostics.length === 0) throw error;
    throwErrors(certain(error.diagnostics));
  } finally {
    planner.free();
  }
}

/**
 * Compares a schema with itself, which finds everything in it that no target could take.
 *
 * @param {Project['core']} core
 * @param {import('./core.js').Planner} planner
 * @param {Snapshot} schema
 */
function checkSchema(core, planner, schema) {
  core.diffSnapshots(schema, schema, 'mirror');
  planner.setSchema(schema, schema);
}

/** @param {Diagnostic[]} diagnostics @returns {Diagnostic[]} */
function certain(diagnostics) {
  return diagnostics.filter(({ code, path }) => !(NEED_AN_INSTANCE.has(code) && path?.includes('directus_')));
}
