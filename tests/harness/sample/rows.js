/** The rows of the sample project, in the order in which they can be created. */
import { ids } from './ids.js';

const { category, file, product } = ids;

/** @type {[collection: string, rows: Record<string, any>[]][]} */
export const rows = [
  [
    'languages',
    [
      { code: 'en-US', name: 'English' },
      { code: 'de-DE', name: 'Deutsch' },
      { code: 'ar-SA', name: 'العربية', direction: 'rtl' },
    ],
  ],
  [
    'tags',
    [
      { slug: 'new', label: 'New' },
      { slug: 'wool', label: '100 % Wool 🐑' },
      { slug: 'hand-made', label: 'Handgefertigt' },
    ],
  ],
  [
    'categories',
    [
      { id: category.clothes, name: 'Clothes', slug: 'clothes', sort: 1, parent: null },
      { id: category.knitwear, name: 'Knitwear', slug: 'knitwear', sort: 1, parent: category.clothes },
      {
        id: category.sweaters,
        name: 'Lopapeysa & Co.',
        slug: 'sweaters',
        sort: 2,
        parent: category.knitwear,
      },
      { id: category.gifts, name: 'Gjafir', slug: null, sort: 2, parent: null },
    ],
  ],
  [
    'brands',
    [
      { id: 1, name: 'Ísbjörn' },
      { id: 2, name: 'Møller & Søn', country: 'DK' },
      { id: 5, name: '株式会社', country: null },
    ],
  ],
  [
    'products',
    [
      {
        id: product.sweater,
        status: 'published',
        sku: 'LOP-001',
        name: 'Lopapeysa “Þór”',
        description: 'Warm, *itchy*, honest.\n\nLine two with a tab\tand "quotes".',
        price: 189.9,
        tax_rate: 0.11,
        stock: 12,
        views: 123456789,
        featured: true,
        keywords: ['wool', 'winter', 'ull'],
        attributes: { sizes: ['S', 'M', 'L'], care: { wash: 30, iron: false }, note: null, emoji: '🧶' },
        released_on: '2024-02-29',
        sale_starts: '2026-11-27T09:30:00',
        ships_until: '17:45:00',
        counted_at: '2026-01-01T00:00:00.000Z',
        external_id: 'b3c1a9d2-7c0e-4f6a-9a53-0d9c0f7d1e11',
        image: file.sweater,
        category: category.sweaters,
        brand: 1,
      },
      {
        id: product.hat,
        status: 'draft',
        sku: 'HAT-002',
        name: 'Hat',
        description: '',
        price: 0.01,
        stock: -3,
        keywords: [],
        attributes: [],
        released_on: '1999-12-31',
        counted_at: '2026-06-30T23:59:59.000Z',
        category: category.knitwear,
        brand: 2,
      },
      {
        id: product.lamp,
        status: 'archived',
        sku: 'LMP-003',
        name: 'Lampi\u2028með skrýtnum staf',
        price: 99999999.99,
        tax_rate: 1e-7,
        attributes: { 10: 'ten', 9: 'nine', deep: [[[{ a: 1.5 }]]], '': 'empty key' },
        category: null,
        brand: 2,
      },
      {
        id: product.card,
        sku: 'CRD-004',
        name: 'Kort 𝒳',
        price: null,
        attributes: null,
        category: category.gifts,
        brand: null,
      },
    ],
  ],
  [
    'products_tags',
    [
      { id: 1, products_id: product.sweater, tags_slug: 'wool', sort: 1 },
      { id: 2, products_id: product.sweater, tags_slug: 'hand-made', sort: 2 },
      { id: 7, products_id: product.hat, tags_slug: 'wool', sort: 1 },
    ],
  ],
  [
    'product_translations',
    [
      {
        id: 1,
        products_id: product.sweater,
        languages_code: 'en-US',
        title: 'Icelandic sweater',
        summary: 'Knitted by hand',
      },
      {
        id: 2,
        products_id: product.sweater,
        languages_code: 'de-DE',
        title: 'Islandpullover',
        summary: null,
      },
      {
        id: 3,
        products_id: product.sweater,
        languages_code: 'ar-SA',
        title: 'سترة أيسلندية',
        summary: 'محبوك يدويا',
      },
      {
        id: 4,
        products_id: product.hat,
        languages_code: 'de-DE',
        title: 'Mütze',
        summary: 'Für kalte Öhrchen',
      },
    ],
  ],
  [
    'reviews',
    [
      {
        id: 1,
        product: product.sweater,
        rating: 5,
        author: 'Björk',
        body: 'Mjög hlý!',
        written_at: '2025-12-24T18:00:00.000Z',
      },
      {
        id: 2,
        product: product.sweater,
        rating: 1,
        author: null,
        body: '{{not a template}}',
        written_at: null,
      },
      {
        id: 3,
        product: product.hat,
        rating: 3,
        author: 'Zoë',
        body: 'Too small',
        written_at: '2026-02-28T12:34:56.000Z',
      },
    ],
  ],
  [
    'pages',
    [
      { id: 1, path: '/', title: 'Home', sort: 1 },
      { id: 2, path: '/about-us', title: 'Über uns', sort: 2 },
    ],
  ],
  [
    'page_sections',
    [
      { id: 1, pages_id: 1, collection: 'products', item: product.sweater, sort: 1 },
      { id: 2, pages_id: 1, collection: 'categories', item: category.gifts, sort: 2 },
      { id: 3, pages_id: 2, collection: 'brands', item: '1', sort: 1 },
    ],
  ],
];

/** Updates that close the cycle between brands and products. */
export const lateUpdates = [{ path: '/items/brands/1', change: { flagship: product.sweater } }];

/** The one row of the singleton. */
export const shopSettings = {
  welcome: 'Velkomin í búðina 👋',
  opening_hours: [
    { day: 'Mon', from: '10:00', to: '18:00' },
    { day: 'Sat', from: '11:00', to: '16:00' },
  ],
  start_page: 1,
};
