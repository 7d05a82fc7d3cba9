/** Imports into a database that does not keep what it is given. */
import { exportedFolder } from './folder.js';
import { ROW_STEPS, SCHEMA_STEPS, uuid } from './shop.js';
import { failureOf } from './tools.js';

/**
 * What a database does by itself, per vendor: statements that make `table` answer an update with `column` set to
 * `value`.
 *
 * @type {Record<string, (table: string, column: string, value: string) => string[]>}
 */
const TRIGGERS = {
  sqlite: (table, column, value) => [
    `CREATE TRIGGER meddler_${table} AFTER UPDATE ON ${table} WHEN NEW.${column} <> '${value}'
     BEGIN UPDATE ${table} SET ${column} = '${value}' WHERE id = NEW.id; END`,
  ],
  postgres: (table, column, value) => [
    `CREATE FUNCTION meddle_${table}() RETURNS trigger AS
     $$ BEGIN NEW.${column} = '${value}'; RETURN NEW; END $$ LANGUAGE plpgsql`,
    `CREATE TRIGGER meddler_${table} BEFORE UPDATE ON ${table}
     FOR EACH ROW EXECUTE FUNCTION meddle_${table}()`,
  ],
};

/** @param {any} context */
export async function notices(context) {
  const shop = await exportedShop(context);
  await shop.edit('data/authors.json', authors => {
    authors[0].name = 'Anna';
  });
  await shop.meddle('authors', 'name', 'Nobody');
  const before = await shop.content();
  const failure = await failureOf(() => shop.import());
  const untouched = JSON.stringify(await shop.content()) === JSON.stringify(before);
  const { applied } = await shop.import({}, { SCHEMA_SYNC_VERIFY: 'false' });
  const [{ name }] = await context.database('authors').where({ id: uuid(1) });
  return { failure, untouched, applied, name };
}

/** @param {any} context */
export async function noticesSchema(context) {
  const shop = await exportedShop(context);
  await shop.edit('data/schema/posts.json', posts => {
    posts.fields.find((/** @type {any} */ { field }) => field === 'title').meta.note = 'Headline';
  });
  await shop.meddle('directus_fields', 'note', 'Whatever');
  const before = await shop.content();
  const failure = await failureOf(() => shop.import());
  return { failure, untouched: JSON.stringify(await shop.content()) === JSON.stringify(before) };
}

/** @param {any} context */
export async function noticesCutValues(context) {
  const shop = await exportedShop(context);
  await shop.edit('data/authors.json', authors => {
    authors[0].fee = '12.345';
  });
  return failureOf(() => shop.import());
}

/** @param {any} context */
async function exportedShop(context) {
  const folder = await exportedFolder(context, [...SCHEMA_STEPS, ...ROW_STEPS], { authors: {}, posts: {} });
  const tables = ['authors', 'posts', 'directus_fields'];
  return {
    ...folder,
    /** @param {string} table @param {string} column @param {string} value */
    async meddle(table, column, value) {
      const vendor = context.database.client.config.client === 'pg' ? 'postgres' : 'sqlite';
      for (const statement of TRIGGERS[vendor](table, column, value)) await context.database.raw(statement);
    },
    content: () => Promise.all(tables.map(table => context.database(table).orderBy('id').select())),
  };
}
