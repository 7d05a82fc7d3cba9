/** Folders that need what the target does not have. */
import { exportedFolder } from './folder.js';
import { collectionStep, fieldOf } from './shop.js';

const key = fieldOf('id', 'integer', { is_primary_key: true, is_nullable: false, has_auto_increment: true });
const SCHEMA = [collectionStep('posts', [key, fieldOf('title', 'string'), fieldOf('body', 'text')], {})];

/**
 * Imports fields with these settings. It may be called again.
 *
 * @param {any} context
 * @param {Record<string, object>} metas by field
 */
export async function importFields(context, metas) {
  const isThere = await context.database.schema.hasTable('posts');
  const folder = await exportedFolder(context, isThere ? [] : SCHEMA, {}, { overwrite: isThere });
  await folder.edit('data/schema/posts.json', posts => {
    for (const field of posts.fields) Object.assign(field.meta, metas[field.field]);
  });
  return outcome(() => folder.import());
}

/**
 * A field of the target that names something unknown is none of the import's business.
 *
 * @param {any} context
 */
export async function importBesideOldFault(context) {
  const folder = await exportedFolder(context, SCHEMA, {});
  await context.database('directus_fields').where({ field: 'title' }).update({ interface: 'long-gone' });
  await folder.edit('data/schema/posts.json', posts => {
    for (const field of posts.fields) if (field.field === 'title') field.meta.interface = 'long-gone';
    for (const field of posts.fields) if (field.field === 'title') field.meta.note = 'Headline';
  });
  return outcome(() => folder.import());
}

/** @param {any} context */
export async function importGeometry(context) {
  const folder = await exportedFolder(context, SCHEMA, {});
  await folder.edit('data/schema/posts.json', posts => {
    const [field] = posts.fields.filter((/** @type {any} */ { field }) => field === 'body');
    posts.fields.push({ ...structuredClone(field), field: 'place', type: 'geometry.Point' });
    Object.assign(posts.fields.at(-1).meta, { field: 'place', interface: 'map' });
    Object.assign(posts.fields.at(-1).schema, { name: 'place', data_type: 'geometry' });
  });
  return outcome(() => folder.import());
}

/** @param {any} context @param {string} version of Directus that the folder says it comes from */
export async function importFrom(context, version) {
  const folder = await exportedFolder(context, SCHEMA, {});
  await folder.edit('data/schema.json', schema => {
    schema.directus = version;
  });
  return outcome(() => folder.import({ dryRun: true }));
}

/** @param {any} context @param {string} folder of the extension, or the name of an entry of a bundle */
export async function disable({ database }, folder) {
  return database('directus_extensions').where({ folder }).update({ enabled: false });
}

/** @param {() => Promise<import('../../../extension/import.js').ImportReport>} act */
async function outcome(act) {
  try {
    const { applied, plan } = await act();
    return { applied, warnings: plan?.warnings.map(({ code, message }) => [code, message]) };
  } catch (error) {
    const { code, message, diagnostics } = /** @type {any} */ (error);
    return { code, message, found: diagnostics.map((/** @type {any} */ one) => one.message) };
  }
}
