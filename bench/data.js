/** The rows that are moved: a catalogue of products, about 600 bytes each as JSON, the same on every run. */

export const COLLECTION = 'products';
/** What a changed product's name ends with. */
export const REVISED = ', revised';

/** @param {string} field @param {string} type @param {string[]} [special] */
const field = (field, type, special) => ({ field, type, schema: {}, meta: special ? { special } : {} });

/** The collection as Directus' API takes it. */
export const PRODUCTS = Object.freeze({
  collection: COLLECTION,
  schema: {},
  meta: {},
  fields: [
    { field: 'id', type: 'uuid', schema: { is_primary_key: true }, meta: { special: ['uuid'] } },
    field('sku', 'string'),
    field('name', 'string'),
    field('description', 'text'),
    field('price', 'float'),
    field('stock', 'integer'),
    field('active', 'boolean', ['cast-boolean']),
    field('tags', 'json', ['cast-json']),
    field('available', 'timestamp'),
    field('weight', 'integer'),
  ],
});

/** @param {number} n @returns {string} a key in no order, as keys made at random are */
function keyOf(n) {
  const scattered = Math.imul(n + 1, 0x9e3779b1) >>> 0;
  return `${scattered.toString(16).padStart(8, '0')}-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;
}

/** @param {number} n @returns {Record<string, unknown>} the n-th product */
export function productOf(n) {
  return {
    id: keyOf(n),
    sku: `SKU-${n}`,
    name: `Product number ${n}`,
    description: `Made of nothing but the best, number ${n} in a long row. `.repeat(7),
    price: (n % 10_000) / 4,
    stock: n % 97,
    active: n % 3 !== 0,
    tags: ['new', `shelf-${n % 7}`],
    available: '2026-01-01T00:00:00.000Z',
    weight: n % 1000,
  };
}
