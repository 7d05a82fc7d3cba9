/** Keys that the sample project chooses itself, so that tests can name rows. */

/** @param {number} kind @param {number} number @returns {string} a valid UUID that is easy to read in a diff */
function uuid(kind, number) {
  const tail = String(number).padStart(12, '0');
  return `5a3e0000-00${String(kind).padStart(2, '0')}-4000-8000-${tail}`;
}

export const ids = Object.freeze({
  category: Object.freeze({
    clothes: uuid(1, 1),
    knitwear: uuid(1, 2),
    sweaters: uuid(1, 3),
    gifts: uuid(1, 4),
  }),
  product: Object.freeze({ sweater: uuid(2, 1), hat: uuid(2, 2), lamp: uuid(2, 3), card: uuid(2, 4) }),
  folder: Object.freeze({ media: uuid(3, 1), products: uuid(3, 2), logos: uuid(3, 3) }),
  file: Object.freeze({ sweater: uuid(4, 1), logo: uuid(4, 2), care: uuid(4, 3) }),
  role: Object.freeze({ staff: uuid(5, 1), editor: uuid(5, 2) }),
  policy: Object.freeze({ editor: uuid(6, 1), translator: uuid(6, 2) }),
  flow: Object.freeze({ lowStock: uuid(7, 1), report: uuid(7, 2) }),
  operation: Object.freeze({
    isLow: uuid(8, 1),
    findAdmins: uuid(8, 2),
    runReport: uuid(8, 3),
    logEnough: uuid(8, 4),
    writeReport: uuid(8, 5),
  }),
  dashboard: Object.freeze({ sales: uuid(9, 1) }),
  panel: Object.freeze({ count: uuid(10, 1), stock: uuid(10, 2), label: uuid(10, 3) }),
  translation: Object.freeze({
    welcomeEnglish: uuid(11, 1),
    welcomeGerman: uuid(11, 2),
    thanks: uuid(11, 3),
  }),
});
