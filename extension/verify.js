/** Whether an applied plan left behind what it says, looked up in the transaction that applied it. */

/**
 * @typedef {import('./core-thread.js').Remote<import('./core.js').Verification>} Verification
 */

/**
 * Reads what the steps touched again. Rows that hooks may change on purpose are to be told from others in the core,
 * which decides what a mismatch means.
 *
 * @param {any} session of an instance, after the plan was applied
 * @param {Pick<import('./planning.js').Planned, 'whole' | 'steps'>} planned
 * @throws {import('./errors.js').SchemaSyncError} VERIFY_FAILED with everything that is not as the plan says
 */
export async function verifyApplied(session, { whole, steps }) {
  session.refresh();
  const created = steps.map(step => session.createdKeys(step));
  const hasRows = steps.some(({ type }) => type.startsWith('items.'));
  const verification = await whole.verification(hasRows ? await session.collections() : {}, created);
  if (await verification.touchesSchema()) await verification.setSchema(await session.readSnapshot());
  await addRows(session, verification);
  await verification.finish();
}

/** @param {any} session @param {Verification} verification */
async function addRows(session, verification) {
  for (const reading of await verification.toRead()) {
    for await (const { json } of session.readPages(reading))
      await verification.addRows(reading.collection, json);
  }
}
