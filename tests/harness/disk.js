/** A small disk of its own under a folder, which can be full or read-only. It takes root to mount one. */
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, runChecked } from './process.js';

/**
 * @typedef {object} Disk
 * @property {() => Promise<void>} fill until not one byte is free
 * @property {() => Promise<void>} free
 * @property {(isReadOnly: boolean) => Promise<void>} setReadOnly
 * @property {() => Promise<void>} unmount
 */

const SIZE_KB = 4096;
const FILLER = '.filler';

/** @returns {Promise<boolean>} whether this process may mount a disk */
export async function canMount() {
  if (process.getuid?.() !== 0) return false;
  const folder = await mkdtemp(join(tmpdir(), 'schema-sync-disk-'));
  const { code } = await run('mount', ['-t', 'tmpfs', 'none', folder]);
  if (code === 0) await runChecked('umount', [folder]);
  await rm(folder, { recursive: true });
  return code === 0;
}

/** @param {string} folder keeps its content @returns {Promise<Disk>} */
export async function mountDisk(folder) {
  const aside = await mkdtemp(join(tmpdir(), 'schema-sync-disk-'));
  await cp(folder, aside, { recursive: true });
  await runChecked('mount', ['-t', 'tmpfs', '-o', `size=${SIZE_KB}k`, 'none', folder]);
  await cp(aside, folder, { recursive: true });
  await rm(aside, { recursive: true });
  const filler = join(folder, FILLER);
  return {
    fill: async () => {
      // It ends with ENOSPC, which is what it is for.
      await writeFile(filler, Buffer.alloc(SIZE_KB * 1024)).catch(() => {});
    },
    free: () => rm(filler),
    setReadOnly: async isReadOnly => {
      await runChecked('mount', ['-o', `remount,${isReadOnly ? 'ro' : 'rw'}`, folder]);
    },
    unmount: async () => void (await runChecked('umount', ['--lazy', folder])),
  };
}
