/** `hash`: writes the manifest after an intended edit or a merge. */
import { MANIFEST } from '../folder.js';
import { compareManifest, writeManifest } from '../manifest.js';
import { plural } from '../report.js';

/** @type {import('./command.js').Command} */
export const hash = {
  name: 'hash',
  summary: `Write the manifest ${MANIFEST} after an intended edit or a merge`,
  entries: ['directus', 'bin'],
  options: [
    ['--check', 'only compare, and end with 1 when files differ'],
    ['--json', 'print one JSON document'],
  ],
  async run({ settings }, { check }) {
    if (check) {
      const { files } = await compareManifest(settings);
      return {
        lines: [`${plural(files, 'data file')} as listed in ${MANIFEST}.`],
        json: { files, changed: false },
      };
    }
    const { files, changed } = await writeManifest(settings);
    const did = changed ? 'Wrote' : 'Nothing to write: it is up to date in';
    return { lines: [`${did} ${MANIFEST} with ${plural(files, 'data file')}.`], json: { files, changed } };
  },
};
