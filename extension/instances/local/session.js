/** One open transaction on the local instance: everything that is read or written goes through it. */
import { CONTENT } from '../../contents.js';
import { privateCache } from './caches.js';
import { changeCommitted } from './committed-schema.js';
import { FILES, readFilePages, readFileRows, readsContents } from './contents-reading.js';
import { directusVersion } from './directus.js';
import { installedParts } from './extensions.js';
import { collectionFacts, findAdmin, relationFacts } from './facts.js';
import { licenceLimits } from './licence.js';
import { countLoss } from './losses.js';
import { withMoments } from './moments.js';
import { existingKeys, readPages, readRows } from './rows.js';
import { readSnapshot } from './snapshot.js';
import { writeNoted } from './unfinished.js';
import { stateBefore, verifyResult } from './verify.js';
import { writeSteps } from './writers/index.js';

/**
 * @typedef {import('../../model.js').Entry} Entry
 * @typedef {import('../../model.js').Facts} Facts
 * @typedef {import('../../model.js').Limits} Limits
 * @typedef {import('../../model.js').Row} Row
 * @typedef {import('../../model.js').Snapshot} Snapshot
 * @typedef {import('../../model.js').Step} Step
 * @typedef {import('./context.js').Context} Context
 * @typedef {import('./context.js').Knex} Knex
 * @typedef {import('./context.js').SchemaOverview} SchemaOverview
 * @typedef {import('./dialect.js').Dialect} Dialect
 */

export class LocalSession {
  #context;
  #settings;
  #state;
  #runs;
  /** @type {SchemaOverview | null} */
  #schema = null;
  /** @type {Map<string, any>} */
  #services = new Map();
  /** @type {Limits | null} */
  #limits = null;
  /** @type {import('./verify.js').StateBefore | null} */
  #before = null;
  #columns = privateCache();
  /** @type {WeakMap<Step, unknown[]>} */
  #created = new WeakMap();
  /** @type {import('./writers/effects.js').Written[]} what events will tell of, once it is committed */
  announced = [];
  /** Whether changes of the schema stay, whatever becomes of the transaction. */
  keepsSchema = false;

  /**
   * @param {object} parts
   * @param {Context} parts.context
   * @param {Knex} parts.trx
   * @param {Dialect} parts.dialect
   * @param {import('./settings.js').Settings} parts.settings
   * @param {import('./state.js').State} parts.state
   * @param {import('./runs.js').Runs} parts.runs
   * @param {import('./contents.js').Contents} parts.contents
   */
  constructor({ context, trx, dialect, settings, state, runs, contents }) {
    this.#context = context;
    this.#settings = settings;
    this.#state = state;
    this.#runs = runs;
    this.contents = contents;
    this.trx = trx;
    this.dialect = dialect;
  }

  /**
   * @param {import('./facts.js').AdminNames} [admin]
   * @returns {Promise<Facts>}
   */
  async facts(admin = {}) {
    return {
      directus: directusVersion() ?? (await this.readSnapshot()).directus,
      vendor: this.dialect.vendor,
      collections: await this.collections(),
      relations: relationFacts(await this.schema()),
      admin: await findAdmin(this.trx, admin),
      geometry: await this.#holdsGeometry(),
      limits: await this.limits(),
    };
  }

  /** @returns {Promise<Facts['collections']>} the part of {@link facts} that changes with the schema */
  async collections() {
    const fields = await this.service('FieldsService');
    const facts = collectionFacts(await this.schema(), await fields.columnInfo());
    if (facts[FILES]) facts[FILES].fields[CONTENT] = { type: 'string', nullable: true };
    return facts;
  }

  /** @returns {Promise<Snapshot>} as Directus makes it */
  readSnapshot() {
    return readSnapshot(this, this.#context);
  }

  /**
   * @param {import('./rows.js').Readable} entry
   * @param {import('./rows.js').Instead} [options]
   */
  readRows(entry, options) {
    return (readsContents(entry, options) ? readFileRows : readRows)(this, entry, options);
  }

  /**
   * The same as text, see `row-pages.js`.
   *
   * @param {import('./rows.js').Readable} entry
   * @param {import('./rows.js').Instead} [options]
   */
  readPages(entry, options) {
    return (readsContents(entry, options) ? readFilePages : readPages)(this, entry, options);
  }

  /** @param {string} collection @param {unknown[]} keys @returns {Promise<unknown[]>} those that exist */
  existing(collection, keys) {
    return existingKeys(this, collection, keys);
  }

  /** @param {import('../../model.js').LossQuestion} question @returns {Promise<number>} of rows or values */
  countLoss(question) {
    return countLoss(this, question);
  }

  /** @param {string} collection @returns {Promise<any>} Directus' ItemsService, for functions of the config */
  itemsService(collection) {
    return this.items(collection);
  }

  /**
   * @param {[Step, ...Step[]]} steps of one type on one collection
   * @param {(rows: number) => void} onRows is told of rows as they are written
   */
  async write(steps, onRows) {
    const write = async () => {
      const created = await writeSteps(this, steps, onRows);
      for (const [step, keys] of created) this.#created.set(step, keys);
    };
    await (this.dialect.commitsSchema ? writeNoted(this, steps, write) : write());
  }

  /** @param {Step} step that was written @returns {unknown[] | null} primary keys that the rows it created were given */
  createdKeys(step) {
    return this.#created.get(step) ?? null;
  }

  /** @param {import('./writers/effects.js').Written} written */
  announce(written) {
    this.announced.push(written);
  }

  /** Notes what `verify` compares with. To be called before the first write. */
  async begin() {
    this.#before = await stateBefore(this);
  }

  /**
   * @param {() => Promise<void>} work writes the steps that change the schema
   * @param {import('../../lock.js').Lock} [lock] of the run
   */
  changeSchema(work, lock) {
    return this.dialect.commitsSchema ? changeCommitted(this, work, lock) : work();
  }

  /** Checks what only the result of all steps shows. */
  verify() {
    if (!this.#before) throw new Error('begin() was not called before the first write.');
    return verifyResult(this, this.#before);
  }

  /** @returns {Promise<import('./state.js').Agreement>} what files and instance last agreed on */
  agreement() {
    return this.#state.agreement(this.trx);
  }

  /** @returns {Promise<string>} what keys the hashes that are kept, in hex */
  secret() {
    return this.#state.secret(this.trx);
  }

  /** @param {Uint8Array} base as the core gave it */
  recordBase(base) {
    return this.#state.recordBase(base, this.trx);
  }

  /** @param {string} note of steps that are under way, on a database that commits them by themselves */
  noteUnfinished(note) {
    return this.#state.noteUnfinished(note, this.trx);
  }

  /** Where they are done. */
  forgetUnfinished() {
    return this.#state.forgetUnfinished(this.trx);
  }

  /** What was found out about the contents of files, so that they need not be read again. */
  recordContents() {
    return this.contents.note(this.trx);
  }

  /** @param {import('../../model.js').Row} row of `directus_files` @returns {Promise<import('node:stream').Readable>} */
  openContent(row) {
    return this.contents.open(/** @type {any} */ (row));
  }

  /** @param {import('../../runs.js').Run} run */
  recordRun(run) {
    return this.#runs.add(run, this.trx);
  }

  /** @param {string} fingerprint hex */
  recordFingerprint(fingerprint) {
    return this.#settings.recordFingerprint(fingerprint, this.trx);
  }

  /** @param {import('./settings.js').Claim} claim @param {number} ttlMs @returns {Promise<boolean>} */
  renewLock(claim, ttlMs) {
    return this.#settings.renew(claim, ttlMs, this.trx);
  }

  /** @returns {Promise<boolean | null>} null where Directus makes do without support of the database */
  async #holdsGeometry() {
    if (this.dialect.vendor !== 'postgres') return null;
    const { helpers } = await this.service('FieldsService');
    return helpers.st.supported();
  }

  /** @param {import('../../model.js').Part[]} parts @returns {ReturnType<typeof installedParts>} */
  installedParts(parts) {
    return installedParts(parts);
  }

  /** @returns {Promise<Limits>} of the licence, as counted before the first write */
  async limits() {
    this.#limits ??= await licenceLimits(this.trx);
    return this.#limits;
  }

  /** @returns {Promise<SchemaOverview>} of this transaction, read once and after every `refresh` */
  async schema() {
    this.#schema ??= withMoments(await this.#context.getSchema({ database: this.trx, bypassCache: true }));
    return this.#schema;
  }

  /** Forgets everything that was read of the schema, since steps have changed it. */
  refresh() {
    this.#schema = null;
    this.#services.clear();
    this.#columns.clear();
  }

  /**
   * @param {string} name of one of Directus' services
   * @returns {Promise<any>} the service on this transaction
   */
  async service(name) {
    const known = this.#services.get(name);
    if (known) return known;
    const service = this.serviceOn(name, await this.schema());
    this.#services.set(name, service);
    return service;
  }

  /**
   * @param {string} name of one of Directus' services
   * @param {SchemaOverview} schema in place of the current one
   * @returns {any} a new service on this transaction
   */
  serviceOn(name, schema) {
    const service = new this.#context.services[name]({ knex: this.trx, schema });
    if ('schemaCache' in service) service.schemaCache = this.#columns;
    return service;
  }

  /**
   * @param {string} collection
   * @param {SchemaOverview} [schema] in place of the current one
   * @returns {Promise<any>} a plain ItemsService on this transaction
   */
  async items(collection, schema) {
    const options = { knex: this.trx, schema: schema ?? (await this.schema()) };
    return new this.#context.services.ItemsService(collection, options);
  }

  /**
   * Directus 12 keeps everybody from the collections beyond a licence's limit, also who goes past its services.
   *
   * @param {string} collection
   * @param {'read' | 'create'} action
   * @throws what Directus throws where the collection is inactive
   */
  async assertActive(collection, action) {
    const items = await this.items(collection);
    // Directus 11 has no such check.
    await items.assertCollectionActive?.(action);
  }

  /**
   * @param {string} collection
   * @param {SchemaOverview} [schema] in place of the current one
   * @returns {Promise<any>} what turns values of rows into those of columns, and back
   */
  async payloads(collection, schema) {
    const options = { knex: this.trx, schema: schema ?? (await this.schema()), accountability: null };
    return new this.#context.services.PayloadService(collection, options);
  }
}
