/** Every type of field comes back as it was, by a folder and between servers in other time zones. */
import assert from 'node:assert/strict';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { column, serialKey } from '../harness/sample/fields.js';
import { BENCH, callCaseOf } from '../support/bench/run.js';
import { combinations, reasonToSkip } from '../support/combinations.js';
import { testProjects } from '../support/projects.js';
import { copyFolder, installFolder, readData, succeed } from '../support/sync-folder.js';

/** @typedef {import('../harness/project.js').Project} Project */
/** @typedef {import('../harness/project.js').ProjectOptions} ProjectOptions */

const CASES = fileURLToPath(new URL('../support/cases/types.js', import.meta.url));
/** One is behind UTC, the other before it, and not by whole hours. */
const [SOURCE_ZONE, TARGET_ZONE] = ['America/New_York', 'Asia/Kolkata'];

const COLLECTION = 'everything';
const READ = `/items/${COLLECTION}?sort=id&limit=-1`;
const PRECISE = { numeric_precision: 15, numeric_scale: 4 };
/** A default of which each database writes some characters otherwise. */
const QUOTED = `it's "a" \\b`;
const FIELDS = [
  column('string', 'string'),
  column('text', 'text'),
  column('boolean', 'boolean', { special: ['cast-boolean'] }),
  column('integer', 'integer'),
  column('big', 'bigInteger'),
  column('decimal', 'decimal', {}, PRECISE),
  column('float', 'float'),
  column('date', 'date'),
  column('time', 'time'),
  column('local', 'dateTime'),
  column('moment', 'timestamp'),
  column('uuid', 'uuid'),
  column('json', 'json', { special: ['cast-json'] }),
  column('csv', 'csv', { special: ['cast-csv'] }),
  column('string_or', 'string', {}, { default_value: 'default' }),
  column('quoted_or', 'string', {}, { default_value: QUOTED }),
  column('integer_or', 'integer', {}, { default_value: 7 }),
  column('boolean_or', 'boolean', { special: ['cast-boolean'] }, { default_value: true }),
];
const NAMES = FIELDS.map(({ field }) => field);
const DEFAULTS = Object.freeze({ string_or: 'default', quoted_or: QUOTED, integer_or: 7, boolean_or: true });

const UNICODE = [
  'é as one, é as two',
  'العربية עברית \u202Eleft\u202C',
  '👩‍👩‍👧‍👦 🧶 𝒳 \u{10FFFF}',
  '\u2028 \u2029 \u0085 \uFEFF \u00A0 \u200B',
  '\u0001\u0008\t\n\u000B\u000C\r\u001F\u007F',
  '"quoted" \'single\' \\back/slash `tick` {{none}} <b>&amp;',
  '漢字 한국어 ไทย',
].join('\r\n');

/** Rows as people enter them. A field that a row leaves out has its default. */
const ROWS = [
  {
    string: 'A string',
    text: UNICODE,
    boolean: true,
    integer: 42,
    big: 9_007_199_254_740_991,
    decimal: 12.5,
    float: 0.1,
    date: '2024-02-29',
    time: '17:45:00',
    local: '2026-03-08T02:30:00',
    moment: '2026-03-08T07:30:00.123Z',
    uuid: 'b3c1a9d2-7c0e-4f6a-9a53-0d9c0f7d1e11',
    json: { b: [1, null, 'x', { deep: [] }], a: 1.5, 10: 'ten', 9: 'nine', '': 'no name', é: '👋' },
    csv: ['one', 'two words', 'ü'],
  },
  {
    string: UNICODE.slice(0, 40),
    boolean: false,
    integer: -2_147_483_648,
    big: '9007199254740993',
    decimal: 99_999_999_999.9999,
    float: 1e-7,
    date: '1969-12-31',
    time: '00:00:00',
    local: '1969-12-31T23:59:59',
    moment: '1969-12-31T23:59:59.999Z',
    json: [1e21, -0.5, 'text', [[]], {}, true, null],
    csv: ['', 'x'],
  },
  {
    integer: 2_147_483_647,
    big: '-9223372036854775808',
    decimal: -0.0001,
    float: -123_456_789.125,
    date: '9999-12-31',
    time: '23:59:59',
    local: '2026-07-01T12:00:00',
    moment: '2038-01-19T03:14:08.000Z',
    json: ['a string'],
  },
  { big: '9223372036854775807', json: 12, string_or: '', integer_or: 0, boolean_or: false },
  { json: false, string: 'null', text: 'undefined', string_or: 'null' },
  { string: '', text: '', integer: 0, big: 0, decimal: 0, float: 0, boolean: false, json: {}, csv: [] },
  { string: ' ', json: [], csv: ['0'] },
  { ...Object.fromEntries(NAMES.map(name => [name, null])) },
  {},
];

/**
 * What MySQL and MariaDB take of some values: their timestamps are from 1970 to 2038, and Directus gives their floats ten
 * digits, five of them behind the point.
 *
 * @type {Readonly<Record<string, unknown>>}
 */
const INSTEAD = Object.freeze({
  '1969-12-31T23:59:59.999Z': '1970-01-01T00:00:01.000Z',
  '2038-01-19T03:14:08.000Z': '2038-01-19T03:14:07.000Z',
  '-123456789.125': -12_345.125,
});

/** @param {import('../harness/databases.js').DatabaseName} database @returns {object[]} */
function rowsFor(database) {
  if (database !== 'mariadb') return ROWS;
  const taken = (/** @type {unknown} */ value) => INSTEAD[String(value)] ?? value;
  return ROWS.map(row =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [name, taken(value)])),
  );
}

const GEOMETRY_FIELDS = [column('place', 'geometry.Point'), column('area', 'geometry.Polygon')];
const CORNERS = [
  [-21.9, 64.1],
  [-21.8, 64.1],
  [-21.8, 64.2],
  [-21.9, 64.1],
];
const GEOMETRIES = [
  {
    place: { type: 'Point', coordinates: [-21.933333, 64.133333] },
    area: { type: 'Polygon', coordinates: [CORNERS] },
  },
  { place: null, area: null },
];

const projects = testProjects();

for (const { name, major, database, skip } of await combinations({ file: 'types' })) {
  test(`${name}: every type, null, empty and default, in other time zones`, { skip }, async () => {
    const source = await createProject({ major, database, template: 'a', env: { TZ: SOURCE_ZONE } });
    const rows = await exportRows(source, FIELDS, rowsFor(database));
    const kept = await stored(source, ['big', 'decimal']);
    assert.deepEqual(kept.map(row => row.big).slice(0, 5), [
      '9007199254740991',
      '9007199254740993',
      '-9223372036854775808',
      '9223372036854775807',
      null,
    ]);
    assert.deepEqual(pick(rows[7], Object.keys(DEFAULTS)), nulls(DEFAULTS));
    assert.deepEqual(pick(rows[8], Object.keys(DEFAULTS)), DEFAULTS);
    assert.equal(rows[0].text, UNICODE);

    const target = await createProject({ major, database, template: 'b', env: { TZ: TARGET_ZONE } });
    assert.deepEqual(await importRows(source, target), rows);
    assert.deepEqual(await stored(target, ['big', 'decimal']), kept, 'also what JavaScript cannot count');
  });
}

for (const { name, major, database, skip } of await combinations({ file: 'types' })) {
  test(`${name}: bytes`, { skip }, async () => {
    const source = await createProject({ major, database, template: 'a' });
    const all = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)).toString('hex');
    const collection = COLLECTION;
    const rows = [{ string: 'few' }, { string: 'none' }, { string: 'all' }, { string: 'null' }];
    await exportRows(source, [column('string', 'string'), column('bytes', 'binary')], rows);
    const values = { 1: '00ff10', 2: '', 3: all, 4: null };
    await callCaseOf(source, CASES, 'storeBytes', { collection, values });
    await succeed(source, ['schema-sync', 'export']);
    const file = JSON.parse((await readData(source))[`data/${COLLECTION}.json`] ?? '');
    assert.deepEqual(
      file.map((/** @type {any} */ { bytes }) => bytes),
      ['AP8Q', '', Buffer.from(all, 'hex').toString('base64'), null],
    );

    const target = await createProject({ major, database, template: 'b' });
    await importRows(source, target);
    const stored = () => callCaseOf(target, CASES, 'storedBytes', { collection });
    assert.deepEqual(await stored(), Object.values(values));
    const others = { 1: null, 2: '01', 3: '02', 4: 'ff' };
    await callCaseOf(target, CASES, 'storeBytes', { collection, values: others });
    await succeed(target, ['schema-sync', 'import', '--yes']);
    assert.deepEqual(await stored(), Object.values(values), 'changed ones, too');
  });
}

test('PostgreSQL with PostGIS: geometries', { skip: await reasonToSkip('postgres') }, async t => {
  const options = /** @type {const} */ ({ major: '12', database: 'postgres' });
  const source = await createProject({ ...options, template: 'a' });
  if (!(await callCaseOf(source, CASES, 'prepareGeometry'))) return t.skip('PostGIS is not installed.');
  const rows = await exportRows(source, GEOMETRY_FIELDS, GEOMETRIES);
  assert.deepEqual(rows[0].place, GEOMETRIES[0]?.place);
  const target = await createProject({ ...options, template: 'b' });
  await callCaseOf(target, CASES, 'prepareGeometry');
  assert.deepEqual(await importRows(source, target), rows);
});

/** @param {ProjectOptions} options @returns {Promise<Project>} empty, with an extension that asks its database */
async function createProject(options) {
  const project = await projects.empty(options);
  await cp(BENCH, join(project.dir, 'extensions', 'bench'), { recursive: true });
  return project;
}

/**
 * @param {Project} source gets a collection of the rows, and exports it
 * @param {object[]} fields
 * @param {object[]} rows
 * @returns {Promise<any[]>} as Directus gives them
 */
async function exportRows(source, fields, rows) {
  const { api } = await source.start();
  const collection = { collection: COLLECTION, schema: {}, meta: {}, fields: [serialKey(), ...fields] };
  await api('POST', '/collections', collection);
  for (const row of rows) await api('POST', `/items/${COLLECTION}`, row);
  const read = await api('GET', READ);
  await source.stop();
  await installFolder(source, { [COLLECTION]: {} });
  await succeed(source, ['schema-sync', 'export']);
  return read;
}

/**
 * Imports what `source` has exported. Afterwards nothing is left to import, and an export gives the same bytes.
 *
 * @param {Project} source
 * @param {Project} target
 * @returns {Promise<any[]>} as Directus gives them
 */
async function importRows(source, target) {
  await copyFolder(source, target);
  await succeed(target, ['schema-sync', 'import', '--yes']);
  const env = { LOG_LEVEL: 'silent' };
  const { stdout } = await succeed(target, ['schema-sync', 'import', '--yes', '--json'], { env });
  assert.equal(JSON.parse(stdout).applied, false);
  await succeed(target, ['schema-sync', 'export']);
  assert.deepEqual(await readData(target), await readData(source));
  const { api } = await target.start();
  const rows = await api('GET', READ);
  await target.stop();
  return rows;
}

/** @param {Project} project @param {string[]} fields @returns {Promise<Record<string, string | null>[]>} */
function stored(project, fields) {
  return callCaseOf(project, CASES, 'stored', { collection: COLLECTION, fields });
}

/** @param {Record<string, unknown>} row @param {string[]} names */
function pick(row, names) {
  return Object.fromEntries(names.map(name => [name, row[name]]));
}

/** @param {object} row */
function nulls(row) {
  return Object.fromEntries(Object.keys(row).map(name => [name, null]));
}
