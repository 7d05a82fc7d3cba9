/** Rows as they are read for a plan, beside what Directus' own service gives. */
import { collectionStep, fieldOf, uuid } from './shop.js';
import { jsonRowsOf, rowsOf, toolsOf } from './tools.js';

/** More rows than one page takes, and no multiple of it. */
const ROWS = 2503;

/** A key of each kind, and how the n-th one of it looks. */
const KEYS = Object.freeze({
  uuid,
  // Digits sort otherwise as text.
  string: (/** @type {number} */ n) => `K-${n * 7}`,
  integer: (/** @type {number} */ n) => n,
  bigInteger: (/** @type {number} */ n) => n,
});

/** One field of every type that Directus reads back otherwise than the driver does. */
const FIELDS = [
  fieldOf('text', 'text'),
  fieldOf('flag', 'boolean', {}, { special: ['cast-boolean'] }),
  fieldOf('settings', 'json', {}, { special: ['cast-json'] }),
  fieldOf('tags', 'csv', {}, { special: ['cast-csv'] }),
  fieldOf('at', 'timestamp'),
  fieldOf('local', 'dateTime'),
  fieldOf('day', 'date'),
  fieldOf('hour', 'time'),
  fieldOf('big', 'bigInteger'),
  fieldOf('price', 'decimal', { numeric_precision: 12, numeric_scale: 3 }),
  fieldOf('share', 'float'),
  fieldOf('secret', 'string', {}, { special: ['conceal'] }),
];
const NAMES = ['id', ...FIELDS.map(({ field }) => field)];
/** Without what Directus hides, and fractions that 15 digits cannot write. */
const WRITTEN = NAMES.filter(name => !['secret', 'share'].includes(name));

/**
 * Reads all rows of a collection in pages, and those that a filter finds, for each kind of primary key.
 *
 * @param {any} context
 */
export async function pages(context) {
  const tools = await toolsOf(context);
  const kinds = /** @type {(keyof typeof KEYS)[]} */ (Object.keys(KEYS));
  /** @type {Record<string, Awaited<ReturnType<typeof pagesOf>>>} */
  const found = {};
  for (const kind of kinds) found[kind] = await pagesOf(tools, kind);
  return found;
}

/** @param {Awaited<ReturnType<typeof toolsOf>>} tools @param {keyof typeof KEYS} kind */
async function pagesOf({ instance, run }, kind) {
  const name = `by_${kind.toLowerCase()}`;
  const key = fieldOf('id', kind, { is_primary_key: true, is_nullable: false });
  await run([collectionStep(name, [key, ...FIELDS], { group: null })]);
  return instance.transaction(
    async session => {
      await fill(session, name, KEYS[kind]);
      const { TZ } = process.env;
      const found = await beside(session, name);
      try {
        process.env.TZ = 'UTC';
        return { ...found, utc: await beside(session, name), written: await written(session, name) };
      } finally {
        process.env.TZ = TZ;
      }
    },
    { commit: false },
  );
}

/** Rows as objects and as text, all and those of a filter, beside what the service gives. @param {any} session @param {string} name */
async function beside(session, name) {
  const some = { big: { _lt: 1500 } };
  const service = await session.items(name);
  /** @param {any} filter */
  const asDirectusDoes = filter => service.readByQuery({ fields: NAMES, filter, sort: ['id'], limit: -1 });
  const [all, filtered] = [await asDirectusDoes(null), await asDirectusDoes(some)];
  return {
    all: isSame(await rowsOf(session, name, NAMES), all),
    filtered: isSame(await rowsOf(session, name, NAMES, { filter: some }), filtered),
    text: isSame(await jsonRowsOf(session, name, NAMES), all),
    filteredText: isSame(await jsonRowsOf(session, name, NAMES, { filter: some }), filtered),
  };
}

/**
 * The rows that the database can write, beside what the service gives, and how many of them Directus' conversion saw.
 *
 * @param {any} session
 * @param {string} name
 */
async function written(session, name) {
  const service = await session.items(name);
  const expected = await service.readByQuery({ fields: WRITTEN, sort: ['id'], limit: -1 });
  const { prototype } = (await session.payloads(name)).constructor;
  const { processValues } = prototype;
  let converted = 0;
  prototype.processValues = function (/** @type {string} */ action, /** @type {any[]} */ rows) {
    converted += rows.length;
    return processValues.call(this, action, rows);
  };
  try {
    const rows = await jsonRowsOf(session, name, WRITTEN);
    return { converted, ...isSame(rows, expected) };
  } finally {
    prototype.processValues = processValues;
  }
}

/** Values that no column of its type should hold, but may, each in a row of its own. */
const ODD = Object.freeze({
  sqlite: [
    { flag: 2 },
    { flag: 'yes' },
    { settings: '' },
    { settings: 'no JSON' },
    { settings: '"5"' },
    { settings: '[1,\n 2]' },
    { settings: '{"n":12345678901234567890}' },
    { settings: '{"__proto__":1,"b":2}' },
    { at: 0 },
    { at: -1000 },
    { at: 1.5 },
    { at: 1_700_000_000_123 },
    { local: 0 },
    { day: 951_782_400_000 },
    { price: 'free' },
    { price: 1e300 },
    { share: 1e-9 },
    { share: 0.1 + 0.2 },
    { share: 0.29 },
    { share: 1.005 },
    { share: -4.35 },
    { share: 1_234_567_890_123.45 },
    { share: 12_345_678_901_234.56 },
    { share: 123_456_789.125 },
    { share: -0 },
    { tags: '' },
    { tags: ',"' },
    { text: 'a\u0001b\\ \u2028' },
    { hour: 5 },
  ],
  postgres: [
    { settings: '"5"' },
    { settings: 'null' },
    { settings: '[1,\n 2]' },
    { settings: '{"n":12345678901234567890}' },
    { settings: '{"__proto__":1,"b":2}' },
    { at: '2026-01-01 00:00:00.123456+00' },
    { at: '2026-01-01 00:00:00.5+02' },
    { local: '2026-01-01 02:30:00.5' },
    { day: '1600-02-29' },
    { price: '0.1' },
    { share: 0.1 + 0.2 },
    { share: 'NaN' },
    { share: 1e20 },
    { tags: '' },
    { tags: ',"' },
    { text: 'a\u0001b\\ \u2028' },
    { hour: '23:59:01.25' },
  ],
});

/**
 * Rows with odd values, each read as a page of its own, beside what the service gives.
 *
 * @param {any} context
 * @returns {Promise<{count: number, differing: any[]}>}
 */
export async function oddValues(context) {
  const { instance, run } = await toolsOf(context);
  const name = 'by_odd';
  const key = fieldOf('id', 'integer', { is_primary_key: true, is_nullable: false });
  await run([collectionStep(name, [key, ...FIELDS], { group: null })]);
  return instance.transaction(
    async session => {
      const odd = ODD[/** @type {keyof typeof ODD} */ (session.dialect.vendor)];
      const { TZ } = process.env;
      process.env.TZ = 'UTC';
      try {
        for (const [id, values] of odd.entries()) await session.trx(name).insert({ id, ...values });
        return { count: odd.length, differing: await differingOdd(session, name, odd) };
      } finally {
        process.env.TZ = TZ;
      }
    },
    { commit: false },
  );
}

/** @param {any} session @param {string} name @param {readonly any[]} odd */
async function differingOdd(session, name, odd) {
  const service = await session.items(name);
  const fields = NAMES.filter(field => field !== 'secret');
  const differing = [];
  for (const [id, values] of odd.entries()) {
    const filter = { id: { _in: [id] } };
    const expected = await service.readByQuery({ fields, filter });
    const found = await jsonRowsOf(session, name, fields, { filter });
    const [one, other] = [found, expected].map(rows => JSON.stringify(rows));
    if (one !== other) differing.push({ values, one, other });
  }
  return differing;
}

/** @param {any} session @param {string} name @param {(n: number) => unknown} keyOf */
async function fill(session, name, keyOf) {
  const rows = Array.from({ length: ROWS }, (_, n) => rowOf(keyOf(n + 1), n));
  const payloads = await session.payloads(name);
  const values = await payloads.processValues('create', rows);
  for (let at = 0; at < ROWS; at += 100) await session.trx(name).insert(values.slice(at, at + 100));
}

/** Every third row is as empty as it can be. @param {unknown} id @param {number} n */
function rowOf(id, n) {
  const day = String((n % 28) + 1).padStart(2, '0');
  const full = {
    text: `line ${n}\n"quoted" é 🎈`,
    flag: n % 2 === 0,
    settings: { n, list: [n, null, 'x'], deep: { é: true } },
    tags: ['a', `t${n}`],
    at: `2026-03-${day}T23:30:00.000Z`,
    local: `2026-03-${day}T02:30:00`,
    day: `2026-03-${day}`,
    hour: '23:59:01',
    price: 12.345,
    share: n / 7,
    secret: 'hidden',
  };
  const empty = { text: '', flag: null, settings: null, tags: null, at: null, local: null, day: null };
  const rest = { hour: null, price: null, share: null, secret: null };
  return { id, big: n, ...(n % 3 === 0 ? { ...empty, ...rest } : full) };
}

/**
 * @param {any[]} rows
 * @param {any[]} expected
 * @returns {{count: number, differing: any[]}} the first rows that differ
 */
function isSame(rows, expected) {
  const byKey = new Map(rows.map(row => [String(row.id), JSON.stringify(row)]));
  const differing = expected.filter(row => byKey.get(String(row.id)) !== JSON.stringify(row)).slice(0, 3);
  return { count: rows.length, differing: differing.map(row => [row, byKey.get(String(row.id))]) };
}
