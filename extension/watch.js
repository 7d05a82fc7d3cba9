/** Imports edits of the data files into the running server, a quiet time after the edit. */
import { basename } from 'node:path';
import { watch } from 'chokidar';
import { Complaints } from './complaints.js';
import { asKnown } from './errors.js';
import { MANIFEST } from './folder.js';
import { importProject } from './import.js';
import { openProject, withEdits } from './project.js';
import { BURST, Quiet } from './quiet.js';
import { totals } from './report.js';

/** @typedef {import('./server.js').ServerParts} ServerParts */

/** In the sync folder; its config is loaded once. */
const WATCHED = ['data', MANIFEST];

/** What is in the way lies outside of the files, so the same ones can be imported later. */
const PASSING = new Set([
  ...['LOCKED', 'LOCK_LOST'],
  ...['DATABASE_UNAVAILABLE', 'DATABASE_UNWRITABLE', 'FOLDER_UNWRITABLE'],
]);

export class FolderWatch {
  #parts;
  #complaints;
  /** @type {Quiet<string>} */
  #quiet;
  /** @type {import('chokidar').FSWatcher | null} */
  #watcher = null;

  /** @param {ServerParts} parts */
  constructor(parts) {
    this.#parts = parts;
    this.#complaints = new Complaints(text => parts.logger.error(text));
    this.#quiet = new Quiet(() => this.#import(), {
      ...BURST,
      onFailure: error => this.#complain(error),
    });
  }

  /** Returns once every edit is noticed. */
  async start() {
    const { settings } = this.#parts;
    const isHidden = (/** @type {string} */ path) => basename(path).startsWith('.');
    const options = { cwd: settings.dir, ignoreInitial: true, ignored: isHidden, persistent: false };
    const watcher = watch(WATCHED, options);
    this.#watcher = watcher;
    watcher.on('all', (_, path) => this.#quiet.note([path]));
    watcher.on('error', error => this.#complain(error));
    await new Promise(resolve => watcher.once('ready', () => resolve(null)));
  }

  /** @param {string[]} edits that an older load of the extension has not imported */
  resume(edits) {
    this.#quiet.note(edits);
  }

  /**
   * Returns once no import is under way.
   *
   * @returns {Promise<string[]>} edits that are not imported
   */
  async stop() {
    await this.#watcher?.close();
    this.#watcher = null;
    return this.#quiet.stop();
  }

  async #import() {
    const { instance, settings, logger, queue } = this.#parts;
    try {
      const report = await queue.run(() => this.#importEdits(instance, settings));
      this.#complaints.settle();
      if (report?.applied && report.plan) {
        logger.info(`Schema Sync: imported the edited files: ${totals(report.plan)}.`);
      }
    } catch (error) {
      if (PASSING.has(asKnown(error).code)) throw error;
      // The next edit tries again; the same files would only fail again.
      this.#complain(error);
    }
  }

  /**
   * Our own exports are edits too, and those that files and instance agree on already.
   *
   * @param {ServerParts['instance']} instance
   * @param {ServerParts['settings']} settings
   */
  async #importEdits(instance, settings) {
    const project = withEdits(await openProject(settings));
    const isKnown = project.root === (await instance.lastFolder());
    const report = isKnown ? null : await importProject(instance, settings, { project });
    // Also where an earlier try came no further than this.
    await project.folder.write(new Map([[MANIFEST, String(project.content.manifest)]]));
    return report;
  }

  /** @param {unknown} error */
  #complain(error) {
    const introduction = 'Schema Sync: the edited files cannot be imported yet.';
    this.#complaints.make(introduction, error);
  }
}
