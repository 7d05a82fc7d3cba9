/** MariaDB: each project has a throw-away server of its own, whose files are copied whole from a template and into it. */
import { rmSync } from 'node:fs';
import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { copyFiles } from './copy-files.js';
import { forget, removeWithParent, run, runChecked } from './process.js';
import { freePort } from './server.js';
import { startService, unlessRequired } from './service.js';

/** Debian's place for servers is not in everybody's PATH. */
const SERVERS = ['mariadbd', '/usr/sbin/mariadbd'];
const DATABASE = 'directus';

/** Why tests are skipped. */
export const MARIADB_MISSING = 'mariadbd is not installed. Debian has it: apt-get install mariadb-server.';

/** Collation and packets are those that Debian's and the official image's settings give. */
const SETTINGS = [
  'character-set-server=utf8mb4',
  'collation-server=utf8mb4_general_ci',
  'bind-address=127.0.0.1',
  'skip-grant-tables',
  'skip-name-resolve',
  'max-connections=200',
  // Nothing of a throw-away server has to survive a crash of the machine, and its files are copied for each project.
  'innodb-flush-log-at-trx-commit=0',
  'innodb-doublewrite=0',
  'innodb-flush-method=nosync',
  'innodb-log-file-size=8M',
  'innodb-buffer-pool-size=64M',
];

/** @type {Promise<Server | null> | undefined} */
let found;

/** @typedef {{program: string, version: string}} Server */

/** @returns {Promise<boolean>} whether this machine has MariaDB, for tests that are skipped without it */
export async function hasMariadb() {
  return unlessRequired((await findServer()) !== null, MARIADB_MISSING);
}

/** @returns {Promise<string>} what saved files can be read by */
export async function mariadbFormat() {
  return `mariadb-${(await theServer()).version}`;
}

/**
 * @param {string} _projectFolder
 * @param {string | null} copy
 * @returns {Promise<import('./databases.js').ProjectDatabase>}
 */
export async function createMariadbDatabase(_projectFolder, copy) {
  const data = await mkdtemp(join(tmpdir(), 'schema-sync-mariadb-'));
  removeWithParent(data);
  if (copy) await copyFiles(copy, data);
  else await initialize(data);
  const port = await freePort();
  const { stop } = await startServer(data, port);
  return {
    env: {
      DB_CLIENT: 'mysql',
      DB_HOST: '127.0.0.1',
      DB_PORT: String(port),
      DB_DATABASE: DATABASE,
      DB_USER: 'root',
      DB_PASSWORD: 'ignored',
    },
    async save(copy) {
      // MariaDB's ordinary shutdown, which brings everything into its files.
      await stop('SIGTERM');
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
  const options = ['--skip-test-db', '--auth-root-authentication-method=normal'];
  await runChecked('mariadb-install-db', ['--no-defaults', ...options, ...optionsFor(data)]);
  const input = `CREATE DATABASE ${DATABASE};\n`;
  const { program } = await theServer();
  await runChecked(program, ['--no-defaults', '--bootstrap', ...optionsFor(data)], { input });
}

/** @param {string} data @param {number} port */
async function startServer(data, port) {
  const { program } = await theServer();
  const own = [`--port=${port}`, `--socket=${join(data, 'socket')}`, `--pid-file=${join(data, 'pid')}`];
  return startService([program, '--no-defaults', ...optionsFor(data), ...own], {
    name: 'MariaDB',
    cwd: data,
    endSignal: 'SIGKILL',
    isReady: async log => log.includes('ready for connections'),
  });
}

/** @param {string} data @returns {string[]} */
function optionsFor(data) {
  // As root it has to be told that this is meant.
  const user = process.getuid?.() === 0 ? ['--user=root'] : [];
  return [`--datadir=${data}`, ...user, ...SETTINGS.map(setting => `--${setting}`)];
}

async function theServer() {
  const server = await findServer();
  if (!server) throw new Error(MARIADB_MISSING);
  return server;
}

function findServer() {
  found ??= firstServer();
  return found;
}

/** @returns {Promise<Server | null>} */
async function firstServer() {
  for (const program of SERVERS) {
    const result = await run(program, ['--version']).catch(() => null);
    const version = /\d+\.\d+/.exec(result?.stdout ?? '');
    if (result?.code === 0 && version) return { program, version: version[0] };
  }
  return null;
}
