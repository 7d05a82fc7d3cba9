/** Rust's own tools, and the ones that turn the crate into `pkg/`. Each is installed once into the cache. */
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { installOnce } from '../tests/harness/cache.js';
import { run, runChecked } from '../tests/harness/process.js';
import { REPOSITORY } from '../tests/harness/repository.js';

const WASM_PACK_VERSION = '0.15.1';
const WASM_TARGET = 'wasm32-unknown-unknown';

/** Proves that cargo is there and adds the WebAssembly target when rustup manages the toolchain. */
export async function ensureRust() {
  if (!(await runs('cargo'))) {
    throw new Error('cargo is not installed. Install Rust with rustup, see https://rustup.rs');
  }
  if (!(await runs('rustup'))) return;
  await runChecked('rustup', ['target', 'add', WASM_TARGET], { cwd: REPOSITORY });
}

/**
 * wasm-pack downloads nothing when it finds the wasm-bindgen of the crate's exact version and a wasm-opt.
 *
 * @returns {Promise<string[]>} folders to put on PATH
 */
export async function ensureWasmTools() {
  await ensureRust();
  const wasmPack = await cargoInstall('wasm-pack', 'wasm-pack', WASM_PACK_VERSION);
  const wasmBindgen = await cargoInstall('wasm-bindgen', 'wasm-bindgen-cli', lockedVersion('wasm-bindgen'));
  // The npm package binaryen carries wasm-opt.
  return [wasmPack, wasmBindgen, join(REPOSITORY, 'node_modules', '.bin')];
}

/** @param {string} name @param {string} crate @param {string} version */
async function cargoInstall(name, crate, version) {
  const folder = await installOnce(`${name}-${version}`, async root => {
    const build = join(root, 'build');
    const env = { ...process.env, CARGO_TARGET_DIR: build };
    await runChecked('cargo', ['install', crate, '--version', version, '--root', root], {
      cwd: REPOSITORY,
      env,
    });
    await rm(build, { recursive: true, force: true });
  });
  return join(folder, 'bin');
}

/** @param {string} crate @returns {string} its version in Cargo.lock */
function lockedVersion(crate) {
  const lock = readFileSync(join(REPOSITORY, 'Cargo.lock'), 'utf8');
  const version = lock.match(new RegExp(`^name = "${crate}"\\nversion = "([^"]+)"`, 'm'))?.[1];
  if (!version) throw new Error(`Cargo.lock does not hold the crate "${crate}".`);
  return version;
}

/** @param {string} command */
async function runs(command) {
  try {
    return (await run(command, ['--version'], { cwd: REPOSITORY })).code === 0;
  } catch {
    return false;
  }
}
