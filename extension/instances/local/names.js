/** @param {string} name of a table or column @returns {boolean} whether it is one word, to SQL as well as to knex */
export function isPlainName(name) {
  return /^\w+$/.test(name);
}
