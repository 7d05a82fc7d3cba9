/** What the core takes for built in is what the supported versions of Directus bring. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { cacheRoot } from '../harness/cache.js';
import { DIRECTUS_VERSIONS, MAJORS } from '../harness/directus.js';

const SOURCE = readFileSync(new URL('../../src/requirements/built_in.rs', import.meta.url), 'utf8');

/** One definition in the bundle of the app; what wraps it tells its kind. */
const DEFINITION = /([\w$]+)\(\{id:[`"']([\w-]+)[`"'],name:[`"'][^`"']+[`"']/g;

/** Ids that tell which list of definitions is of which kind. */
const TELLING = /** @type {const} */ ({
  INTERFACES: 'select-dropdown-m2o',
  DISPLAYS: 'formatted-value',
  LAYOUTS: 'tabular',
  PANELS: 'time-series',
});

/** Interfaces that came with Directus 12. Older versions are measured by the same list. */
const NEWER = new Set(['system-license-key']);

for (const major of MAJORS) {
  const modules = join(cacheRoot(), `directus-${DIRECTUS_VERSIONS[major]}`, 'node_modules', '@directus');
  const skip = !existsSync(modules) && 'this Directus is not installed';

  test(`Directus ${major}: interfaces, displays, layouts and panels`, { skip }, () => {
    const defined = definitions(join(modules, 'app', 'dist', 'assets'));
    for (const [list, telling] of Object.entries(TELLING)) {
      const group = defined.find(ids => ids.includes(telling)) ?? [];
      const known = idsOf(list).filter(id => major !== '11' || !NEWER.has(id));
      assert.deepEqual(known, group.sort(), list);
    }
  });

  test(`Directus ${major}: operations`, { skip }, () => {
    assert.deepEqual(idsOf('OPERATIONS'), readdirSync(join(modules, 'api', 'dist', 'operations')).sort());
  });
}

test('the release that the lists were taken from is one that is tested', () => {
  const [, release] = /KNOWN_RELEASE: \(u64, u64\) = \((.*)\)/.exec(SOURCE) ?? [];
  const [major, minor] = DIRECTUS_VERSIONS[12].split('.');
  assert.equal(release, `${major}, ${minor}`);
});

/** @param {string} list @returns {string[]} */
function idsOf(list) {
  const [, body = ''] = new RegExp(`const ${list}: &\\[&str\\] = &\\[([^\\]]*)\\]`).exec(SOURCE) ?? [];
  return [...body.matchAll(/"([\w-]+)"/g)].map(([, id]) => String(id));
}

/** @param {string} folder @returns {string[][]} ids of the definitions that one function wraps */
function definitions(folder) {
  /** @type {Map<string, string[]>} */
  const groups = new Map();
  for (const file of readdirSync(folder).filter(name => name.endsWith('.js'))) {
    const text = readFileSync(join(folder, file), 'utf8');
    for (const [, wrapper, id] of text.matchAll(DEFINITION)) {
      const key = `${file} ${wrapper}`;
      groups.set(key, [...(groups.get(key) ?? []), String(id)]);
    }
  }
  return [...groups.values()];
}
