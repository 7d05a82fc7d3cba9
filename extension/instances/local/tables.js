/**
 * Our own tables. Directus does not manage them: they have no row in `directus_collections`, so that they count
 * towards no limit of a licence and stand in no snapshot. Each has a primary key, since Directus warns of tables
 * without one. The migration in `install/` makes the same tables.
 */

/** Names with values that are the instance's own: the secret, and what was agreed on. */
export const STATE = 'schema_sync_state';
/** What imports and exports did. */
export const RUNS = 'schema_sync_runs';

/** What we know of the contents of files. */
export const FILES = 'schema_sync_files';

const OWN = new Set([STATE, RUNS, FILES]);

/** @type {Readonly<Record<string, (table: any) => void>>} */
export const DEFINITIONS = Object.freeze({
  [STATE]: table => {
    table.string('name', 64).primary();
    // A base takes some 20 bytes a row, and a plain text of MySQL ends at 64 kB.
    table.text('value', 'longtext').notNullable();
    table.bigInteger('changed').notNullable();
  },
  [RUNS]: table => {
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
  [FILES]: table => {
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
});

/** @param {string} name @returns {boolean} whether the table is one of ours */
export function isOwnTable(name) {
  return OWN.has(name);
}
