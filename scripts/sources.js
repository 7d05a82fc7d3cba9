/** What `pkg/` is built from and what it consists of, as digests that are committed beside it. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { REPOSITORY } from '../tests/harness/repository.js';

export const DIGEST_FILE = 'sources.sha256';

const SOURCES = ['Cargo.lock', 'Cargo.toml', 'rust-toolchain.toml'];
const SOURCE_FOLDER = 'src';

/**
 * The text of `sources.sha256`, in the format of sha256sum: one line for all sources together, and one for
 * each file of the package, so that an edit by hand is noticed as well as a change of the sources.
 *
 * @param {string} pkg folder of the package
 * @param {string} [sources] their digest, when it was taken earlier
 */
export function digestText(pkg, sources = sourcesDigest()) {
  const lines = [`${sources}  sources`];
  for (const file of readdirSync(pkg).sort()) {
    if (file !== DIGEST_FILE) lines.push(`${sha256([readFileSync(join(pkg, file))])}  ${file}`);
  }
  return `${lines.join('\n')}\n`;
}

/** One digest over the names and contents of all sources; lengths frame them, so that nothing can shift. */
export function sourcesDigest() {
  const parts = sourceFiles().flatMap(file => {
    const content = readFileSync(join(REPOSITORY, file));
    return [`${file.length} ${file} ${content.length} `, content];
  });
  return sha256(parts);
}

function sourceFiles() {
  const entries = readdirSync(join(REPOSITORY, SOURCE_FOLDER), { recursive: true, withFileTypes: true });
  const files = entries
    .filter(entry => entry.isFile())
    .map(entry => relative(REPOSITORY, join(entry.parentPath ?? entry.path, entry.name)));
  return [...SOURCES, ...files.map(file => file.split(sep).join('/'))].sort();
}

/** @param {import('node:crypto').BinaryLike[]} parts */
function sha256(parts) {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}
