import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SchemaSyncError } from '../../extension/errors.js';
import {
  diagnosticLines,
  errorLines,
  exportLines,
  importLines,
  plural,
  totals,
} from '../../extension/report.js';

const counts = (create = 0, update = 0, gone = 0) => ({
  create,
  update,
  delete: gone,
  unchanged: 5,
  kept: 1,
});
/** @type {any} */
const plan = {
  steps: [{ type: 'items.create', collection: 'tags' }],
  summary: { schema: { fields: counts(1), collections: counts(0, 1) }, items: { tags: counts(3, 2, 1) } },
};
/** @type {import('../../extension/export.js').ExportReport} */
const exported = {
  dir: '/p/schema-sync',
  applied: true,
  rows: { tags: 3, posts: 4 },
  schema: true,
  written: ['data/tags.json'],
  removed: ['data/old.json'],
  unchanged: 7,
  pending: false,
  warnings: [],
};

test('an export says in numbers what it did', () => {
  assert.deepEqual(exportLines(exported), [
    'Exported the schema and 7 rows of 2 entries to /p/schema-sync.',
    '1 file written, 1 removed, 7 unchanged.',
    '  ~ data/tags.json',
    '  - data/old.json',
  ]);
});

test('an export that changed nothing says why', () => {
  const [line, ...rest] = exportLines({
    ...exported,
    applied: false,
    written: [],
    removed: [],
    schema: false,
  });
  assert.equal(line, 'Nothing to write: /p/schema-sync holds 7 rows of 2 entries already.');
  assert.deepEqual(rest, []);
});

test('long lists of files are counted', () => {
  const written = Array.from({ length: 12 }, (_, index) => `data/${index}.json`);
  const lines = exportLines({ ...exported, written, removed: [] });
  assert.equal(lines.at(-1), '  ~ and 2 more');
  assert.equal(lines.length, 2 + 10 + 1);
});

test('an import says what it applied, or would', () => {
  const report = { plan, applied: true, skipped: null, warnings: [] };
  assert.equal(totals(plan), '2 changes to the schema and 6 to rows');
  assert.deepEqual(importLines(report, 'the plan\n'), [
    'the plan',
    '',
    'Applied 2 changes to the schema and 6 to rows.',
  ]);
  const [, , last] = importLines({ ...report, applied: false }, 'the plan\n');
  assert.equal(last, 'Nothing was changed. An import would apply 2 changes to the schema and 6 to rows.');
});

test('an empty plan and an empty folder say so', () => {
  const empty = { plan: { ...plan, steps: [] }, applied: false, skipped: false, warnings: [] };
  assert.deepEqual(importLines(empty, 'Nothing to change.\n'), ['Nothing to change.']);
  assert.match(
    importLines({ ...empty, plan: null }, '')[0],
    /^Nothing to import: the folder holds no data yet/,
  );
});

test('problems name code and place once', () => {
  /** @type {import('../../extension/errors.js').Diagnostic[]} */
  const found = [
    {
      severity: 'warning',
      code: 'DELETION_OFF',
      message: 'Nothing of posts is deleted.',
      path: 'config.js: x.posts',
    },
    {
      severity: 'error',
      code: 'KEY_MISSING',
      message: 'data/a.json has a row without key.',
      path: 'data/a.json',
    },
  ];
  assert.deepEqual(diagnosticLines(found), [
    'warning DELETION_OFF: Nothing of posts is deleted. (config.js: x.posts)',
    'error KEY_MISSING: data/a.json has a row without key.',
  ]);
  const error = new SchemaSyncError('KEY_MISSING', found[1].message, {
    path: 'data/a.json',
    diagnostics: found,
  });
  assert.deepEqual(errorLines(error), [
    'error KEY_MISSING: data/a.json has a row without key.',
    '  warning DELETION_OFF: Nothing of posts is deleted. (config.js: x.posts)',
  ]);
});

test('numbers are counted in words', () => {
  assert.deepEqual(
    [plural(0, 'row'), plural(1, 'row'), plural(2, 'entry', 'entries')],
    ['0 rows', '1 row', '2 entries'],
  );
});
