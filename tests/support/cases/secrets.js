/** Secrets on a real Directus: what stays, what comes from the environment, and where none of it may stand. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { wholeInReport } from '../core.js';
import { exportedFolder } from './folder.js';
import { collectionStep, createStep, fieldOf, uuid } from './shop.js';
import { failureOf, toolsOf } from './tools.js';

const FOLDER = 'folder';
const OUR_TABLES = ['schema_sync_state', 'schema_sync_runs'];

const VAULT = collectionStep(
  'vault',
  [
    fieldOf('id', 'string', { is_primary_key: true, is_nullable: false }),
    fieldOf('name', 'string'),
    fieldOf('views', 'integer'),
    fieldOf('concealed', 'string', {}, { special: ['conceal'] }),
    fieldOf('hashed', 'hash', {}, { special: ['hash', 'conceal'] }),
    fieldOf('encrypted', 'text', {}, { special: ['encrypt'] }),
  ],
  {},
);
const SECRETS = { concealed: 'c0ncealed-secret', hashed: 'h4shed-secret', encrypted: 'encrypt3d-secret' };
const ROW = { id: 'a', name: 'First', views: 1, ...SECRETS };

/** @param {any} context @param {Record<string, object>} directus entries @param {any[]} [rows] of the vault */
async function vault(context, directus, rows = [ROW]) {
  const folder = await exportedFolder(context, [VAULT, createStep('vault', ...rows)], { vault: {} });
  const config = `export const syncDirectusCollections = ${JSON.stringify(directus)};\n`;
  await writeFile(join(FOLDER, 'directus_config.js'), config);
  return folder;
}

/** @returns {Promise<string>} all texts of the folder */
async function texts() {
  const entries = await readdir(FOLDER, { recursive: true, withFileTypes: true });
  const files = entries.filter(entry => entry.isFile());
  const contents = await Promise.all(files.map(file => readFile(join(file.parentPath, file.name), 'utf8')));
  return contents.join('\n');
}

/** @param {any} context @returns {Promise<string>} all that we keep in the database */
async function ourTables({ database }) {
  const tables = await Promise.all(OUR_TABLES.map(table => database(table).select()));
  return JSON.stringify(tables, (_, value) => (value?.type === 'Buffer' ? String(value.data) : value));
}

/** @param {any} context @param {any} set of the settings @param {any} [user] of the first one */
async function prepare({ database, services, getSchema }, set, user) {
  const schema = await getSchema();
  const settings = new services.SettingsService({ knex: database, schema });
  await settings.upsertSingleton(set, { emitEvents: false });
  if (!user) return;
  const { id } = await database('directus_users').first('id');
  const users = new services.ItemsService('directus_users', { knex: database, schema });
  await users.updateOne(id, user, { emitEvents: false });
}

/** @param {any} context */
export async function stays(context) {
  const settings = { ai_openai_api_key: 'sk-s3tting-secret', mapbox_key: 'pk.public', project_name: 'Shop' };
  const user = {
    password: 'u5er-secret',
    token: 't0ken-secret',
    tfa_secret: 'tf4-secret',
    last_page: '/l4st',
  };
  const folder = await vault(context, { directus_settings: {}, directus_users: {} });
  await prepare(context, settings, user);
  await folder.export();
  const written = await texts();
  const raw = () => context.database('vault').first('concealed', 'hashed', 'encrypted');
  const before = await raw();
  await folder.edit('data/vault.json', rows => {
    Object.assign(rows[0], { name: 'Second', concealed: '**********', hashed: '**********', encrypted: 'x' });
  });
  const { rendered: plan } = await folder.import({ render: wholeInReport });
  const user3 = await context.database('directus_users').first('password', 'token', 'tfa_secret');
  return {
    found: [
      ...Object.values(SECRETS),
      'sk-s3tting',
      'u5er',
      't0ken',
      'tf4',
      '/l4st',
      '**********',
      '$argon2',
    ].filter(secret => written.includes(secret)),
    exports: written.includes('"mapbox_key": "pk.public"'),
    steps: plan.steps.map((/** @type {any} */ { changes }) => changes?.[0].set),
    same: JSON.stringify(await raw()) === JSON.stringify(before),
    keeps: user3.token === 't0ken-secret' && user3.password.startsWith('$argon2'),
  };
}

const VARIABLES = Object.freeze({
  VAULT_CONCEALED: 'c0ncealed-of-the-environment',
  VAULT_HASHED: 'h4shed-of-the-environment',
  VAULT_ENCRYPTED: 'encrypt3d-of-the-environment',
  VAULT_VIEWS: '8005',
  VAULT_KEY: 'sk-s3tting-of-the-environment',
  SHOP_TOKEN: 't0ken-of-the-environment',
});
const FLOW = { id: uuid(1), name: 'Call the shop', status: 'inactive', trigger: 'manual' };
const OPERATION = {
  id: uuid(2),
  flow: uuid(1),
  key: 'call',
  type: 'request',
  position_x: 1,
  position_y: 1,
  options: { url: 'https://shop.example.com', headers: [{ header: 'X-Shop', value: 'of-the-source' }] },
};
const FILES = Object.freeze({
  'data/vault.json': (/** @type {any} */ [row]) => {
    row.views = { $env: 'VAULT_VIEWS' };
    row.concealed = { $env: 'VAULT_CONCEALED' };
    row.hashed = { $env: 'VAULT_HASHED' };
    row.encrypted = { $env: 'VAULT_ENCRYPTED' };
  },
  'data/directus_operations.json': (/** @type {any} */ [row]) => {
    row.options.headers[0].value = { $env: 'SHOP_TOKEN' };
  },
});

/** @param {any} context */
export async function environment(context) {
  const entries = {
    directus_settings: { env: { ai_openai_api_key: 'VAULT_KEY' } },
    directus_flows: {},
    directus_operations: {},
  };
  const folder = await vault(context, entries);
  const { run, instance } = await toolsOf(context);
  await run([createStep('directus_flows', FLOW), createStep('directus_operations', OPERATION)]);
  await prepare(context, { ai_openai_api_key: 'sk-of-the-source' });
  await folder.export();
  for (const [path, edit] of Object.entries(FILES)) await folder.edit(path, edit);
  /** What was told to people or kept; none of it may hold a value. @type {unknown[]} */
  const told = [];
  const note = (/** @type {any} */ result) => {
    told.push(result);
    return result;
  };

  const missing = note(await failureOf(() => folder.import()));
  const untouched = (await context.database('vault').first('views')).views === 1;
  Object.assign(process.env, VARIABLES);
  const first = note(await folder.import({ render: wholeInReport }));
  const applied = await instance.appliedFingerprint();
  const stored = await storedValues(context);
  const again = note(await folder.import({ render: wholeInReport }));
  const sealed = note(await folder.seal());

  await context.database('vault').update({ views: 4, concealed: 'typed-in-the-studio' });
  const drifted = note(await folder.export());
  const kept = await placeholders(folder);
  process.env.SHOP_TOKEN = VARIABLES.SHOP_TOKEN.toUpperCase();
  const rotated = note(await folder.import({ render: wholeInReport }));
  const rotatedTo = (await storedValues(context)).header;
  const fingerprints = [applied, await instance.appliedFingerprint()];
  for (const name of Object.keys(VARIABLES)) delete process.env[name];
  const without = note(await folder.export());
  const overwritten = note(await folder.export({ overwrite: true }));
  const everything = [JSON.stringify(told), await texts(), await ourTables(context)].join('\n').toLowerCase();
  const changed = (/** @type {any} */ { plan }) =>
    plan.steps.reduce((/** @type {number} */ sum, /** @type {any} */ { count }) => sum + count, 0);
  return {
    missing,
    untouched,
    stored,
    changed: [first, again, rotated].map(changed),
    sealed: sealed.plan.steps.length,
    drifted: drifted.warnings.map((/** @type {any} */ { code, path }) => [code, path]),
    kept,
    keptWithout: [await placeholders(folder), without.warnings.length, overwritten.warnings.length],
    rotatedTo,
    isImportedAnew: fingerprints[0] !== fingerprints[1],
    leaked: [...Object.values(VARIABLES), 'of-the-source', 'typed-in-the-studio']
      .map(value => value.toLowerCase())
      .filter(value => value !== VARIABLES.VAULT_VIEWS && everything.includes(value)),
  };
}

/** @param {any} context @returns {Promise<any>} what the database holds, in the clear */
async function storedValues({ database, services, getSchema }) {
  const schema = await getSchema();
  const items = (/** @type {string} */ name) => new services.ItemsService(name, { knex: database, schema });
  const [row] = await items('vault').readByQuery({});
  const raw = await database('vault').first();
  const settings = await items('directus_settings').readSingleton({});
  const operation = await items('directus_operations').readOne(OPERATION.id);
  return {
    views: raw.views,
    concealed: raw.concealed,
    isHashed: raw.hashed.startsWith('$argon2'),
    encrypted: row.encrypted,
    isEncrypted: raw.encrypted !== row.encrypted,
    key: settings.ai_openai_api_key,
    header: operation.options.headers[0].value,
  };
}

/** @param {{read: (path: string) => Promise<any>}} folder @returns {Promise<string[]>} names of variables */
async function placeholders({ read }) {
  const paths = ['vault', 'directus_operations', 'directus_settings'];
  const files = await Promise.all(paths.map(name => read(`data/${name}.json`)));
  return [...JSON.stringify(files).matchAll(/\{"\$env":"(\w+)"\}/g)].map(([, name]) => name).sort();
}

/** @param {any} context */
export async function users(context) {
  const folder = await vault(context, { directus_users: { passwords: 'hash' } }, []);
  const { database } = context;
  const hashes = () => database('directus_users').orderBy('email').pluck('password');
  await folder.export();
  const [hash] = await hashes();
  await folder.edit('data/directus_users.json', rows => {
    rows.push({ ...rows[0], id: uuid(9), email: 'zoe@example.com', token: 'a-token' });
  });
  await database('directus_users').update({ password: '$argon2id$v=19$m=65536,t=3,p=4$b3RoZXI$b3RoZXI' });
  await folder.import({ onDrift: 'overwrite' });
  const again = await folder.import();
  return {
    isHash: hash.startsWith('$argon2'),
    copied: (await hashes()).map((/** @type {string} */ now) => now === hash),
    tokens: await database('directus_users').where({ email: 'zoe@example.com' }).pluck('token'),
    again: again.plan?.steps.length,
  };
}
