/** Rows of `directus_files` get the contents that were staged for them. */

/**
 * @typedef {import('../../../model.js').Row} Row
 * @typedef {import('../../../model.js').Step} Step
 * @typedef {import('../session.js').LocalSession} LocalSession
 */

import { CONTENT } from '../../../contents.js';

/**
 * @param {LocalSession} session
 * @param {Step} step
 * @returns {Promise<Step>} the step in columns of the table: where its contents are, in place of their hashes
 */
export async function placeContents(session, step) {
  if (!step.effects?.files) return step;
  if (step.type === 'items.create') return { ...step, rows: await created(session, step.rows) };
  if (step.type === 'items.update') return { ...step, changes: await changed(session, step.changes) };
  await session.contents.release(step.keys, session.trx);
  return step;
}

/** @param {LocalSession} session @param {Row[]} rows */
async function created(session, rows) {
  const placed = [];
  for (const { [CONTENT]: sha256, ...row } of rows)
    placed.push({ ...row, ...(await session.contents.claim(row.id, sha256, session.trx)) });
  return placed;
}

/** @param {LocalSession} session @param {{key: any, set: Row}[]} changes */
async function changed(session, changes) {
  const replaced = changes.filter(({ set }) => set[CONTENT]).map(({ key }) => key);
  await session.contents.release(replaced, session.trx);
  const placed = [];
  for (const change of changes) {
    const { [CONTENT]: sha256, ...set } = change.set;
    // Caches know a content by this moment.
    const now = { modified_on: new Date().toISOString() };
    const place = sha256 && { ...now, ...(await session.contents.claim(change.key, sha256, session.trx)) };
    placed.push({ ...change, set: { ...set, ...place } });
  }
  return placed;
}
