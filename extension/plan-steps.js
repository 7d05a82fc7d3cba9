/** The rows of a plan's steps, which leave the core when somebody asks for them. */

/**
 * @typedef {import('./core.js').WholePlan} WholePlan
 * @typedef {import('./model.js').Plan} Plan
 * @typedef {import('./model.js').Step} Step
 */

/** How many rows leave the core at once: few enough to be parsed in the time of a few requests. */
const ROWS_PER_PART = 1000;

const decoder = new TextDecoder();

/**
 * The steps as they are to be written, with what placeholders of the environment stand for: never to be shown.
 *
 * @param {import('./core-thread.js').Remote<WholePlan>} whole
 * @param {Plan} plan its head
 * @returns {Step[]} those of rows with `parts()`
 */
export function stepsToWrite(whole, { steps }) {
  return steps.map((step, index) =>
    step.count === undefined
      ? step
      : { ...step, parts: () => parts(step, (from, count) => whole.filledPart(index, from, count)) },
  );
}

/**
 * @param {import('./core-thread.js').Remote<WholePlan>} whole
 * @param {Plan} plan its head
 * @param {number} index of a step of rows
 * @returns {AsyncGenerator<Step, void, void>} the step as it may be shown, with some of its rows each time
 */
export function partsToShow(whole, { steps }, index) {
  return parts(/** @type {Step} */ (steps[index]), (from, count) => whole.part(index, from, count));
}

/**
 * @param {Step} step
 * @param {(from: number, count: number) => Promise<Uint8Array>} read
 * @returns {AsyncGenerator<Step, void, void>}
 */
async function* parts({ count = 0, ...step }, read) {
  let next = read(0, ROWS_PER_PART);
  for (let from = ROWS_PER_PART; ; from += ROWS_PER_PART) {
    const part = await next;
    // It is on its way while the rows of this one are written.
    if (from < count) next = read(from, ROWS_PER_PART);
    yield { ...step, ...JSON.parse(decoder.decode(part)) };
    if (from >= count) return;
  }
}
