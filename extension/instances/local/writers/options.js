/** Options for Directus' services inside a transaction that is not theirs. */

/**
 * No events and no cache work in the middle: both use the pool, which on SQLite is the connection that the
 * transaction holds. `bypassLimits` concerns `MAX_BATCH_MUTATION`, a limit for requests, not the licence.
 *
 * @returns {Record<string, any>} a fresh object, since services write into it
 */
export function quietly() {
  return {
    emitEvents: false,
    bypassEmitAction: () => {},
    autoPurgeCache: false,
    autoPurgeSystemCache: false,
    bypassLimits: true,
  };
}
