/** What leaves the core in parts, in one piece. */

/**
 * @typedef {import('../../extension/core.js').ItemExport} ItemExport
 * @typedef {import('../../extension/core.js').WholePlan} WholePlan
 * @typedef {import('../../extension/model.js').Plan} Plan
 */

const MOST_ROWS = 1_000_000;

/** @param {WholePlan} whole @returns {Plan} with all rows */
export function wholePlan(whole) {
  return JSON.parse(whole.render('json'));
}

/** @param {WholePlan} whole @returns {any[]} the steps with what placeholders stand for */
export function filledSteps(whole) {
  return whole.head().steps.map(({ count, ...step }, index) => {
    if (count === undefined) return step;
    return { ...step, ...JSON.parse(textOf(whole.filledPart(index, 0, MOST_ROWS))) };
  });
}

/** @param {ItemExport} items @returns {import('../../extension/model.js').FileText[]} */
export function filesOf(items) {
  return items.finish().map(path => ({ path, text: textOf(Buffer.concat([...chunksOf(items)])) }));
}

/** @param {ItemExport} items */
function* chunksOf(items) {
  for (let chunk = items.chunk(); chunk; chunk = items.chunk()) yield chunk;
}

/** @param {Uint8Array} bytes */
function textOf(bytes) {
  return new TextDecoder().decode(bytes);
}

/**
 * For the option `render` of an import.
 *
 * @param {{whole: import('../../extension/planning.js').WholePlan}} planned
 * @returns {Promise<Plan>} with all rows, in `rendered` of the report
 */
export async function wholeInReport({ whole }) {
  return JSON.parse(await whole.render('json'));
}
