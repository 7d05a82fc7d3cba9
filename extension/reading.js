/** An instance's state as the files of the folder, read inside one transaction of the instance. */
import { FolderContents } from './contents.js';
import { withCoreThread } from './core-thread.js';
import { CurrentRows } from './current-rows.js';
import { errorOf, SchemaSyncError, throwErrors } from './errors.js';
import { ExportedContents } from './exporting-contents.js';
import { feedFiles, sendFiles } from './feeding.js';
import { desiredSnapshot, setAgreement } from './planning.js';
import { addFiles, readRows, takesText } from './reading-rows.js';
import { entriesIn } from './scope.js';

/**
 * @typedef {import('./core-thread.js').Remote<import('./core.js').Core>} CoreThread
 * @typedef {import('./core-thread.js').Remote<import('./core.js').ItemExport>} ItemExport
 * @typedef {import('./core-thread.js').Remote<import('./core.js').Planner>} Planner
 * @typedef {import('./errors.js').Diagnostic} Diagnostic
 * @typedef {import('./model.js').Config} Config
 * @typedef {import('./model.js').Entry} Entry
 * @typedef {import('./model.js').Facts} Facts
 * @typedef {import('./model.js').PlanWarning} PlanWarning
 * @typedef {import('./model.js').Snapshot} Snapshot
 * @typedef {import('./project.js').Project} Project
 * @typedef {import('./report.js').OnProgress} OnProgress
 *
 * @typedef {object} What
 * @property {import('./scope.js').Scope} scope
 * @property {boolean} split whether the schema goes into one file per collection
 * @property {boolean} overwrite whether the folder has no say
 * @property {import('./folder-draft.js').FolderDraft} draft that takes the files
 * @property {OnProgress} onProgress
 *
 * @typedef {object} Exported
 * @property {Config} config
 * @property {Map<string, Uint8Array>} searched files by path that are to be searched for credentials
 * @property {import('./exporting-contents.js').ContentsChange} contents of files
 * @property {Diagnostic[]} warnings
 * @property {Record<string, number>} rows of the instance that are written, by entry id
 * @property {PlanWarning[]} pending changes of the folder that stay there until they are imported
 * @property {Uint8Array} base what files and instance agree on once the files are written
 *
 * @typedef {object} Reading what the steps below share
 * @property {any} session
 * @property {Project} project
 * @property {Facts} facts with the types by which the folder calls its columns
 * @property {boolean} otherRelease whether another version of Directus wrote the folder
 * @property {Entry[]} entries
 * @property {Record<string, string[]>} paths of the folder's data files by entry id
 * @property {Promise<void>} sent settles once these are sent to the planner
 * @property {Snapshot | null} folder the schema of the folder; null where it has none, or no say
 * @property {CoreThread} thread
 * @property {Planner} planner
 * @property {Map<string, ItemExport>} exports by entry id, of entries whose rows are not written yet
 * @property {Exported['searched']} searched
 * @property {FolderContents} contents of files that the folder holds
 * @property {ExportedContents} exported contents of files that the instance holds
 * @property {boolean} ownsContents whether all contents of the folder are those of the entries
 * @property {What} what
 */

/**
 * @param {any} session
 * @param {Project} project
 * @param {What} what
 * @returns {Promise<Exported>}
 * @throws {SchemaSyncError} EXPORT_CONFLICT for what changed on both sides, unless the folder has no say
 */
export async function readState(session, project, what) {
  const { core, content } = project;
  const facts = await session.facts(project.config.admin);
  const folder = what.overwrite ? null : await readable(() => desiredSnapshot(project));
  const raw = /** @type {const} */ ({ sources: project.config.sources, mode: 'sync' });
  const config = core.resolveConfig(raw, facts, folder ?? undefined);
  throwErrors(config.diagnostics);
  const entries = entriesIn(config.entries, what.scope);
  const known = core.entryFiles(config, content.paths).entries;
  const paths = what.overwrite ? withPlaceholders(known, content) : known;
  const contents = new FolderContents(content.hashes);
  const exported = new ExportedContents(contents, row => session.openContent(row));
  const ownsContents = ownsAllContents(config, entries, what);
  return withCoreThread(async thread => {
    const planner = await thread.exportPlanner({ ...config, entries }, facts);
    const sent = sendFiles({ planner, entries, paths, content });
    await setAgreement(planner, session);
    await planner.setEnvironment(project.variables);
    const run = { session, project, what, entries, paths, sent, folder, thread, planner };
    const results = { exports: new Map(), searched: new Map(), contents, exported, ownsContents };
    const spelling = {
      facts: folder ? core.spelledFacts(facts, folder) : facts,
      otherRelease: folder !== null && folder.directus !== facts.directus,
    };
    return { config, ...(await read({ ...run, ...results, ...spelling })) };
  });
}

/** @param {Reading} reading @returns {Promise<Omit<Exported, 'config'>>} */
async function read(reading) {
  const { session, entries, folder, planner, what } = reading;
  const snapshot = what.scope.schema ? await session.readSnapshot() : null;
  if (snapshot) await planner.setSchema(folder ?? snapshot, snapshot);
  const rows = await readAll(reading);
  const plan = what.overwrite ? null : await planner.exportPlan();
  if (plan && plan.conflicts.length > 0) throw conflict(plan.conflicts);
  const schema = plan?.schema ?? snapshot;
  if (schema) await addSchema(reading, schema);
  for (const entry of entries) {
    const staying = plan?.entries[entry.id];
    if (staying) rows[entry.id] -= staying.omit.length + staying.replace.length;
    await addFiles(reading, entry, staying);
  }
  const pending = [...(plan?.pending ?? []), ...(await planner.environmentDrift())];
  const base = await planner.exportBase(what.overwrite);
  return { searched: reading.searched, rows, pending, base, ...contentsOf(reading, plan) };
}

/** The core takes longer than most databases, so that more would only wait. */
const ROOM_BYTES = 1 << 22;

/**
 * Folder and rows, which are compared.
 *
 * @param {Reading} reading
 * @returns {Promise<Record<string, number>>} rows that `onExport` left in, by entry id
 */
async function readAll(reading) {
  const { session, project, planner, entries, what } = reading;
  const { variables } = project;
  const { onProgress } = what;
  const wantsObjects = (/** @type {Entry} */ entry) => !takesText(entry, project.config.functionsOf(entry));
  const source = { session, planner, entries, wantsObjects, variables, room: ROOM_BYTES, onProgress };
  const current = await CurrentRows.begin(source);
  /** @type {Record<string, number>} */
  const rows = {};
  try {
    await addFolder(reading);
    await current.readKeys();
    for (const entry of entries) rows[entry.id] = await readRows(reading, entry, current);
  } finally {
    await current.stop();
  }
  return rows;
}

/**
 * @param {Reading} reading
 * @param {import('./model.js').ExportPlan | null} plan
 * @returns {Pick<Exported, 'contents' | 'warnings'>}
 */
function contentsOf({ entries, exported, contents, ownsContents }, plan) {
  const carrying = entries.filter(({ effects }) => effects?.files);
  const before = ownsContents ? contents.ids : carrying.flatMap(({ id }) => contents.rowsOf(id));
  const change = exported.change(carrying, plan?.entries ?? {}, before);
  return { contents: change, warnings: exported.warnings() };
}

/**
 * Whose contents they are, only the folder's rows tell. Where those have no say, the run takes all if nobody else can own
 * any.
 *
 * @param {Config} config
 * @param {Entry[]} entries of the run
 * @param {What} what
 */
function ownsAllContents(config, entries, what) {
  const carrying = config.entries.filter(({ effects }) => effects?.files);
  return what.overwrite && carrying.length > 0 && carrying.every(entry => entries.includes(entry));
}

/** @param {Reading} reading @param {Snapshot} schema */
async function addSchema({ project, what }, schema) {
  for (const { path, text } of project.core.splitSnapshot(schema, what.split))
    await what.draft.add(path, [Buffer.from(text)]);
}

/** @param {Reading} reading */
async function addFolder({ session, project, planner, entries, sent, contents, what }) {
  const { config } = project;
  const feed = () => feedFiles({ session, planner, config, entries, sent, contents });
  await (what.overwrite ? feed() : readable(feed));
}

/**
 * Even a folder without a say keeps its placeholders, or the secrets that they stand for would be written.
 *
 * @param {Record<string, string[]>} paths by entry id
 * @param {import('./folder-content.js').FolderContent} content
 * @returns {Record<string, string[]>} those of entries that have any
 */
function withPlaceholders(paths, content) {
  const holdsAny = (/** @type {string[]} */ own) => own.some(path => content.mayHoldPlaceholders(path));
  return Object.fromEntries(Object.entries(paths).filter(([, own]) => holdsAny(own)));
}

/**
 * An export may have to replace a folder that nobody can read.
 *
 * @template T
 * @param {() => Promise<T>} read
 * @returns {Promise<T>}
 */
async function readable(read) {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof SchemaSyncError) || error.code === 'INTERNAL') throw error;
    const { code, path, diagnostics } = error;
    const message = `${error.message} Or pass --overwrite, to write the instance's state whatever the folder holds.`;
    throw new SchemaSyncError(code, message, { path, diagnostics, cause: error });
  }
}

/** @param {PlanWarning[]} conflicts */
function conflict(conflicts) {
  const message =
    'Folder and instance both changed since the last sync, so nothing was written. Import the folder first ' +
    "(--on-drift keep or overwrite decides), or pass --overwrite to write the instance's state over it.";
  return new SchemaSyncError('EXPORT_CONFLICT', message, { diagnostics: conflicts.map(errorOf) });
}
