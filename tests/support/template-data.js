/**
 * Loads a project that is stored as data, `snapshot.json` plus `items/<collection>.json`, into a running
 * Directus over REST, so that it gets there by another way than the one under test.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** @typedef {Record<string, any>} Row */
/** @typedef {{collection: string, field: string, related_collection: string | null}} Relation */

/** System collections in an order in which references exist when they are needed. */
const SYSTEM_ORDER = [
  'directus_folders',
  'directus_files',
  'directus_roles',
  'directus_policies',
  'directus_access',
  'directus_permissions',
  'directus_dashboards',
  'directus_panels',
  'directus_presets',
  'directus_translations',
];

const AFTER_ROWS = ['directus_flows', 'directus_operations'];

/** Fields that wait until every row of every collection exists. */
const DEFERRED = {
  directus_flows: ['operation'],
  directus_operations: ['resolve', 'reject'],
};

/** References to users, who are not part of the data. */
const USER_FIELDS = ['user', 'user_created', 'user_updated', 'uploaded_by', 'modified_by'];

/** Every instance makes these itself. */
const PUBLIC_POLICY = 'abf8a154-5b1c-4a46-ac9c-7300570f4f17';

/**
 * @param {import('../harness/rest.js').Api} api
 * @param {string} folder
 * @param {{permissionRules?: boolean}} [options] false loads permissions without their custom rules, which
 *   Directus 12 refuses without a licence
 * @returns {Promise<string[]>} the names of the project's own collections that hold rows
 */
export async function loadTemplateData(api, folder, { permissionRules = true } = {}) {
  const snapshot = JSON.parse(await readFile(join(folder, 'snapshot.json'), 'utf8'));
  // The data was taken from another version, whose list of indexes would make this one drop some of its own.
  const { systemFields } = await api('GET', '/schema/snapshot');
  const diff = await api('POST', '/schema/diff?force=true', { ...snapshot, systemFields });
  if (diff) await api('POST', '/schema/apply', diff);

  const items = await readItems(folder);
  items.directus_panels = items.directus_panels.filter(isBuiltIn);
  if (!permissionRules) items.directus_permissions = items.directus_permissions.map(withoutRules);
  const own = ownOrder(Object.keys(items), snapshot.relations);
  // Flows come last, since an active one may answer the creation of the project's own rows with other rows.
  const order = [...SYSTEM_ORDER, ...own, ...AFTER_ROWS];
  for (const collection of order) {
    await createRows(api, collection, items[collection] ?? [], snapshot.relations);
  }
  for (const collection of order) {
    await linkRows(api, collection, items[collection] ?? [], snapshot.relations);
  }
  await api('PATCH', '/settings', settingsToLoad(items.directus_settings));
  return own;
}

/** @param {string} folder @returns {Promise<Record<string, any>>} */
async function readItems(folder) {
  /** @type {Record<string, any>} */
  const items = {};
  for (const name of await readdir(join(folder, 'items'))) {
    items[name.replace(/\.json$/, '')] = JSON.parse(await readFile(join(folder, 'items', name), 'utf8'));
  }
  return items;
}

/**
 * The project's own collections, those that are referred to first.
 * @param {string[]} collections
 * @param {Relation[]} relations
 */
function ownOrder(collections, relations) {
  const own = collections.filter(name => !name.startsWith('directus_')).sort();
  /** @type {string[]} */
  const ordered = [];
  /** @param {string} name */
  const visit = name => {
    if (ordered.includes(name) || !own.includes(name)) return;
    for (const relation of relations) {
      const related = relation.related_collection;
      if (relation.collection === name && related && related !== name) visit(related);
    }
    ordered.push(name);
  };
  own.forEach(visit);
  return ordered;
}

/** @param {import('../harness/rest.js').Api} api @param {string} collection @param {Row[]} rows @param {Relation[]} relations */
async function createRows(api, collection, rows, relations) {
  const later = deferredFields(collection, relations);
  for (const row of rows.filter(row => !madeByInstance(collection, row))) {
    const now = Object.entries(row).filter(
      ([field, value]) => !later.includes(field) && isColumn(field, value),
    );
    await api('POST', endpoint(collection), Object.fromEntries(now));
  }
}

/** @param {import('../harness/rest.js').Api} api @param {string} collection @param {Row[]} rows @param {Relation[]} relations */
async function linkRows(api, collection, rows, relations) {
  const later = deferredFields(collection, relations);
  for (const row of rows) {
    const links = Object.entries(row).filter(([field, value]) => later.includes(field) && value !== null);
    if (links.length > 0) await api('PATCH', `${endpoint(collection)}/${row.id}`, Object.fromEntries(links));
  }
}

/** @param {string} collection @param {Relation[]} relations @returns {string[]} */
function deferredFields(collection, relations) {
  const toItself = relations.filter(
    relation => relation.collection === collection && relation.related_collection === collection,
  );
  const known = /** @type {Record<string, string[]>} */ (DEFERRED)[collection] ?? [];
  return [...known, ...toItself.map(relation => relation.field)];
}

/** Lists of ids are the far side of a relation, which the rows over there hold. @param {string} field @param {any} value */
function isColumn(field, value) {
  if (USER_FIELDS.includes(field)) return false;
  return !(Array.isArray(value) && value.length > 0 && value.every(isUuid));
}

/** @param {any} value */
function isUuid(value) {
  return typeof value === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value);
}

/** @param {string} collection @param {Row} row */
function madeByInstance(collection, row) {
  if (collection === 'directus_roles') return row.name === 'Administrator';
  if (collection === 'directus_policies') return row.admin_access || row.id === PUBLIC_POLICY;
  if (collection === 'directus_access') return true;
  return false;
}

/** @param {string} collection */
function endpoint(collection) {
  return collection.startsWith('directus_')
    ? `/${collection.slice('directus_'.length)}`
    : `/items/${collection}`;
}

/** An import refuses what only an extension can show, and no test has the extension. @param {Row} panel */
function isBuiltIn({ type }) {
  return !type.startsWith('directus-panel-');
}

/** @param {Row} permission */
function withoutRules(permission) {
  return { ...permission, fields: ['*'], permissions: null, validation: null, presets: null };
}

/** Settings that are set and that a project carries from one instance to another. @param {Row} settings */
function settingsToLoad(settings) {
  const own =
    /^(project_id|project_url|id|license|accepted_terms|product_updates|mcp|ai_|org_|project_(usage|owner|status))/;
  return Object.fromEntries(
    Object.entries(settings).filter(
      ([field, value]) => value !== null && !own.test(field) && isColumn(field, value),
    ),
  );
}
