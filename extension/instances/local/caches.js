/**
 * Directus' caches. Some of them fill themselves from inside a transaction, others ignore it; so they are
 * emptied around every transaction of ours, whether it was committed or not.
 */
import { directusModule } from './directus.js';

/** @typedef {import('./context.js').Context} Context */

const ADMIN = Object.freeze({ admin: true });
/** Who counts up to 1 in this lock reads the schema; the others wait for what that one finds. */
const READING_SCHEMA = 'schemaCache--preparing';
const FLOW_MODULES = Object.freeze(['flows', 'bus/lib/use-bus', 'redis/utils/redis-config-available']);

/**
 * Empties every cache of Directus, in all processes that share its message bus.
 *
 * @param {Context} context
 */
export async function clearCaches({ services, database }) {
  await forgetReaders();
  const utils = new services.UtilsService({ knex: database, schema: null, accountability: ADMIN });
  await utils.clearCache({ system: true });
}

/**
 * What was read before is not to be waited for. Neither is a server that was killed meanwhile: Redis keeps its lock for
 * ever.
 */
async function forgetReaders() {
  const locks = await directusModule('lock/lib/use-lock');
  await locks?.useLock().delete(READING_SCHEMA);
}

/**
 * Makes servers load their flows anew: this one, and those that share its message bus. A command that stands
 * alone has no flows, and Directus would log a warning about that.
 *
 * @param {Context} context
 */
export async function reloadFlows(context) {
  // Directus does not wait for its own reading, and a failure of that would end the process. So it fails here.
  await context.database('directus_flows').select('id').limit(1);
  const [flows, bus, redis] = await Promise.all(FLOW_MODULES.map(directusModule));
  if (!flows || !bus || !redis) return reloadFlowsByService(context);
  if (!flows.getFlowManager().isLoaded && !redis.redisConfigAvailable()) return;
  await bus.useBus().publish('flows', { type: 'reload' });
}

/**
 * An update of no flows reloads them too.
 *
 * @param {Context} context
 */
async function reloadFlowsByService({ services, database, getSchema }) {
  const flows = new services.FlowsService({ knex: database, schema: await getSchema() });
  await flows.updateMany([], {}, { emitEvents: false });
}

/**
 * Forgets columns and foreign keys that Directus keeps per process, which a change by another process or by
 * an open transaction makes wrong.
 *
 * @param {Context} context
 * @param {{knex: any, schema: any}} options of the open transaction
 */
export async function forgetColumns({ services }, options) {
  await new services.FieldsService(options).schemaCache?.clear();
}

/**
 * Stands in for that cache inside a transaction, so that neither sees the other's columns.
 *
 * @returns {{get: (key: string) => any, set: (key: string, value: any) => boolean, clear: () => void}}
 */
export function privateCache() {
  const values = new Map();
  return {
    get: key => values.get(key),
    set: (key, value) => Boolean(values.set(key, value)),
    clear: () => values.clear(),
  };
}
