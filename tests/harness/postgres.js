/**
 * PostgreSQL from the binaries of this machine: one throw-away cluster per test process, started when it is
 * first needed, with one database per project.
 */
import { existsSync } from 'node:fs';
import { chmod, chown, mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeWithParent, run, runChecked } from './process.js';
import { freePort } from './server.js';
import { startService, unlessRequired } from './service.js';

const INSTALLATIONS = '/usr/lib/postgresql';
const SUPERUSER = 'postgres';
const MISSING = `PostgreSQL is not installed: there is no ${INSTALLATIONS}/<version>/bin.`;

/**
 * @typedef {object} Cluster
 * @property {(program: string, ...args: string[]) => Promise<import('./process.js').RunResult>} client
 *   runs psql, pg_dump or the like against the cluster
 * @property {number} port
 */

/** @type {Promise<Cluster> | undefined} */
let running;
let databases = 0;

/** @returns {Promise<boolean>} whether this machine has PostgreSQL, for tests that are skipped without it */
export async function hasPostgres() {
  return unlessRequired((await findBinaries()) !== null, MISSING);
}

/** @returns {Promise<import('./databases.js').ProjectDatabase>} */
export async function createPostgresDatabase() {
  running ??= startCluster();
  const { client, port } = await running;
  databases += 1;
  const name = `project_${databases}`;
  await client('createdb', name);
  return {
    env: {
      DB_CLIENT: 'pg',
      DB_HOST: '127.0.0.1',
      DB_PORT: String(port),
      DB_DATABASE: name,
      DB_USER: SUPERUSER,
      DB_PASSWORD: 'ignored',
    },
    save: async file => void (await client('pg_dump', '--no-owner', '--file', file, name)),
    restore: async file =>
      void (await client(
        'psql',
        '--quiet',
        '--set',
        'ON_ERROR_STOP=1',
        '--output',
        '/dev/null',
        '--file',
        file,
        name,
      )),
    drop: async () => void (await client('dropdb', '--force', '--if-exists', name)),
  };
}

/** @returns {Promise<Cluster>} */
async function startCluster() {
  const binaries = await findBinaries();
  if (!binaries) throw new Error(MISSING);
  const user = await unprivilegedUser();
  const data = await mkdtemp(join(tmpdir(), 'schema-sync-postgres-'));
  removeWithParent(data);
  await chmod(data, 0o700);
  if (user) await chown(data, user.uid, user.gid);
  const asUser = user ? ['setpriv', `--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups'] : ['env'];
  const [command, ...prefix] = asUser;
  const initdb = [
    join(binaries, 'initdb'),
    '--auth=trust',
    `--username=${SUPERUSER}`,
    '--encoding=UTF8',
    '--no-sync',
  ];
  await runChecked(command, [...prefix, ...initdb, '--locale=C.UTF-8', data], { cwd: data });
  const port = await freePort();
  await startService([command, ...prefix, join(binaries, 'postgres'), ...serverOptions(data, port)], {
    name: 'PostgreSQL',
    cwd: data,
    // PostgreSQL's immediate shutdown, which gives back its shared memory; SIGKILL would not.
    endSignal: 'SIGQUIT',
    isReady: () => isReady(binaries, port),
  });
  const client = (/** @type {string} */ program, /** @type {string[]} */ ...args) =>
    runChecked(join(binaries, program), [
      '--host=127.0.0.1',
      `--port=${port}`,
      `--username=${SUPERUSER}`,
      ...args,
    ]);
  return { client, port };
}

/** Nothing of a throw-away cluster has to survive a crash. @param {string} data @param {number} port */
function serverOptions(data, port) {
  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'fsync=off',
    'max_connections=200',
  ];
  return ['-D', data, '-p', String(port), ...settings.flatMap(setting => ['-c', setting])];
}

/** @param {string} binaries @param {number} port */
async function isReady(binaries, port) {
  const { code } = await run(join(binaries, 'pg_isready'), ['--host=127.0.0.1', `--port=${port}`, '--quiet']);
  return code === 0;
}

/** @returns {Promise<string | null>} folder of the newest installed version's programs */
async function findBinaries() {
  if (!existsSync(INSTALLATIONS)) return null;
  const versions = (await readdir(INSTALLATIONS)).sort((a, b) => Number(b) - Number(a));
  const folders = versions.map(version => join(INSTALLATIONS, version, 'bin'));
  return folders.find(folder => existsSync(join(folder, 'postgres'))) ?? null;
}

/** PostgreSQL refuses to run as root. @returns {Promise<{uid: number, gid: number} | null>} */
async function unprivilegedUser() {
  if (process.getuid?.() !== 0) return null;
  const { stdout, code } = await run('getent', ['passwd', 'postgres', 'nobody']);
  const [, , uid, gid] = stdout.split('\n')[0].split(':').map(Number);
  if (!stdout && code !== 0)
    throw new Error('PostgreSQL cannot run as root, and there is no user postgres or nobody.');
  return { uid, gid };
}
