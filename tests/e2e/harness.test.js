import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { MAJORS } from '../harness/directus.js';
import { createProject } from '../harness/project.js';
import { createSampleProject, ids, SAMPLE_COLLECTIONS } from '../harness/sample-project.js';
import { reasonToSkip } from '../support/combinations.js';

for (const major of MAJORS) {
  test(`Directus ${major} boots with the sample project and leaves nothing behind`, async t => {
    const project = await createSampleProject({ major, extension: false });
    t.after(() => project.destroy());
    const server = await project.start();

    const names = (await server.api('GET', '/collections')).map(
      (/** @type {any} */ { collection }) => collection,
    );
    for (const name of SAMPLE_COLLECTIONS) assert.ok(names.includes(name), `${name} is missing`);
    const sweater = await server.api(
      'GET',
      `/items/products/${ids.product.sweater}?fields=*,image.*,tags.tags_slug`,
    );
    assert.equal(sweater.attributes.emoji, '🧶');
    assert.equal(sweater.image.filesize > 0, true);
    assert.deepEqual(sweater.tags.map((/** @type {any} */ tag) => tag.tags_slug).sort(), [
      'hand-made',
      'wool',
    ]);

    await project.destroy();
    assert.equal(existsSync(project.dir), false);
    assert.throws(() => process.kill(server.pid, 0), { code: 'ESRCH' });
  });
}

test('the two templates have different administrators', async t => {
  const read = async (/** @type {'a' | 'b'} */ template) => {
    const project = await createProject({ template, extension: false });
    t.after(() => project.destroy());
    const server = await project.start();
    const [role] = await server.api('GET', '/roles?filter[name][_eq]=Administrator');
    return role.id;
  };
  assert.notEqual(await read('a'), await read('b'));
});

test('a server that cannot start fails with its log', async t => {
  const project = await createProject({ extension: false });
  t.after(() => project.destroy());
  await assert.rejects(
    project.start({ env: { DB_CLIENT: 'no-such-database' } }),
    /ended with exit code 1 .*DB_HOST/s,
  );
});

test('a project can stand on PostgreSQL', { skip: await reasonToSkip('postgres') }, async t => {
  const project = await createSampleProject({ database: 'postgres', extension: false });
  t.after(() => project.destroy());
  const server = await project.start();
  const sweater = await server.api('GET', `/items/products/${ids.product.sweater}`);
  assert.equal(sweater.price, '189.90');
});

test('an interrupted process takes its servers and folders with it', async () => {
  const harness = new URL('../harness/project.js', import.meta.url);
  const script = `
    const { createProject } = await import(${JSON.stringify(harness.href)});
    const project = await createProject({ extension: false });
    const server = await project.start();
    console.log(JSON.stringify({ dir: project.dir, url: server.url }));
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script]);
  const [line] = await once(child.stdout.setEncoding('utf8'), 'data');
  const { dir, url } = JSON.parse(line);
  assert.ok(existsSync(dir));
  child.kill('SIGTERM');
  const [, signal] = await once(child, 'exit');
  assert.equal(signal, 'SIGTERM');
  assert.equal(existsSync(dir), false);
  await assert.rejects(fetch(url), /fetch failed/);
});
