/** The loading of the core, its errors, and what follows a trap. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Core, loadCore } from '../../extension/core.js';
import { SchemaSyncError } from '../../extension/errors.js';

test('the core is loaded once', async () => {
  assert.equal(await loadCore(), await loadCore());
});

test('values cross in both directions', async () => {
  const core = await loadCore();
  const files = { 'data/b.json': 'b'.repeat(64), 'data/a.json': 'a'.repeat(64) };
  const text = core.manifestText(files);
  assert.equal(text, `${'a'.repeat(64)}  data/a.json\n${'b'.repeat(64)}  data/b.json\n`);
  assert.equal(core.verifyManifest(text, files, []).root, core.manifestRoot(files));
});

test('an error of the core keeps code, message and place', async () => {
  const core = await loadCore();
  assert.throws(
    () => core.joinSnapshot([{ path: 'data/schema.json', text: '{\n  "version": 1,\n}' }]),
    (/** @type {any} */ error) => {
      assert.ok(error instanceof SchemaSyncError);
      assert.equal(error.code, 'JSON_INVALID');
      assert.match(String(error.path), /^data\/schema\.json:3:\d+$/);
      return true;
    },
  );
});

test('what the core does not understand is a fault of ours, not of the user', async () => {
  const core = await loadCore();
  const notFacts = /** @type {any} */ ({ collections: 4 });
  assert.throws(() => core.resolveConfig({ sources: [], mode: 'merge' }, notFacts), { code: 'INTERNAL' });
});

test('after a trap a fresh instance is loaded', async () => {
  const spent = await loadCore();
  // A module whose only function is (func (export "trap") unreachable).
  const code = 'AGFzbQEAAAABBAFgAAADAgEABwgBBHRyYXAAAAoFAQMAAAs=';
  const { trap } = instance(Buffer.from(code, 'base64'));
  assert.throws(() => new Core({ errorCodes: trap }).errorCodes(), {
    code: 'INTERNAL',
    message: /unreachable/,
  });
  const fresh = await loadCore();
  assert.notEqual(fresh, spent);
  assert.ok(fresh.errorCodes().includes('INTERNAL'));
});

/** @param {Uint8Array} bytes @returns {any} exports of a WebAssembly module */
function instance(bytes) {
  const { Module, Instance } = /** @type {any} */ (globalThis).WebAssembly;
  return new Instance(new Module(bytes)).exports;
}
