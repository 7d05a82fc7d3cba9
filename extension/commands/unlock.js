/** `unlock`: releases the lock of an import that died. */
import { SchemaSyncError } from '../errors.js';
import { forceUnlock } from '../lock.js';

/** @type {import('./command.js').Command} */
export const unlock = {
  name: 'unlock',
  summary: 'Release the lock of an import that died',
  entries: ['directus'],
  options: [
    ['--yes', 'do not ask'],
    ['--json', 'print one JSON document'],
  ],
  async run({ instance, output }, { yes }) {
    const lock = await instance.lockState();
    if (!lock) return { lines: ['Nothing to release: the lock is free.'], json: { released: null } };
    if (!yes && !(await isConfirmed(output, lock.owner))) throw notConfirmed(lock.owner);
    await forceUnlock(instance);
    return { lines: [`Released the lock of ${lock.owner}.`], json: { released: lock } };
  },
};

/** @param {import('../output.js').Output} output @param {string} owner */
async function isConfirmed(output, owner) {
  if (!output.isInteractive) return false;
  const question = `Release the lock of ${owner}? An import that still runs will fail. [y/N] `;
  return ['y', 'yes'].includes(await output.ask(question));
}

/** @param {string} owner */
function notConfirmed(owner) {
  const message = `The lock is held by ${owner} and was not released. Answer the question with yes, or pass --yes.`;
  return new SchemaSyncError('NOT_CONFIRMED', message);
}
