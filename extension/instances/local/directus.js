/**
 * The few modules of Directus that it does not hand to extensions: its version, its licence, its message bus.
 * They are resolved from the file that runs Directus, so that they are the very modules that the process
 * uses, with the same state. What cannot be found is `null`, and each caller says what follows from that.
 */
import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const MANIFEST = 'directus/package.json';

/** @returns {string | null} the version of the running Directus, such as `12.4.0` */
export function directusVersion() {
  return first(require => require(MANIFEST).version ?? null);
}

/**
 * @param {string} path inside `@directus/api`, without an extension: `license/manager`
 * @returns {Promise<Record<string, any> | null>}
 */
export async function directusModule(path) {
  const file = first(require => require.resolve(`@directus/api/${path}`));
  return file ? import(pathToFileURL(file).href) : null;
}

/**
 * @param {string} name of a package that Directus depends on
 * @returns {Promise<any>} what it exports by default; null where it cannot be found
 */
export async function directusDependency(name) {
  const file = first(require =>
    createRequire(require.resolve('@directus/api/utils/generate-hash')).resolve(name),
  );
  return file ? (await import(pathToFileURL(file).href)).default : null;
}

/**
 * @template T
 * @param {(require: NodeJS.Require) => T | null} ask
 * @returns {T | null} the first answer
 */
function first(ask) {
  for (const start of startingPoints()) {
    try {
      const answer = ask(createRequire(start));
      if (answer !== null) return answer;
    } catch {
      // Directus is not installed where this starting point looks for it; the next one may find it.
    }
  }
  return null;
}

/** @returns {string[]} files from which an import of Directus may resolve, the likeliest first */
function startingPoints() {
  const [, script] = process.argv;
  const project = join(process.cwd(), 'package.json');
  return [...(script ? [realPath(script)] : []), project];
}

/** @param {string} file */
function realPath(file) {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}
