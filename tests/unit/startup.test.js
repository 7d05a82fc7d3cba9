/** The import at start, on an instance in memory. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readEnvironment } from '../../extension/environment.js';
import { exportProject } from '../../extension/export.js';
import { installFolder } from '../../extension/install.js';
import { importAtStart } from '../../extension/startup.js';
import { fakeInstance } from '../support/fake-instance.js';

const base = await mkdtemp(join(tmpdir(), 'schema-sync-startup-'));
after(() => rm(base, { recursive: true, force: true }));

test('an unchanged folder costs one question to the database', async () => {
  const dir = join(base, 'schema-sync');
  const { settings } = readEnvironment({ SCHEMA_SYNC_DIR: dir, SCHEMA_SYNC: 'IMPORT' });
  await installFolder(dir, {});
  await writeFile(join(dir, 'config.js'), 'export const syncCustomCollections = { posts: {} };\n');
  await writeFile(join(dir, 'directus_config.js'), 'export const syncDirectusCollections = {};\n');
  const instance = fakeInstance([{ id: 'a', title: 'First', views: 1 }]);
  await exportProject(instance, settings);

  /** @type {(string | symbol)[]} */
  const asked = [];
  const watched = new Proxy(/** @type {any} */ (instance), {
    get(target, name) {
      asked.push(name);
      return target[name];
    },
  });
  /** @type {string[]} */
  const lines = [];
  const log = (/** @type {string} */ line) => lines.push(line);
  await importAtStart({ instance: watched, settings, logger: { info: log, warn: log, error: log } });
  assert.deepEqual(asked, ['appliedFingerprint']);
  assert.match(lines.join('\n'), /^Schema Sync: the folder is unchanged .* \(\d+\.\d\d s\)\.$/);
});
