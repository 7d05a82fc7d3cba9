import { createHash } from 'node:crypto';

/**
 * Done by Node and not by the core: it gives the same, many times as fast.
 *
 * @param {string | Uint8Array} content
 * @returns {string} hex
 */
export function sha256(content) {
  return createHash('sha256').update(content).digest('hex');
}
