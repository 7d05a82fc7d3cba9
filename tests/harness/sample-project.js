/**
 * The sample project: a small shop with everything that Directus can configure, written into a running
 * Directus through its REST API only. The files beside this one hold what is written.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createProject } from './project.js';
import * as configuration from './sample/configuration.js';
import { lateUpdates, rows, shopSettings } from './sample/rows.js';
import { collections, relations } from './sample/schema.js';

export { ids } from './sample/ids.js';

/** @typedef {import('./rest.js').Api} Api */

/** The collections of the sample project that hold rows, without the folder that groups them. */
export const SAMPLE_COLLECTIONS = Object.freeze(
  collections.filter(({ schema }) => schema !== null).map(({ collection }) => collection),
);

/**
 * A project that holds the sample already. The first call loads it, later ones copy its database and uploads.
 *
 * @param {import('./project.js').ProjectOptions} [options]
 */
export function createSampleProject(options) {
  return createProject({
    ...options,
    content: { name: `sample-${sampleDigest()}`, load: loadSampleProject },
  });
}

/**
 * @param {Api} api of a running Directus without collections
 */
export async function loadSampleProject(api) {
  await loadSchema(api);
  await loadFiles(api);
  await loadRows(api);
  await loadAccess(api);
  await loadFlows(api);
  await api('POST', '/dashboards', configuration.dashboards);
  await api('POST', '/panels', configuration.panels);
  await api('POST', '/presets', configuration.presets);
  await api('POST', '/translations', configuration.translations);
  await api('PATCH', '/settings', configuration.settings);
}

/** @param {Api} api */
async function loadSchema(api) {
  await api('POST', '/collections', collections);
  for (const relation of relations) await api('POST', '/relations', relation);
}

/** @param {Api} api */
async function loadFiles(api) {
  await api('POST', '/folders', configuration.folders);
  for (const file of configuration.files) await api('POST', '/files', formOf(file));
}

/** @param {configuration.SampleFile} file */
function formOf({ id, title, folder, name, type, content }) {
  const form = new FormData();
  // Directus reads the fields of a form only up to the file.
  for (const [field, value] of Object.entries({ id, title, folder })) form.append(field, value);
  form.append('file', new Blob([Buffer.from(content)], { type }), name);
  return form;
}

/** @param {Api} api */
async function loadRows(api) {
  for (const [collection, items] of rows) await api('POST', `/items/${collection}`, items);
  for (const { path, change } of lateUpdates) await api('PATCH', path, change);
  await api('PATCH', '/items/shop_settings', shopSettings);
}

/** @param {Api} api */
async function loadAccess(api) {
  await api('POST', '/roles', configuration.roles);
  await api('POST', '/policies', configuration.policies);
  await api('POST', '/access', configuration.access);
  await api('POST', '/permissions', configuration.permissions);
}

/** @param {Api} api */
async function loadFlows(api) {
  const [administrator] = await api('GET', '/roles?filter[name][_eq]=Administrator&fields=id');
  const all = configuration.flows(administrator.id);
  await api(
    'POST',
    '/flows',
    all.map(({ flow }) => flow),
  );
  for (const { flow, operations } of all) {
    await api(
      'POST',
      '/operations',
      operations.map(operation => withoutBranches(operation, flow.id)),
    );
  }
  for (const { flow, first, operations } of all) {
    for (const { id, resolve, reject } of operations)
      await api('PATCH', `/operations/${id}`, { resolve, reject });
    await api('PATCH', `/flows/${flow.id}`, { operation: first });
  }
}

/**
 * An operation may branch to one that comes later, so branches are set when all of them exist.
 *
 * @param {Record<string, any>} operation
 * @param {string} flow
 */
function withoutBranches({ resolve, reject, ...operation }, flow) {
  return { ...operation, flow, resolve: null, reject: null };
}

/** Changes with every edit of the sample, so that a cached copy of an older one is not used. */
export function sampleDigest() {
  const hash = createHash('sha256');
  const folder = new URL('./sample/', import.meta.url);
  const files = readdirSync(folder)
    .sort()
    .map(name => new URL(name, folder));
  for (const file of [new URL(import.meta.url), ...files]) hash.update(readFileSync(file));
  return hash.digest('hex').slice(0, 12);
}
