/** A folder that another tool wrote, in the form in which an export would write it. No instance is changed. */
import { FolderContents } from './contents.js';
import { withCoreThread } from './core-thread.js';
import { throwErrors } from './errors.js';
import { rowsOf, sendFiles } from './feeding.js';
import { MANIFEST } from './folder.js';
import { desiredSnapshot } from './planning.js';
import { checkManifest, isEmpty, openProject } from './project.js';
import { chunksOf } from './reading-rows.js';
import { changeOf } from './rewriting.js';
import { scopeOf } from './scope.js';
import { readSnapshotFile } from './snapshot-file.js';

/**
 * @typedef {import('./environment.js').Settings} Settings
 * @typedef {import('./folder-draft.js').FolderDraft} FolderDraft
 * @typedef {import('./model.js').Config} Config
 * @typedef {import('./model.js').Snapshot} Snapshot
 * @typedef {import('./project.js').Project} Project
 *
 * @typedef {object} Conversion what the steps below share
 * @property {any} session of an instance, which knows the fields of Directus' own tables
 * @property {Project} project
 * @property {Snapshot | null} schema
 * @property {Settings} settings
 * @property {FolderDraft} draft
 */

/**
 * Rows become those of the files, without what never leaves an instance, whether the instance has them or not.
 *
 * @param {any} instance
 * @param {Settings} settings
 * @param {{snapshot?: string, dryRun?: boolean}} options `snapshot` names a file that the schema comes from
 * @returns {Promise<import('./folder-draft.js').Written>}
 * @throws {import('./errors.js').SchemaSyncError} with nothing written
 */
export async function convertFolder(instance, settings, { snapshot, dryRun = false }) {
  const project = await openProject(settings);
  const { folder, content } = project;
  const schema = snapshot ? await readSnapshotFile(snapshot) : await desiredSnapshot(project);
  if (!isEmpty(project)) checkManifest(project);
  const draft = folder.draft(content, { isDry: dryRun });
  try {
    const work = (/** @type {any} */ session) => rewrite({ session, project, schema, settings, draft });
    const config = await instance.transaction(work, { commit: false, keepsCaches: true });
    const contents = { kept: new FolderContents(content.hashes).paths, remove: [] };
    const scope = scopeOf({ schema: schema !== null }, { dataOnly: false });
    const { manifest, remove } = changeOf(project, { config, contents }, draft.hashes, scope);
    await draft.add(MANIFEST, [Buffer.from(manifest)]);
    return await draft.publish(remove);
  } finally {
    await draft.discard();
  }
}

/** @param {Conversion} conversion @returns {Promise<Config>} */
async function rewrite({ session, project, schema, settings, draft }) {
  const { core, content } = project;
  const facts = await session.facts(project.config.admin);
  const raw = /** @type {const} */ ({ sources: project.config.sources, mode: 'sync' });
  const config = core.resolveConfig(raw, facts, schema ?? undefined);
  throwErrors(config.diagnostics);
  for (const { path, text } of schema ? core.splitSnapshot(schema, settings.split) : [])
    await draft.add(path, [Buffer.from(text)]);
  const { entries: paths } = core.entryFiles(config, content.paths);
  const entries = config.entries.filter(({ id }) => paths[id]?.length);
  const known = schema ? core.overlaidFacts(facts, schema) : facts;
  await withCoreThread(async thread => {
    // The planner gives the rows of those entries alone whose rows are to be changed.
    const given = entries.map(entry => ({ ...entry, onImport: true }));
    const planner = await thread.planner({ ...config, entries: given }, facts);
    if (schema) await planner.setSchema(schema, await session.readSnapshot());
    await sendFiles({ planner, entries, paths, content });
    await planner.finishFiles();
    for (const entry of entries) {
      const target = await thread.itemExport(entry, known);
      for await (const page of rowsOf(planner, entry.id)) await target.addRows(page);
      for (const path of await target.finish()) await draft.add(path, chunksOf(target));
    }
  });
  return config;
}
