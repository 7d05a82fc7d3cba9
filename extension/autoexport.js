/** Writes to the folder what is changed in Directus, a quiet time after the change. */
import { setTimeout as sleep } from 'node:timers/promises';
import { changedBy, committed, isChange } from './changes.js';
import { Complaints } from './complaints.js';
import { asKnown, SchemaSyncError } from './errors.js';
import { exportProject } from './export.js';
import { MANIFEST } from './folder.js';
import { isApplied, isEmpty, openProject } from './project.js';
import { BURST, Quiet } from './quiet.js';
import { errorLines, plural } from './report.js';

/**
 * @typedef {import('./changes.js').ActionMeta} ActionMeta
 * @typedef {import('./server.js').ServerParts} ServerParts
 */

const LONGEST_ARRIVAL_MS = 1000;
/** Stands for all that may have changed, among names of collections, which never begin with a dot. */
const EVERYTHING = '.everything';

const NOT_APPLIED =
  'Schema Sync: the folder is not the one that this instance imported or exported last, so only what is changed from ' +
  'now on is exported. Run `directus schema-sync import` or `directus schema-sync export` once to bring them together.';

export class AutoExport {
  #parts;
  #complaints;
  /** @type {Quiet<string>} */
  #quiet;
  /** Events on their way: their transaction has not ended yet. @type {Set<Promise<void>>} */
  #arriving = new Set();
  /** Places whose values look like credentials, once that was said. @type {Set<string>} */
  #warned = new Set();

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
    if (!isChange(meta)) return;
    const arrival = this.#arrive(meta, database).finally(() => this.#arriving.delete(arrival));
    this.#arriving.add(arrival);
  }

  /** Writes what was changed while nobody exported: by a command, or shortly before a server was killed. */
  catchUp() {
    this.#quiet.note([EVERYTHING]);
  }

  /** @param {string[]} changed what an older load of the extension could not write */
  resume(changed) {
    this.#quiet.note(changed);
  }

  /**
   * Writes what is not written yet, but waits for no transaction that goes on and on.
   *
   * @returns {Promise<string[]>} what could not be written
   */
  async flush() {
    await Promise.race([Promise.all(this.#arriving), sleep(LONGEST_ARRIVAL_MS)]);
    return this.#quiet.flush();
  }

  /** @param {ActionMeta} meta @param {any} database */
  async #arrive(meta, database) {
    await committed(database);
    this.#quiet.note(changedBy(meta, await this.#relations()));
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
    const { logger, queue } = this.#parts;
    const report = await queue.run(() => this.#exportNoted(changed));
    if (this.#complaints.settle()) logger.info('Schema Sync: exports work again.');
    if (!report?.applied) return;
    this.#warn(report.warnings);
    const { written, removed } = report;
    const files = [...written, ...removed].filter(path => path !== MANIFEST);
    logger.info(
      `Schema Sync: exported ${plural(files.length, 'changed file')}: ${files.slice(0, 5).join(', ')}.`,
    );
  }

  /**
   * Nobody looks at an export that goes on by itself before it is committed, so this is said, each value once.
   *
   * @param {import('./errors.js').Diagnostic[]} warnings
   */
  #warn(warnings) {
    const secrets = warnings.filter(
      ({ code, path = '' }) => code === 'SECRET_FOUND' && !this.#warned.has(path),
    );
    for (const { path = '', message } of secrets) {
      this.#warned.add(path);
      this.#parts.logger.warn(`Schema Sync: ${message}`);
    }
  }

  /** @param {Set<string>} changed without {@link EVERYTHING}, once that is done with */
  async #exportNoted(changed) {
    const { instance, settings } = this.#parts;
    if (changed.has(EVERYTHING)) {
      const report = await this.#exportEverything();
      if (report) return report;
      changed.delete(EVERYTHING);
    }
    if (changed.size === 0) return null;
    await this.#refuseFirstExport();
    return exportProject(instance, settings, { changed });
  }

  /**
   * Only into the folder that this instance knows: another one was changed by people, and may hold more than can be told
   * apart from what was changed here.
   *
   * @returns {Promise<import('./export.js').ExportReport | null>} null where there is no such folder
   */
  async #exportEverything() {
    const { instance, settings, logger } = this.#parts;
    const project = await openProject(settings);
    if (isEmpty(project)) return null;
    try {
      if (await isApplied(instance, settings, project)) {
        return await exportProject(instance, settings, { project });
      }
      logger.info(NOT_APPLIED);
    } catch (error) {
      const known = asKnown(error);
      // Trying again would only meet the same conflict, and stop the exports of everything else.
      if (known.code !== 'EXPORT_CONFLICT') throw error;
      logger.warn(
        [`Schema Sync: what was changed before this start is not exported.`, ...errorLines(known)].join('\n'),
      );
    }
    return null;
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
