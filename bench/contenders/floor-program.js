/**
 * `node floor-program.js <export|import> <file> <directus>`: rows between the database and a file, with the driver that
 * Directus brings. The connection is that of Directus' environment.
 */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { createRequire } from 'node:module';
import { COLLECTION } from '../data.js';
import { slicesOf } from '../slices.js';

const [what = '', file = '', directus = ''] = process.argv.slice(2);
const requireOfDirectus = createRequire(directus);
const { env } = process;
const PAGE = 5000;
/** Rows per statement: SQLite joins no more than 500, PostgreSQL takes 65535 values. */
const BATCH = 500;

const isSqlite = env.DB_CLIENT === 'sqlite3';
const connection = isSqlite
  ? { filename: env.DB_FILENAME }
  : {
      host: env.DB_HOST,
      port: Number(env.DB_PORT),
      database: env.DB_DATABASE,
      user: env.DB_USER,
      password: env.DB_PASSWORD,
    };
const knex = requireOfDirectus('knex')({ client: env.DB_CLIENT, connection, useNullAsDefault: true });

await (what === 'export' ? exportRows() : importRows());
await knex.destroy();

async function exportRows() {
  const output = createWriteStream(file);
  output.write('[');
  for (let last = null, size = PAGE; size === PAGE; ) {
    const query = knex(COLLECTION).orderBy('id').limit(PAGE);
    /** @type {any[]} */
    const rows = await (last === null ? query : query.where('id', '>', last));
    size = rows.length;
    const text = rows.map((/** @type {any} */ row) => JSON.stringify(row)).join(',\n');
    if (size > 0 && !output.write(`${last === null ? '' : ','}${text}`)) await once(output, 'drain');
    last = rows.at(-1)?.id;
  }
  output.end(']');
  await once(output, 'finish');
}

async function importRows() {
  await knex.transaction(async (/** @type {any} */ trx) => {
    for await (const rows of slicesOf(file)) await insert(trx, rows);
  });
}

/** @param {any} trx @param {any[]} rows */
async function insert(trx, rows) {
  // What comes from another client than it goes to.
  for (const row of rows) if (typeof row.tags === 'object') row.tags = JSON.stringify(row.tags);
  for (let at = 0; at < rows.length; at += BATCH) await trx(COLLECTION).insert(rows.slice(at, at + BATCH));
}
