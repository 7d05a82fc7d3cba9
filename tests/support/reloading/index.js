/**
 * An extension under development beside ours: each change of its package.json makes Directus load all extensions anew.
 * It makes a tag in the moment in which no extension is loaded, for which it has to use Directus' own emitter.
 */

import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const KEY = Symbol.for('reloading');
/** @type {any} */
const shared = globalThis;

/** @param {unknown} _ @param {any} context */
export default async function register(_, { services, getSchema }) {
  if (shared[KEY]) return;
  shared[KEY] = true;
  let reloads = 0;
  const makeTag = async () => {
    reloads += 1;
    const tags = new services.ItemsService('tags', { schema: await getSchema() });
    await tags.createOne({ slug: `reload-${reloads}`, label: 'Made while extensions were loaded' });
  };
  const require = createRequire(realpathSync(/** @type {string} */ (process.argv[1])));
  const emitter = await import(pathToFileURL(require.resolve('@directus/api/emitter')).href);
  emitter.default.onAction('extensions.unload', makeTag);
}
