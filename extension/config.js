/**
 * Loads the config files of the sync folder as modules. Their functions stay here; the core gets everything else.
 */
import { spawn } from 'node:child_process';
import module from 'node:module';
import { pathToFileURL } from 'node:url';
import { EXIT, SchemaSyncError, throwErrors } from './errors.js';
import { readAllowed } from './secrets/allowed.js';
import { sha256 } from './sha256.js';

/**
 * @typedef {import('./errors.js').Diagnostic} Diagnostic
 * @typedef {import('./folder.js').Folder} Folder
 * @typedef {import('./model.js').RawSource} RawSource
 * @typedef {import('./model.js').Row} Row
 *
 * @typedef {object} EntryFunctions
 * @property {(item: Row, itemsService: any) => unknown} [onExport]
 * @property {(item: Row, itemsService: any) => unknown} [onImport]
 * @property {(item: Row) => unknown} [getKey]
 *
 * @typedef {object} LoadedConfig
 * @property {RawSource[]} sources in the order they were loaded
 * @property {[name: string, sha256: string][]} files every config file that was loaded
 * @property {(entry: {source: number, collection: string}) => EntryFunctions} functionsOf
 * @property {{adminRole?: string, adminPolicy?: string}} admin ids that the config names
 * @property {string[]} allowSecrets places whose values look like credentials and are none
 */

const CONFIG_FILES = ['config.js', 'directus_config.js'];
/** How a text tells that it is an ES module. */
const ES_MODULE = /^\s*export\b/m;
const EXPORTS = Object.freeze({ custom: 'syncCustomCollections', directus: 'syncDirectusCollections' });
/** Fields with another name than they had, such as `{'posts.title': 'posts.headline'}`. */
const RENAMES = 'renames';
/** Places such as `directus_flows[*].options.url`. */
const ALLOW_SECRETS = 'allowSecrets';

/**
 * @param {Folder} folder
 * @param {string | null} extra one more config file, relative to the folder
 * @returns {Promise<LoadedConfig>}
 * @throws {SchemaSyncError} CONFIG_MISSING or CONFIG_INVALID
 */
export async function loadConfig(folder, extra) {
  const names = extra ? [...CONFIG_FILES, extra] : CONFIG_FILES;
  const texts = await Promise.all(names.map(name => readConfig(folder, name)));
  const files = names.map(
    (name, index) => /** @type {[string, string]} */ ([name, sha256(/** @type {string} */ (texts[index]))]),
  );
  /** @type {Record<string, any>[]} */
  const modules = [];
  for (const [index, [name, digest]] of files.entries()) {
    modules.push(await importConfig(await folder.locate(name), name, digest, texts[index]));
  }
  const sources = modules.map((exports, index) => toSource(names[index], exports));
  return {
    sources,
    files,
    admin: adminOf(sources),
    allowSecrets: modules.flatMap((exports, index) => allowedIn(names[index], exports)),
    functionsOf: ({ source, collection }) => functionsIn(modules[source], collection),
  };
}

/** @param {Folder} folder @param {string} name */
async function readConfig(folder, name) {
  const text = await folder.readText(name);
  if (text !== null) return text;
  const advice = CONFIG_FILES.includes(name)
    ? 'Run `directus schema-sync install`, which adds what is missing.'
    : 'SCHEMA_SYNC_CONFIG names it: correct the name, or remove the variable.';
  throw new SchemaSyncError('CONFIG_MISSING', `${name} is not in ${folder.root}. ${advice}`, { path: name });
}

/** How often each URL failed. The cause may lie in another file, and Node would only repeat the failure. @type {Map<string, number>} */
const failures = new Map();

/**
 * Works for ES modules and CommonJS alike, as `import()` does. The digest in the URL makes an edited file a new
 * module, since Node never forgets one.
 *
 * @param {string} file absolute
 * @param {string} name for messages
 * @param {string} digest of the content
 * @param {string} text the content
 * @returns {Promise<Record<string, any>>}
 */
async function importConfig(file, name, digest, text) {
  const version = `${pathToFileURL(file).href}?v=${digest.slice(0, 16)}`;
  const failed = failures.get(version) ?? 0;
  const url = failed === 0 ? version : `${version}&failed=${failed}`;
  const hooks = ES_MODULE.test(text) ? loadAsModule(url, text) : null;
  try {
    const exports = await import(url);
    return { ...exports.default, ...exports };
  } catch (error) {
    failures.set(version, failed + 1);
    throw await broken(name, url, text, /** @type {Error} */ (error));
  } finally {
    hooks?.deregister();
  }
}

/**
 * Makes Node load one file as an ES module, whatever "type" the package.json above it has: npm writes "commonjs" there,
 * and without a type Node prints a warning. Before 22.15 Node decides by itself.
 *
 * @param {string} url
 * @param {string} source
 */
function loadAsModule(url, source) {
  return module.registerHooks?.({
    load: (asked, context, next) =>
      asked === url ? { format: 'module', source, shortCircuit: true } : next(asked, context),
  });
}

/** @param {string} name @param {string} url @param {string} text @param {Error} error */
async function broken(name, url, text, error) {
  const line =
    lineIn(error.stack ?? '', url) ?? (error instanceof SyntaxError ? await syntaxErrorLine(text) : null);
  const path = line === null ? name : `${name}:${line}`;
  const message = `${path} cannot be loaded: ${error.name}: ${error.message}. Correct it and try again.`;
  return new SchemaSyncError('CONFIG_INVALID', message, { path, cause: error });
}

/** @param {string} stack @param {string} url @returns {string | null} `line` or `line:column` */
function lineIn(stack, url) {
  const plain = url.slice(0, url.indexOf('?'));
  const found = [url, plain, decodeURI(new URL(plain).pathname)].find(place => stack.includes(`${place}:`));
  if (!found) return null;
  return /^\d+(:\d+)?/.exec(stack.slice(stack.indexOf(`${found}:`) + found.length + 1))?.[0] ?? null;
}

/**
 * The error of `import()` does not tell where the mistake is, `node --check` does.
 *
 * @param {string} text
 * @returns {Promise<string | null>}
 */
function syntaxErrorLine(text) {
  return new Promise(resolve => {
    const child = spawn(process.execPath, ['--input-type=module', '--check', '-'], {
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    let output = '';
    child.stderr.setEncoding('utf8').on('data', chunk => {
      output += chunk;
    });
    child.on('error', () => resolve(null));
    child.on('close', code =>
      resolve(code === EXIT.done ? null : (/^\[stdin\]:(\d+)/m.exec(output)?.[1] ?? null)),
    );
    child.stdin.on('error', () => {});
    child.stdin.end(text);
  });
}

/** @param {string} file @param {Record<string, any>} exports @returns {RawSource} */
function toSource(file, exports) {
  const names = [...Object.values(EXPORTS), RENAMES, ALLOW_SECRETS];
  if (names.every(name => exports[name] === undefined)) {
    const message = `${file} exports neither ${Object.values(EXPORTS).join(' nor ')}. Export one of them.`;
    throw new SchemaSyncError('CONFIG_INVALID', message, { path: file });
  }
  /** @type {Diagnostic[]} */
  const diagnostics = [];
  /** @param {string} name */
  const data = name => toData(exports[name], `${file}: ${name}`, diagnostics);
  const source = {
    file,
    custom: data(EXPORTS.custom),
    directus: data(EXPORTS.directus),
    renames: data(RENAMES),
  };
  throwErrors(diagnostics);
  return source;
}

/** @param {string} file @param {Record<string, any>} exports @returns {string[]} */
function allowedIn(file, exports) {
  /** @type {Diagnostic[]} */
  const diagnostics = [];
  const allowed = readAllowed(exports[ALLOW_SECRETS], `${file}: ${ALLOW_SECRETS}`, diagnostics);
  throwErrors(diagnostics);
  return allowed;
}

/**
 * The JSON of a config value, with `{"$function": true}` where a function stood.
 *
 * @param {any} value
 * @param {string} path
 * @param {Diagnostic[]} diagnostics
 * @param {unknown[]} [above] the objects that hold this value
 * @returns {any}
 */
function toData(value, path, diagnostics, above = []) {
  if (typeof value === 'function') return { $function: true };
  if (value === undefined || value === null || ['string', 'boolean'].includes(typeof value)) return value;
  if (Number.isFinite(value)) return value;
  const holds = [...above, value];
  if (Array.isArray(value) && !above.includes(value)) {
    return value.map((item, index) => toData(item, `${path}[${index}]`, diagnostics, holds));
  }
  if (isPlainObject(value) && !above.includes(value)) {
    const pairs = Object.entries(value);
    return Object.fromEntries(
      pairs.map(([key, item]) => [key, toData(item, `${path}.${key}`, diagnostics, holds)]),
    );
  }
  const message = `${path} holds ${describe(value)}, which is no config value. Use text, numbers, lists and objects.`;
  diagnostics.push({ severity: 'error', code: 'CONFIG_INVALID', message, path });
  return null;
}

/** @param {any} value */
function isPlainObject(value) {
  if (typeof value !== 'object') return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

/** @param {any} value */
function describe(value) {
  if (Array.isArray(value) || isPlainObject(value)) return 'itself';
  return typeof value === 'object' ? `a ${value.constructor?.name ?? 'special object'}` : String(value);
}

/** @param {RawSource[]} sources @returns {LoadedConfig['admin']} */
function adminOf(sources) {
  /** @param {string} collection */
  const named = collection =>
    sources
      .map(({ directus }) => /** @type {any} */ (directus?.[collection])?.admin)
      .find(id => typeof id === 'string');
  return { adminRole: named('directus_roles'), adminPolicy: named('directus_policies') };
}

/** @param {Record<string, any>} exports @param {string} collection @returns {EntryFunctions} */
function functionsIn(exports, collection) {
  const entry = exports[EXPORTS.custom]?.[collection] ?? exports[EXPORTS.directus]?.[collection] ?? {};
  return { onExport: entry.onExport, onImport: entry.onImport, getKey: entry.getKey };
}
