/**
 * What two running Directus have in common: everything that can be read over HTTP and is not an instance's
 * own (times, users, counted keys, the random ids of the Administrator role and policy).
 */
import { isDeepStrictEqual } from 'node:util';

/** @typedef {import('./rest.js').Api} Api */

/**
 * @typedef {object} Part one kind of thing, such as the rows of a collection
 * @property {string} name
 * @property {Map<string, any>} things by a key that is the same on every instance
 *
 * @typedef {object} Difference
 * @property {string} part
 * @property {string} key
 * @property {any} left undefined where it is missing
 * @property {any} right
 */

const AUDIT_FIELDS = [
  'date_created',
  'user_created',
  'uploaded_by',
  'uploaded_on',
  'created_on',
  'modified_by',
  'modified_on',
];

/** Settings that belong to one instance. Columns of extensions start with `mv_`. */
const OWN_SETTINGS =
  /^(id|project_id|project_owner|project_usage|org_name|product_updates|project_status|license_.*|mv_.*)$/;

/**
 * The tables of Directus that are compared: where they are read, and what identifies a row. Fields named in
 * `without` are an instance's own or repeat other tables.
 *
 * @type {{name: string, query?: string, key: (row: any) => string, without?: string[]}[]}
 */
const SYSTEM_TABLES = [
  { name: 'folders', key: byId },
  { name: 'files', key: byId },
  { name: 'roles', key: byId, without: ['users', 'children', 'policies'] },
  { name: 'policies', key: byId, without: ['users', 'roles', 'permissions'] },
  {
    name: 'access',
    query: '&filter[user][_null]=true',
    key: row => `${row.role ?? 'public'}: ${row.policy}`,
    without: ['id'],
  },
  {
    name: 'permissions',
    // System rows that Directus adds for administrators have no id.
    query: '&filter[id][_nnull]=true',
    key: row => `${row.policy}: ${row.action} ${row.collection}`,
    without: ['id'],
  },
  { name: 'flows', key: byId, without: ['operations'] },
  { name: 'operations', key: byId },
  { name: 'dashboards', key: byId, without: ['panels'] },
  { name: 'panels', key: byId },
  {
    name: 'presets',
    query: '&filter[user][_null]=true',
    key: row => `${row.collection} ${row.bookmark ?? ''} ${row.role ?? ''}`,
    without: ['id'],
  },
  { name: 'translations', key: row => `${row.key} ${row.language}`, without: ['id'] },
];

/**
 * Reads everything that can be compared.
 *
 * @param {Api} api
 * @param {object} [options]
 * @param {string[]} [options.collections] whose rows are read; all that are no system tables by default
 * @param {string[]} [options.ignoreFields] of rows, besides the times and users that Directus writes itself
 * @returns {Promise<Part[]>}
 */
export async function readState(api, { collections, ignoreFields = [] } = {}) {
  const rename = await administratorNames(api);
  const snapshot = await api('GET', '/schema/snapshot');
  const ignored = [...AUDIT_FIELDS, ...ignoreFields];
  const parts = schemaParts(snapshot);
  for (const name of collections ?? tablesOf(snapshot))
    parts.push(await rowsPart(api, name, snapshot, ignored));
  for (const table of SYSTEM_TABLES) parts.push(await systemPart(api, table, ignored, rename));
  parts.push(await settingsPart(api, rename));
  return parts;
}

/**
 * @param {Part[]} left
 * @param {Part[]} right
 * @returns {Difference[]}
 */
export function differences(left, right) {
  const names = new Set([...left, ...right].map(part => part.name));
  return [...names].flatMap(name => partDifferences(name, thingsOf(left, name), thingsOf(right, name)));
}

/**
 * The ids of the bootstrap Administrator role and policy, which are random on every instance.
 *
 * @param {Api} api
 * @returns {Promise<{role: string, policy: string}>}
 */
export async function administratorIds(api) {
  const [role] = await api('GET', '/roles?filter[name][_eq]=Administrator&fields=id');
  const [policy] = await api(
    'GET',
    '/policies?filter[name][_eq]=Administrator&filter[admin_access][_eq]=true&fields=id',
  );
  return { role: role.id, policy: policy.id };
}

/** @param {Api} api @returns {Promise<(text: string) => string>} */
async function administratorNames(api) {
  const { role, policy } = await administratorIds(api);
  return text => text.replaceAll(role, 'administrator-role').replaceAll(policy, 'administrator-policy');
}

/** @param {any} snapshot of Directus @returns {Part[]} */
function schemaParts({ collections, fields, relations }) {
  const byField = (/** @type {any} */ thing) => `${thing.collection}.${thing.field}`;
  return [
    part('collections', collections, (/** @type {any} */ thing) => thing.collection),
    part('fields', fields, byField),
    part('relations', relations, byField),
  ];
}

/** @param {any} snapshot @returns {string[]} collections that have rows */
function tablesOf(snapshot) {
  const tables = snapshot.collections.filter((/** @type {any} */ { schema }) => schema);
  return tables.map((/** @type {any} */ { collection }) => collection);
}

/**
 * @param {Api} api
 * @param {string} name
 * @param {any} snapshot
 * @param {string[]} ignored
 */
async function rowsPart(api, name, snapshot, ignored) {
  const fields = snapshot.fields.filter(
    (/** @type {any} */ field) => field.collection === name && field.schema,
  );
  const key = fields.find((/** @type {any} */ { schema }) => schema.is_primary_key)?.field ?? 'id';
  const names = fields.map((/** @type {any} */ { field }) => field).join(',');
  const answer = await api('GET', `/items/${name}?limit=-1&fields=${names}`);
  const rows = Array.isArray(answer) ? answer : [answer];
  return part(
    name,
    rows.map(row => without(row, ignored)),
    row => String(row[key]),
  );
}

/**
 * @param {Api} api
 * @param {typeof SYSTEM_TABLES[number]} table
 * @param {string[]} ignored
 * @param {(text: string) => string} rename
 */
async function systemPart(api, { name, query = '', key, without: own = [] }, ignored, rename) {
  const rows = await api('GET', `/${name}?limit=-1${query}`);
  const renamed = JSON.parse(rename(JSON.stringify(rows)));
  return part(
    `directus_${name}`,
    renamed.map((/** @type {any} */ row) => without(row, [...ignored, ...own])),
    key,
    renamed,
  );
}

/** @param {Api} api @param {(text: string) => string} rename */
async function settingsPart(api, rename) {
  const settings = JSON.parse(rename(JSON.stringify(await api('GET', '/settings'))));
  const shared = Object.entries(settings).filter(([name]) => !OWN_SETTINGS.test(name));
  return { name: 'directus_settings', things: new Map(shared) };
}

/**
 * @param {string} name
 * @param {any[]} values
 * @param {(value: any) => string} key
 * @param {any[]} [keyed] what the keys are read from, when the values lack it
 * @returns {Part}
 */
function part(name, values, key, keyed = values) {
  /** @type {Part['things']} */
  const things = new Map();
  for (const [index, value] of values.entries()) {
    const wanted = key(keyed[index]);
    // Permissions may repeat, so equal keys are told apart by their order.
    let free = wanted;
    for (let count = 2; things.has(free); count += 1) free = `${wanted} (${count})`;
    things.set(free, value);
  }
  return { name, things };
}

/** @param {any} row */
function byId(row) {
  return row.id;
}

/** @param {any} row @param {string[]} names */
function without(row, names) {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !names.includes(name)));
}

/** @param {Part[]} parts @param {string} name @returns {Part['things']} */
function thingsOf(parts, name) {
  return parts.find(part => part.name === name)?.things ?? new Map();
}

/**
 * @param {string} part
 * @param {Part['things']} left
 * @param {Part['things']} right
 * @returns {Difference[]}
 */
function partDifferences(part, left, right) {
  const keys = [...new Set([...left.keys(), ...right.keys()])];
  return keys
    .filter(key => !isDeepStrictEqual(left.get(key), right.get(key)))
    .map(key => ({ part, key, left: left.get(key), right: right.get(key) }));
}
