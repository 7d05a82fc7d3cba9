/**
 * A throw-away Directus project in the system's temporary folder: its own package.json, extensions folder,
 * database and uploads. It knows Directus only, nothing of the extension under test but where it lies.
 */
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installOnce } from './cache.js';
import { databases } from './databases.js';
import { DIRECTUS_VERSIONS, directusCommand } from './directus.js';
import { node22, withNode22 } from './node22.js';
import { forget, removeWithParent, startCommand } from './process.js';
import { REPOSITORY } from './repository.js';
import { startServer } from './server.js';

export const ADMIN_EMAIL = 'admin@example.com';
export const ADMIN_PASSWORD = 'schema-sync';
export const ADMIN_TOKEN = 'schema-sync-admin-token';

const EXTENSION_NAME = 'directus-extension-schema-sync';
/** In a project as in a template. */
const UPLOADS = 'uploads';
/** The saved copy in a template. */
const DATABASE = 'database';
/** Counts up when a template would come out differently, so that older ones are not used any more. */
const TEMPLATE_REVISION = 1;
/** A command that hangs fails its test with what it printed, long before the test runner gives up. */
const CLI_TIMEOUT_MS = 300_000;

export { REPOSITORY };

/**
 * @typedef {object} TemplateContent what a template database holds besides a bootstrapped Directus
 * @property {string} name part of the template's name in the cache, so it changes with the content
 * @property {string} [extension] folder of an extension that it is loaded with, none by default
 * @property {(api: import('./rest.js').Api, project: Project) => Promise<void>} load
 *
 * @typedef {object} ProjectOptions
 * @property {import('./directus.js').Major} [major] Directus major version, '12' by default
 * @property {import('./databases.js').DatabaseName} [database] 'sqlite' by default
 * @property {'a' | 'b'} [template] two bootstrapped databases with different admin ids, 'a' by default
 * @property {boolean} [fresh] bootstraps the database now, which takes seconds, instead of copying a template
 * @property {TemplateContent} [content] loaded once into the template, not for `fresh`
 * @property {string | false} [extension] folder of the extension, or false for none; this repository by default
 * @property {Record<string, string>} [env] for every process of this project
 *
 * @typedef {object} ProcessOptions
 * @property {Record<string, string>} [env] added to the project's
 * @property {string} [input] text for the standard input
 * @property {number} [timeoutMs] five minutes by default
 *
 * @typedef {object} Project
 * @property {string} dir
 * @property {import('./directus.js').Major} major
 * @property {string} version of Directus
 * @property {Record<string, string>} env
 * @property {import('./databases.js').ProjectDatabase} database
 * @property {(args: string[], options?: ProcessOptions) => Promise<import('./process.js').RunResult>} cli
 *   runs `directus …args` to its end, whatever its exit code
 * @property {(args: string[], options?: ProcessOptions) => import('./process.js').RunningCommand} startCli
 *   the same, handed back while it runs
 * @property {(options?: {env?: Record<string, string>, port?: number}) => Promise<import('./server.js').Server>} start
 *   boots a server; several at once are replicas
 * @property {import('./rest.js').Api} api calls the server that was started last, as admin
 * @property {() => Promise<void>} stop stops all servers
 * @property {() => Promise<void>} destroy stops all servers, drops the database, removes the folder
 */

/**
 * @param {ProjectOptions} [options]
 * @returns {Promise<Project>}
 */
export async function createProject(options = {}) {
  const { major = '12', database = 'sqlite', extension = REPOSITORY } = options;
  const dir = await mkdtemp(join(tmpdir(), 'schema-sync-project-'));
  removeWithParent(dir);
  await layOut(dir, extension);
  const templateFolder = options.fresh ? null : await ensureTemplate(options);
  const ownDatabase = await databases[database].create(dir, templateFolder && join(templateFolder, DATABASE));
  const env = { ...projectEnv(dir, options.template ?? 'a'), ...ownDatabase.env, ...options.env };
  const project = projectOf({ dir, major, env, database: ownDatabase });
  if (templateFolder) await cp(join(templateFolder, UPLOADS), join(dir, UPLOADS), { recursive: true });
  else await bootstrap(project);
  return project;
}

/**
 * @param {object} parts
 * @param {string} parts.dir
 * @param {import('./directus.js').Major} parts.major
 * @param {Record<string, string>} parts.env
 * @param {import('./databases.js').ProjectDatabase} parts.database
 * @returns {Project}
 */
function projectOf({ dir, major, env, database }) {
  const { bin } = node22();
  const command = directusCommand(major);
  /** @type {import('./server.js').Server[]} */
  const servers = [];
  /** @param {ProcessOptions} [options] */
  const processEnv = options => ({ ...machineEnv(), ...env, ...options?.env });

  /** @type {Project['startCli']} */
  const startCli = (args, options) =>
    startCommand(bin, [command, ...args], {
      timeoutMs: CLI_TIMEOUT_MS,
      ...options,
      cwd: dir,
      env: processEnv(options),
    });

  const stop = async () => {
    await Promise.all(servers.splice(0).map(server => server.stop()));
  };

  return {
    dir,
    major,
    version: DIRECTUS_VERSIONS[major],
    env,
    database,
    startCli,
    cli: (args, options) => startCli(args, options).result,
    async start(options = {}) {
      const settings = { node: bin, command, cwd: dir, env: processEnv(options), token: ADMIN_TOKEN };
      const server = await startServer({ ...settings, port: options.port });
      servers.push(server);
      return server;
    },
    api: latestApi(servers),
    stop,
    async destroy() {
      await stop();
      await database.drop();
      await rm(dir, { recursive: true, force: true, maxRetries: 5 });
      forget(dir);
    },
  };
}

/**
 * @param {import('./server.js').Server[]} servers
 * @returns {import('./rest.js').Api}
 */
function latestApi(servers) {
  const latest = () => {
    const server = servers.at(-1);
    if (!server) throw new Error('No server is running: call project.start() before project.api.');
    return server.api;
  };
  /** @type {import('./rest.js').Api['raw']} */
  const raw = (method, path, body) => latest().raw(method, path, body);
  return Object.assign((/** @type {Parameters<typeof raw>} */ ...args) => latest()(...args), { raw });
}

/**
 * Directus loads extensions only where the working directory has a package.json, and it resolves the imports
 * of a linked extension from its real place, so that they find this repository's node_modules.
 *
 * @param {string} dir
 * @param {string | false} extension
 */
async function layOut(dir, extension) {
  await writeFile(join(dir, 'package.json'), '{"name": "project-under-test", "private": true}\n');
  await mkdir(join(dir, 'extensions'));
  await mkdir(join(dir, UPLOADS));
  if (extension) await symlink(extension, join(dir, 'extensions', EXTENSION_NAME), 'dir');
}

/** @param {string} dir @param {string} template @returns {Record<string, string>} */
function projectEnv(dir, template) {
  return {
    SECRET: `a-secret-of-32-bytes-for-project-${template}`,
    ADMIN_EMAIL,
    ADMIN_PASSWORD,
    ADMIN_TOKEN,
    EXTENSIONS_PATH: join(dir, 'extensions'),
    // An extension that cannot be loaded fails the test at once instead of being a missing command later.
    EXTENSIONS_MUST_LOAD: 'true',
    STORAGE_LOCATIONS: 'local',
    STORAGE_LOCAL_ROOT: join(dir, UPLOADS),
    TELEMETRY: 'false',
    RATE_LIMITER_ENABLED: 'false',
    PRESSURE_LIMITER_ENABLED: 'false',
    SERVE_APP: 'false',
    LOG_LEVEL: 'info',
    LOG_STYLE: 'pretty',
    NO_COLOR: '1',
  };
}

/**
 * What a process needs of this machine and nothing else, so that a variable of the developer's own Directus
 * never reaches a test.
 */
function machineEnv() {
  const { PATH, HOME, TMPDIR, LANG, TZ } = process.env;
  const env = Object.entries({ PATH, HOME, TMPDIR, LANG, TZ }).filter(([, value]) => value !== undefined);
  return withNode22(node22(), Object.fromEntries(env));
}

/** @param {Project} project */
async function bootstrap(project) {
  const { code, stdout, stderr } = await project.cli(['bootstrap']);
  if (code !== 0) throw new Error(`directus bootstrap ended with exit code ${code}:\n${stdout}${stderr}`);
}

/**
 * Bootstrapping takes seconds, copying its result none. Each template has its own random ids of the
 * Administrator role and policy, as two real instances have.
 *
 * @param {ProjectOptions} options
 * @returns {Promise<string>} folder of the template
 */
async function ensureTemplate({ major = '12', database = 'sqlite', template = 'a', content }) {
  const name = [
    'template',
    DIRECTUS_VERSIONS[major],
    await databases[database].format(),
    template,
    content?.name ?? 'empty',
    TEMPLATE_REVISION,
  ];
  return installOnce(name.join('-'), folder => fillTemplate(folder, major, database, template, content));
}

/**
 * @param {string} folder
 * @param {import('./directus.js').Major} major
 * @param {import('./databases.js').DatabaseName} database
 * @param {'a' | 'b'} template
 * @param {TemplateContent} [content]
 */
async function fillTemplate(folder, major, database, template, content) {
  const extension = content?.extension ?? false;
  const project = await createProject({ major, database, template, content, fresh: true, extension });
  try {
    if (content) await content.load((await project.start()).api, project);
    await project.stop();
    await project.database.save(join(folder, DATABASE));
    await cp(join(project.dir, UPLOADS), join(folder, UPLOADS), { recursive: true });
  } finally {
    await project.destroy();
  }
}
