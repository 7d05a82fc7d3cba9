/** From the files and the current state of an instance to a plan, inside one transaction of the instance. */
import { FolderContents } from './contents.js';
import { SchemaSyncError, throwErrors } from './errors.js';
import { feed, sendFiles } from './feeding.js';
import { stepsToWrite } from './plan-steps.js';
import { checkManifest } from './project.js';
import { entriesIn } from './scope.js';
import { variablesDigest } from './variables.js';

/**
 * @typedef {import('./core-thread.js').Remote<import('./core.js').Core>} CoreThread
 * @typedef {import('./core-thread.js').Remote<import('./core.js').Planner>} Planner
 * @typedef {import('./core-thread.js').Remote<import('./core.js').WholePlan>} WholePlan
 * @typedef {import('./errors.js').Diagnostic} Diagnostic
 * @typedef {import('./model.js').Config} Config
 * @typedef {import('./model.js').Entry} Entry
 * @typedef {import('./model.js').EntryFiles} EntryFiles
 * @typedef {import('./model.js').Mode} Mode
 * @typedef {import('./model.js').OnDrift} OnDrift
 * @typedef {import('./model.js').Plan} Plan
 * @typedef {import('./model.js').Snapshot} Snapshot
 * @typedef {import('./model.js').Step} Step
 * @typedef {import('./project.js').Project} Project
 * @typedef {import('./scope.js').Scope} Scope
 * @typedef {import('./report.js').OnProgress} OnProgress
 *
 * @typedef {object} Rules what decides about the changes, besides the files
 * @property {Scope} scope
 * @property {Mode} mode
 * @property {Mode} [schemaMode] where the schema is to go less far
 * @property {OnDrift} [onDrift] asked for by a person, and so before the config
 * @property {OnDrift} defaultDrift for entries whose config does not say
 *
 * @typedef {object} Planned
 * @property {Plan} plan its head
 * @property {WholePlan} whole the plan with its rows
 * @property {Step[]} steps of the plan as they are to be written, with values of the environment: never to be shown
 * @property {string} [environment] digest of these values, if there are any
 * @property {Uint8Array} base what files and instance agree on once the plan is applied
 * @property {import('./model.js').Seal['target']} target the instance that it is for
 * @property {Diagnostic[]} warnings of the config and the folder
 * @property {string} root the manifest's hash
 */

/**
 * @param {CoreThread} thread that makes the plan, whose rows can be had until it ends
 * @param {any} session of an instance
 * @param {Project} project
 * @param {Rules} rules
 * @param {OnProgress} onProgress
 * @returns {Promise<Planned>}
 */
export async function makePlan(thread, session, project, rules, onProgress) {
  const { core, content, variables } = project;
  const { scope, mode, schemaMode } = rules;
  const facts = await session.facts(project.config.admin);
  const desired = scope.schema ? await desiredSnapshot(project) : null;
  const raw = { sources: project.config.sources, mode, schemaMode };
  const config = core.resolveConfig(raw, facts, desired ?? undefined);
  throwErrors(config.diagnostics);
  const files = core.entryFiles(config, content.paths);
  const contents = new FolderContents(content.hashes);
  const { root, warnings } = checkManifest(project, ownedPaths(config, files, contents));
  const { entries, skipped } = withFiles(entriesIn(config.entries, scope), files);
  const planner = await thread.planner({ ...config, entries }, facts);
  const sent = sendFiles({ planner, entries, paths: files.entries, content });
  const secret = await setAgreement(planner, session);
  await setDrift(planner, entries, rules);
  await planner.setEnvironment(variables);
  if (desired) await planner.setSchema(desired, await session.readSnapshot());
  await countLosses(session, planner);
  const feeding = { entries, sent, contents, variables };
  await feed({ session, planner, config: project.config, ...feeding, onProgress });
  await findParts(session, planner);
  onProgress({ phase: 'plan' });
  const whole = await planner.plan();
  const plan = await whole.head();
  const all = [...warnings, ...config.diagnostics, ...skipped, ...contents.warnings()];
  const target = {
    directus: facts.directus,
    vendor: facts.vendor,
    id: core.fingerprint([['instance', secret]]),
  };
  const isTaken = (await planner.entriesWithPlaceholders()).length > 0;
  const environment = isTaken ? variablesDigest(core, variables, secret) : undefined;
  const base = await planner.base();
  await planner.free();
  return { plan, whole, steps: stepsToWrite(whole, plan), environment, base, target, warnings: all, root };
}

/** @param {Planner} planner @param {any} session @returns {Promise<string>} the instance's secret, in hex */
export async function setAgreement(planner, session) {
  const { secret, base } = await session.agreement();
  await planner.setBase(secret, base);
  return Buffer.from(secret).toString('hex');
}

/** @param {Planner} planner @param {Entry[]} entries @param {Rules} rules */
async function setDrift(planner, entries, { onDrift, defaultDrift }) {
  const chosen = onDrift ? entries.map(({ id }) => [id, onDrift]) : [];
  await planner.setDrift(onDrift ?? defaultDrift, Object.fromEntries(chosen));
}

/**
 * @param {Project} project
 * @returns {Promise<Snapshot | null>} null when no schema was exported
 */
export async function desiredSnapshot({ core, content }) {
  const files = [];
  for (const path of content.paths.filter(isSchemaPath))
    files.push({ path, text: decode(path, await content.bytes(path)) });
  return files.length > 0 ? core.joinSnapshot(files) : null;
}

/** @param {string} path @param {Uint8Array} bytes */
function decode(path, bytes) {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    const message = `${path} is not UTF-8 text. Save it as UTF-8, or restore it from git.`;
    throw new SchemaSyncError('JSON_INVALID', message, { path, cause });
  }
}

/** @param {string} path @returns {boolean} whether a file holds a part of the schema */
export function isSchemaPath(path) {
  return path === 'data/schema.json' || path.startsWith('data/schema/');
}

/** @param {Config} config @param {EntryFiles} files @param {FolderContents} contents */
function ownedPaths(config, { schema, entries }, contents) {
  const carriesContents = config.entries.some(({ effects }) => effects?.files);
  return [...schema, ...Object.values(entries).flat(), ...(carriesContents ? contents.paths : [])];
}

/**
 * An entry that was never exported says nothing about its rows; taken for "no rows", it would delete them all.
 *
 * @param {Entry[]} entries
 * @param {EntryFiles} files
 * @returns {{entries: Entry[], skipped: Diagnostic[]}}
 */
function withFiles(entries, files) {
  const has = (/** @type {Entry} */ { id }) => (files.entries[id] ?? []).length > 0;
  const skipped = entries.filter(entry => !has(entry)).map(withoutFiles);
  return { entries: entries.filter(has), skipped };
}

/** @param {Entry} entry @returns {Diagnostic} */
function withoutFiles({ id, place }) {
  const message = `data/${id}.json does not exist, so the rows of this entry are left alone. Run \`directus schema-sync export\` to write it.`;
  return { severity: 'warning', code: 'ENTRY_WITHOUT_FILES', message, path: place };
}

/** @param {any} session @param {Planner} planner */
async function findParts(session, planner) {
  const installed = await session.installedParts(await planner.partsToFind());
  if (installed) await planner.setInstalled(installed);
}

/** @param {any} session @param {Planner} planner */
async function countLosses(session, planner) {
  /** @type {Record<string, number>} */
  const counts = {};
  for (const question of await planner.lossesToCount())
    counts[question.id] = await session.countLoss(question);
  await planner.setLosses(counts);
}
