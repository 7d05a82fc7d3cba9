/**
 * What can be said of the folder without a database. The schema in the folder tells of your own collections; of
 * Directus' own ones only those fields are known that the core has a rule for.
 */

import { withCoreThread } from './core-thread.js';
import { SchemaSyncError, throwErrors } from './errors.js';
import { sendFiles } from './feeding.js';
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
  const files = project.content.paths.length;
  if (isEmpty(project)) return { files, entries: 0, warnings: [] };
  const facts = factsWithoutInstance(project);
  const schema = settings.dataOnly ? null : await desiredSnapshot(project);
  const config = resolve(project, facts, schema, settings.mode);
  const owned = project.core.entryFiles(config, project.content.paths);
  const { warnings } = checkManifest(project, [...owned.schema, ...Object.values(owned.entries).flat()]);
  await withCoreThread(thread => checkFiles(thread, project, { facts, schema, config, owned }));
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
  return findSecrets({ entries, paths, read: path => content.bytes(path), allowed: allowSecrets });
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
 * @param {import('./core-thread.js').Remote<import('./core.js').Core>} thread
 * @param {Project} project
 * @param {{facts: Facts, schema: Snapshot | null, config: Config, owned: import('./model.js').EntryFiles}} known
 */
async function checkFiles(thread, { content }, { facts, schema, config, owned }) {
  const planner = await thread.planner(config, facts);
  try {
    if (schema) {
      // Compared with itself, it shows everything that no target could take.
      await thread.diffSnapshots(schema, schema, 'mirror');
      await planner.setSchema(schema, schema);
    }
    await sendFiles({ planner, entries: config.entries, paths: owned.entries, content });
    await planner.finishFiles();
  } catch (error) {
    if (!(error instanceof SchemaSyncError) || error.diagnostics.length === 0) throw error;
    throwErrors(certain(error.diagnostics));
  }
}

/** @param {Diagnostic[]} diagnostics @returns {Diagnostic[]} */
function certain(diagnostics) {
  return diagnostics.filter(({ code, path }) => !(NEED_AN_INSTANCE.has(code) && path?.includes('directus_')));
}
