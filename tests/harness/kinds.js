/**
 * What the shop does not need, but Directus can: every type of field with every kind of default, length, precision
 * and flag, every interface, every kind of key, and every kind of relation with every rule.
 */
import { alias, column, manyToOne, nameKey, relation, serialKey, uuidKey } from './sample/fields.js';

/** @typedef {import('./sample/fields.js').Field} Field */

const FLAGS = { is_nullable: false, is_unique: true };
const UUID = '6f2c1c1e-7b0a-4e55-9d8f-0a1b2c3d4e5f';

/** Flags that tell the type where a database has no such column. */
const SPECIALS = Object.freeze({
  boolean: ['cast-boolean'],
  csv: ['cast-csv'],
  hash: ['hash'],
  json: ['cast-json'],
});

/** Columns by type: what is said of each besides its type. */
const COLUMNS = Object.freeze({
  bigInteger: [{}, { default_value: 0 }, { default_value: 9_007_199_254_740_991 }, FLAGS],
  boolean: [
    {},
    { default_value: true },
    { default_value: false },
    { default_value: false, is_nullable: false },
  ],
  csv: [{}, { default_value: 'one,two' }],
  date: [{}, { default_value: '2024-02-29' }, { is_indexed: true }],
  dateTime: [{}, { default_value: 'now()' }, { default_value: '2024-02-29T12:00:00' }],
  decimal: [
    {},
    { numeric_precision: 12, numeric_scale: 2, default_value: 0 },
    { numeric_precision: 20, numeric_scale: 8, default_value: 0.5 },
    { numeric_precision: 5, numeric_scale: 0, default_value: -3 },
  ],
  float: [{}, { default_value: 0 }, { default_value: -1.25 }],
  hash: [{}],
  integer: [{}, { default_value: 0 }, { default_value: -7 }, { is_indexed: true }, FLAGS],
  json: [{}, { default_value: { a: [1, null], b: 'x' } }, { default_value: [] }],
  string: [
    {},
    { max_length: 40 },
    { max_length: 1000 },
    { max_length: 36 },
    ...["it's", "'quoted'", 'really?', '?? :name $1', '', '0', 'false', 'null', 'say "hi"', 'a\\b', '%s'].map(
      default_value => ({ default_value }),
    ),
    { default_value: 'two\nlines' },
    { default_value: 'not now()' },
    { ...FLAGS, max_length: 80 },
    { is_indexed: true },
    { is_indexed: true, is_unique: true },
  ],
  text: [{}, { default_value: "long? it's" }, { is_nullable: false, default_value: '' }],
  time: [{}, { default_value: '12:30:00' }],
  timestamp: [{}, { default_value: 'now()' }, { default_value: 'CURRENT_TIMESTAMP' }, { is_indexed: true }],
  uuid: [{}, { default_value: UUID }, { is_unique: true }, { is_indexed: true }],
});

/** @returns {Field[]} a field for each of the columns, `string_0`, `string_1` … */
function typedFields() {
  return Object.entries(COLUMNS).flatMap(([type, columns]) =>
    columns.map((schema, index) => {
      const special = SPECIALS[/** @type {keyof typeof SPECIALS} */ (type)];
      return column(`${type.toLowerCase()}_${index}`, type, special ? { special } : {}, schema);
    }),
  );
}

/** Interfaces of columns with options that have lists, objects and texts in them, and a display with options. */
const INTERFACES = Object.freeze([
  'collection-item-dropdown',
  'collection-item-multiple-dropdown',
  'input-autocomplete-api',
  'input-block-editor',
  'input-code',
  'input-hash',
  'input-rich-text-html',
  'list',
  'map',
  'select-color',
  'select-icon',
  'select-multiple-checkbox',
  'select-multiple-checkbox-tree',
  'select-multiple-dropdown',
  'select-radio',
  'slider',
  'system-folder',
  'tags',
]);

const ALIASES = Object.freeze({
  header: ['alias', 'no-data'],
  'presentation-divider': ['alias', 'no-data'],
  'presentation-links': ['alias', 'no-data'],
  'presentation-notice': ['alias', 'no-data'],
  'group-accordion': ['alias', 'no-data', 'group'],
  'group-detail': ['alias', 'no-data', 'group'],
  'group-raw': ['alias', 'no-data', 'group'],
  'group-tabs': ['alias', 'no-data', 'group'],
});

const SETTINGS = Object.freeze({
  options: { choices: [{ text: "It's?", value: 'a', icon: null }], nested: { deep: [0, false, ''] } },
  display: 'formatted-value',
  display_options: { format: true, conditionalFormatting: [{ operator: 'eq', value: '0' }] },
  note: 'A note with "quotes", a ? and 漢字',
  width: 'half',
  translations: [{ language: 'is-IS', translation: 'Reitur' }],
  conditions: [{ name: 'Hide', rule: { _and: [{ title: { _eq: "it's" } }] }, hidden: true, options: {} }],
  validation: { _and: [{ title: { _nnull: true } }] },
  validation_message: 'Really?',
});

/** @returns {Field[]} */
function interfaceFields() {
  const columns = INTERFACES.map((id, index) =>
    column(named(id), 'string', { ...SETTINGS, interface: id, sort: index + 2 }),
  );
  const aliases = Object.entries(ALIASES).map(([id, special]) =>
    alias(named(id), 'alias', { ...SETTINGS, special, interface: id }),
  );
  return [...columns, ...aliases];
}

/** @param {string} id */
function named(id) {
  return id.replaceAll('-', '_');
}

/** The fields that Directus fills, and those that refer to what it has. @returns {Field[]} */
function directusFields() {
  const audit = { hidden: true, readonly: true };
  return [
    manyToOne('user_created', 'uuid', { ...audit, special: ['user-created'] }),
    manyToOne('user_updated', 'uuid', { ...audit, special: ['user-updated'] }),
    manyToOne('role_created', 'uuid', { ...audit, special: ['role-created'] }),
    manyToOne('role_updated', 'uuid', { ...audit, special: ['role-updated'] }),
    column('date_created', 'timestamp', { ...audit, special: ['date-created'] }),
    column('date_updated', 'timestamp', { ...audit, special: ['date-updated'] }),
    column('document', 'uuid', { special: ['file'], interface: 'file' }),
    column('folder', 'uuid', { interface: 'system-folder' }),
    alias('gallery', 'files', { special: ['files'], interface: 'files' }),
  ];
}

const kinds = {
  collection: 'kinds',
  meta: { icon: 'category', accountability: null, versioning: true, item_duplication_fields: ['string_0'] },
  schema: {},
  fields: [uuidKey(), ...typedFields()],
};

const interfaces = {
  collection: 'interfaces',
  meta: {
    icon: 'widgets',
    preview_url: 'https://example.com/?id={{id}}',
    color: '#2ECDA7',
    collapse: 'closed',
  },
  schema: {},
  fields: [serialKey(), ...interfaceFields(), ...directusFields()],
};

const galleries = {
  collection: 'interfaces_files',
  meta: { hidden: true },
  schema: {},
  fields: [
    serialKey(),
    column('interfaces_id', 'integer', { hidden: true }),
    column('directus_files_id', 'uuid', { hidden: true }),
  ],
};

/** A key of each type, and a reference by each rule. */
const keys = [
  {
    collection: 'keys_big',
    meta: {},
    schema: {},
    fields: [
      column('id', 'bigInteger', { hidden: true }, { is_primary_key: true, has_auto_increment: true }),
      column('name', 'string'),
    ],
  },
  {
    collection: 'keys_typed',
    meta: {},
    schema: {},
    fields: [
      column('number', 'integer', {}, { is_primary_key: true }),
      manyToOne('big', 'bigInteger'),
      manyToOne('kind', 'uuid'),
      manyToOne('named', 'string'),
      manyToOne('parent', 'integer'),
    ],
  },
  { collection: 'keys_named', meta: {}, schema: {}, fields: [nameKey('name'), column('note', 'text')] },
];

/** In the order in which they can be created. */
export const collections = [kinds, interfaces, galleries, ...keys];

export const relations = [
  relation('interfaces', 'user_created', 'directus_users', 'NO ACTION'),
  relation('interfaces', 'user_updated', 'directus_users', 'SET NULL'),
  relation('interfaces', 'role_created', 'directus_roles', 'NO ACTION'),
  relation('interfaces', 'role_updated', 'directus_roles', 'RESTRICT'),
  relation('interfaces', 'document', 'directus_files', 'SET NULL'),
  relation('interfaces', 'folder', 'directus_folders', 'SET NULL'),
  relation('interfaces_files', 'interfaces_id', 'interfaces', 'CASCADE', {
    one_field: 'gallery',
    junction_field: 'directus_files_id',
  }),
  relation('interfaces_files', 'directus_files_id', 'directus_files', 'CASCADE', {
    junction_field: 'interfaces_id',
  }),
  relation('keys_typed', 'big', 'keys_big', 'CASCADE'),
  relation('keys_typed', 'kind', 'kinds', 'RESTRICT'),
  relation('keys_typed', 'named', 'keys_named', 'SET NULL'),
  relation('keys_typed', 'parent', 'keys_typed', 'SET NULL'),
];

/** @type {[collection: string, rows: object[]][]} */
export const rows = [
  [
    'kinds',
    [
      {
        id: UUID,
        biginteger_0: 42,
        biginteger_3: -1,
        boolean_0: false,
        csv_0: ['one', 'zwei'],
        date_0: '1969-12-31',
        datetime_0: '2026-03-08T02:30:00',
        decimal_0: 12.5,
        decimal_1: 1234.5,
        decimal_2: -0.125,
        decimal_3: 17,
        float_0: 0.5,
        integer_4: 1,
        json_0: { b: [1, null], a: 'x' },
        string_0: "it's ?",
        string_17: 'unique',
        text_0: 'Long\r\n漢字',
        time_0: '17:45:00',
        timestamp_0: '2026-03-08T07:30:00.000Z',
        uuid_0: UUID,
      },
      { id: 'b3c1a9d2-7c0e-4f6a-9a53-0d9c0f7d1e11', biginteger_3: 7, integer_4: 2, string_17: 'other' },
    ],
  ],
  ['keys_big', [{ id: 1, name: 'One' }]],
  ['keys_named', [{ name: 'a', note: 'A' }]],
  [
    'keys_typed',
    [
      { number: 5, big: 1, kind: UUID, named: 'a' },
      { number: 6, parent: 5 },
    ],
  ],
];
