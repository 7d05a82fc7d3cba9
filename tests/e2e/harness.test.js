import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { MAJORS } from '../harness/directus.js';
import { createProject } from '../harness/project.js';
import { createSampleProject, ids, SAMPLE_COLLECTIONS } from '../harness/sample-project.js';

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
