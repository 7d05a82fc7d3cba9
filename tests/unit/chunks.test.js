import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bySize, isTooLarge, pieces } from '../../extension/instances/local/chunks.js';

test('rows are taken together as far as one statement holds their texts', () => {
  const rows = ['aaaa', 'bb', Buffer.from('cc'), 'dddddddd', 'e', null].map(value => ({ value }));
  const sizes = (/** @type {number} */ most) => [...bySize(rows, most)].map(part => part.length);
  assert.deepEqual(sizes(6), [2, 1, 1, 2]);
  assert.deepEqual(sizes(Number.POSITIVE_INFINITY), [6]);
  assert.deepEqual([...bySize(rows, 6)].flat(), rows);
  assert.equal(isTooLarge(['aaaa', 'bbb'], 6), true);
  assert.equal(isTooLarge(['aaaa', 'bbb'], Number.POSITIVE_INFINITY), false);
});

test('a text is cut between characters', () => {
  assert.deepEqual([...pieces('ab🧶cd', 3)], ['ab🧶', 'cd']);
  assert.deepEqual([...pieces('ab🧶cd', Number.POSITIVE_INFINITY)], ['ab🧶cd']);
  assert.deepEqual([...pieces('', 3)], []);
});
