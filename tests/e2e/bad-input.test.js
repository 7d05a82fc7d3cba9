/** Bad input stops an import before anything is written, and says what is wrong, where, and what to do. */
import assert from 'node:assert/strict';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { SAMPLE_COLLECTIONS } from '../harness/sample-project.js';
import { schemaSync } from '../support/command.js';
import { changedTables, contentOf } from '../support/content.js';
import { testProjects } from '../support/projects.js';
import { copyFolder, installFolder, succeed, syncFolder } from '../support/sync-folder.js';

/** @typedef {import('../harness/project.js').Project} Project */

const projects = testProjects();
const CUSTOM = Object.fromEntries(SAMPLE_COLLECTIONS.map(name => [name, {}]));

/**
 * @typedef {object} Case
 * @property {string} name
 * @property {(folder: string) => Promise<void>} spoil
 * @property {boolean} [intended] whether the manifest is written anew after it, as after an intended edit
 * @property {string} code
 * @property {RegExp[]} says place, thing, advice
 */

/** @type {Case[]} */
const CASES = [
  {
    name: 'invalid JSON',
    spoil: folder => writeFile(join(folder, 'data/tags.json'), '[\n  {"slug": "new",}\n]\n'),
    intended: true,
    code: 'JSON_INVALID',
    says: [/data\/tags\.json:2:\d+/],
  },
  {
    name: 'an empty file',
    spoil: folder => writeFile(join(folder, 'data/tags.json'), ''),
    intended: true,
    code: 'JSON_INVALID',
    says: [/data\/tags\.json/, /empty/],
  },
  {
    name: 'a conflict marker in a data file',
    spoil: folder =>
      writeFile(
        join(folder, 'data/tags.json'),
        '[\n<<<<<<< HEAD\n  {"slug": "a"}\n=======\n>>>>>>> other\n]\n',
      ),
    intended: true,
    code: 'CONFLICT_MARKER',
    says: [/data\/tags\.json:2/],
  },
  {
    name: 'a conflict marker in the manifest',
    spoil: folder => edit(join(folder, 'hash.txt'), text => `<<<<<<< HEAD\n${text}=======\n>>>>>>> other\n`),
    code: 'CONFLICT_MARKER',
    says: [/hash\.txt:1/, /schema-sync hash/],
  },
  {
    name: 'a missing file',
    spoil: folder => rm(join(folder, 'data/tags.json')),
    code: 'MANIFEST_MISMATCH',
    says: [/missing: data\/tags\.json/, /schema-sync hash/],
  },
  {
    name: 'a changed file',
    spoil: folder => edit(join(folder, 'data/tags.json'), text => text.replace('wool', 'silk')),
    code: 'MANIFEST_MISMATCH',
    says: [/changed since they were listed: data\/tags\.json/, /schema-sync hash/],
  },
  {
    name: 'an unlisted file that an entry would read',
    spoil: folder => edit(join(folder, 'hash.txt'), text => text.replace(/^.*data\/tags\.json\n/m, '')),
    code: 'MANIFEST_MISMATCH',
    says: [/not listed: data\/tags\.json/, /schema-sync hash/],
  },
  {
    name: 'no manifest',
    spoil: folder => rm(join(folder, 'hash.txt')),
    code: 'MANIFEST_MISSING',
    says: [/schema-sync hash/],
  },
  {
    name: 'an unknown config option',
    spoil: folder => writeConfig(folder, { ...CUSTOM, tags: { excludeField: ['label'] } }),
    code: 'CONFIG_UNKNOWN_OPTION',
    says: [/config\.js: syncCustomCollections\.tags/, /excludeFields/],
  },
  {
    name: 'a collection in the config that does not exist',
    spoil: folder => writeConfig(folder, { ...CUSTOM, tagz: {} }),
    code: 'CONFIG_UNKNOWN_COLLECTION',
    says: [/config\.js: syncCustomCollections\.tagz/, /Did you mean.*tags/],
  },
  {
    name: 'a config that does not parse',
    spoil: folder =>
      writeFile(join(folder, 'config.js'), 'export const syncCustomCollections = {\n  tags: {,\n};\n'),
    code: 'CONFIG_INVALID',
    says: [/config\.js:2/],
  },
  {
    name: 'a duplicate key',
    spoil: folder => editRows(folder, 'tags', rows => [...rows, { ...rows[0] }]),
    intended: true,
    code: 'KEY_DUPLICATE',
    says: [/data\/tags\.json/, /hand-made/],
  },
  {
    name: 'a row without its key',
    spoil: folder => editRows(folder, 'tags', ([{ slug: _, ...first }, ...rest]) => [first, ...rest]),
    intended: true,
    code: 'KEY_MISSING',
    says: [/data\/tags\.json/, /slug/],
  },
  {
    name: 'a row that refers to nothing',
    spoil: folder => editRows(folder, 'reviews', rows => rows.map(row => ({ ...row, product: NOBODY }))),
    intended: true,
    code: 'REFERENCE_MISSING',
    says: [/reviews/, /product/, /5a3e0000-ffff/],
  },
  {
    name: 'a field that does not exist',
    spoil: folder => editRows(folder, 'tags', rows => rows.map(row => ({ ...row, colour: 'red' }))),
    intended: true,
    code: 'ROW_UNKNOWN_FIELD',
    says: [/data\/tags\.json|tags\[/, /colour/],
  },
  {
    name: 'a folder of a newer format',
    spoil: folder =>
      edit(join(folder, 'data/schema.json'), text => JSON.stringify({ ...JSON.parse(text), version: 99 })),
    intended: true,
    code: 'FORMAT_TOO_NEW',
    says: [/data\/schema\.json/, /[Uu]pdate/],
  },
];

const NOBODY = '5a3e0000-ffff-4000-8000-000000000000';

/** @param {string} file @param {(text: string) => string} change */
async function edit(file, change) {
  await writeFile(file, change(await readFile(file, 'utf8')));
}

/** @param {string} folder @param {string} entry @param {(rows: any[]) => any[]} change */
function editRows(folder, entry, change) {
  return edit(join(folder, 'data', `${entry}.json`), text => JSON.stringify(change(JSON.parse(text))));
}

/** @param {string} folder @param {Record<string, object>} custom */
function writeConfig(folder, custom) {
  return writeFile(
    join(folder, 'config.js'),
    `export const syncCustomCollections = ${JSON.stringify(custom, null, 2)};\n`,
  );
}

for (const major of /** @type {const} */ (['12', '11'])) {
  /** @type {Project} */
  let target;
  /** @type {string} */
  let pristine;
  /** @type {Record<string, string>} */
  let untouched;

  before(async () => {
    const source = await projects.sample({ major, template: 'a' });
    await installFolder(source, CUSTOM, { directus_files: {} });
    await succeed(source, ['schema-sync', 'export']);
    target = await projects.empty({ major, template: 'b' });
    await copyFolder(source, target);
    pristine = `${syncFolder(target)}-pristine`;
    await cp(syncFolder(target), pristine, { recursive: true });
    untouched = contentOf(target);
  });

  for (const { name, spoil, intended, code, says } of CASES) {
    test(`Directus ${major}: ${name} stops the import before anything is written`, async () => {
      const folder = syncFolder(target);
      await rm(folder, { recursive: true });
      await cp(pristine, folder, { recursive: true });
      await spoil(folder);
      if (intended) assert.equal((await schemaSync(target, 'hash')).code, 0);

      const { code: exitCode, stdout, stderr } = await target.cli(['schema-sync', 'import', '--yes']);
      assert.equal(exitCode, 1, stdout + stderr);
      assert.match(stderr, new RegExp(`^error ${code}: `, 'm'));
      for (const expected of says) assert.match(stderr, expected);
      assert.doesNotMatch(stderr, /^\s+at /m, 'no stack trace');
      assert.deepEqual(changedTables(untouched, contentOf(target)), []);
    });
  }
}
