/** The sample project together with everything that a schema can have. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { collections, relations, rows } from './kinds.js';
import { createProject } from './project.js';
import { loadSampleProject, SAMPLE_COLLECTIONS, sampleDigest } from './sample-project.js';

/** @typedef {import('./rest.js').Api} Api */

/** The collections that hold rows. */
export const ALL_COLLECTIONS = Object.freeze([
  ...SAMPLE_COLLECTIONS,
  ...collections.map(({ collection }) => collection),
]);

/**
 * A project that holds it all already. The first call loads it, later ones copy its database and uploads.
 *
 * @param {import('./project.js').ProjectOptions} [options]
 */
export function createKindsProject(options) {
  return createProject({ ...options, content: { name: `kinds-${digest()}`, load } });
}

/** @param {Api} api of a running Directus without collections */
async function load(api) {
  await loadSampleProject(api);
  await api('POST', '/collections', collections);
  for (const relation of relations) await api('POST', '/relations', relation);
  for (const [collection, items] of rows) await api('POST', `/items/${collection}`, items);
}

function digest() {
  const files = ['kinds-project.js', 'kinds.js'].map(name => new URL(name, import.meta.url));
  const hash = createHash('sha256').update(sampleDigest());
  for (const file of files) hash.update(readFileSync(file));
  return hash.digest('hex').slice(0, 12);
}
