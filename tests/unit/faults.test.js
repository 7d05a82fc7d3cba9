import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asKnown, SchemaSyncError } from '../../extension/errors.js';

/** @param {string} message @param {object} [properties] */
function failure(message, properties) {
  return Object.assign(new Error(message), properties);
}

const refused = failure('connect ECONNREFUSED 127.0.0.1:5432', { code: 'ECONNREFUSED' });

test('faults of database and disk have codes of their own', () => {
  /** @type {[string, Error][]} */
  const faults = [
    ['DATABASE_UNAVAILABLE', refused],
    ['DATABASE_UNAVAILABLE', failure('Connection terminated unexpectedly')],
    [
      'DATABASE_UNAVAILABLE',
      failure('terminating connection due to administrator command', { code: '57P01' }),
    ],
    ['DATABASE_UNWRITABLE', failure('SQLITE_FULL: database or disk is full', { code: 'SQLITE_FULL' })],
    ['FILE_INACCESSIBLE', failure("EACCES: permission denied, open '/plan.json'", { code: 'EACCES' })],
    ['INTERNAL', failure('x is not a function')],
  ];
  for (const [code, error] of faults) {
    const known = asKnown(error);
    assert.equal(known.code, code);
    assert.ok(known.message.includes(error.message), known.message);
  }
});

test('addresses of a host that all refuse are named', () => {
  const error = Object.assign(new AggregateError([refused], ''), { code: 'ECONNREFUSED' });
  assert.match(asKnown(error).message, /does not answer: connect ECONNREFUSED 127\.0\.0\.1:5432\. Check/);
});

test('what stopped the work from outside says more than the work that failed', () => {
  const lost = new SchemaSyncError('READ_FAILED', 'posts could not be read.', { cause: refused });
  assert.equal(asKnown(lost).code, 'DATABASE_UNAVAILABLE');
  const wrong = new SchemaSyncError('READ_FAILED', 'posts could not be read.', {
    cause: failure('no such column'),
  });
  assert.equal(asKnown(wrong), wrong);
});
