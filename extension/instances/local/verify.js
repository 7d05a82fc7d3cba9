/** Checks of an import's result, made before the commit. */
import { SchemaSyncError } from '../../errors.js';
import { checkLicence } from './licence.js';
import { quietly } from './writers/options.js';

/** @typedef {import('./session.js').LocalSession} LocalSession */

/** Directus' flag for "count the users with admin access". */
const REMAINING_ADMINS = 2;

/** @param {LocalSession} session */
export async function verifyResult(session) {
  session.refresh();
  await checkLicence(await session.limits(), session.trx);
  await checkLastAdmin(session);
}

/**
 * Directus counts its admins after every change of access, but only where it is asked to; an update of no
 * rows asks it.
 *
 * @param {LocalSession} session
 */
async function checkLastAdmin(session) {
  const access = await session.items('directus_access');
  try {
    await access.updateMany([], {}, { ...quietly(), userIntegrityCheckFlags: REMAINING_ADMINS });
  } catch (error) {
    const message =
      'After the import no active user would have admin access any more. Nothing was changed. Keep a role ' +
      'with an admin policy in `directus_access`, or leave these collections out of the config.';
    throw new SchemaSyncError('LAST_ADMIN', message, { path: 'directus_access', cause: error });
  }
}
