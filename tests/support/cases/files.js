/** Imports of contents that end early, called inside a Directus by the bench extension. */
import { readEnvironment } from '../../../extension/environment.js';
import { importProject } from '../../../extension/import.js';
import { localInstance } from '../../../extension/instances/local.js';

/** @param {any} context */
function imported(context, /** @type {any} */ instance) {
  return importProject(instance, readEnvironment(context.env).settings, { allowDestructive: true });
}

/** Everything is written, and the commit fails. @param {any} context @returns {Promise<string>} the message */
export async function fails(context) {
  const instance = localInstance(context);
  const transaction = instance.transaction.bind(instance);
  instance.transaction = (work, options) =>
    transaction(async session => {
      const result = await work(session);
      if (options.commit) throw new Error('no commit today');
      return result;
    }, options);
  return imported(context, instance).then(
    () => 'it did not fail',
    error => error.message,
  );
}

/** The process is killed when contents are copied, before the transaction. @param {any} context */
export function diesBeforeCommit(context) {
  const instance = localInstance(context);
  const transaction = instance.transaction.bind(instance);
  instance.transaction = (work, options) => (options.commit ? die() : transaction(work, options));
  return imported(context, instance);
}

/** The process is killed after the commit, before what was replaced is removed. @param {any} context */
export function diesAfterCommit(context) {
  const instance = localInstance(context);
  const tidy = instance.tidyContents.bind(instance);
  let tidied = 0;
  instance.tidyContents = () => (tidied++ === 0 ? tidy() : die());
  return imported(context, instance);
}

/** @returns {Promise<any>} never */
function die() {
  process.kill(process.pid, 'SIGKILL');
  return new Promise(() => {});
}
