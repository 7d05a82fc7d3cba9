/** What a database with foreign keys does to the rows that refer to deleted ones, for SQLite with them off. */
import { chunks } from '../chunks.js';

/** @typedef {import('../session.js').LocalSession} LocalSession */

/**
 * Rows whose foreign key says CASCADE go too, those that say SET NULL or SET DEFAULT let go. Others stay, and
 * the check before the commit names them.
 *
 * @param {LocalSession} session
 * @param {string} collection
 * @param {unknown[]} keys primary keys of rows that are about to be deleted
 */
export async function cascade(session, collection, keys) {
  const { relations, collections } = await session.schema();
  for (const relation of relations) {
    if (relation.related_collection !== collection || !relation.schema) continue;
    const { primary } = collections[relation.collection];
    for (const chunk of chunks(keys)) await follow(session, relation, primary, chunk);
  }
}

/**
 * @param {LocalSession} session
 * @param {any} relation
 * @param {string} primary of the collection that refers
 * @param {unknown[]} keys
 */
async function follow(session, relation, primary, keys) {
  const { collection, field } = relation;
  const dependents = () => session.trx(collection).whereIn(field, keys);
  switch (relation.schema.on_delete?.toUpperCase()) {
    case 'CASCADE': {
      const children = await dependents().pluck(primary);
      if (children.length === 0) return;
      // Gone first, so that rows which refer to each other in a circle come to an end.
      await dependents().delete();
      await cascade(session, collection, children);
      break;
    }
    case 'SET NULL':
      await dependents().update({ [field]: null });
      break;
    case 'SET DEFAULT': {
      const { defaultValue } = (await session.schema()).collections[collection].fields[field];
      await dependents().update({ [field]: defaultValue });
      break;
    }
  }
}
