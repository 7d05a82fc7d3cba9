import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dialectOf } from '../../extension/instances/local/dialect.js';

/** @param {string} code @param {string} message */
function postgresError(code, message) {
  return Object.assign(new Error(message), { code });
}

test('texts that MariaDB quotes are read as what they say', () => {
  const { unquoted } = dialectOf({ client: { config: { client: 'mysql2' } } });
  assert.equal(unquoted("it''s a \\\\b\\n"), "it's a \\b\n");
  const others = dialectOf({ client: { config: { client: 'pg' } } });
  assert.equal(others.unquoted("it''s a \\b"), "it's a \\b");
});

test('a table that is dropped while PostgreSQL lists the tables is in the way, one that is missing is not', () => {
  const { isBusy } = dialectOf({ client: { config: { client: 'pg' } } });
  assert.ok(isBusy(postgresError('42P01', 'SELECT … - relation "17181" does not exist')));
  assert.ok(isBusy(postgresError('XX000', 'could not open relation with OID 17181')));
  assert.ok(!isBusy(postgresError('42P01', 'SELECT … - relation "posts" does not exist')));
  assert.ok(isBusy(postgresError('40001', 'could not serialize access due to concurrent update')));
});
