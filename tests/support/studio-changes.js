/**
 * What people do in the Studio, as calls of the REST API on the sample project. Each looks first what is there, so that
 * any order of them works. They stay within the limits of a Directus 12 without a licence.
 */
import { ids } from '../harness/sample-project.js';

/**
 * @typedef {object} Studio
 * @property {import('../harness/rest.js').Api} api
 * @property {import('./random.js').Random} random
 * @property {() => number} next counts up, for names that nobody has yet
 *
 * @typedef {(studio: Studio) => Promise<unknown>} Change
 */

const MOST_EXTRA_COLLECTIONS = 4;
const MOST_FLOWS = 4;
/** Collections that get fields and lose them again, with their keys. */
const WITH_FIELDS = /** @type {const} */ (['tags', 'brands', 'pages', 'languages']);
const TYPES = /** @type {const} */ (['string', 'integer', 'boolean', 'json', 'text', 'timestamp', 'decimal']);

/** @param {Studio} studio @param {string} path with what may be asked for @param {string} [field] */
async function all({ api }, path, field = 'id') {
  const sign = path.includes('?') ? '&' : '?';
  /** @type {any[]} */
  const rows = await api('GET', `${path}${sign}limit=-1&fields=${field}`);
  return rows.map(row => row[field]);
}

/** @param {Studio} studio @param {string} path @param {string} [field] */
async function some(studio, path, field) {
  const found = await all(studio, path, field);
  return found.length === 0 ? null : studio.random.pick(found);
}

/**
 * Does something with a thing that is there; nothing where there is none.
 *
 * @param {string} path
 * @param {(studio: Studio, id: any) => Promise<unknown>} work
 * @param {string} [field]
 * @returns {Change}
 */
function withOne(path, work, field) {
  return async studio => {
    const id = await some(studio, path, field);
    if (id !== null) await work(studio, id);
  };
}

/**
 * Updates one of the things at a path.
 *
 * @param {string} path
 * @param {(studio: Studio) => object | Promise<object>} change
 * @param {string} [field]
 */
function update(path, change, field) {
  return withOne(
    path,
    async (studio, id) => studio.api('PATCH', `${plain(path)}/${id}`, await change(studio)),
    field,
  );
}

/** @param {string} path @param {string} [field] */
function remove(path, field) {
  return withOne(path, ({ api }, id) => api('DELETE', `${plain(path)}/${id}`), field);
}

/** @param {string} path */
function plain(path) {
  return path.split('?')[0];
}

/** @param {Studio} studio @param {string} path @param {string} name of the new thing's field @param {object} [rest] */
function create({ api, next }, path, name, rest) {
  return api('POST', path, { [name]: `new-${next()}`, ...rest });
}

/** @param {Studio} studio */
function product({ random, next }) {
  return { sku: `sku-${next()}`, name: `Product ${next()}`, stock: random.below(100), price: '1.50' };
}

/** @type {Change} Rows in six collections by one call. */
const createNested = async studio => {
  const { api, next } = studio;
  await api('POST', '/items/products', {
    ...product(studio),
    category: { id: crypto.randomUUID(), name: 'Nested', slug: `nested-${next()}` },
    brand: { name: `Brand ${next()}` },
    tags: [{ tags_slug: { slug: `nested-${next()}`, label: 'Nested' } }],
    reviews: [{ rating: 5, author: 'Nested' }],
    translations: [{ languages_code: await some(studio, '/items/languages', 'code'), title: 'Nested' }],
  });
};

/** @type {Change} Children are created, changed and deleted through their parent. */
const updateNested = withOne('/items/products', async (studio, id) => {
  const { api } = studio;
  const [first, second] = await all(studio, `/items/reviews?filter[product][_eq]=${id}`);
  const joined = await all(studio, `/items/products_tags?filter[products_id][_eq]=${id}`);
  await api('PATCH', `/items/products/${id}`, {
    reviews: {
      create: [{ rating: 3 }],
      update: first === undefined ? [] : [{ id: first, author: `Reader ${studio.next()}` }],
      delete: second === undefined ? [] : [second],
    },
    tags: {
      create: [{ tags_slug: { slug: `nested-${studio.next()}` } }],
      update: [],
      delete: joined.slice(0, 1),
    },
  });
});

/** @type {Change} */
const updateSections = withOne('/items/pages', async (studio, id) => {
  const { api, next } = studio;
  const sections = await all(studio, `/items/page_sections?filter[pages_id][_eq]=${id}`);
  const item = { collection: 'brands', item: { name: `Section ${next()}` }, sort: next() };
  const change = { create: [item], update: [], delete: sections.slice(1, 2) };
  await api('PATCH', `/items/pages/${id}`, { sections: change });
});

/** @type {Change} */
const sort = async studio => {
  const [item, to] = studio.random.shuffle(await all(studio, '/items/pages'));
  if (to !== undefined) await studio.api('POST', '/utils/sort/pages', { item, to });
};

/** @type {Change} */
const revert = withOne('/items/pages', async ({ api, random }, id) => {
  const filter = `filter[collection][_eq]=pages&filter[item][_eq]=${id}&fields=id&limit=-1`;
  const revisions = await api('GET', `/revisions?${filter}`);
  if (revisions.length > 0) await api('POST', `/utils/revert/${random.pick(revisions).id}`);
});

/**
 * Adds rows and changes those that are there. From a file of JSON that it writes faster than it receives, Directus waits
 * for an end that it has missed, with the only connection of SQLite in its hands; CSV it receives whole before.
 *
 * @type {Change}
 */
const importRows = async studio => {
  const rows = [[`imported-${studio.next()}`, 'Imported']];
  const slug = await some(studio, '/items/tags', 'slug');
  if (slug) rows.push([slug, `Imported ${studio.next()}`]);
  const lines = [['slug', 'label'], ...rows].map(cells => cells.map(cell => `"${cell}"`).join());
  const form = new FormData();
  form.append('file', new Blob([lines.join('\n')], { type: 'text/csv' }), 'tags.csv');
  await studio.api('POST', '/utils/import/tags', form);
};

/** @type {Change} */
const batch = async studio => {
  const { api, random, next } = studio;
  const keys = random.shuffle(await all(studio, '/items/products')).slice(0, 3);
  if (keys.length > 0) await api('PATCH', '/items/products', { keys, data: { stock: next() } });
  const slugs = random.shuffle(await all(studio, '/items/tags', 'slug')).slice(0, 2);
  await api(
    'PATCH',
    '/items/tags',
    slugs.map(slug => ({ slug, label: `Batch ${next()}` })),
  );
};

/** @type {Change} */
const deleteMany = async studio => {
  const ids = studio.random.shuffle(await all(studio, '/items/reviews')).slice(0, 2);
  if (ids.length > 0) await studio.api('DELETE', '/items/reviews', ids);
};

/** @type {Change} */
const createFlow = async studio => {
  const { api, next } = studio;
  if ((await all(studio, '/flows')).length >= MOST_FLOWS) return;
  const { id } = await api('POST', '/flows', {
    name: `Flow ${next()}`,
    trigger: 'manual',
    status: 'inactive',
  });
  const place = { position_x: 19, position_y: 1 };
  const last = { name: 'Last', key: 'last', type: 'log', options: { message: 'Done' }, ...place, flow: id };
  const first = { name: 'First', key: 'first', type: 'log', ...place, flow: id, resolve: last };
  await api('PATCH', `/flows/${id}`, { operation: first });
};

/** @type {Change} */
const createPolicy = async ({ api, next, random }) => {
  const permission = { collection: random.pick(WITH_FIELDS), action: 'read', fields: ['*'] };
  await api('POST', '/policies', {
    name: `Policy ${next()}`,
    permissions: { create: [permission], update: [], delete: [] },
    roles: { create: [{ role: ids.role.staff, sort: 1 }], update: [], delete: [] },
  });
};

/** @type {Change} */
const createDashboard = async ({ api, next }) => {
  const place = { position_x: 1, position_y: 1, width: 14, height: 8 };
  const panel = { name: 'Panel', type: 'label', options: { text: 'New' }, ...place };
  await api('POST', '/dashboards', { name: `Dashboard ${next()}`, icon: 'space_dashboard', panels: [panel] });
};

/** @type {Change} */
const upload = async ({ api, next }) => {
  const form = new FormData();
  form.append('title', `Upload ${next()}`);
  form.append('file', new Blob(['Text']), `upload-${next()}.txt`);
  await api('POST', '/files', form);
};

/** @param {Studio} studio @returns {Promise<string[]>} collections that these changes made */
async function extraCollections({ api }) {
  /** @type {{collection: string}[]} */
  const collections = await api('GET', '/collections');
  return collections.map(({ collection }) => collection).filter(name => name.startsWith('extra_'));
}

/** @type {Change} */
const createCollection = async studio => {
  const { api, next } = studio;
  if ((await extraCollections(studio)).length >= MOST_EXTRA_COLLECTIONS) return;
  const schema = { is_primary_key: true, has_auto_increment: true };
  const fields = [
    { field: 'id', type: 'integer', meta: { hidden: true }, schema },
    { field: 'category', type: 'uuid', meta: { special: ['m2o'] }, schema: {} },
  ];
  const collection = `extra_${next()}`;
  await api('POST', '/collections', { collection, meta: { group: 'shop' }, schema: {}, fields });
  const related = { collection, field: 'category', related_collection: 'categories' };
  await api('POST', '/relations', { ...related, meta: {}, schema: { on_delete: 'SET NULL' } });
};

/**
 * @param {(studio: Studio, collection: string) => Promise<unknown>} work
 * @returns {Change}
 */
function withExtraCollection(work) {
  return async studio => {
    const collections = await extraCollections(studio);
    if (collections.length > 0) await work(studio, studio.random.pick(collections));
  };
}

/** @param {Studio} studio @param {string} collection */
async function updateRelation({ api, random }, collection) {
  const on_delete = random.pick(['CASCADE', 'SET NULL']);
  const relation = { collection, field: 'category', related_collection: 'categories' };
  await api('PATCH', `/relations/${collection}/category`, { ...relation, schema: { on_delete } });
}

/** @type {Change} */
const createField = async ({ api, random, next }) => {
  const type = random.pick(TYPES);
  const field = { field: `extra_${next()}`, type, meta: { note: 'New' }, schema: {} };
  await api('POST', `/fields/${random.pick(WITH_FIELDS)}`, field);
};

/**
 * @param {(api: Studio['api'], path: string, field: any, studio: Studio) => Promise<unknown>} work
 * @returns {Change}
 */
function withField(work) {
  return async studio => {
    const collection = studio.random.pick(WITH_FIELDS);
    /** @type {{field: string}[]} */
    const fields = await studio.api('GET', `/fields/${collection}`);
    const extra = fields.filter(({ field }) => field.startsWith('extra_'));
    if (extra.length === 0) return;
    const field = studio.random.pick(extra);
    await work(studio.api, `/fields/${collection}/${field.field}`, field, studio);
  };
}

/** @param {Studio} studio */
const title = ({ next }) => ({ title: `Title ${next()}` });
/** @param {Studio} studio */
const name = ({ next }) => ({ name: `Name ${next()}` });

/** Every kind of change, by what it is called where it fails. @type {Record<string, Change>} */
export const CHANGES = Object.freeze({
  'create a product': studio => studio.api('POST', '/items/products', product(studio)),
  'create a tag': studio => create(studio, '/items/tags', 'slug'),
  'create a page': studio => create(studio, '/items/pages', 'path', { sort: studio.next() }),
  'create rows through relations': createNested,
  'change rows through relations': updateNested,
  'change the sections of a page': updateSections,
  'change a product': update('/items/products', name),
  'change the category of a product': update('/items/products', async studio => ({
    category: await some(studio, '/items/categories'),
  })),
  'change a page': update('/items/pages', title),
  'change the singleton': ({ api, next }) =>
    api('PATCH', '/items/shop_settings', { welcome: `Welcome ${next()}` }),
  'change many rows': batch,
  'delete a product, and what refers to it': remove('/items/products'),
  'delete a category, and empty what refers to it': remove('/items/categories'),
  'delete a brand': remove('/items/brands'),
  'delete a tag': remove('/items/tags', 'slug'),
  'delete many rows': deleteMany,
  'sort rows': sort,
  'go back to a revision': revert,
  'import rows': importRows,
  'create a role': studio => create(studio, '/roles', 'name', { parent: ids.role.staff }),
  'change a role': update(`/roles?filter[name][_neq]=Administrator`, name),
  'delete a role': remove('/roles?filter[name][_starts_with]=new-'),
  'create a policy with permissions': createPolicy,
  'delete a policy': remove('/policies?filter[name][_starts_with]=Policy'),
  'create a permission': ({ api, random }) =>
    api('POST', '/permissions', {
      policy: ids.policy.translator,
      collection: random.pick(WITH_FIELDS),
      action: random.pick(['create', 'update', 'delete']),
      fields: ['*'],
    }),
  'delete a permission': remove('/permissions?filter[policy][_nnull]=true'),
  'create a flow with operations': createFlow,
  'change a flow': update('/flows', name),
  'change an operation': update('/operations', name),
  'delete a flow': remove('/flows?filter[name][_starts_with]=Flow'),
  'create a dashboard with panels': createDashboard,
  'change a panel': update('/panels', name),
  'delete a dashboard': remove('/dashboards'),
  'change the settings': ({ api, next }) =>
    api('PATCH', '/settings', { project_descriptor: `Shop ${next()}` }),
  'create a bookmark': studio =>
    create(studio, '/presets', 'bookmark', { collection: 'tags', role: ids.role.editor }),
  'change a bookmark': update('/presets?filter[user][_null]=true', ({ next }) => ({
    bookmark: `Bookmark ${next()}`,
  })),
  'delete a bookmark': remove('/presets?filter[bookmark][_starts_with]=new-'),
  'create a text of the Studio': studio =>
    create(studio, '/translations', 'key', { language: 'is-IS', value: 'Texti' }),
  'delete a text of the Studio': remove('/translations'),
  'create a folder': studio => create(studio, '/folders', 'name', { parent: ids.folder.media }),
  'delete a folder': remove('/folders?filter[name][_starts_with]=new-'),
  'upload a file': upload,
  'change a file': update('/files', title),
  'delete a file': remove('/files?filter[filename_download][_starts_with]=upload'),
  'create a collection': createCollection,
  'change a collection': withExtraCollection(({ api, next }, collection) =>
    api('PATCH', `/collections/${collection}`, { meta: { note: `Note ${next()}` } }),
  ),
  'change what a foreign key does': withExtraCollection(updateRelation),
  'create a row of a new collection': withExtraCollection(async (studio, collection) =>
    studio.api('POST', `/items/${collection}`, { category: await some(studio, '/items/categories') }),
  ),
  'delete a collection': withExtraCollection(({ api }, collection) =>
    api('DELETE', `/collections/${collection}`),
  ),
  'create a field': createField,
  'change a field': withField((api, path, _, { next }) =>
    api('PATCH', path, { meta: { note: `Note ${next()}` } }),
  ),
  'delete a field': withField((api, path) => api('DELETE', path)),
});
