/**
 * The same changes of a schema, made by Schema Sync and by Directus itself, in one process and one after the other.
 * Each runs in a transaction that is rolled back, so that every round starts from the same database.
 */
import { apply } from '../../../extension/apply.js';
import { loadCore } from '../../../extension/core.js';
import { verifyApplied } from '../../../extension/verify.js';
import { collectionStep, fieldOf } from './shop.js';
import { toolsOf } from './tools.js';

const COLLECTIONS = 60;
const FIELDS = 8;
const NEW_FIELDS = 300;
const EDITS = 440;

const TYPES = /** @type {const} */ (['string', 'integer', 'text', 'boolean', 'timestamp']);
const ADMIN = Object.freeze({ admin: true });

/** What is measured: from the snapshot of the target to the wanted one. */
const CHANGES = Object.freeze({ newFields, editedMetas });

/**
 * @param {any} context
 * @param {{rounds: number}} options
 * @returns {Promise<Record<string, {ours: number[], directus: number[]}>>} milliseconds per round
 */
export async function run(context, { rounds }) {
  const { run, snapshot } = await toolsOf(context);
  await run(collections());
  const current = await snapshot();
  /** @type {Record<string, {ours: number[], directus: number[]}>} */
  const times = {};
  for (const [name, change] of Object.entries(CHANGES)) {
    const wanted = change(structuredClone(current));
    times[name] = { ours: [], directus: [] };
    for (let round = 0; round < rounds; round++) {
      times[name].ours.push(await ours(context, structuredClone(wanted)));
      times[name].directus.push(await directus(context, structuredClone(wanted)));
    }
  }
  return times;
}

function collections() {
  const key = fieldOf('id', 'integer', {
    is_primary_key: true,
    is_nullable: false,
    has_auto_increment: true,
  });
  const fields = Array.from({ length: FIELDS - 1 }, (_, index) => field(`field_${index}`, index));
  return Array.from({ length: COLLECTIONS }, (_, index) =>
    collectionStep(`collection_${index}`, [key, ...fields], {}),
  );
}

/** @param {string} name @param {number} index */
function field(name, index) {
  return fieldOf(name, /** @type {string} */ (TYPES[index % TYPES.length]));
}

/** @param {any} snapshot */
function newFields(snapshot) {
  const models = snapshot.fields.filter((/** @type {any} */ { collection }) => collection === 'collection_0');
  for (let index = 0; index < NEW_FIELDS; index++) {
    const [collection, name] = [`collection_${index % COLLECTIONS}`, `new_${index}`];
    const model = models.find((/** @type {any} */ { field }) => field === `field_${index % TYPES.length}`);
    const { meta, schema, type } = structuredClone(model);
    Object.assign(meta, { collection, field: name, sort: FIELDS + index });
    Object.assign(schema, { name, table: collection });
    snapshot.fields.push({ collection, field: name, type, meta, schema });
  }
  return snapshot;
}

/** @param {any} snapshot */
function editedMetas(snapshot) {
  const own = snapshot.fields.filter((/** @type {any} */ { collection }) =>
    collection.startsWith('collection_'),
  );
  for (const field of own.slice(0, EDITS)) field.meta.note = `Edited ${field.field}`;
  return snapshot;
}

/**
 * Reading, planning, applying and verifying, as an import does it.
 *
 * @param {any} context @param {any} wanted
 */
async function ours(context, wanted) {
  const core = await loadCore();
  const { instance } = await toolsOf(context);
  return timed(done =>
    instance.transaction(
      async session => {
        const facts = await session.facts();
        const config = core.resolveConfig({ sources: [], mode: 'mirror' }, facts, wanted);
        const planner = core.planner(config, facts);
        planner.setSchema(wanted, await session.readSnapshot());
        const whole = planner.plan();
        planner.free();
        const plan = whole.head();
        await apply(session, plan);
        await verifyApplied(session, { steps: plan.steps, whole: /** @type {any} */ (whole) });
        done();
      },
      { commit: false },
    ),
  );
}

/**
 * Directus' own way: snapshot, diff, apply.
 *
 * @param {any} context @param {any} wanted
 */
async function directus({ services, database }, wanted) {
  const rollback = new Error('rolled back');
  return timed(async done => {
    const work = async (/** @type {any} */ trx) => {
      const service = new services.SchemaService({ knex: trx, accountability: ADMIN });
      const current = await service.snapshot();
      const diff = await service.diff(wanted, { currentSnapshot: current, force: true });
      await service.apply({ hash: service.getHashedSnapshot(current).hash, diff });
      done();
      throw rollback;
    };
    await database.transaction(work).catch((/** @type {unknown} */ error) => {
      if (error !== rollback) throw error;
    });
    await new services.UtilsService({ knex: database, schema: null, accountability: ADMIN }).clearCache({
      system: true,
    });
  });
}

/** @param {(done: () => void) => Promise<unknown>} work @returns {Promise<number>} milliseconds until it was done */
async function timed(work) {
  const start = performance.now();
  let end = start;
  await work(() => {
    end = performance.now();
  });
  return end - start;
}
