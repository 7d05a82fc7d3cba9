/** The build of the Rust core by wasm-pack: the same bytes on every machine with the same tools. */
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { runChecked } from '../tests/harness/process.js';
import { REPOSITORY } from '../tests/harness/repository.js';
import { DIGEST_FILE, digestText, sourcesDigest } from './sources.js';
import { ensureWasmTools } from './wasm-tools.js';

const NAME = 'schema_sync_core';
const WASM_FILE = `${NAME}_bg.wasm`;

/**
 * @param {string} out folder of the package; what it held is gone afterwards
 * @returns {Promise<number>} bytes of the wasm file
 */
export async function buildCore(out) {
  // Taken first: an edit during the build must not pass for what was built.
  const sources = sourcesDigest();
  const path = [...(await ensureWasmTools()), process.env.PATH].join(delimiter);
  const env = { ...process.env, PATH: path, CARGO_ENCODED_RUSTFLAGS: rustFlags().join('\x1f') };
  await rm(out, { recursive: true, force: true });
  const shape = ['--target', 'web', '--out-dir', out, '--out-name', NAME];
  // "no-install" makes a download impossible, "no-pack" leaves out a package.json that would confuse npm.
  const args = ['build', '--release', '--mode', 'no-install', '--no-pack', ...shape];
  await runChecked('wasm-pack', args, { cwd: REPOSITORY, env });
  // It holds "*", which npm would honour over the "files" of package.json: the wasm would not be packed.
  await rm(join(out, '.gitignore'), { force: true });
  refuseMachinePaths(join(out, WASM_FILE));
  writeFileSync(join(out, DIGEST_FILE), digestText(out, sources));
  return statSync(join(out, WASM_FILE)).size;
}

/** Panic messages name source files. Their folders differ from machine to machine, so they are replaced. */
function rustFlags() {
  const registry = join(cargoHome(), 'registry', 'src');
  const registries = existsSync(registry) ? readdirSync(registry).map(name => join(registry, name)) : [];
  const remaps = [[REPOSITORY, '/core'], ...registries.map(folder => [folder, '/crates'])];
  return remaps.map(([from, to]) => `--remap-path-prefix=${from}=${to}`);
}

/** @param {string} file */
function refuseMachinePaths(file) {
  const content = readFileSync(file, 'latin1');
  for (const path of [REPOSITORY, cargoHome(), homedir()]) {
    if (path.length > 1 && content.includes(`${path}/`)) throw new Error(`${file} holds the path ${path}`);
  }
}

function cargoHome() {
  return process.env.CARGO_HOME || join(homedir(), '.cargo');
}
