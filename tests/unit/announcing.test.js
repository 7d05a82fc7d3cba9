import assert from 'node:assert/strict';
import { test } from 'node:test';
import { actionsOf } from '../../extension/instances/local/announcing.js';
import { hear, OURS } from '../../extension/instances/local/events.js';

test('rows of own collections are told as Directus tells them', () => {
  const parts = [{ keys: [1], payload: { title: 'A' } }];
  assert.deepEqual(actionsOf({ collection: 'posts', act: 'create', parts }), [
    {
      events: ['items.create', 'posts.items.create'],
      meta: { payload: { title: 'A' }, key: 1, collection: 'posts' },
    },
  ]);
  assert.deepEqual(
    actionsOf({ collection: 'posts', act: 'update', parts: [{ ...parts[0], keys: [1, 2] }] }),
    [
      {
        events: ['items.update', 'posts.items.update'],
        meta: { payload: { title: 'A' }, keys: [1, 2], collection: 'posts' },
      },
    ],
  );
});

test('rows of Directus have events of their own names', () => {
  const parts = [{ keys: ['a', 'b'], payload: {} }];
  assert.deepEqual(actionsOf({ collection: 'directus_roles', act: 'delete', parts }), [
    {
      events: ['roles.delete'],
      meta: { payload: ['a', 'b'], keys: ['a', 'b'], collection: 'directus_roles' },
    },
  ]);
});

test('events of our own are not heard', () => {
  /** @type {((meta: any, context: any) => void)[]} */
  const handlers = [];
  /** @type {any[]} */
  const heard = [];
  hear({ action: (_, handler) => handlers.push(handler), filter: () => {} }, meta => heard.push(meta.event));
  for (const handler of handlers) {
    handler({ event: 'theirs' }, { database: null });
    handler({ event: 'ours' }, { database: null, [OURS]: true });
  }
  assert.deepEqual([...new Set(heard)], ['theirs']);
});
