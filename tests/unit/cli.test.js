/** The command table, what commander makes of it, and what the README says of it. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Command } from 'commander';
import { COMMANDS, registerCommands } from '../../extension/cli.js';

const README = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const SECTION = README.split('\n## Commands\n')[1].split('\n### ')[0];

/** @param {'directus' | 'bin'} name */
function registered(name) {
  const parent = new Command('schema-sync');
  registerCommands(parent, { name, env: {} });
  return parent.commands;
}

/** @param {string} flags @returns {string} such as `--only` */
function longFlag(flags) {
  return /--[\w-]+/.exec(flags)?.[0] ?? flags;
}

test('each entry offers its commands', () => {
  const names = (/** @type {readonly Command[]} */ commands) => commands.map(command => command.name());
  assert.deepEqual(names(registered('bin')), ['install', 'hash', 'validate']);
  assert.deepEqual(names(registered('directus')), [
    'install',
    'export',
    'import',
    'diff',
    'plan',
    'status',
    'hash',
    'convert',
    'unlock',
    'export-schema',
    'import-schema',
  ]);
});

test('the README lists every command, and no flag that does not exist', () => {
  const rows = SECTION.split('\n').filter(line => line.startsWith('| `'));
  const documented = rows.flatMap(row =>
    [...row.split('|')[1].matchAll(/`([\w-]+)`/g)].map(([, name]) => name),
  );
  const expected = COMMANDS.filter(({ entries }) => entries.includes('directus')).map(({ name }) => name);
  assert.deepEqual(documented.toSorted(), expected.toSorted());
  for (const row of rows) {
    const [, first] = /** @type {RegExpExecArray} */ (/`([\w-]+)`/.exec(row));
    const own = COMMANDS.find(({ name }) => name === first)?.options.map(([flags]) => longFlag(flags)) ?? [];
    const flags = [...row.matchAll(/`(--[\w-]+)/g)].map(([, flag]) => flag);
    assert.deepEqual(
      flags.filter(flag => !own.includes(flag)),
      [],
      first,
    );
  }
});

test('the README names every flag of import, diff and plan', () => {
  const row = (/** @type {string} */ name) =>
    SECTION.split('\n').find(line => line.startsWith(`| \`${name}\``)) ?? '';
  for (const command of COMMANDS.filter(({ name }) => ['import', 'diff', 'plan'].includes(name))) {
    const text = row(command.name) + row('import') + row('diff');
    const missing = command.options
      .map(([flags]) => longFlag(flags))
      .filter(flag => !text.includes(`\`${flag}`));
    assert.deepEqual(missing, [], command.name);
  }
});

test('commands of the community extension keep their names and flags', () => {
  const community = {
    'export-schema': ['--split'],
    'import-schema': [],
    install: ['--force'],
    hash: [],
    import: ['--merge'],
    export: [],
  };
  const commands = registered('directus');
  for (const [name, flags] of Object.entries(community)) {
    const options = commands.find(command => command.name() === name)?.options.map(({ long }) => long) ?? [];
    for (const flag of flags) assert.ok(options.includes(flag), `${name} ${flag}`);
  }
});
