/**
 * @template T, R
 * @param {readonly T[]} items
 * @param {number} atOnce how many are worked on at the same time
 * @param {(item: T) => Promise<R>} work
 * @returns {Promise<R[]>} in the order of the items
 */
export async function inParallel(items, atOnce, work) {
  /** @type {R[]} */
  const results = [];
  const waiting = items.entries();
  const next = async () => {
    // All of them take from one iterator.
    for (const [index, item] of waiting) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, next));
  return results;
}
