/** `validate`: what can be said of the folder without a database. */
import { plural } from '../report.js';
import { validateFolder } from '../validation.js';

/** @type {import('./command.js').Command} */
export const validate = {
  name: 'validate',
  summary: 'Check config, manifest and data files without a database',
  entries: ['bin'],
  options: [
    ['--fail-on-secrets', 'end with 3 if a value looks like a credential'],
    ['--json', 'print one JSON document'],
  ],
  async run({ settings }, { failOnSecrets }) {
    const { files, entries, warnings } = await validateFolder(settings, { failOnSecrets });
    const counts = `${plural(files, 'data file')} and ${plural(entries, 'entry', 'entries')}`;
    const line =
      files === 0
        ? `The config is valid; ${settings.dir} holds no data yet.`
        : `Valid: ${counts} of the config.`;
    return { lines: [line], json: { files, entries }, warnings };
  },
};
