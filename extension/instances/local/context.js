/**
 * What the modules of the local instance share. Types only: Directus ships no types that could be relied on
 * across its versions, so its own objects are `any` here and nowhere else.
 *
 * @typedef {any} Knex a knex instance or a transaction of one
 * @typedef {Record<string, any>} SchemaOverview what Directus' `getSchema` gives
 *
 * @typedef {object} Context what Directus hands to a hook
 * @property {Record<string, any>} services Directus' service classes
 * @property {Knex} database the pool that every other part of the server uses too
 * @property {(options?: {database?: Knex, bypassCache?: boolean}) => Promise<SchemaOverview>} getSchema
 * @property {Record<string, any>} env
 * @property {{info: (...args: any[]) => void, warn: (...args: any[]) => void, error: (...args: any[]) => void}} logger
 */

export {};
