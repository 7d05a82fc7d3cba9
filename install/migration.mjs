/**
 * Schema Sync for Directus: the columns of directus_settings that hold the lock and the state imported last.
 * Written by `npx schema-sync install`; runs with `directus database migrate:latest`, as often as you like.
 */
const TABLE = 'directus_settings';

const COLUMNS = [
  ['mv_hash', table => table.string('mv_hash').defaultTo('')],
  ['mv_ts', table => table.timestamp('mv_ts', { useTz: true }).nullable()],
  ['mv_locked', table => table.boolean('mv_locked').defaultTo(false)],
  ['mv_owner', table => table.string('mv_owner').nullable()],
  ['mv_epoch', table => table.integer('mv_epoch').defaultTo(0)],
  ['mv_expires', table => table.bigInteger('mv_expires').nullable()],
];

export async function up(knex) {
  for (const [name, add] of COLUMNS) {
    if (!(await knex.schema.hasColumn(TABLE, name))) await knex.schema.alterTable(TABLE, add);
  }
}

export async function down(knex) {
  for (const [name] of COLUMNS) {
    if (await knex.schema.hasColumn(TABLE, name))
      await knex.schema.alterTable(TABLE, table => table.dropColumn(name));
  }
}
