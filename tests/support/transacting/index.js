/**
 * An extension beside ours that changes rows inside a transaction of its own, as an endpoint of a project may do.
 * `POST /transacting?slug=…&ms=…&rollback=…` makes a tag, in a transaction inside of another, which ends after as long.
 */

import { setTimeout as sleep } from 'node:timers/promises';

/** @param {any} hooks @param {any} context */
export default function register({ init }, { services, database, getSchema }) {
  /** @param {any} query */
  const makeTag = async ({ slug, ms, rollback }) => {
    const schema = await getSchema();
    await database.transaction(async (/** @type {any} */ outer) => {
      await outer.transaction(async (/** @type {any} */ knex) => {
        await new services.ItemsService('tags', { knex, schema }).createOne({ slug });
      });
      await sleep(Number(ms));
      if (rollback) throw new Error('rolled back');
    });
  };
  init('routes.custom.before', (/** @type {any} */ { app }) => {
    app.post('/transacting', async (/** @type {any} */ request, /** @type {any} */ response) => {
      const isCommitted = await makeTag(request.query).then(
        () => true,
        () => false,
      );
      response.json({ data: { isCommitted } });
    });
  });
}
