import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apply } from '../../extension/apply.js';
import { SchemaSyncError } from '../../extension/errors.js';
import { planOf } from '../support/cases/tools.js';

const STEPS = [
  { type: 'collection.create', collection: 'posts', payload: {} },
  { type: 'field.delete', collection: 'posts', field: 'title' },
  { type: 'items.create', collection: 'posts', entry: 'posts', rows: [{ id: 1 }, { id: 2 }] },
  { type: 'items.delete', collection: 'tags', entry: 'tags', keys: [1], labels: ['1'] },
];

/** @param {(step: any, onRows: (rows: number) => void) => Promise<void>} write */
function sessionOf(write) {
  /** @type {string[]} */
  const calls = [];
  return {
    calls,
    async begin() {
      calls.push('begin');
    },
    /** @param {any[]} steps @param {(rows: number) => void} onRows */
    async write(steps, onRows) {
      calls.push(steps.map(({ type }) => type).join(' + '));
      for (const step of steps) await write(step, onRows);
    },
    /** @param {() => Promise<void>} work */
    async changeSchema(work) {
      calls.push('schema');
      await work();
      calls.push('rows');
    },
    async verify() {
      calls.push('verify');
    },
  };
}

test('steps are written in their order, between begin and verify, and counted', async () => {
  const session = sessionOf(async ({ rows, keys }, onRows) => {
    for (const _ of rows ?? keys ?? []) onRows(1);
  });
  /** @type {any[]} */
  const progress = [];
  const applied = await apply(session, planOf(STEPS), report => progress.push(report));
  const [schema, rows] = [STEPS.slice(0, 2), STEPS.slice(2)].map(steps => steps.map(({ type }) => type));
  assert.deepEqual(session.calls, ['begin', 'schema', ...schema, 'rows', ...rows, 'verify']);
  assert.deepEqual(applied, { schema: 2, create: 2, update: 0, delete: 1 });
  assert.deepEqual(progress.at(-1), { phase: 'apply', subject: 'tags', count: 1 });
  assert.equal(progress.length, 5);
});

test('steps of one type on one collection are written together', async () => {
  const field = (/** @type {string} */ collection, /** @type {string} */ name) => ({
    type: 'field.create',
    collection,
    field: name,
  });
  const steps = [field('posts', 'a'), field('posts', 'b'), field('tags', 'c'), ...STEPS.slice(1, 2)];
  const session = sessionOf(async () => {});
  const applied = await apply(session, planOf(steps));
  const written = ['field.create + field.create', 'field.create', 'field.delete'];
  assert.deepEqual(session.calls, ['begin', 'schema', ...written, 'rows', 'verify']);
  assert.equal(applied.schema, 4);
});

test('a failure names step, place and reason, and ends the run', async () => {
  const cause = new Error('No such column.');
  const session = sessionOf(async ({ type }) => {
    if (type === 'field.delete') throw cause;
  });
  await assert.rejects(apply(session, planOf(STEPS)), {
    name: 'SchemaSyncError',
    code: 'APPLY_FAILED',
    path: 'posts.title',
    message: 'field.delete of posts.title failed: No such column. Nothing was changed.',
    cause,
  });
  assert.deepEqual(session.calls, ['begin', 'schema', 'collection.create', 'field.delete']);
});

for (const code of ['LIMIT_EXCEEDED', 'RESOURCE_RESTRICTED']) {
  test(`${code} of Directus is a limit of the licence`, async () => {
    const session = sessionOf(() => Promise.reject(Object.assign(new Error('Too many.'), { code })));
    await assert.rejects(apply(session, planOf(STEPS)), { code: 'LICENSE_LIMIT', path: 'posts' });
  });
}

test('an error that says enough is passed on as it is', async () => {
  const error = new SchemaSyncError('LAST_ADMIN', 'No admin would be left.');
  const session = sessionOf(() => Promise.reject(error));
  await assert.rejects(apply(session, planOf(STEPS)), caught => caught === error);
});
