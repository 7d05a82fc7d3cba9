/** What the extensions of this Directus bring: interfaces, displays, layouts, panels, operations. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { directusModule } from './directus.js';

/**
 * @typedef {import('../../model.js').Part} Part
 * @typedef {import('../../model.js').Installed} Installed
 *
 * @typedef {object} Bringer an extension, or the entries of a bundle that are of one kind
 * @property {string} extension
 * @property {string} kind
 * @property {string} file that defines what it brings
 * @property {boolean} enabled
 * @property {Record<string, boolean>} entries of a bundle, by name, and whether they are enabled
 */

/** Where Directus' manager keeps the extensions of each source, by folder. */
const SOURCES = Object.freeze({
  local: 'localExtensions',
  registry: 'registryExtensions',
  module: 'moduleExtensions',
});

/**
 * @param {Part[]} parts
 * @returns {Promise<Installed[] | null>} those that an extension brings, enabled or not; null where Directus does not
 *   tell which extensions it has
 */
export async function installedParts(parts) {
  const module = await directusModule('extensions/index');
  const manager = module?.getExtensionManager();
  if (!manager?.isLoaded) return null;
  const bringers = bringersOf(manager);
  const texts = new Map();
  const found = [];
  for (const part of parts) {
    for (const bringer of bringers.filter(({ kind }) => kind === part.kind)) {
      const { extension, file, enabled, entries } = bringer;
      if (!texts.has(file)) texts.set(file, await textOf(file));
      if (!names(texts.get(file), part.id)) continue;
      found.push({ ...part, extension, enabled: enabled && (entries[part.id] ?? true) });
    }
  }
  return found;
}

/** @param {any} manager of Directus @returns {Bringer[]} */
function bringersOf(manager) {
  return Object.entries(SOURCES).flatMap(([source, property]) =>
    [...manager[property]].flatMap(([folder, extension]) => {
      const settings = manager.extensionsSettings.filter((/** @type {any} */ row) => row.source === source);
      const own = settings.find((/** @type {any} */ row) => row.folder === folder && row.bundle === null);
      const file = resolve(extension.path, extension.entrypoint?.app ?? extension.entrypoint);
      const base = { extension: extension.name, file, enabled: Boolean(own?.enabled) };
      if (extension.type !== 'bundle') return [{ ...base, kind: extension.type, entries: {} }];
      const ofBundle = settings.filter((/** @type {any} */ row) => row.bundle === own?.id);
      return bundled(base, extension.entries, ofBundle);
    }),
  );
}

/**
 * @param {{extension: string, file: string, enabled: boolean}} bundle
 * @param {{name: string, type: string}[]} entries
 * @param {{folder: string, enabled: boolean}[]} settings of the entries
 * @returns {Bringer[]} one per kind
 */
function bundled(bundle, entries, settings) {
  const isEnabled = (/** @type {string} */ name) =>
    Boolean(settings.find(({ folder }) => folder === name)?.enabled ?? bundle.enabled);
  return [...new Set(entries.map(({ type }) => type))].map(kind => {
    const ofKind = entries.filter(({ type }) => type === kind);
    const states = Object.fromEntries(ofKind.map(({ name }) => [name, isEnabled(name)]));
    const enabled = bundle.enabled && Object.values(states).includes(true);
    return { ...bundle, kind, enabled, entries: states };
  });
}

/** @param {string} file @returns {Promise<string>} empty where it cannot be read, and so brings nothing */
async function textOf(file) {
  return readFile(file, 'utf8').catch(() => '');
}

/**
 * Ids stand in the code only. An extension that builds its id from parts is not found here, but none is known to.
 *
 * @param {string} text
 * @param {string} id
 */
function names(text, id) {
  return ['"', "'", '`'].some(quote => text.includes(`${quote}${id}${quote}`));
}
