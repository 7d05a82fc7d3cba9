/**
 * Runs under the Node of a Directus: `node directus-diff.mjs <folder of the install>`, with pairs
 * `[[current, desired, options], …]` as JSON on standard input, gives Directus' own diffs as a JSON array.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';

const utils = join(process.argv[2], 'node_modules/@directus/api/dist/utils');
const places = ['schema/get-snapshot-diff.js', 'get-snapshot-diff.js'];
const file = places.map(place => join(utils, place)).find(existsSync);
const { getSnapshotDiff } = await import(pathToFileURL(String(file)).href);
const pairs = JSON.parse(await text(process.stdin));
process.stdout.write(JSON.stringify(pairs.map(pair => getSnapshotDiff(...pair))));
