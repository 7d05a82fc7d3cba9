/** What several tests share is made when the first of them asks for it. */

/**
 * @template K, T
 * @param {(key: K) => Promise<T>} make
 * @returns {(key: K) => Promise<T>} makes it once for each key
 */
export function oncePer(make) {
  /** @type {Map<K, Promise<T>>} */
  const made = new Map();
  return key => {
    const known = made.get(key) ?? make(key);
    made.set(key, known);
    return known;
  };
}
