/**
 * The one error class of the extension and the one table of error codes. The README lists exactly this table,
 * and the codes of the core are part of it; tests compare all three.
 */
import { faultOf } from './faults.js';

/** What a command's exit code means. */
export const EXIT = Object.freeze({ done: 0, error: 1, pending: 2, refused: 3, locked: 4 });

/**
 * Every code with the exit code it leads to and what it means. Codes that exit with 0 only ever warn.
 *
 * @type {Readonly<Record<string, {exit: number, help: string}>>}
 */
export const ERRORS = Object.freeze({
  // Reading the folder.
  FOLDER_MISSING: failure('The sync folder is not there: run `schema-sync install`.'),
  FOLDER_BUSY: failure('Another process is writing the sync folder: wait for it, or end it.'),
  FOLDER_UNREADABLE: failure('A file of the sync folder cannot be read.'),
  FOLDER_CHANGED: failure('A file of the sync folder changed while it was read: run it again.'),
  FOLDER_UNWRITABLE: failure(
    'The sync folder cannot be written; it holds the old state or is finished at next use.',
  ),
  FOLDER_OUTSIDE: failure('A path or symbolic link leads out of the sync folder.'),
  JSON_INVALID: failure('A file is not valid JSON.'),
  CONFLICT_MARKER: failure('A file holds the conflict markers of an unfinished merge.'),
  FORMAT_TOO_NEW: failure('The folder was written by a newer version of Schema Sync: update this one.'),
  MANIFEST_MISSING: failure(
    'There are data files but no `hash.txt`: run `schema-sync hash` if they are complete.',
  ),
  MANIFEST_INVALID: failure('`hash.txt` cannot be understood: run `schema-sync hash`.'),
  MANIFEST_MISMATCH: failure(
    'Data files are missing, changed or unlisted: run `schema-sync hash` if that was intended.',
  ),
  MANIFEST_UNLISTED: warning('A file under `data/` is not listed in `hash.txt` and is not used.'),
  MANIFEST_LEGACY: warning(
    '`hash.txt` has the form of the community extension, which cannot verify files; export renews it.',
  ),
  SNAPSHOT_INVALID: failure('The files of the schema do not make a snapshot.'),
  SCHEMA_CHANGE_UNSUPPORTED: failure('Directus cannot change the target into what the files say.'),
  SCHEMA_UNTRANSLATABLE: failure("The target's database cannot hold a column as the files say it."),
  GROUP_COUNT_MISMATCH: failure(
    'The groups of an entry hold another number of rows than its main file says.',
  ),
  GROUP_FILE_INVALID: failure('A group file does not belong to its entry.'),

  // The config.
  CONFIG_MISSING: failure('A config file is not there: run `schema-sync install`.'),
  CONFIG_INVALID: failure(
    'A config file has a syntax error, throws, or exports something that is no config.',
  ),
  CONFIG_UNKNOWN_OPTION: failure('An entry has an option that does not exist.'),
  CONFIG_UNKNOWN_COLLECTION: failure('An entry names a collection that does not exist.'),
  CONFIG_UNKNOWN_FIELD: failure('An entry names a field that does not exist.'),
  CONFIG_KEY_INVALID: failure('The key of an entry cannot identify its rows.'),
  CONFIG_DUPLICATE_ENTRY: failure('Two entries would use the same files.'),
  REFERENCE_NOT_SYNCED: warning('A field refers to a collection that is not synchronised.'),
  DELETION_OFF: warning(
    'Rows of an entry are never deleted, because its query does not say for sure which rows it means.',
  ),
  ENTRY_WITHOUT_FILES: warning(
    'An entry of the config has no data file yet and is left alone: run `schema-sync export`.',
  ),
  ENVIRONMENT_INVALID: failure('An environment variable has a value that is not understood.'),
  ENVIRONMENT_UNKNOWN: warning('An environment variable is not known, or not supported by this version.'),
  OPTION_INVALID: failure('An option of the command line is not understood.'),
  TRANSFORM_FAILED: failure('A function of the config threw an error.'),
  TRANSFORM_INVALID: failure('A function of the config returned something that is no row or no key.'),

  SECRET_FOUND: refusal(
    'A value of the folder looks like a credential: only a warning, unless `--fail-on-secrets` is given.',
  ),

  // The contents of files.
  CONTENT_MISSING: warning(
    'A file has no content, in the storage for an export or in the folder for an import; only its row goes.',
  ),
  CONTENT_AMBIGUOUS: failure('Two files below `data/files/` are the content of one row: remove one of them.'),
  CONTENT_CHANGED: failure('The content of a file changed while it was copied: run it again.'),

  // The rows.
  ROW_INVALID: failure('A row, or a value in it, is not what its field takes.'),
  ROW_UNKNOWN_FIELD: failure('A row has a field that its collection does not have.'),
  ENV_MISSING: failure('A row takes a value from an environment variable that is not set.'),
  ENV_INVALID: failure('An environment variable holds nothing of the type that the field of a row takes.'),
  ENV_MISPLACED: failure('A placeholder for an environment variable stands in the key of a row.'),
  ENV_DRIFT: warning(
    'The instance holds something else than the environment where the folder has a placeholder.',
  ),
  KEY_MISSING: failure('A row has no value for its key.'),
  KEY_DUPLICATE: failure('Two rows have the same key.'),
  UNIQUE_DUPLICATE: failure('Two rows have the same value of a unique field.'),
  ROW_IN_TWO_ENTRIES: failure('Two entries hold the same row with different content.'),
  REFERENCE_MISSING: failure('A row refers to a row that is neither in the files nor on the target.'),
  REFERENCE_NULLED: warning('A reference to a row that does not exist becomes null, as `onMissing` says.'),
  ADMIN_AMBIGUOUS: failure(
    'The Administrator role or policy cannot be told: name it by `admin` in the config.',
  ),
  ADMIN_NOT_FOUND: failure('The target has no Administrator role or policy.'),
  CYCLE_NOT_BREAKABLE: failure('Rows refer to each other in a circle of fields that cannot be null.'),
  UNIQUE_SWAP_NOT_NULLABLE: failure('Rows exchange unique values of a field that cannot be null.'),

  // The plan and what comes of it.
  LICENSE_LIMIT: failure('The target would exceed a limit of its Directus licence.'),
  MISSING_EXTENSION: failure(
    'The files use an interface, display, layout, panel or operation that the target does not have.',
  ),
  DATABASE_FEATURE_MISSING: failure('The files need something that the database of the target cannot do.'),
  OTHER_MAJOR: warning('The folder was exported by another major version of Directus.'),
  DROP_COLLECTION: refusal('A collection would be dropped with its rows.'),
  FIELD_RENAMED: warning('A field gets the name that `renames` of the config gives it, with its values.'),
  DROP_FIELD: refusal('A field would be dropped with its values.'),
  NARROW_FIELD: refusal('A column would change its type or become shorter.'),
  NULLS_IN_WAY: failure('A field becomes required, and rows on the target have no value in it.'),
  REPEATS_IN_WAY: failure('A field becomes unique, and values on the target occur more than once in it.'),
  ADMIN_KEPT: warning('The Administrator of the target keeps what the files would take away.'),
  DELETE_ROWS: refusal('Rows would be deleted; more than half of a larger collection needs consent.'),
  TARGET_ONLY: warning('Something exists only on the target, was never agreed on, and stays.'),
  STILL_NEEDED: warning(
    'Something that the files removed or changed is needed by what stays on the target, and stays as it is.',
  ),
  DRIFT_OVERWRITTEN: warning('The target was changed since the last sync, and the files win.'),
  DRIFT_KEPT: warning('The target was changed since the last sync, and stays as it is.'),
  DRIFT_REFUSED: refusal('The target was changed since the last sync, and `onDrift` is `fail`.'),
  CONFLICT_OVERWRITTEN: warning('Files and target both changed since the last sync, and the files win.'),
  CONFLICT_DELETED: refusal('The files removed what was changed on the target since the last sync.'),
  CONFLICT_KEPT: warning('Files and target both changed since the last sync, and the target stays.'),
  CONFLICT_REFUSED: refusal('Files and target both changed since the last sync, and `onDrift` is `fail`.'),
  PENDING_IMPORT: warning(
    'The files were changed and not imported yet, so an export leaves them as they are.',
  ),
  EXPORT_CONFLICT: refusal('Files and instance both changed since the last sync: import, or `--overwrite`.'),
  BASE_INVALID: failure(
    'What was agreed on at the last sync is damaged: delete the row `base` of `schema_sync_state`.',
  ),
  PLAN_INVALID: failure('A sealed plan cannot be read, or was changed after it had been sealed.'),
  CONSENT_NEEDED: refusal('The plan loses data: look at it, then pass `--allow-destructive`.'),
  NOT_CONFIRMED: refusal('The question was not answered with yes; nothing was changed.'),
  PLAN_STALE: refusal('Target or files changed after the plan was shown; nothing was changed.'),
  LOCKED: locked('Another import or export holds the lock.'),
  LOCK_LOST: locked('The lock was taken over by another process; nothing was changed.'),
  LAST_ADMIN: failure('After the import nobody would have admin access any more.'),
  VERIFY_FAILED: failure(
    'What was written reads back differently; the database is as it was. `SCHEMA_SYNC_VERIFY=false` turns this off.',
  ),
  DATABASE_UNSUPPORTED: failure('Schema Sync does not support this database yet.'),
  DATABASE_UNAVAILABLE: failure('The database does not answer; a running server tries again until it does.'),
  DATABASE_UNWRITABLE: failure('The database cannot be written: its disk is full, or it is read-only.'),
  FILE_INACCESSIBLE: failure('A file cannot be read or written, such as the one that `--out` names.'),
  READ_FAILED: failure('The instance could not be read; nothing was changed.'),
  APPLY_FAILED: failure('A step of the plan failed; the database is as it was.'),
  INTERNAL: failure('A fault of Schema Sync itself: please report it.'),
});

/** @typedef {'error' | 'warning'} Severity */

/**
 * One thing that is wrong, in the shape that the core uses too.
 *
 * @typedef {object} Diagnostic
 * @property {Severity} severity an error stops the run, a warning is shown
 * @property {string} code one of {@link ERRORS}
 * @property {string} message a full sentence that names the thing and says what to do
 * @property {string} [path] file, row or config path that it concerns
 */

/** A failure that a user can act upon. Everything that the extension throws on purpose is one of these. */
export class SchemaSyncError extends Error {
  /**
   * @param {string} code one of {@link ERRORS}
   * @param {string} message a full sentence that names the thing and says what to do
   * @param {{path?: string, cause?: unknown, diagnostics?: Diagnostic[], keepsSchema?: boolean}} [details] `path` is the
   *   file, row or config path that it concerns; `diagnostics` are all problems that were found together with this one;
   *   `keepsSchema` says that changes of the schema stay
   */
  constructor(code, message, { path, cause, diagnostics = [], keepsSchema = false } = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'SchemaSyncError';
    this.code = code;
    this.path = path;
    this.diagnostics = diagnostics;
    this.keepsSchema = keepsSchema;
  }

  /** @returns {number} the exit code of a command that ends with this error */
  get exitCode() {
    return ERRORS[this.code]?.exit ?? EXIT.error;
  }

  /** @returns {{code: string, message: string, path?: string, diagnostics?: Diagnostic[]}} for `--json` */
  toJSON() {
    const { code, message, path, diagnostics } = this;
    return { code, message, ...(path && { path }), ...(diagnostics.length > 0 && { diagnostics }) };
  }
}

/** Codes that say which work failed. What stopped it from outside says more about what to do. */
const FAILED_WORK = new Set(['READ_FAILED', 'APPLY_FAILED']);

/**
 * @param {unknown} error whatever was thrown
 * @returns {SchemaSyncError} itself, a fault of database or disk by its own code, or INTERNAL for what nobody has foreseen
 */
export function asKnown(error) {
  const isOurs = error instanceof SchemaSyncError;
  if (isOurs && !FAILED_WORK.has(error.code)) return error;
  const fault = faultOf(isOurs ? error.cause : error);
  if (fault) return new SchemaSyncError(fault.code, fault.message, { path: fault.path, cause: error });
  if (isOurs) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new SchemaSyncError('INTERNAL', `Something unexpected failed: ${reason}`, { cause: error });
}

/** What messages say of a failed run, and what holds where the database has committed changes of the schema. */
const CLAIMS = Object.freeze([
  ['Nothing was changed', 'No row was changed'],
  ['everything was rolled back', 'all rows were rolled back'],
]);
const SCHEMA_STAYS =
  'What was changed of the schema stays, since this database cannot take it back; the next import goes on from there.';

/**
 * @param {unknown} error of a run that has changed the schema for good
 * @returns {SchemaSyncError} that says so
 */
export function withSchemaKept(error) {
  const { code, message, path, diagnostics } = asKnown(error);
  const honest = CLAIMS.reduce((text, [claim, truth]) => text.replace(String(claim), String(truth)), message);
  return new SchemaSyncError(code, `${honest} ${SCHEMA_STAYS}`, {
    path,
    diagnostics,
    cause: error,
    keepsSchema: true,
  });
}

/**
 * Throws everything that was found in one pass, the first error in front.
 *
 * @param {Diagnostic[]} diagnostics
 */
export function throwErrors(diagnostics) {
  const first = diagnostics.find(({ severity }) => severity === 'error');
  if (!first) return;
  throw new SchemaSyncError(first.code, first.message, { path: first.path, diagnostics });
}

/** @param {import('./model.js').PlanWarning} warning @returns {Diagnostic} */
export function warningOf({ code, message, path }) {
  return { severity: 'warning', code, message, path };
}

/** @param {import('./model.js').PlanWarning} warning that stops a run @returns {Diagnostic} */
export function errorOf({ code, message, path }) {
  return { severity: 'error', code, message, path };
}

/** @param {string} help */
function failure(help) {
  return { exit: EXIT.error, help };
}

/** @param {string} help */
function warning(help) {
  return { exit: EXIT.done, help };
}

/** @param {string} help */
function refusal(help) {
  return { exit: EXIT.refused, help };
}

/** @param {string} help */
function locked(help) {
  return { exit: EXIT.locked, help };
}
