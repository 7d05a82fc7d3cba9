/**
 * SQL with which the database itself writes rows as JSON, in the form in which Directus' service would give them. No
 * row becomes an object on its way, and on SQLite nothing of it happens on the event loop.
 *
 * Each type says how its values are written, and for which of them that is certain to be what the service gives. A page
 * with any other value is read the other way.
 */
import { chunks } from './chunks.js';
import { isPlainName } from './names.js';

/**
 * @typedef {object} Spelling of the values of one type
 * @property {(column: string) => string} json SQL for the value: on SQLite its JSON text, on PostgreSQL a value that
 *   becomes JSON
 * @property {((column: string) => string) | null} exact SQL for whether that is certain, never null; null where it
 *   always is
 * @property {string[]} [flags] the flags that Directus reads by with which it is known, in place of none
 * @property {string[]} [columns] the database's types that it is known for; all where it says none
 * @property {boolean} [isLocal] whether Directus' form depends on the time zone, so that it is certain in UTC alone
 *
 * @typedef {object} PageQuery
 * @property {string} sql of everything between `SELECT` and `FROM`: the key, the row as text, whether it is exact
 * @property {string} page SQL of what is asked of these: count, last key, exactness, and the JSON of all rows
 */

/** Flags by which Directus changes what it reads. */
const CHANGING = new Set(['cast-boolean', 'cast-csv', 'cast-json', 'conceal', 'encrypt', 'hash']);
/** Of more columns the texts are an expression that SQLite takes for too deep. */
const MOST_COLUMNS = 200;
/** Arguments of one call, of which older ones of SQLite take 127. */
const MOST_ARGUMENTS = 100;
const LARGEST = Number.MAX_SAFE_INTEGER;
/** More digits in a row than a number of JavaScript keeps, as far as anybody can tell from outside. */
const DIGITS = 16;

const orNull = (/** @type {string} */ column, /** @type {string} */ condition) =>
  `(${column} IS NULL OR ${condition})`;

/** Milliseconds since the epoch, of the years that have four digits. */
const isMoment = (/** @type {string} */ column) =>
  orNull(column, `(typeof(${column}) = 'integer' AND ${column} BETWEEN 1 AND 253402300799999)`);
const moment = (/** @type {string} */ format) => (/** @type {string} */ column) =>
  `coalesce('"' || strftime('${format}', ${column} / 1000, 'unixepoch') || '"', 'null')`;
const isText = (/** @type {string} */ column) => `typeof(${column}) IN ('text', 'null')`;
const quoted = (/** @type {string} */ column) => `json_quote(${column})`;
const isWhole = (/** @type {string} */ column) =>
  `(typeof(${column}) = 'integer' AND ${column} BETWEEN -${LARGEST} AND ${LARGEST})`;

/** A fraction that is the number next to some hundredths has no more digits than those: most are, and it is soon seen. */
const isHundredths = (/** @type {string} */ column) =>
  `(abs(${column}) < 1e13 AND CAST(${column} * 100 AS INTEGER) / 100.0 = ${column})`;
const hasFifteenDigits = (/** @type {string} */ column) =>
  `(abs(${column}) >= 0.0001 AND abs(${column}) < 1e15 AND CAST(printf('%!.15g', ${column}) AS REAL) = ${column})`;

/**
 * Fractions are written with 15 digits, where those are all: SQLite and everybody else then take them for the same
 * number. So none is written with an exponent.
 *
 * @type {Spelling}
 */
const FRACTION = {
  json: column =>
    `CASE WHEN ${column} = 0 THEN '0' WHEN typeof(${column}) = 'real' THEN printf('%!.15g', ${column}) ELSE json_quote(${column}) END`,
  exact: column =>
    orNull(
      column,
      `${column} = 0 OR ${isWhole(column)} OR (typeof(${column}) = 'real' AND (${isHundredths(column)} OR ${hasFifteenDigits(column)}))`,
    ),
};
/** @type {Spelling} */
const TEXT_OF_SQLITE = { json: quoted, exact: isText };

/** @type {Readonly<Record<string, Spelling>>} */
const SQLITE = Object.freeze({
  string: TEXT_OF_SQLITE,
  text: TEXT_OF_SQLITE,
  uuid: TEXT_OF_SQLITE,
  time: TEXT_OF_SQLITE,
  integer: { json: quoted, exact: column => orNull(column, isWhole(column)) },
  bigInteger: { json: quoted, exact: column => `typeof(${column}) IN ('integer', 'null')` },
  float: FRACTION,
  decimal: FRACTION,
  boolean: {
    json: column => `CASE ${column} WHEN 0 THEN 'false' WHEN 1 THEN 'true' ELSE 'null' END`,
    exact: column => orNull(column, `(typeof(${column}) = 'integer' AND ${column} IN (0, 1))`),
    flags: ['cast-boolean'],
  },
  json: {
    json: column => `coalesce(${column}, 'null')`,
    exact: column =>
      orNull(
        column,
        `(typeof(${column}) = 'text' AND json_valid(${column}) AND ${column} NOT GLOB '*${'[0-9]'.repeat(DIGITS)}*' AND instr(${column}, '__proto__') = 0)`,
      ),
    flags: ['cast-json'],
  },
  csv: {
    json: column =>
      `CASE WHEN ${column} IS NULL THEN 'null' WHEN ${column} = '' THEN '[]' ELSE '[' || replace(json_quote(${column}), ',', '","') || ']' END`,
    exact: isText,
    flags: ['cast-csv'],
  },
  timestamp: {
    json: column =>
      `coalesce('"' || strftime('%Y-%m-%dT%H:%M:%S', ${column} / 1000, 'unixepoch') || printf('.%03dZ"', ${column} % 1000), 'null')`,
    exact: isMoment,
  },
  dateTime: { json: moment('%Y-%m-%dT%H:%M:%S'), exact: isMoment, isLocal: true },
  date: { json: moment('%Y-%m-%d'), exact: isMoment, isLocal: true },
});

/** @type {Spelling} */
const AS_IT_IS = { json: column => column, exact: null };
/** @type {Spelling} */
const AS_TEXT = { json: column => `${column}::text`, exact: null };
const inYears = (/** @type {string} */ column) =>
  orNull(column, `${column} BETWEEN '0002-01-01' AND '9998-12-31'`);
/** @param {string} format @param {string} type @returns {Spelling} */
const localMoment = (format, type) => ({
  json: column => `to_char(${column}, '${format}')`,
  exact: inYears,
  columns: [type],
  isLocal: true,
});

/** @type {Readonly<Record<string, Spelling>>} */
const POSTGRES = Object.freeze({
  string: AS_IT_IS,
  text: AS_IT_IS,
  uuid: AS_IT_IS,
  integer: AS_IT_IS,
  boolean: { ...AS_IT_IS, flags: ['', 'cast-boolean'] },
  bigInteger: AS_TEXT,
  decimal: AS_TEXT,
  time: { ...AS_TEXT, columns: ['time without time zone'] },
  float: {
    json: column => column,
    exact: column => orNull(column, `${column}::text NOT IN ('NaN', 'Infinity', '-Infinity')`),
  },
  json: {
    json: column => column,
    exact: column =>
      orNull(
        column,
        // Directus reads a string once more, as JSON.
        `(${column}::text !~ '^"|[0-9]{${DIGITS}}' AND strpos(${column}::text, '__proto__') = 0)`,
      ),
    columns: ['json', 'jsonb'],
    flags: ['', 'cast-json'],
  },
  csv: {
    json: column =>
      `CASE ${column} WHEN '' THEN '[]' ELSE '[' || replace(to_json(${column})::text, ',', '","') || ']' END::json`,
    exact: null,
    flags: ['cast-csv'],
  },
  timestamp: {
    json: column => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`,
    exact: column =>
      `(${inYears(column)} AND ${orNull(column, `date_trunc('milliseconds', ${column}) = ${column}`)})`,
    columns: ['timestamp with time zone'],
  },
  dateTime: localMoment('YYYY-MM-DD"T"HH24:MI:SS', 'timestamp without time zone'),
  date: localMoment('YYYY-MM-DD', 'date'),
});

/** How the texts of a row become one, and the rows of a page. */
const VENDORS = Object.freeze({
  sqlite: {
    spellings: SQLITE,
    row: concatenated,
    page: `count(*) AS "count", max("key") AS "last", min("exact") AS "exact", CAST('[' || group_concat("row") || ']' AS BLOB) AS "rows"`,
  },
  postgres: {
    spellings: POSTGRES,
    row: (/** @type {[string, string][]} */ values) =>
      `row_to_json((SELECT "values" FROM (SELECT ${values.map(([name, json]) => `${json} AS "${name}"`).join()}) AS "values"))::text`,
    page: `count(*)::int AS "count", (array_agg("key"))[count(*)] AS "last", bool_and("exact") AS "exact", '[' || string_agg("row", ',') || ']' AS "rows"`,
  },
});

/**
 * SQLite joins arguments in one go, where operators between them would copy everything before each of them.
 *
 * @param {[string, string][]} values names and SQL of their JSON
 * @returns {string} SQL of an object
 */
function concatenated(values) {
  const parts = values.flatMap(([name, json], index) => [`'${index > 0 ? ',' : '{'}"${name}":'`, json]);
  const calls = [...chunks([...parts, "'}'"], MOST_ARGUMENTS)].map(chunk => `concat(${chunk.join()})`);
  return calls.join(' || ');
}

/**
 * @param {string} vendor of the database
 * @param {any} collection as Directus' schema has it
 * @param {string[]} fields to read, the primary key among them
 * @returns {PageQuery | null} null where a field has a type that the database cannot be trusted with
 */
export function pageQuery(vendor, collection, fields) {
  const known = VENDORS[/** @type {keyof typeof VENDORS} */ (vendor)];
  if (!known || fields.length > MOST_COLUMNS) return null;
  /** @type {[string, string][]} */
  const values = [];
  const conditions = [];
  for (const name of fields) {
    const spelling = spellingOf(known.spellings, collection.fields[name]);
    if (!spelling || !isPlainName(name)) return null;
    values.push([name, spelling.json(`"${name}"`)]);
    if (spelling.exact) conditions.push(spelling.exact(`"${name}"`));
  }
  const exact = conditions.join(' AND ') || 'true';
  const sql = `"${collection.primary}" AS "key", ${known.row(values)} AS "row", (${exact}) AS "exact"`;
  return { sql, page: known.page };
}

/**
 * @param {Readonly<Record<string, Spelling>>} spellings
 * @param {{type: string, dbType?: string | null, special: string[]}} field
 * @returns {Spelling | null}
 */
function spellingOf(spellings, { type, dbType, special }) {
  const spelling = spellings[type];
  if (!spelling) return null;
  const { flags = [''], columns, isLocal } = spelling;
  if (!flags.includes(special.filter(flag => CHANGING.has(flag)).join())) return null;
  if (columns && !columns.includes(String(dbType))) return null;
  return isLocal && !isUtc() ? null : spelling;
}

function isUtc() {
  return ['UTC', 'Etc/UTC', 'GMT'].includes(Intl.DateTimeFormat().resolvedOptions().timeZone);
}
