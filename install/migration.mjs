/**
 * Schema Sync for Directus: the columns of directus_settings that hold the lock and the state imported last, and
 * the tables of what was agreed on, of past runs and of the contents of files.
 * Written by `npx schema-sync install`; runs with `directus database migrate:latest`, as often as you like.
 */
const SETTINGS = 'directus_settings';

const COLUMNS = [
  ['mv_hash', table => table.string('mv_hash').defaultTo('')],
  ['mv_ts', table => table.timestamp('mv_ts', { useTz: true }).nullable()],
  ['mv_locked', table => table.boolean('mv_locked').defaultTo(false)],
  ['mv_owner', table => table.string('mv_owner').nullable()],
  ['mv_epoch', table => table.integer('mv_epoch').defaultTo(0)],
  ['mv_expires', table => table.bigInteger('mv_expires').nullable()],
];

const TABLES = {
  schema_sync_state: table => {
    table.string('name', 64).primary();
    table.text('value', 'longtext').notNullable();
    table.bigInteger('changed').notNullable();
  },
  schema_sync_runs: table => {
    table.increments('id');
    table.string('kind', 16).notNullable();
    table.string('who').notNullable();
    table.bigInteger('started').notNullable();
    table.bigInteger('ended').notNullable();
    table.string('outcome', 16).notNullable();
    table.string('fingerprint', 64).nullable();
    table.bigInteger('revision').nullable();
    table.string('folder', 64).nullable();
    table.string('plan', 64).nullable();
    table.text('counts').nullable();
    table.string('code', 64).nullable();
    table.text('message').nullable();
  },
  schema_sync_files: table => {
    table.increments('id');
    table.uuid('file').notNullable();
    table.string('storage', 64).notNullable();
    table.string('disk').notNullable();
    table.string('state', 16).notNullable();
    table.string('sha256', 64).nullable();
    table.bigInteger('size').nullable();
    table.bigInteger('modified').nullable();
    table.unique(['storage', 'disk']);
  },
};

// Every `knex.schema` is a builder of its own; one that is used twice does its first work again.

export async function up(knex) {
  for (const [name, add] of COLUMNS) {
    if (!(await knex.schema.hasColumn(SETTINGS, name))) await knex.schema.alterTable(SETTINGS, add);
  }
  for (const [name, define] of Object.entries(TABLES)) {
    if (!(await knex.schema.hasTable(name))) await knex.schema.createTable(name, define);
  }
}

export async function down(knex) {
  for (const name of Object.keys(TABLES)) await knex.schema.dropTableIfExists(name);
  for (const [name] of COLUMNS) {
    if (await knex.schema.hasColumn(SETTINGS, name))
      await knex.schema.alterTable(SETTINGS, table => table.dropColumn(name));
  }
}
