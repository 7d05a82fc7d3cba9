/**
 * The configuration of the sample project: what Directus keeps in its own tables. It stays within the limits
 * of a Directus 12 without a licence: permissions are whole collections, without rules.
 */
import { deflateSync } from 'node:zlib';
import { ids } from './ids.js';

/** The policy that every Directus has for visitors. */
const PUBLIC_POLICY = 'abf8a154-5b1c-4a46-ac9c-7300570f4f17';

export const folders = [
  { id: ids.folder.media, name: 'Media', parent: null },
  { id: ids.folder.products, name: 'Vörur', parent: ids.folder.media },
  { id: ids.folder.logos, name: 'Logos', parent: ids.folder.media },
];

/**
 * @typedef {object} SampleFile
 * @property {string} id
 * @property {string} title
 * @property {string} folder
 * @property {string} name
 * @property {string} type
 * @property {Uint8Array} content
 */

/** @type {SampleFile[]} */
export const files = [
  {
    id: ids.file.sweater,
    title: 'Lopapeysa',
    folder: ids.folder.products,
    name: 'lopapeysa.png',
    type: 'image/png',
    content: png([180, 60, 40]),
  },
  {
    id: ids.file.logo,
    title: 'Logo',
    folder: ids.folder.logos,
    name: 'logo.png',
    type: 'image/png',
    content: png([40, 90, 180]),
  },
  {
    id: ids.file.care,
    title: 'Care — þvottur',
    folder: ids.folder.media,
    name: 'care.txt',
    type: 'text/plain',
    content: new TextEncoder().encode('Wash at 30 °C.\nDo not iron.\n'),
  },
];

export const settings = {
  project_name: 'Sýnishorn',
  project_descriptor: 'A sample shop',
  project_color: '#2ECDA7',
  project_logo: ids.file.logo,
  public_note: '**Velkomin**, please log in.',
  custom_css: '.private-view { --theme--border-radius: 2px; }\n',
  default_appearance: 'light',
  default_language: 'en-US',
  storage_default_folder: ids.folder.media,
  storage_asset_presets: [
    { key: 'thumbnail', fit: 'cover', width: 120, height: 120, quality: 80, transforms: [] },
  ],
};

export const roles = [
  { id: ids.role.staff, name: 'Staff', icon: 'badge', description: 'Everybody in the shop', parent: null },
  {
    id: ids.role.editor,
    name: 'Ritstjóri',
    icon: 'edit',
    description: 'Edits products',
    parent: ids.role.staff,
  },
];

export const policies = [
  { id: ids.policy.editor, name: 'Edit products', icon: 'edit', app_access: true, admin_access: false },
  { id: ids.policy.translator, name: 'Translate', icon: 'translate', app_access: false, admin_access: false },
];

export const access = [
  { role: ids.role.editor, policy: ids.policy.editor, sort: 1 },
  { role: ids.role.staff, policy: ids.policy.translator, sort: 1 },
];

export const permissions = [
  ...permit(
    ids.policy.editor,
    ['products', 'categories', 'products_tags'],
    ['create', 'read', 'update', 'delete'],
  ),
  ...permit(ids.policy.editor, ['brands', 'tags', 'languages', 'directus_files'], ['read']),
  ...permit(ids.policy.translator, ['product_translations'], ['create', 'read', 'update']),
  ...permit(PUBLIC_POLICY, ['pages', 'page_sections'], ['read']),
];

/**
 * @param {string} policy
 * @param {string[]} collections
 * @param {string[]} actions
 */
function permit(policy, collections, actions) {
  return collections.flatMap(collection =>
    actions.map(action => ({
      policy,
      collection,
      action,
      fields: ['*'],
      permissions: null,
      validation: null,
      presets: null,
    })),
  );
}

export const presets = [
  {
    collection: 'products',
    bookmark: null,
    user: null,
    role: null,
    layout: 'tabular',
    layout_query: { tabular: { fields: ['sku', 'name', 'price', 'stock'], sort: ['sku'], page: 1 } },
    layout_options: { tabular: { widths: { sku: 120 } } },
  },
  {
    collection: 'products',
    bookmark: 'Out of stock',
    user: null,
    role: ids.role.editor,
    icon: 'remove_shopping_cart',
    color: '#E35169',
    layout: 'tabular',
    filter: { _and: [{ stock: { _lte: 0 } }] },
  },
];

export const translations = [
  { id: ids.translation.welcomeEnglish, key: 'shop_welcome', language: 'en-US', value: 'Welcome' },
  { id: ids.translation.welcomeGerman, key: 'shop_welcome', language: 'de-DE', value: 'Grüß Gott' },
  { id: ids.translation.thanks, key: 'shop_thanks', language: 'en-US', value: 'Thank you 🙏' },
];

export const dashboards = [
  { id: ids.dashboard.sales, name: 'Sales', icon: 'monitoring', note: 'Daily', color: '#2ECDA7' },
];

export const panels = [
  panel(ids.panel.count, 'metric', 1, {
    collection: 'products',
    field: 'id',
    function: 'count',
    decimals: 0,
  }),
  panel(ids.panel.stock, 'list', 15, {
    collection: 'products',
    sortField: 'stock',
    displayTemplate: '{{name}}',
  }),
  panel(ids.panel.label, 'label', 29, { text: 'Ull & kaffi', color: '#FFA439' }),
];

/**
 * @param {string} id
 * @param {string} type
 * @param {number} x
 * @param {object} options
 */
function panel(id, type, x, options) {
  const place = { position_x: x, position_y: 1, width: 14, height: 8 };
  return { id, dashboard: ids.dashboard.sales, name: type, show_header: true, type, options, ...place };
}

/**
 * The flow that branches, and the one that it calls. The Administrator role's id stands in a condition, in
 * a query and inside a longer text, since it differs on every instance and has to be mapped in all of them.
 *
 * @param {string} adminRole
 */
export function flows(adminRole) {
  const { flow, operation } = ids;
  return [
    {
      flow: {
        id: flow.lowStock,
        name: 'Tell about low stock',
        icon: 'notifications',
        status: 'active',
        trigger: 'event',
        accountability: 'all',
        options: { type: 'action', scope: ['items.update'], collections: ['products'] },
      },
      first: operation.isLow,
      operations: [
        {
          id: operation.isLow,
          name: 'Is it low?',
          key: 'is_low',
          type: 'condition',
          position_x: 19,
          position_y: 1,
          options: {
            filter: { _or: [{ $trigger: { payload: { stock: { _lt: 5 } } } }, byAdministrator(adminRole)] },
          },
          resolve: operation.findAdmins,
          reject: operation.logEnough,
        },
        {
          id: operation.findAdmins,
          name: 'Find admins',
          key: 'find_admins',
          type: 'item-read',
          position_x: 37,
          position_y: 1,
          options: { collection: 'directus_users', query: { filter: { role: { _eq: adminRole } } } },
          resolve: operation.runReport,
          reject: null,
        },
        {
          id: operation.runReport,
          name: 'Run the report',
          key: 'run_report',
          type: 'trigger',
          position_x: 55,
          position_y: 1,
          options: { flow: flow.report, iterationMode: 'parallel', payload: '{{ find_admins }}' },
          resolve: null,
          reject: null,
        },
        {
          id: operation.logEnough,
          name: 'Enough',
          key: 'log_enough',
          type: 'log',
          position_x: 37,
          position_y: 19,
          options: { message: `Enough in stock, {{ $trigger.keys }}; role/${adminRole} is not told.` },
          resolve: null,
          reject: null,
        },
      ],
    },
    {
      flow: {
        id: flow.report,
        name: 'Report',
        icon: 'summarize',
        status: 'inactive',
        trigger: 'operation',
        accountability: null,
        options: { return: '$last' },
      },
      first: operation.writeReport,
      operations: [
        {
          id: operation.writeReport,
          name: 'Write',
          key: 'write_report',
          type: 'transform',
          position_x: 19,
          position_y: 1,
          options: { json: { title: 'Low stock', for: '{{ $trigger }}' } },
          resolve: null,
          reject: null,
        },
      ],
    },
  ];
}

/** @param {string} adminRole */
function byAdministrator(adminRole) {
  return { $accountability: { role: { _eq: adminRole } } };
}

/**
 * A PNG of 4 x 4 pixels in one colour.
 *
 * @param {[number, number, number]} colour
 * @returns {Uint8Array}
 */
function png(colour) {
  const size = 4;
  const row = [0, ...Array.from({ length: size }, () => colour).flat()];
  const pixels = Buffer.from(Array.from({ length: size }, () => row).flat());
  const header = Buffer.from([0, 0, 0, size, 0, 0, 0, size, 8, 2, 0, 0, 0]);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const end = chunk('IEND', Buffer.alloc(0));
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', deflateSync(pixels)), end]);
}

/** @param {string} type @param {Buffer} data */
function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}

/** The checksum of PNG chunks, bit by bit. @param {Buffer} bytes */
function crc32(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
