import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { startService, unlessRequired } from '../harness/service.js';

test('a service that does not start fails with its log', async () => {
  const command = [process.execPath, '--eval', 'console.log("the port is taken"); process.exit(1)'];
  const isReady = async () => false;
  const options = {
    name: 'The database',
    cwd: tmpdir(),
    endSignal: /** @type {const} */ ('SIGKILL'),
    isReady,
  };
  await assert.rejects(startService(command, options), /^Error: The database did not start.*port is taken/s);
});

test('what is not installed is left out, unless everything has to be tested', t => {
  const before = process.env.SCHEMA_SYNC_TEST_EVERYTHING;
  t.after(() => {
    if (before === undefined) delete process.env.SCHEMA_SYNC_TEST_EVERYTHING;
    else process.env.SCHEMA_SYNC_TEST_EVERYTHING = before;
  });
  delete process.env.SCHEMA_SYNC_TEST_EVERYTHING;
  assert.equal(unlessRequired(false, 'It is missing.'), false);
  process.env.SCHEMA_SYNC_TEST_EVERYTHING = 'true';
  assert.equal(unlessRequired(true, 'It is missing.'), true);
  assert.throws(() => unlessRequired(false, 'It is missing.'), /It is missing\. .*demands it/);
});
