/** The golden cases of the core through its WebAssembly build: both builds give the same answers. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadCore } from '../../extension/core.js';
import { SchemaSyncError } from '../../extension/errors.js';

/** @typedef {import('../../extension/core.js').Core} Core */

const CASES = join(import.meta.dirname, '../cases');

/**
 * What each area does with the input of a case, as in `tests/golden/areas/`. Areas without a function of their own
 * in the core's surface run natively only.
 *
 * @type {Record<string, (core: Core, input: any) => unknown>}
 */
const areas = { config, manifest, render, snapshot };

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
  const known = typeof facts === 'string' ? read('_facts', `${facts}.json`) : facts;
  const resolved = core.resolveConfig(raw, known);
  return paths ? { config: resolved, files: core.entryFiles(resolved, paths) } : { config: resolved };
}

/** @param {Core} core @param {any} input */
function manifest(core, { files: contents, manifest: given, owned }) {
  const files = Object.fromEntries(
    Object.entries(contents).map(([path, content]) => [path, core.sha256(Buffer.from(content))]),
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
function render(core, { plan }) {
  return core.renderPlan(plan, 'text').split('\n').slice(0, -1);
}

/** @param {Core} core @param {any} input */
function snapshot(core, { files, snapshot, split = true }) {
  return outcome(() => (files ? core.joinSnapshot(files) : core.splitSnapshot(snapshot, split)));
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
