/**
 * PostgreSQL: each project has a throw-away cluster of its own, which is copied whole from a template and into it. That
 * takes no client programs, and no time for a dump to be run.
 */
import { rmSync } from 'node:fs';
import { chown, mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { copyFiles } from './copy-files.js';
import { findPrograms, POSTGRES_MISSING } from './postgres-programs.js';
import { forget, removeWithParent, run, runChecked } from './process.js';
import { freePort } from './server.js';
import { startService, unlessRequired } from './service.js';

const SUPERUSER = 'postgres';
const DATABASE = 'postgres';
/** Every file of a cluster is copied for each project, so that there is nothing in it that no one needs. */
const KEEP_ONE_DATABASE = `UPDATE pg_database SET datistemplate = false;
DROP DATABASE template0;
DROP DATABASE template1;
`;

/**
 * @typedef {object} Server what starts clusters
 * @property {string} programs folder of `initdb` and `postgres`
 * @property {string} version whose clusters it can read
 * @property {User | null} user who runs it, null for the one of this process
 *
 * @typedef {{uid: number, gid: number}} User
 */

/** @type {Promise<Server> | undefined} */
let server;

/** @returns {Promise<boolean>} whether this machine has PostgreSQL, for tests that are skipped without it */
export async function hasPostgres() {
  return unlessRequired((await findPrograms()) !== null, POSTGRES_MISSING);
}

/** @returns {Promise<string>} what a saved cluster can be read by */
export async function postgresFormat() {
  return `postgres-${(await theServer()).version}`;
}

/**
 * @param {string} _projectFolder closed to the user that the cluster runs as
 * @param {string | null} copy
 * @returns {Promise<import('./databases.js').ProjectDatabase>}
 */
export async function createPostgresDatabase(_projectFolder, copy) {
  const data = await mkdtemp(join(tmpdir(), 'schema-sync-postgres-'));
  removeWithParent(data);
  if (copy) await copyFiles(copy, data);
  await own(data);
  if (!copy) await initialize(data);
  const port = await freePort();
  const { stop } = await startCluster(data, port);
  return {
    env: {
      DB_CLIENT: 'pg',
      DB_HOST: '127.0.0.1',
      DB_PORT: String(port),
      DB_DATABASE: DATABASE,
      DB_USER: SUPERUSER,
      DB_PASSWORD: 'ignored',
    },
    async save(copy) {
      // PostgreSQL's fast shutdown, which brings everything into its files.
      await stop('SIGINT');
      await mkdir(copy);
      await copyFiles(data, copy);
    },
    async drop() {
      await stop();
      rmSync(data, { recursive: true, force: true, maxRetries: 5 });
      forget(data);
    },
  };
}

/** @param {string} data */
async function initialize(data) {
  const options = ['--auth=trust', `--username=${SUPERUSER}`, '--encoding=UTF8', '--locale=C.UTF-8'];
  await runProgram('initdb', [...options, '--no-sync', '--wal-segsize=1', data], data);
  await runProgram('postgres', ['--single', '-D', data, DATABASE], data, KEEP_ONE_DATABASE);
}

/** @param {string} name @param {string[]} args @param {string} cwd @param {string} [input] */
async function runProgram(name, args, cwd, input) {
  const [command, ...rest] = await program(name, args);
  await runChecked(command, rest, { cwd, input });
}

/** @param {string} data @param {number} port */
async function startCluster(data, port) {
  // Nothing of a throw-away cluster has to survive a crash.
  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'fsync=off',
    'max_connections=200',
    'min_wal_size=2MB',
  ];
  const options = settings.flatMap(setting => ['-c', setting]);
  return startService(await program('postgres', ['-D', data, '-p', String(port), ...options]), {
    name: 'PostgreSQL',
    cwd: data,
    // PostgreSQL's immediate shutdown, which gives back its shared memory; SIGKILL would not.
    endSignal: 'SIGQUIT',
    isReady: async log => log.includes('ready to accept connections'),
  });
}

/** @param {string} name @param {string[]} args @returns {Promise<string[]>} a whole command */
async function program(name, args) {
  const { programs, user } = await theServer();
  return [...(user ? asUser(user) : []), join(programs, name), ...args];
}

/** @param {User} user @returns {string[]} the beginning of a command that runs as it */
function asUser({ uid, gid }) {
  return ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups'];
}

/** @param {string} data */
async function own(data) {
  const { user } = await theServer();
  if (user) await runChecked('chown', ['-R', `${user.uid}:${user.gid}`, data]);
}

function theServer() {
  server ??= findServer();
  return server;
}

/** @returns {Promise<Server>} */
async function findServer() {
  const found = await findPrograms();
  if (!found) throw new Error(POSTGRES_MISSING);
  const user = await unprivilegedUser();
  const programs = user ? await reachable(found, user) : found;
  const { stdout } = await runChecked(join(programs, 'postgres'), ['--version']);
  return { programs, user, version: /\d+/.exec(stdout)?.[0] ?? stdout };
}

/**
 * The cache of root lies where nobody else gets to, so that programs there are copied for the time of this process.
 *
 * @param {string} programs
 * @param {User} user
 */
async function reachable(programs, user) {
  const [command, ...args] = [...asUser(user), 'test', '-x', join(programs, 'postgres')];
  if ((await run(command, args)).code === 0) return programs;
  const copy = await mkdtemp(join(tmpdir(), 'schema-sync-postgres-programs-'));
  removeWithParent(copy);
  await chown(copy, user.uid, user.gid);
  // The libraries lie beside the programs.
  await copyFiles(join(programs, '..'), copy);
  return join(copy, 'bin');
}

/** PostgreSQL refuses to run as root. @returns {Promise<User | null>} */
async function unprivilegedUser() {
  if (process.getuid?.() !== 0) return null;
  const { stdout, code } = await run('getent', ['passwd', 'postgres', 'nobody']);
  const [, , uid, gid] = stdout.split('\n')[0].split(':').map(Number);
  if (!stdout && code !== 0)
    throw new Error('PostgreSQL cannot run as root, and there is no user postgres or nobody.');
  return { uid, gid };
}
