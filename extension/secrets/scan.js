/** Looks for credentials in the rows of Directus' own collections, on their way to the folder or in it. */

import { SchemaSyncError } from '../errors.js';
import { plural } from '../report.js';
import { allows } from './allowed.js';
import { credentialsIn, isNamedSecret } from './rules.js';

/**
 * @typedef {import('../errors.js').Diagnostic} Diagnostic
 * @typedef {import('../model.js').Entry} Entry
 * @typedef {import('../model.js').Row} Row
 *
 * @typedef {object} Scanned
 * @property {Entry[]} entries
 * @property {Record<string, string[]>} paths of the data files by entry id
 * @property {(path: string) => Uint8Array | Promise<Uint8Array>} read gives rows as they stand, or are to stand, in the folder
 * @property {string[]} allowed places that the config lists in `allowSecrets`
 *
 * @typedef {{place: string, name: string, text: string}} Leaf a string inside of a row: where it stands, and what it is
 *   called there
 */

/** Between two values; the rules match in no value that holds it. */
const DIVIDER = '\n\0\n';
/** Directus fills such parts in when a flow runs. */
const TEMPLATE = /\{\{.*?\}\}/gs;
/** The hash of a password, which `passwords: 'hash'` asks for. */
const HASH = /^\$argon2/;
/** What says the name of a value beside it, as in `{header: 'X-Api-Key', value: '…'}`. */
const NAMING = ['header', 'name', 'key'];

/**
 * @param {Scanned} scanned
 * @returns {Promise<Diagnostic[]>} a warning for each value that looks like a credential, without the value
 */
export async function findSecrets({ entries, paths, read, allowed }) {
  const found = [];
  for (const entry of entries.filter(isScanned)) {
    for (const path of paths[entry.id] ?? [])
      found.push(...(await findInFile(entry, path, await read(path))));
  }
  return found.filter(({ place }) => !allows(allowed, place)).map(asWarning);
}

/** @param {Entry} entry @returns {boolean} whether its rows are looked at: those of Directus' own collections */
export function isScanned({ collection }) {
  return collection.startsWith('directus_');
}

/**
 * @param {Diagnostic[]} found
 * @param {string} consequence such as `Nothing was written.`
 * @throws {SchemaSyncError} SECRET_FOUND if there is any
 */
export function refuseSecrets(found, consequence) {
  if (found.length === 0) return;
  const message = `${plural(found.length, 'value looks', 'values look')} like a credential. ${consequence}`;
  const diagnostics = found.map(diagnostic => ({ ...diagnostic, severity: /** @type {const} */ ('error') }));
  throw new SchemaSyncError('SECRET_FOUND', message, { diagnostics });
}

/** @param {Entry} entry @param {string} path @param {Uint8Array} bytes */
async function findInFile(entry, path, bytes) {
  const content = JSON.parse(new TextDecoder().decode(bytes));
  const rows = Array.isArray(content) ? content : content.partial ? [] : [content];
  const leaves = rows.flatMap(row => [...leavesIn(row, placeOf(entry, row), '')]);
  const named = leaves.filter(({ name, text }) => isNamedSecret(name, text));
  const found = [
    ...(await credentialLeaves(leaves)),
    ...named.map(({ place }) => ({ place, kind: 'secret' })),
  ];
  // The first rule that finds something in a value is the one that knows most about it.
  const first = new Map(found.toReversed().map(({ place, kind }) => [place, kind]));
  return leaves
    .filter(({ place }) => first.has(place))
    .map(({ place }) => ({ path, place, kind: /** @type {string} */ (first.get(place)) }));
}

/** @param {Leaf[]} leaves @returns {Promise<{place: string, kind: string}[]>} */
async function credentialLeaves(leaves) {
  /** @type {number[]} */
  const starts = [];
  let text = '';
  for (const leaf of leaves) {
    starts.push(text.length);
    text += leaf.text + DIVIDER;
  }
  const found = text === '' ? [] : await credentialsIn(text);
  return found.map(({ kind, at }) => ({
    place: leaves[starts.findLastIndex(start => start <= at)].place,
    kind,
  }));
}

/**
 * @param {any} value
 * @param {string} place
 * @param {string} name
 * @returns {Generator<Leaf, void, void>}
 */
function* leavesIn(value, place, name) {
  if (typeof value === 'string') {
    const text = HASH.test(value) ? '' : value.replaceAll(TEMPLATE, '');
    if (text !== '') yield { place, name, text };
  } else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* leavesIn(item, `${place}[${index}]`, name);
  } else if (value !== null && typeof value === 'object') {
    for (const [key, item] of Object.entries(value))
      yield* leavesIn(item, `${place}.${key}`, nameOf(key, value));
  }
}

/** @param {string} key @param {Row} object that holds it @returns {string} */
function nameOf(key, object) {
  if (key !== 'value') return key;
  return NAMING.map(naming => object[naming]).find(named => typeof named === 'string') ?? key;
}

/** @param {Entry} entry @param {Row} row @returns {string} such as `directus_flows[3f0c…]` */
function placeOf({ id, key, primaryKey, singleton }, row) {
  if (singleton) return id;
  const fields = key.length > 0 ? key : [primaryKey];
  return `${id}[${fields.map(field => row[field] ?? 'null').join(' / ')}]`;
}

/** @param {{path: string, place: string, kind: string}} found @returns {Diagnostic} */
function asWarning({ path, place, kind }) {
  const message =
    `${place} in ${path} looks like a credential (${kind}), and whoever reads the folder can read it. Write ` +
    `{"$env": "NAME"} in its place to take it from the environment, or list '${place}' in \`allowSecrets\` of the ` +
    'config if it is none.';
  return { severity: 'warning', code: 'SECRET_FOUND', message, path: place };
}
