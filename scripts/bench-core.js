/**
 * `npm run bench:core`: what the core does with rows of 600 bytes, through WebAssembly, in megabytes of JSON by second
 * of the thread's own time, beside what `JSON.parse` does with the same bytes. Needs Node 22.19. Fails where rows that
 * are equal are compared slower than that, or than `LEAST`. `BENCH_ROWS` says how many rows there are, `BENCH_ROUNDS`
 * how often each is measured.
 */
import { loadCore } from '../extension/core.js';

/** The least speed at which rows that are equal have to be compared, in megabytes a second. */
const LEAST = 300;
const ROWS = Number(process.env.BENCH_ROWS ?? 50_000);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
const PAGE = 1000;
const SECRET = new Uint8Array(32).fill(7);
const ID = 'products';

/** @typedef {import('../extension/core.js').Core} Core */

const field = (/** @type {string} */ type, /** @type {string[]} */ special = []) => ({
  type,
  special,
  nullable: true,
});
const FACTS = {
  directus: '12.4.0',
  vendor: 'postgres',
  collections: {
    [ID]: {
      primary: 'id',
      fields: {
        id: { ...field('uuid', ['uuid']), nullable: false },
        sku: field('string'),
        name: field('string'),
        description: field('text'),
        price: field('float'),
        stock: field('integer'),
        active: field('boolean', ['cast-boolean']),
        tags: field('json', ['cast-json']),
        created: field('timestamp'),
        weight: field('integer'),
      },
    },
  },
  relations: [],
};

const rows = Array.from({ length: ROWS }, (_, index) => rowOf(index));
const encoder = new TextEncoder();
const file = encoder.encode(JSON.stringify(rows, sortedKeys, 2));
const pages = Array.from({ length: Math.ceil(ROWS / PAGE) }, (_, page) =>
  encoder.encode(JSON.stringify(rows.slice(page * PAGE, (page + 1) * PAGE))),
);
const size = (/** @type {Uint8Array[]} */ parts) => parts.reduce((sum, part) => sum + part.length, 0);

const core = await loadCore();
const { entries, ...config } = core.resolveConfig(
  { mode: 'mirror', sources: [{ file: 'config.js', custom: { [ID]: {} } }] },
  /** @type {any} */ (FACTS),
);

/** @type {Record<string, number[]>} */
const speeds = {};
for (let round = 0; round < ROUNDS; round += 1) {
  measure('JSON.parse', size(pages), parsePages);
  importUnchanged();
  exportRows();
}
report();

/** @param {number} index */
function rowOf(index) {
  const number = String(index).padStart(12, '0');
  return {
    id: `5f0c1d2e-0000-4000-8000-${number}`,
    sku: `SKU-${index}`,
    name: `Product number ${index}`,
    description: `Lorem ipsum dolor sit amet ${index} `.repeat(12),
    price: index * 1.5,
    stock: index % 97,
    active: index % 3 === 0,
    tags: ['a', 'b', String(index % 7)],
    created: '2026-01-01T00:00:00.000Z',
    weight: index % 1000,
  };
}

/** @param {string} _ @param {any} value @returns {any} */
function sortedKeys(_, value) {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function parsePages() {
  const decoder = new TextDecoder();
  let count = 0;
  for (const page of pages) count += JSON.parse(decoder.decode(page)).length;
  if (count !== ROWS) throw new Error(`${count} rows were parsed.`);
}

/** Reads a file, compares rows that are as it has them, and makes the empty plan. */
function importUnchanged() {
  const planner = core.planner({ ...config, entries }, /** @type {any} */ (FACTS));
  try {
    planner.setBase(SECRET);
    measure('read a file', file.length, () => {
      planner.addFile(ID, `data/${ID}.json`, file);
      planner.finishFiles();
    });
    measure('compare equal rows', size(pages), () => {
      for (const page of pages) planner.addCurrent(ID, page);
    });
    measure('plan and next base', size(pages), () => {
      const { summary } = planner.plan().head();
      if (summary.items[ID]?.unchanged !== ROWS) throw new Error(JSON.stringify(summary));
      planner.base();
    });
  } finally {
    planner.free();
  }
}

/** Takes rows and gives their file. */
function exportRows() {
  const [entry] = entries;
  const target = core.itemExport(/** @type {any} */ (entry), /** @type {any} */ (FACTS));
  try {
    measure('canonical form', size(pages), () => {
      for (const page of pages) target.addRows(page);
    });
    measure('order and write', file.length, () => {
      target.finish();
      let written = 0;
      for (let chunk = target.chunk(); chunk; chunk = target.chunk()) written += chunk.length;
      if (written !== file.length + 1) throw new Error('The file is not as it was.');
    });
  } finally {
    target.free();
  }
}

/** @param {string} name @param {number} bytes @param {() => void} work */
function measure(name, bytes, work) {
  const start = process.threadCpuUsage();
  work();
  speeds[name] ??= [];
  speeds[name].push(bytes / process.threadCpuUsage(start).user);
}

function report() {
  const median = (/** @type {string} */ name) =>
    speeds[name]?.toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? Number.NaN;
  console.log(`${ROWS} rows, ${(size(pages) / ROWS).toFixed(0)} bytes each        MB/s`);
  for (const name of Object.keys(speeds))
    console.log(`${name.padEnd(34)}${median(name).toFixed(0).padStart(6)}`);
  const [compared, parsed] = [median('compare equal rows'), median('JSON.parse')];
  // Another benchmark shows them among its own figures.
  process.send?.(Object.fromEntries(Object.keys(speeds).map(name => [name, median(name)])));
  process.exitCode = compared >= LEAST && compared > parsed ? 0 : 1;
}
