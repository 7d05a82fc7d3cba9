/**
 * The sample project's schema: a small shop. It has every kind of relation, a cycle between two collections
 * (products and brands), a tree, a singleton, and every common field type with defaults.
 */
import { alias, column, manyToOne, nameKey, relation, serialKey, uuidKey } from './fields.js';

const statusChoices = [
  { text: 'Draft', value: 'draft', color: '#A2B5CD' },
  { text: 'Published', value: 'published', color: '#2ECDA7' },
  { text: 'Archived', value: 'archived', color: '#E35169' },
];

const group = {
  collection: 'shop',
  schema: null,
  meta: { icon: 'storefront', note: 'Everything we sell', sort: 1 },
};

const categories = {
  collection: 'categories',
  meta: { icon: 'account_tree', group: 'shop', sort_field: 'sort', display_template: '{{name}}' },
  schema: {},
  fields: [
    uuidKey(),
    column('name', 'string', { interface: 'input', required: true }, { is_nullable: false }),
    column('slug', 'string', { interface: 'input' }, { is_unique: true, max_length: 120 }),
    column('sort', 'integer', { hidden: true }),
    manyToOne('parent', 'uuid'),
    alias('children', 'o2m'),
    alias('products', 'o2m'),
  ],
};

const brands = {
  collection: 'brands',
  meta: { icon: 'verified', group: 'shop', display_template: '{{name}}' },
  schema: {},
  fields: [
    serialKey(),
    column('name', 'string', { interface: 'input', required: true }, { is_nullable: false, is_unique: true }),
    column('country', 'string', { interface: 'input' }, { max_length: 2, default_value: 'IS' }),
    manyToOne('flagship', 'uuid', { note: 'The product that stands for the brand' }),
    alias('products', 'o2m'),
  ],
};

const products = {
  collection: 'products',
  meta: {
    icon: 'inventory_2',
    group: 'shop',
    archive_field: 'status',
    archive_value: 'archived',
    unarchive_value: 'draft',
    display_template: '{{sku}} · {{name}}',
    translations: [{ language: 'de-DE', translation: 'Produkte', singular: 'Produkt', plural: 'Produkte' }],
  },
  schema: {},
  fields: [
    uuidKey(),
    column(
      'status',
      'string',
      { interface: 'select-dropdown', width: 'half', options: { choices: statusChoices } },
      { default_value: 'draft', is_nullable: false },
    ),
    column('sku', 'string', { interface: 'input', required: true, width: 'half' }, skuSchema()),
    column('name', 'string', { interface: 'input', required: true }, { is_indexed: true }),
    column('description', 'text', { interface: 'input-rich-text-md', note: 'Markdown' }),
    alias('pricing', 'group', { special: ['alias', 'no-data', 'group'], interface: 'group-detail' }),
    column('price', 'decimal', { interface: 'input', group: 'pricing' }, priceSchema()),
    column('tax_rate', 'float', { interface: 'input', group: 'pricing' }, { default_value: 0.24 }),
    column('stock', 'integer', { interface: 'input' }, { default_value: 0, is_nullable: false }),
    column('views', 'bigInteger', { interface: 'input', readonly: true }, { default_value: 0 }),
    column(
      'featured',
      'boolean',
      { special: ['cast-boolean'], interface: 'boolean' },
      { default_value: false },
    ),
    column('keywords', 'csv', { special: ['cast-csv'], interface: 'tags' }),
    column('attributes', 'json', {
      special: ['cast-json'],
      interface: 'input-code',
      options: { language: 'JSON' },
    }),
    column('released_on', 'date', { interface: 'datetime' }),
    column('sale_starts', 'dateTime', { interface: 'datetime' }),
    column('ships_until', 'time', { interface: 'datetime' }),
    column('counted_at', 'timestamp', { interface: 'datetime' }),
    column('external_id', 'uuid', { interface: 'input' }),
    column('date_created', 'timestamp', { special: ['date-created'], interface: 'datetime', readonly: true }),
    column('date_updated', 'timestamp', { special: ['date-updated'], interface: 'datetime', readonly: true }),
    manyToOne('user_created', 'uuid', { special: ['user-created'], interface: 'select-dropdown-m2o' }),
    column('image', 'uuid', { special: ['file'], interface: 'file-image' }),
    manyToOne('category', 'uuid'),
    manyToOne('brand', 'integer'),
    alias('tags', 'm2m'),
    alias('reviews', 'o2m'),
    alias('translations', 'translations'),
  ],
};

function skuSchema() {
  return { is_nullable: false, is_unique: true, max_length: 32 };
}

function priceSchema() {
  return { numeric_precision: 12, numeric_scale: 2, default_value: 0 };
}

const tags = {
  collection: 'tags',
  meta: { icon: 'sell', group: 'shop', note: 'The key is typed, not counted' },
  schema: {},
  fields: [nameKey('slug'), column('label', 'string', { interface: 'input' })],
};

const productsTags = {
  collection: 'products_tags',
  meta: { hidden: true, icon: 'import_export' },
  schema: {},
  fields: [
    serialKey(),
    column('products_id', 'uuid', { hidden: true }),
    column('tags_slug', 'string', { hidden: true }, { max_length: 64 }),
    column('sort', 'integer', { hidden: true }),
  ],
};

const languages = {
  collection: 'languages',
  meta: { icon: 'translate' },
  schema: {},
  fields: [
    nameKey('code'),
    column('name', 'string', { interface: 'input' }),
    column('direction', 'string', { interface: 'select-dropdown' }, { default_value: 'ltr' }),
  ],
};

const productTranslations = {
  collection: 'product_translations',
  meta: { hidden: true, icon: 'translate' },
  schema: {},
  fields: [
    serialKey(),
    column('products_id', 'uuid', { hidden: true }),
    column('languages_code', 'string', { hidden: true }, { max_length: 64 }),
    column('title', 'string', { interface: 'input' }),
    column('summary', 'text', { interface: 'input-multiline' }),
  ],
};

const reviews = {
  collection: 'reviews',
  meta: { icon: 'reviews', group: 'shop' },
  schema: {},
  fields: [
    serialKey(),
    column(
      'rating',
      'integer',
      { interface: 'slider', options: { minValue: 1, maxValue: 5 } },
      { is_nullable: false },
    ),
    column('author', 'string', { interface: 'input' }),
    column('body', 'text', { interface: 'input-multiline' }),
    column('written_at', 'timestamp', { interface: 'datetime' }),
    manyToOne('product', 'uuid', { required: true }),
  ],
};

const pages = {
  collection: 'pages',
  meta: { icon: 'web', sort_field: 'sort' },
  schema: {},
  fields: [
    serialKey(),
    column('path', 'string', { interface: 'input' }, { is_unique: true }),
    column('title', 'string', { interface: 'input' }),
    column('sort', 'integer', { hidden: true }),
    alias('sections', 'm2a'),
  ],
};

const pageSections = {
  collection: 'page_sections',
  meta: { hidden: true, icon: 'import_export' },
  schema: {},
  fields: [
    serialKey(),
    column('pages_id', 'integer', { hidden: true }),
    column('collection', 'string', { hidden: true }),
    column('item', 'string', { hidden: true }),
    column('sort', 'integer', { hidden: true }),
  ],
};

const shopSettings = {
  collection: 'shop_settings',
  meta: { icon: 'tune', singleton: true, group: 'shop' },
  schema: {},
  fields: [
    serialKey(),
    column('welcome', 'string', { interface: 'input' }),
    column('opening_hours', 'json', { special: ['cast-json'], interface: 'list' }),
    manyToOne('start_page', 'integer'),
  ],
};

/** In the order in which they can be created. */
export const collections = [
  group,
  categories,
  brands,
  products,
  tags,
  productsTags,
  languages,
  productTranslations,
  reviews,
  pages,
  pageSections,
  shopSettings,
];

export const relations = [
  relation('categories', 'parent', 'categories', 'SET NULL', { one_field: 'children', sort_field: 'sort' }),
  relation('brands', 'flagship', 'products', 'SET NULL'),
  relation('products', 'category', 'categories', 'SET NULL', { one_field: 'products' }),
  relation('products', 'brand', 'brands', 'SET NULL', { one_field: 'products' }),
  relation('products', 'image', 'directus_files', 'SET NULL'),
  relation('products', 'user_created', 'directus_users', 'NO ACTION'),
  relation('products_tags', 'products_id', 'products', 'CASCADE', {
    one_field: 'tags',
    junction_field: 'tags_slug',
    sort_field: 'sort',
  }),
  relation('products_tags', 'tags_slug', 'tags', 'CASCADE', { junction_field: 'products_id' }),
  relation('product_translations', 'products_id', 'products', 'CASCADE', {
    one_field: 'translations',
    junction_field: 'languages_code',
  }),
  relation('product_translations', 'languages_code', 'languages', 'CASCADE', {
    junction_field: 'products_id',
  }),
  relation('reviews', 'product', 'products', 'CASCADE', { one_field: 'reviews' }),
  relation('page_sections', 'pages_id', 'pages', 'CASCADE', {
    one_field: 'sections',
    junction_field: 'item',
    sort_field: 'sort',
  }),
  relation('shop_settings', 'start_page', 'pages', 'SET NULL'),
  {
    collection: 'page_sections',
    field: 'item',
    related_collection: null,
    meta: {
      one_collection_field: 'collection',
      one_allowed_collections: ['products', 'categories', 'brands'],
      junction_field: 'pages_id',
    },
    schema: null,
  },
];
