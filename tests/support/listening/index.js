/**
 * An extension beside ours that hears of rows, as a hook of a project may do. Each event becomes a line of JSON in
 * `events.jsonl`, with what the database says of the row at that moment. Filter events are noted too.
 */
import { appendFile } from 'node:fs/promises';

const FILE = 'events.jsonl';
const VERBS = Object.freeze(['create', 'update', 'delete']);

/** @param {any} hooks @param {any} context */
export default function register({ action, filter }, { database }) {
  let heard = 0;
  const note = (/** @type {object} */ line) => appendFile(FILE, `${JSON.stringify(line)}\n`);
  for (const verb of VERBS) {
    action(`tags.items.${verb}`, async (/** @type {any} */ { event, payload, key, keys }) => {
      // Which of them is noted first depends on the database.
      const order = heard++;
      const [slug] = keys ?? [key];
      const row = (await database('tags').where({ slug }).first('label')) ?? null;
      await note({ order, event, payload, keys: keys ?? [key], row: row && { ...row } });
    });
    filter(`tags.items.${verb}`, async (/** @type {any} */ _, /** @type {any} */ { event }) => {
      await note({ filter: event });
    });
  }
  action('brands.items.update', (/** @type {any} */ { event }) => note({ event }));
}
