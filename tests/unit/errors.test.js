/** The error codes: the table, the README and the core name the same ones. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { loadCore } from '../../extension/core.js';
import { ERRORS, EXIT, SchemaSyncError, throwErrors, withSchemaKept } from '../../extension/errors.js';

const README = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

/** @param {string} heading @returns {string[][]} the cells of the table below a heading */
function tableBelow(heading) {
  const section = README.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const rows = section.split('\n').filter(line => line.startsWith('| `'));
  return rows.map(line =>
    line
      .split('|')
      .slice(1, -1)
      .map(cell => cell.trim()),
  );
}

test('the README lists exactly the error codes of the table', () => {
  const documented = tableBelow('Error codes');
  const expected = Object.entries(ERRORS).map(([code, { exit, help }]) => [
    `\`${code}\``,
    String(exit),
    help,
  ]);
  assert.deepEqual(documented, expected);
});

test('every code of the core is in the table', async () => {
  const core = await loadCore();
  const missing = core.errorCodes().filter(code => !(code in ERRORS));
  assert.deepEqual(missing, []);
});

test('an error knows its exit code and becomes JSON', () => {
  const error = new SchemaSyncError('CONSENT_NEEDED', 'Look.', { path: 'posts' });
  assert.equal(error.exitCode, EXIT.refused);
  assert.deepEqual(JSON.parse(JSON.stringify(error)), {
    code: 'CONSENT_NEEDED',
    message: 'Look.',
    path: 'posts',
  });
  assert.equal(new SchemaSyncError('NEVER_HEARD_OF', '').exitCode, EXIT.error);
});

test('an error of a run that has changed the schema for good does not claim that nothing was changed', () => {
  const error = new SchemaSyncError('READ_FAILED', 'It cannot be read. Nothing was changed.', {
    path: 'posts',
  });
  const kept = withSchemaKept(error);
  assert.match(
    kept.message,
    /^It cannot be read\. No row was changed\. What was changed of the schema stays/,
  );
  assert.deepEqual(
    [kept.code, kept.path, kept.keepsSchema, kept.cause],
    ['READ_FAILED', 'posts', true, error],
  );
});

test('diagnostics are thrown together, the first error in front', () => {
  /** @type {import('../../extension/errors.js').Diagnostic[]} */
  const found = [
    { severity: 'warning', code: 'DELETION_OFF', message: 'Off.' },
    { severity: 'error', code: 'KEY_MISSING', message: 'No key.', path: 'data/posts.json' },
    { severity: 'error', code: 'KEY_DUPLICATE', message: 'Twice.' },
  ];
  assert.throws(() => throwErrors(found), {
    code: 'KEY_MISSING',
    path: 'data/posts.json',
    diagnostics: found,
  });
  assert.doesNotThrow(() => throwErrors(found.slice(0, 1)));
});
