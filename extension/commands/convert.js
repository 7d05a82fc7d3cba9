/** `convert`: a folder that another tool wrote, in today's form. */
import { convertFolder } from '../convert.js';
import { plural } from '../report.js';

/** @type {import('./command.js').Command} */
export const convert = {
  name: 'convert',
  summary: "Rewrite a folder of the community extension, or a snapshot of Directus, into today's form",
  entries: ['directus'],
  options: [
    ['--snapshot <file>', 'take the schema from what `directus schema snapshot` wrote, JSON or YAML'],
    ['--dry-run', 'say what would be written, write nothing'],
    ['--json', 'print one JSON document'],
  ],
  async run({ instance, settings }, { snapshot, dryRun }) {
    const { written, removed, unchanged } = await convertFolder(instance, settings, { snapshot, dryRun });
    const counts = `${plural(written.length, 'file')} written, ${removed.length} removed, ${unchanged} unchanged`;
    const line = dryRun ? `Nothing was written. It would be ${counts}` : counts;
    return { lines: [`${line} in ${settings.dir}.`], json: { written, removed, unchanged } };
  },
};
