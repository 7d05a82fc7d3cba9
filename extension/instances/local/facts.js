/** What the core is told about an instance, taken from Directus' schema overview. */
import { SchemaSyncError } from '../../errors.js';
import { holdsBytes } from './bytes.js';
import { isOwnTable } from './tables.js';

/**
 * @typedef {import('../../model.js').Facts} Facts
 * @typedef {import('../../model.js').CollectionFacts} CollectionFacts
 * @typedef {import('../../model.js').FieldFacts} FieldFacts
 * @typedef {import('../../model.js').RelationFacts} RelationFacts
 * @typedef {import('./context.js').Knex} Knex
 * @typedef {import('./context.js').SchemaOverview} SchemaOverview
 *
 * @typedef {object} AdminNames ids from the config, for instances where the names do not tell
 * @property {string} [adminRole]
 * @property {string} [adminPolicy]
 */

/** The name that Directus gives both the role and the policy of its first user. */
const ADMINISTRATOR = 'Administrator';

/**
 * @param {SchemaOverview} schema
 * @param {{table: string, name: string, is_unique: boolean}[]} columns
 * @returns {Record<string, CollectionFacts>}
 */
export function collectionFacts(schema, columns) {
  const unique = new Set(
    columns.filter(column => column.is_unique).map(({ table, name }) => `${table}.${name}`),
  );
  const shared = Object.entries(schema.collections).filter(([name]) => !isOwnTable(name));
  return mapObject(Object.fromEntries(shared), (collection, name) => ({
    primary: collection.primary,
    singleton: collection.singleton,
    fields: mapObject(collection.fields, (field, key) => fieldFacts(field, unique.has(`${name}.${key}`))),
  }));
}

/** @param {any} field @param {boolean} unique @returns {FieldFacts} */
function fieldFacts(field, unique) {
  const { special, nullable, generated, defaultValue } = field;
  // Directus' own `generated` means computed columns only; a key that counts up is made by the database too.
  return {
    type: holdsBytes(field) ? 'binary' : field.type,
    special,
    nullable,
    generated: generated || defaultValue === 'AUTO_INCREMENT',
    unique,
    defaultValue,
  };
}

/** @param {SchemaOverview} schema @returns {RelationFacts[]} */
export function relationFacts(schema) {
  return schema.relations.map((/** @type {any} */ relation) => ({
    collection: relation.collection,
    field: relation.field,
    related: relation.related_collection ?? null,
    collectionField: relation.meta?.one_collection_field ?? null,
    allowed: relation.meta?.one_allowed_collections ?? null,
    constraint: relation.schema !== null,
    onDelete: relation.schema?.on_delete ?? null,
  }));
}

/**
 * Finds the role and policy that Directus made for its first user. Their ids differ on every instance, so
 * they are known by their names, by admin access, and by the access row that joins them.
 *
 * @param {Knex} trx
 * @param {AdminNames} names
 * @returns {Promise<{role: string, policy: string} | null>} `null` where there is no such pair
 */
export async function findAdmin(trx, { adminRole, adminPolicy }) {
  const candidates = await adminCandidates(trx, { adminRole, adminPolicy });
  if (candidates.length > 1) throw ambiguous(candidates);
  if (candidates.length === 0 && (adminRole || adminPolicy)) throw notFound({ adminRole, adminPolicy });
  return candidates[0] ?? null;
}

/**
 * @param {Knex} trx
 * @param {AdminNames} names
 * @returns {Promise<{role: string, policy: string}[]>}
 */
function adminCandidates(trx, { adminRole, adminPolicy }) {
  return trx('directus_access as access')
    .join('directus_roles as role', 'role.id', 'access.role')
    .join('directus_policies as policy', 'policy.id', 'access.policy')
    .where('policy.admin_access', true)
    .where(adminRole ? { 'role.id': adminRole } : { 'role.name': ADMINISTRATOR })
    .where(adminPolicy ? { 'policy.id': adminPolicy } : { 'policy.name': ADMINISTRATOR })
    .distinct({ role: 'role.id', policy: 'policy.id' })
    .orderBy(['role', 'policy']);
}

/** @param {{role: string, policy: string}[]} candidates */
function ambiguous(candidates) {
  const pairs = candidates.map(({ role, policy }) => `role ${role} with policy ${policy}`).join('; ');
  const message =
    `Several roles and policies named "${ADMINISTRATOR}" belong together: ${pairs}. Name the right ones by ` +
    "`admin: '<id>'` in `directus_roles` and `directus_policies` of directus_config.js.";
  return new SchemaSyncError('ADMIN_AMBIGUOUS', message, { path: 'directus_roles' });
}

/** @param {AdminNames} names */
function notFound({ adminRole = ADMINISTRATOR, adminPolicy = ADMINISTRATOR }) {
  const message =
    `No access row joins the role "${adminRole}" to a policy "${adminPolicy}" with admin access. Correct ` +
    '`admin` in `directus_roles` and `directus_policies` of directus_config.js.';
  return new SchemaSyncError('ADMIN_NOT_FOUND', message, { path: 'directus_roles' });
}

/**
 * @template T, R
 * @param {Record<string, T>} object
 * @param {(value: T, key: string) => R} map
 * @returns {Record<string, R>}
 */
function mapObject(object, map) {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value, key)]));
}
