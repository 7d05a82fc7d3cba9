/** Writes to the folder what is changed in Directus, a quiet time after the change. */
import { setTimeout as sleep } from 'node:timers/promises';
import { changedBy, committed } from './changes.js';
import { Complaints } from './complaints.js';
import { SchemaSyncError } from './errors.js';
import { exportProject } from './export.js';
import { MANIFEST } from './folder.js';
import { isEmpty, openProject } from './project.js';
import { BURST, Quiet } from './quiet.js';
import { plural } from './report.js';

/**
 * @typedef {import('./changes.js').ActionMeta} ActionMeta
 * @typedef {import('./server.js').ServerParts} ServerParts
 */

const LONGEST_ARRIVAL_MS = 1000;

export class AutoExport {
  #parts;
  #complaints;
  /** @type {Quiet<string>} */
  #quiet;
  /** Events on their way: their transaction has not ended yet. @type {Set<Promise<void>>} */
  #arriving = new Set();

  /** @param {ServerParts} parts */
  constructor(parts) {
    this.#parts = parts;
    this.#complaints = new Complaints(text => parts.logger.error(text));
    this.#quiet = new Quiet(changed => this.#export(changed), {
      ...BURST,
      onFailure: error => this.#complain(error),
    });
  }

  /**
   * @param {ActionMeta} meta of an action event
   * @param {any} database the knex instance that the event came with
   */
  note(meta, database) {
    const arrival = this.#arrive(meta, database).finally(() => this.#arriving.delete(arrival));
    this.#arriving.add(arrival);
  }

  /** Writes what is not written yet, but waits for no transaction that goes on and on. */
  async flush() {
    await Promise.race([Promise.all(this.#arriving), sleep(LONGEST_ARRIVAL_MS)]);
    await this.#quiet.flush();
  }

  /** @param {ActionMeta} meta @param {any} database */
  async #arrive(meta, database) {
    const changed = changedBy(meta, await this.#relations());
    if (changed.length === 0) return;
    await committed(database);
    this.#quiet.note(changed);
  }

  /** Without a database nothing can be said of relations, but the change itself must not be forgotten. */
  async #relations() {
    try {
      return (await this.#parts.getSchema()).relations;
    } catch {
      return [];
    }
  }

  /** @param {Set<string>} changed */
  async #export(changed) {
    const { instance, settings, logger, queue } = this.#parts;
    const report = await queue.run(async () => {
      await this.#refuseFirstExport();
      return exportProject(instance, settings, { changed });
    });
    const { written, removed } = report;
    if (this.#complaints.settle()) logger.info('Schema Sync: exports work again.');
    if (!report.applied) return;
    const files = [...written, ...removed].filter(path => path !== MANIFEST);
    logger.info(
      `Schema Sync: exported ${plural(files.length, 'changed file')}: ${files.slice(0, 5).join(', ')}.`,
    );
  }

  /** A new instance beside a full folder would write itself over it, since it cannot know what the folder is to it. */
  async #refuseFirstExport() {
    const { instance, settings } = this.#parts;
    if ((await instance.hasBase()) || isEmpty(await openProject(settings))) return;
    const message =
      'The folder holds data that this instance has never imported, so changes are not exported by themselves. Run ' +
      '`directus schema-sync import` or `directus schema-sync export` once.';
    throw new SchemaSyncError('EXPORT_CONFLICT', message);
  }

  /** @param {unknown} error */
  #complain(error) {
    this.#complaints.make('Schema Sync: what was changed is not exported yet, and is tried again.', error);
  }
}
