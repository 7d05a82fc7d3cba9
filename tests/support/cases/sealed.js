/** Sealed plans on a real Directus: applied as they are, and refused once anything is another. */
import { exportedFolder } from './folder.js';
import { POSTS, ROW_STEPS, SCHEMA_STEPS } from './shop.js';
import { failureOf } from './tools.js';

/** A change of the schema and one of the rows, so that there is something to seal. */
const CHANGES = Object.freeze({
  'data/schema/posts.json': (/** @type {any} */ posts) => {
    posts.fields.find((/** @type {any} */ { field }) => field === 'title').meta.note = 'Headline';
  },
  'data/posts.json': (/** @type {any} */ posts) => {
    posts[0].title = 'Seventh';
    posts.push({ ...POSTS[0], id: 11, title: 'Eleven' });
  },
});

/** @param {any} context */
export async function sealed(context) {
  const folder = await exportedFolder(context, [...SCHEMA_STEPS, ...ROW_STEPS], { posts: {}, authors: {} });
  const titles = () => context.database('posts').orderBy('id').pluck('title');
  for (const [path, change] of Object.entries(CHANGES)) await folder.edit(path, change);
  const first = await folder.seal();
  const isPure = JSON.stringify(await folder.seal()) === JSON.stringify(first);
  const { applied, plan } = await folder.import({ sealed: first.text });
  const done = { isPure, applied, same: plan?.digest === first.plan.digest, titles: await titles() };
  const again = await staleness(() => folder.import({ sealed: first.text }));

  await folder.edit('data/posts.json', posts => posts.pop());
  const second = await folder.seal();
  const asMirror = second.text.replace('"mode": "sync"', '"mode": "mirror"');
  const edited = await failureOf(() => folder.import({ sealed: asMirror }));
  await folder.edit('data/posts.json', posts => {
    posts[0].title = 'Changed since';
  });
  const byFiles = await staleness(() => folder.import({ sealed: second.text }));
  const third = await folder.seal();
  await context.database('posts').where({ id: 7 }).update({ title: 'From the Studio' });
  const byTarget = await staleness(() => folder.import({ sealed: third.text }));
  return { done, again, edited, byFiles, byTarget, left: await titles() };
}

/** @param {() => Promise<unknown>} act @returns {Promise<{code: string, changes: string[]}>} */
async function staleness(act) {
  try {
    await act();
    return { code: 'none', changes: [] };
  } catch (error) {
    const { code, diagnostics } = /** @type {import('../../../extension/errors.js').SchemaSyncError} */ (
      error
    );
    return { code, changes: diagnostics.map(({ message }) => message) };
  }
}
