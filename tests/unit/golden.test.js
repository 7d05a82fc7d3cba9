/** The golden cases of the core through its WebAssembly build: both builds give the same answers. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadCore } from '../../extension/core.js';
import { SchemaSyncError } from '../../extension/errors.js';
import { sha256 } from '../../extension/sha256.js';
import { planOf } from '../support/cases/tools.js';
import { filesOf, filledSteps, wholePlan } from '../support/core.js';

/**
 * @typedef {import('../../extension/core.js').Core} Core
 * @typedef {import('../../extension/core.js').Planner} Planner
 * @typedef {import('../../extension/model.js').Config} Config
 * @typedef {import('../../extension/model.js').Entry} Entry
 * @typedef {import('../../extension/model.js').ExportPlan} ExportPlan
 * @typedef {import('../../extension/model.js').Facts} Facts
 */

const CASES = join(import.meta.dirname, '../cases');

/**
 * What each area does with the input of a case, as in `tests/golden/areas/`. Areas without a function of their own
 * in the core's surface run natively only.
 *
 * @type {Record<string, (core: Core, input: any) => unknown>}
 */
const areas = {
  config,
  export: exportRows,
  items,
  losses,
  manifest,
  plan,
  renames,
  render,
  render_html: renderHtml,
  render_markdown: renderMarkdown,
  sealed,
  snapshot,
  verify,
};

/** Keys the hashes of bases. */
const SECRET = Buffer.from('secret');

for (const [area, answer] of Object.entries(areas)) {
  for (const name of readdirSync(join(CASES, area))) {
    test(`${area}/${name}`, async () => {
      const expected = read(area, name, 'expected.json');
      assert.deepEqual(answer(await loadCore(), read(area, name, 'input.json')), expected);
    });
  }
}

/** @param {Core} core @param {any} input */
function config(core, { facts, raw, paths }) {
  const known = knownFacts(facts);
  const resolved = core.resolveConfig(raw, known);
  return paths ? { config: resolved, files: core.entryFiles(resolved, paths) } : { config: resolved };
}

/** @param {Core} core @param {any} input */
function items(core, { facts, raw, pages }) {
  const known = knownFacts(facts);
  const [entry] = core.resolveConfig(raw, known).entries;
  return outcome(() => {
    const items = core.itemExport(entry, known);
    for (const page of pages) items.addRows(page);
    return filesOf(items);
  });
}

/** @param {Core} core @param {any} input */
function losses(core, { mode, facts, desired, current, counts }) {
  return outcome(() => {
    const planner = core.planner({ mode, entries: [], diagnostics: [] }, facts);
    planner.setSchema(desired, current);
    const asked = planner.lossesToCount();
    const uncounted = planner.plan().head().warnings;
    planner.setLosses(counts);
    return { asked, uncounted, counted: outcome(() => planner.plan().head().warnings) };
  });
}

/** @param {Core} core @param {any} input */
function manifest(core, { files: contents, manifest: given, owned }) {
  const files = Object.fromEntries(
    Object.entries(contents).map(([path, content]) => [path, sha256(content)]),
  );
  const text = core.manifestText(files);
  const checked = Object.entries(files).reduce(
    (manifest, [path, hash]) => manifest.replaceAll(`{${path}}`, hash),
    given ?? text,
  );
  const verified = outcome(() => core.verifyManifest(checked, files, owned));
  return { text, root: core.manifestRoot(files), verified };
}

/** @param {Core} core @param {any} input */
function plan(core, input) {
  return outcome(() => {
    const { planner, missingKeys, unknown } = fed(core, input, core.planner(...configOf(core, input)));
    const whole = planner.plan();
    const takes = planner.entriesWithPlaceholders().length > 0;
    const filled = takes ? { filled: filledSteps(whole) } : {};
    return { missingKeys, unknown, plan: wholePlan(whole), ...filled };
  });
}

/** @param {Core} core @param {any} input @returns {[Config, Facts]} */
function configOf(core, { facts, raw, schema }) {
  const known = knownFacts(facts);
  return [core.resolveConfig(raw, known, schema && knownSchema(schema).desired), known];
}

/** @param {Core} core @param {any} input @param {Planner} planner */
function fed(core, input, planner) {
  if ('base' in input) {
    planner.setBase(SECRET, agreed(core, input));
    planner.setDrift(input.onDrift ?? 'overwrite', input.onDriftOf);
  }
  return feed(core, input, planner);
}

/** @param {Core} core @param {any} input @param {Planner} planner */
function feed(core, input, planner) {
  const { files, onImport = {}, getKey = {}, current = [], outside = [], existing = {} } = input;
  if (input.environment) planner.setEnvironment(input.environment);
  const schema = input.schema && knownSchema(input.schema);
  if (schema) planner.setSchema(schema.desired, schema.current);
  for (const [path, { entry, text, rows }] of Object.entries(files)) {
    planner.addFile(entry, path, Buffer.from(text ?? JSON.stringify(rows)));
  }
  planner.finishFiles();
  for (const [entry, rows] of Object.entries(onImport)) {
    planner.addReturned(entry, rows);
    planner.endReturned(entry);
  }
  for (const [entry, keys] of Object.entries(getKey)) planner.setKeys(entry, keys);
  for (const [collection, rows] of Object.entries(input.keys ?? {})) planner.addKeys(collection, rows);
  for (const { entry, rows, keys } of current) planner.addCurrent(entry, planner.byKey(entry, rows), keys);
  const asked = configOf(core, input)[0].entries.map(({ id }) => [id, planner.missingKeys(id)]);
  const missingKeys = Object.fromEntries(asked.filter(([, filters]) => filters.length > 0));
  for (const { entry, rows, keys } of outside) planner.addOutside(entry, planner.byKey(entry, rows), keys);
  const unknown = planner.unknownReferences();
  for (const [collection, keys] of Object.entries(existing)) planner.setExisting(collection, keys);
  return { planner, missingKeys, unknown };
}

/** @param {Core} core @param {any} input */
function renames(core, input) {
  return outcome(() => {
    const { planner, missingKeys } = fed(core, input, core.planner(...configOf(core, input)));
    const entries = Object.keys(input.raw.sources[0].custom);
    const asked = (/** @type {string} */ id) => ({
      fields: planner.fieldsToRead(id),
      filter: planner.filterToRead(id),
    });
    const read = Object.fromEntries(entries.map(id => [id, asked(id)]));
    const losses = planner.lossesToCount();
    planner.setLosses(input.losses ?? {});
    return { read, missingKeys, losses, plan: wholePlan(planner.plan()) };
  });
}

/** @param {Core} core @param {any} input @returns {Uint8Array | undefined} the base that the input's `base` leaves */
function agreed(core, input) {
  if (input.base === null) return undefined;
  const before = { ...input, base: null, ...input.base };
  const { planner } = fed(core, before, core.planner(...configOf(core, before)));
  planner.plan();
  return planner.base();
}

/** @param {Core} core @param {any} input */
function exportRows(core, input) {
  return outcome(() => {
    const { planner } = fed(core, input, core.exportPlanner(...configOf(core, input)));
    const plan = planner.exportPlan();
    if (plan.conflicts.length > 0) return { plan };
    const files = written(core, input, plan, planner);
    const drift = planner.environmentDrift();
    const next = () => nextImport(core, input, plan, files, planner.exportBase(false));
    const answer = { plan, files, next: input.onImport || input.getKey ? null : next() };
    return drift.length > 0 ? { ...answer, drift } : answer;
  });
}

/**
 * @param {Core} core
 * @param {any} input
 * @param {ExportPlan} plan
 * @param {Planner} planner
 * @returns {Record<string, Record<string, any>>}
 */
function written(core, { current, files, exported = {}, ...input }, plan, planner) {
  const [config, facts] = configOf(core, input);
  const entries = config.entries.map(entry => {
    const items = core.itemExport(entry, facts);
    for (const { rows } of ownOf(current, entry)) {
      const keys = rows.map((/** @type {any} */ row) => row[entry.primaryKey]);
      items.addRows(planner.byKey(entry.id, exported[entry.id] ?? rows), keys);
    }
    const folder = Object.entries(files).map(([path, file]) => ({ path, ...file }));
    const texts = ownOf(folder, entry).map(({ path, rows }) => ({ path, text: JSON.stringify(rows) }));
    items.takeFolder(texts, plan.entries[entry.id]);
    items.keepPlaceholders(texts, planner.placeholders(entry.id));
    const written = filesOf(items).map(({ path, text }) => [path, JSON.parse(text)]);
    return [entry.id, Object.fromEntries(written)];
  });
  return Object.fromEntries(entries);
}

/** @param {any[]} parts @param {Entry} entry */
function ownOf(parts, { id }) {
  return parts.filter(({ entry }) => entry === id);
}

/**
 * @param {Core} core
 * @param {any} input
 * @param {ExportPlan} plan
 * @param {Record<string, any>} written
 * @param {Uint8Array} base
 */
function nextImport(core, input, plan, written, base) {
  const contents = Object.entries(written).flatMap(([entry, files]) =>
    Object.entries(files).map(([path, rows]) => [path, { entry, rows }]),
  );
  const after = { ...input, files: Object.fromEntries(contents) };
  if (plan.schema) after.schema = { ...input.schema, desired: plan.schema };
  const planner = core.planner(...configOf(core, after));
  planner.setBase(SECRET, base);
  try {
    feed(core, after, planner);
    const { summary, warnings } = planner.plan().head();
    return { ...summary, warnings: warnings.map(({ code }) => code) };
  } catch (error) {
    return { refused: /** @type {SchemaSyncError} */ (error).code };
  }
}

/** @param {Core} core @param {any} input */
function render(core, { plan }) {
  return core.wholePlan(plan).render('text').split('\n').slice(0, -1);
}

/** @param {Core} core @param {any} input */
function renderHtml(core, { plan }) {
  const page = core.wholePlan(plan).render('html');
  return page.slice(page.indexOf('<body>')).split('\n').slice(0, -1);
}

/** @param {Core} core @param {any} input */
function renderMarkdown(core, { plan }) {
  return core.wholePlan(plan).render('markdown').split('\n').slice(0, -1);
}

/** @param {Core} core @param {any} input */
function sealed(core, { then, now, replace = [], text: given }) {
  return outcome(() => {
    let text = given ?? core.wholePlan(then.plan).seal(then.seal);
    for (const [old, other] of replace) text = text.replaceAll(old, other);
    core.openSealed(text);
    if (now) return { comparison: core.wholePlan(now.plan).compareSealed(text, now.seal) };
    return { text: text.split('\n') };
  });
}

/** @param {Core} core @param {any} input */
function snapshot(core, { files, snapshot, split = true }) {
  return outcome(() => (files ? core.joinSnapshot(files) : core.splitSnapshot(snapshot, split)));
}

/** @param {Core} core @param {any} input */
function verify(core, { steps, collections, created = [], schema, rows = [] }) {
  return outcome(() => {
    const verification = core.wholePlan(planOf(steps)).verification(collections, created);
    if (schema) verification.setSchema(schema);
    const asked = { touchesSchema: verification.touchesSchema(), toRead: verification.toRead() };
    for (const page of rows) verification.addRows(page.collection, page.rows);
    return { ...asked, result: outcome(() => verification.finish()) ?? null };
  });
}

/** @param {any} facts in the case, or the name of shared ones */
function knownFacts(facts) {
  return typeof facts === 'string' ? read('_facts', `${facts}.json`) : facts;
}

/** @param {{desired: any, current: any}} schema snapshots in the case, or the names of shared ones */
function knownSchema({ desired, current }) {
  const known = (/** @type {any} */ it) => (typeof it === 'string' ? read('_snapshots', `${it}.json`) : it);
  return { desired: known(desired), current: known(current) };
}

/** @param {() => unknown} call */
function outcome(call) {
  try {
    return call();
  } catch (error) {
    if (error instanceof SchemaSyncError) return { error: error.toJSON() };
    throw error;
  }
}

/** @param {...string} path */
function read(...path) {
  return JSON.parse(readFileSync(join(CASES, ...path), 'utf8'));
}
