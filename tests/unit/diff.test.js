/** `diff` in its formats, between two instances in memory. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { diff } from '../../extension/commands/diff.js';
import { readEnvironment } from '../../extension/environment.js';
import { exportProject } from '../../extension/export.js';
import { installFolder } from '../../extension/install.js';
import { fakeInstance } from '../support/fake-instance.js';

const base = await mkdtemp(join(tmpdir(), 'schema-sync-diff-'));
const { settings } = readEnvironment({ SCHEMA_SYNC_DIR: join(base, 'schema-sync') });
after(() => rm(base, { recursive: true, force: true }));

before(async () => {
  await installFolder(settings.dir, {});
  await writeFile(join(settings.dir, 'config.js'), 'export const syncCustomCollections = { posts: {} };\n');
  await writeFile(join(settings.dir, 'directus_config.js'), 'export const syncDirectusCollections = {};\n');
  await exportProject(fakeInstance([{ id: 'a', title: 'First', views: 1 }]), settings);
});

/** @param {Record<string, any>} flags */
function run(flags) {
  const output = /** @type {any} */ ({ progress() {} });
  const instance = fakeInstance([{ id: 'a', title: 'Old', views: 1 }]);
  return diff.run({ instance, settings, output, env: {} }, flags);
}

test('each format shows the change of a row', async () => {
  /** @type {[string, RegExp][]} */
  const formats = [
    ['text', /^ +title: "Old" -> "First"$/m],
    ['markdown', /^\| `~` \| `a` \| `title` \| `"Old"` \| `"First"` \|$/m],
    ['html', /<td>title<\/td><td class="before">.*Old.*<td class="after">.*First/],
  ];
  for (const [format, expected] of formats) {
    assert.match((await run({ format })).lines.join('\n'), expected);
  }
});

test('a page is written as it is, with nothing behind it', async () => {
  const out = join(base, 'plan.html');
  const { lines } = await run({ format: 'html', out });
  assert.match(lines.join('\n'), /^Wrote .*plan\.html: 0 changes to the schema and 1 to rows\.$/);
  const page = await readFile(out, 'utf8');
  assert.match(page, /^<!doctype html>\n.*<\/html>\n$/s);
});

test('other formats are refused', async () => {
  await assert.rejects(async () => run({ format: 'pdf' }), { code: 'OPTION_INVALID' });
});
