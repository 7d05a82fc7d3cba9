/** Which rows a database is trusted to write as JSON. What it writes is compared in `tests/e2e/reading.test.js`. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pageQuery } from '../../extension/instances/local/row-json.js';

/** @param {string} vendor @param {Record<string, any>} fields besides the key */
function queryOf(vendor, fields) {
  const plain = { dbType: null, special: [] };
  const all = { id: { ...plain, type: 'uuid' }, ...fields };
  const collection = {
    primary: 'id',
    fields: Object.fromEntries(Object.entries(all).map(([name, field]) => [name, { ...plain, ...field }])),
  };
  return pageQuery(vendor, collection, Object.keys(all));
}

test('rows of plain types are written by SQLite and PostgreSQL, and by no other', () => {
  const fields = { title: { type: 'string' }, stock: { type: 'integer' } };
  assert.match(String(queryOf('sqlite', fields)?.sql), /"title"/);
  assert.match(String(queryOf('postgres', fields)?.sql), /"title"/);
  assert.equal(queryOf('mysql', fields), null);
});

test('a field that Directus hides or decrypts is left to it, and so is a type that is not known', () => {
  for (const special of [['conceal'], ['hash'], ['encrypt'], ['cast-csv']])
    assert.equal(queryOf('sqlite', { secret: { type: 'string', special } }), null, special.join());
  assert.equal(queryOf('postgres', { place: { type: 'geometry.Point' } }), null);
  assert.equal(queryOf('sqlite', { flag: { type: 'boolean' } }), null, 'not cast by Directus');
});

test('a name that would have to be quoted is left to Directus', () => {
  assert.equal(queryOf('sqlite', { 'a"b': { type: 'string' } }), null);
});

test('more columns than an expression may have are left to Directus', () => {
  const columns = (/** @type {number} */ count) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`c${index}`, { type: 'string' }]));
  assert.notEqual(queryOf('sqlite', columns(199)), null);
  assert.equal(queryOf('sqlite', columns(200)), null);
});
