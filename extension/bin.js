#!/usr/bin/env node
/** `schema-sync`: what needs no database. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { Command } from 'commander';
import { registerCommands } from './cli.js';

const program = new Command('schema-sync')
  .description('Schema Sync for Directus: what needs no database. The rest is `directus schema-sync`.')
  .version(version());
registerCommands(program, { name: 'bin', env: { ...dotEnv(), ...process.env } });
await program.parseAsync();

function version() {
  return JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version;
}

/** Directus reads a `.env` in the working directory, so the folder is found by the same rule. */
function dotEnv() {
  try {
    return parseEnv(readFileSync(resolve('.env'), 'utf8'));
  } catch {
    // Most projects have none.
    return {};
  }
}
