/**
 * The licence of Directus 12: what it limits, and that an import keeps inside. Directus' own managers count
 * and decide; this module only asks them. Directus 11 limits nothing.
 */
import { SchemaSyncError } from '../../errors.js';
import { directusModule, directusVersion } from './directus.js';

/**
 * @typedef {import('../../model.js').Limits} Limits
 * @typedef {import('./context.js').Knex} Knex
 */

/** Counted limits by the name that the plan has for them. */
const COUNTED = Object.freeze(/** @type {const} */ (['collections', 'flows', 'seats']));
const CUSTOM_RULES = 'custom_permission_rules_enabled';
const UNLIMITED = -1;

const WORDS = Object.freeze({
  collections: 'active collections',
  flows: 'active flows',
  seats: 'seats (active users with access to the app)',
});

/**
 * Makes Directus read its licence. A server did so at start; a command has to ask for it, or a licensed
 * instance would look like an unlicensed one. It must not run inside a transaction, since it uses the pool.
 *
 * @returns {Promise<void>}
 */
export async function readLicence() {
  if (!isLicensedVersion()) return;
  const { getLicenseManager } = await licenceModule('license/manager');
  const manager = getLicenseManager();
  if (!manager.initialized) await manager.initialize();
}

/**
 * @param {Knex} trx
 * @returns {Promise<Limits>} empty where nothing is limited
 */
export async function licenceLimits(trx) {
  if (!isLicensedVersion()) return {};
  const manager = await entitlements();
  /** @type {Limits} */
  const limits = { customPermissionRules: manager.isEntitled(CUSTOM_RULES) };
  for (const key of COUNTED) {
    const limit = manager.getEntitlementLimit(key);
    if (limit !== UNLIMITED) limits[key] = { limit, used: await manager.getUsage(key, { knex: trx }) };
  }
  return limits;
}

/**
 * Counts again what the licence limits. An instance that was over a limit before is not held back as long as
 * it does not grow.
 *
 * @param {Limits} before what {@link licenceLimits} gave before the first write
 * @param {Knex} trx
 */
export async function checkLicence(before, trx) {
  const after = await licenceLimits(trx);
  for (const key of COUNTED) {
    const { limit, used } = after[key] ?? { limit: 0, used: 0 };
    if (after[key] && used > limit && used > (before[key]?.used ?? 0)) throw limitExceeded(key, limit, used);
  }
}

/**
 * @param {keyof typeof WORDS} key
 * @param {number} limit
 * @param {number} used
 */
function limitExceeded(key, limit, used) {
  const message =
    `The import would leave ${used} ${WORDS[key]}, but the licence of this Directus allows ${limit}. ` +
    'Nothing was changed. Deactivate or remove some, or upgrade the licence.';
  return new SchemaSyncError('LICENSE_LIMIT', message, { path: key });
}

/** @returns {Promise<any>} Directus' entitlement manager */
async function entitlements() {
  const { getEntitlementManager } = await licenceModule('license/entitlements/manager');
  return getEntitlementManager();
}

/** @param {string} path */
async function licenceModule(path) {
  const module = await directusModule(path);
  if (module) return module;
  const message =
    'The licence of this Directus cannot be read, because its package `@directus/api` was not found from ' +
    `${process.argv[1] ?? process.cwd()}. Start Directus by its own command, \`directus\`, in the project's folder.`;
  throw new SchemaSyncError('READ_FAILED', message);
}

function isLicensedVersion() {
  return Number.parseInt(directusVersion() ?? '', 10) !== 11;
}
