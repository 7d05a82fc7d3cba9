/**
 * Faults of what Schema Sync stands on, told by the codes of Node, knex and the databases: one table says what each
 * is called here, and what people can do about it.
 */

/**
 * @typedef {object} Fault
 * @property {string} code one of the table in `errors.js`
 * @property {string} message names what failed and says what to do
 * @property {string} [path] the file that it concerns
 *
 * @typedef {{code: string, advice: (reason: string) => string, codes: Set<string>, texts?: RegExp}} Kind
 */

/** @type {readonly Kind[]} */
const KINDS = Object.freeze([
  {
    code: 'DATABASE_UNAVAILABLE',
    advice: reason =>
      `The database does not answer: ${reason}. Check that it runs and that the DB_* variables ` +
      'name it; a running server goes on by itself once it is back.',
    codes: new Set([
      ...[
        'ECONNREFUSED',
        'ECONNRESET',
        'EPIPE',
        'ETIMEDOUT',
        'ENOTFOUND',
        'EAI_AGAIN',
        'EHOSTUNREACH',
        'ENETUNREACH',
      ],
      // PostgreSQL: lost connections, shut down, starting, too many connections.
      ...['08000', '08001', '08003', '08004', '08006', '57P01', '57P02', '57P03', '53300'],
      ...['PROTOCOL_CONNECTION_LOST', 'ER_SERVER_SHUTDOWN', 'ER_CON_COUNT_ERROR'],
      ...['SQLITE_CANTOPEN', 'SQLITE_IOERR', 'SQLITE_NOTADB'],
    ]),
    // Neither `pg` nor knex gives these a code.
    texts:
      /^(Connection terminated|Client has encountered a connection error|Unable to acquire a connection|Knex: Timeout acquiring a connection|timeout exceeded when trying to connect)/,
  },
  {
    code: 'DATABASE_UNWRITABLE',
    advice: reason =>
      `The database cannot be written: ${reason}. Nothing was changed. Check its permissions and the free space of ` +
      'its disk, then run it again.',
    codes: new Set([
      'SQLITE_FULL',
      'SQLITE_READONLY',
      '53100',
      '25006',
      'ER_DISK_FULL',
      'ER_OPTION_PREVENTS_STATEMENT',
    ]),
  },
  {
    code: 'FILE_INACCESSIBLE',
    advice: reason =>
      `A file cannot be read or written: ${reason}. Check that its folder exists, its permissions and the free space.`,
    codes: new Set(['ENOSPC', 'EDQUOT', 'EFBIG', 'EROFS', 'EACCES', 'EPERM', 'EISDIR', 'ENOTDIR', 'ENOENT']),
  },
]);

/**
 * @param {any} error
 * @returns {Fault | null} null for an error that is something else, or that nobody has foreseen
 */
export function faultOf(error) {
  if (!(error instanceof Error)) return null;
  const { code, path, message } = /** @type {NodeJS.ErrnoException} */ (error);
  const kind = KINDS.find(({ codes, texts }) => codes.has(String(code)) || texts?.test(message));
  if (!kind) return null;
  return { code: kind.code, message: kind.advice(reasonOf(error)), ...(path && { path }) };
}

/** Node gives no message where all addresses of a host refuse. @param {any} error */
function reasonOf({ message, code, errors }) {
  const text = message || errors?.map((/** @type {Error} */ one) => one.message).join(', ') || code;
  return String(text).replace(/\.+$/, '');
}
