#!/usr/bin/env node
/** `npm run build`: builds the Rust core into `pkg/`, which is committed. */
import { join, relative } from 'node:path';
import { REPOSITORY } from '../tests/harness/repository.js';
import { buildCore } from './core.js';

const pkg = join(REPOSITORY, 'pkg');
const bytes = await buildCore(pkg);
console.error(`Built ${relative(REPOSITORY, pkg)}/, the wasm file has ${Math.ceil(bytes / 1024)} KiB.`);
