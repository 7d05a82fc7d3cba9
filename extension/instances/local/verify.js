/** Checks of an import's result, made before the commit. */
import { SchemaSyncError } from '../../errors.js';
import { checkLicence } from './licence.js';

/**
 * @typedef {import('./context.js').Knex} Knex
 * @typedef {import('./session.js').LocalSession} LocalSession
 *
 * @typedef {object} StateBefore
 * @property {import('../../model.js').Limits} limits
 * @property {boolean} hasAdmin
 */

/** @param {LocalSession} session @returns {Promise<StateBefore>} */
export async function stateBefore(session) {
  return { limits: await session.limits(), hasAdmin: await hasAdmin(session.trx) };
}

/** @param {LocalSession} session @param {StateBefore} before */
export async function verifyResult(session, before) {
  await checkLicence(before.limits, session.trx);
  if (!before.hasAdmin || (await hasAdmin(session.trx))) return;
  const message =
    'After the import no active user would have admin access any more. Nothing was changed. Keep a role with ' +
    'an admin policy in `directus_access`, or leave these collections out of the config.';
  throw new SchemaSyncError('LAST_ADMIN', message, { path: 'directus_access' });
}

/**
 * Counted here, since Directus' own check takes "no role has admin access" for "any role has".
 *
 * @param {Knex} trx
 * @returns {Promise<boolean>} whether an active user has admin access, by itself or by its role
 */
async function hasAdmin(trx) {
  const access = await trx('directus_access as access')
    .join('directus_policies as policy', 'policy.id', 'access.policy')
    .where('policy.admin_access', true)
    .select('access.user', 'access.role');
  const users = access.map((/** @type {any} */ { user }) => user).filter(Boolean);
  const roles = await withDescendants(trx, access.map((/** @type {any} */ { role }) => role).filter(Boolean));
  const admin = await trx('directus_users')
    .where('status', 'active')
    .where((/** @type {any} */ either) => either.whereIn('id', users).orWhereIn('role', roles))
    .first('id');
  return admin !== undefined;
}

/**
 * @param {Knex} trx
 * @param {string[]} roles
 * @returns {Promise<string[]>} those and all below them, which inherit their policies
 */
async function withDescendants(trx, roles) {
  const all = await trx('directus_roles').select('id', 'parent');
  const found = new Set(roles);
  for (let size = -1; size !== found.size; ) {
    size = found.size;
    for (const { id, parent } of all) if (found.has(parent)) found.add(id);
  }
  return [...found];
}
