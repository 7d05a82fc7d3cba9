/** Whether an applied plan left behind what it says, looked up in the transaction that applied it. */

/**
 * @typedef {import('./core.js').Verification} Verification
 * @typedef {import('./model.js').Plan} Plan
 */

/**
 * Reads what the steps touched again. Rows that hooks may change on purpose are to be told from others in the core,
 * which decides what a mismatch means.
 *
 * @param {any} session of an instance, after the plan was applied
 * @param {import('./core.js').Core} core
 * @param {Plan} plan
 * @param {import('./model.js').Step[]} [written] its steps with values of the environment, where it has placeholders
 * @throws {import('./errors.js').SchemaSyncError} VERIFY_FAILED with everything that is not as the plan says
 */
export async function verifyApplied(session, core, plan, written = plan.steps) {
  const { steps } = plan;
  if (steps.length === 0) return;
  session.refresh();
  const created = written.map(step => session.createdKeys(step));
  const hasRows = steps.some(({ type }) => type.startsWith('items.'));
  const verification = core.verification(plan, hasRows ? await session.collections() : {}, created);
  try {
    if (verification.touchesSchema()) verification.setSchema(await session.readSnapshot());
    await addRows(session, verification);
    verification.finish();
  } finally {
    verification.free();
  }
}

/** @param {any} session @param {Verification} verification */
async function addRows(session, verification) {
  for (const reading of verification.toRead()) {
    for await (const { json } of session.readPages(reading)) verification.addRows(reading.collection, json);
  }
}
