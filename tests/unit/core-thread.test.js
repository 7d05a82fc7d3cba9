/** The core in a thread of its own: what crosses, and what fails. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withCoreThread } from '../../extension/core-thread.js';
import { SchemaSyncError } from '../../extension/errors.js';

/** @type {any} */
const FACTS = {
  directus: '12.4.0',
  vendor: 'sqlite',
  relations: [],
  collections: {
    posts: { primary: 'id', fields: { id: { type: 'string', nullable: false }, title: { type: 'string' } } },
  },
};
/** @type {any} */
const RAW = { mode: 'mirror', sources: [{ file: 'config.js', custom: { posts: {} } }] };

/** @param {string} path @param {string} text */
function plannedIn(path, text) {
  return withCoreThread(async core => {
    const planner = await core.planner(await core.resolveConfig(RAW, FACTS), FACTS);
    await planner.beginFile('posts', path);
    for (const byte of Buffer.from(text)) await planner.addFilePart(Uint8Array.of(byte));
    await planner.endFile();
    await planner.finishFiles();
    await planner.addCurrent('posts', Buffer.from('[{"id":"b","title":"Old"}]'));
    const whole = await planner.plan();
    await planner.free();
    const { steps } = await whole.head();
    const parts = [];
    for (const [index, { count = 0 }] of steps.entries()) {
      for (let from = 0; from < count; from++)
        parts.push(JSON.parse(textOf(await whole.part(index, from, 1))));
    }
    return { steps, parts, text: await whole.render('text') };
  });
}

/** @param {Uint8Array} bytes */
function textOf(bytes) {
  return Buffer.from(bytes).toString();
}

test('objects of the core stay in the thread, and give what they are asked for', async () => {
  const rows = [
    { id: 'a', title: 'Grüße' },
    { id: 'c', title: null },
  ];
  const { steps, parts, text } = await plannedIn('data/posts.json', JSON.stringify(rows));
  assert.deepEqual(
    steps.map(({ type, count }) => [type, count]),
    [
      ['items.create', 2],
      ['items.delete', 1],
    ],
  );
  assert.deepEqual(
    parts.map(part => part.rows ?? part.keys),
    [[rows[0]], [rows[1]], ['b']],
  );
  assert.match(text, /posts/);
});

test('errors of the core arrive with code, path and diagnostics', async () => {
  await assert.rejects(plannedIn('data/posts.json', '[{"id": 1'), (/** @type {any} */ error) => {
    assert.ok(error instanceof SchemaSyncError);
    assert.deepEqual([error.code, error.path], ['JSON_INVALID', 'data/posts.json:1:9']);
    assert.equal(error.exitCode, 1);
    return true;
  });
});

test('a call that the thread cannot answer fails, as does every later one', async () => {
  /** @type {Promise<unknown>[]} */
  const calls = [];
  /** @type {any} */
  let core;
  await withCoreThread(async thread => {
    core = thread;
    calls.push(thread.defaultDirectusConfig());
  }).then(() => calls.push(core.defaultDirectusConfig()));
  const results = await Promise.allSettled(calls);
  // The first one may have been answered before the thread ended.
  assert.deepEqual(results.at(-1)?.status, 'rejected');
  await assert.rejects(Promise.resolve(calls.at(-1)), { code: 'INTERNAL' });
});

test('small arguments may stand in one buffer', async () => {
  const buffer = new Uint8Array(64);
  await withCoreThread(async core => {
    const planner = await core.planner(await core.resolveConfig(RAW, FACTS), FACTS);
    await planner.setBase(buffer.subarray(0, 32));
    await planner.finishFiles();
    await planner.plan();
    const base = await planner.base();
    const both = Buffer.concat([buffer.subarray(0, 32), base]);
    await planner.setBase(both.subarray(0, 32), both.subarray(32));
    assert.equal(both.length, 32 + base.length, 'the arguments stay as they are');
  });
});

test('the main thread goes on while the core is busy', async () => {
  const rows = Array.from({ length: 20_000 }, (_, id) => ({ id: String(id), title: 'x'.repeat(500) }));
  const file = Buffer.from(JSON.stringify(rows));
  await withCoreThread(async core => {
    const planner = await core.planner(await core.resolveConfig(RAW, FACTS), FACTS);
    let isDone = false;
    const done = planner.addFile('posts', 'data/posts.json', file).then(() => {
      isDone = true;
    });
    await new Promise(resolve => setImmediate(resolve));
    assert.equal(isDone, false);
    await done;
  });
});
