/** An instance in memory with one collection, for tests of the road without a Directus. */

/**
 * @typedef {Record<string, any>} Row
 *
 * @typedef {object} Log what was done with the instance
 * @property {any[]} steps
 * @property {string | null} fingerprint
 * @property {Uint8Array} [base]
 * @property {import('../../extension/runs.js').Run[]} runs
 * @property {number} commits
 * @property {number} rollbacks
 * @property {number} flushed
 */

const column = {
  is_nullable: true,
  is_unique: false,
  is_primary_key: false,
  has_auto_increment: false,
  default_value: null,
};

/** @param {string} field @param {string} type @param {object} [schema] */
function field(field, type, schema = {}) {
  const meta = { collection: 'posts', field, special: null, interface: 'input', sort: null };
  return {
    collection: 'posts',
    field,
    type,
    meta,
    schema: { ...column, name: field, table: 'posts', ...schema },
  };
}

const FIELDS = [
  field('id', 'string', { is_primary_key: true, is_nullable: false, is_unique: true }),
  field('title', 'string'),
  field('views', 'integer'),
];

/**
 * @param {Row[]} rows of `posts`
 * @param {object} [options]
 * @param {string[]} [options.fields] that it has
 * @param {boolean | string} [options.failing] whether writing fails, and with which message
 * @param {number[]} [options.secret] what tells it from others
 */
export function fakeInstance(
  rows,
  { fields = ['id', 'title', 'views'], failing = false, secret = [1, 2, 3] } = {},
) {
  /** @type {Log} */
  const log = { steps: [], fingerprint: null, runs: [], commits: 0, rollbacks: 0, flushed: 0 };
  const own = FIELDS.filter(({ field }) => fields.includes(field));

  const agreement = async () => ({
    secret: new Uint8Array(secret),
    ...(log.base && { base: log.base, since: new Date() }),
  });

  const keyOf = async () => Buffer.from(secret).toString('hex');

  const session = {
    facts: async () => ({
      directus: '12.4.0',
      vendor: 'sqlite',
      relations: [],
      collections: { posts: { primary: 'id', fields: factsOf(own) } },
    }),
    readSnapshot: async () => ({
      version: 1,
      directus: '12.4.0',
      vendor: 'sqlite',
      collections: [
        { collection: 'posts', meta: { collection: 'posts', singleton: false }, schema: { name: 'posts' } },
      ],
      fields: own,
      relations: [],
      systemFields: [],
    }),
    async *readRows(/** @type {any} */ entry) {
      const names = ['id', ...entry.fields].filter(name => fields.includes(name));
      if (rows.length > 0) yield rows.map(row => pick(row, names));
    },
    async *readPages(/** @type {any} */ entry) {
      for await (const page of session.readRows(entry))
        yield { json: Buffer.from(JSON.stringify(page)), count: page.length };
    },
    existing: async (/** @type {string} */ _, /** @type {unknown[]} */ keys) => keys,
    installedParts: async () => null,
    countLoss: async () => 1,
    itemsService: async (/** @type {string} */ collection) => ({ collection }),
    begin: async () => {},
    changeSchema: (/** @type {() => Promise<void>} */ work) => work(),
    write: async (/** @type {any[]} */ steps) => {
      if (failing) throw new Error(failing === true ? 'the disk is full' : failing);
      for (const step of steps) log.steps.push(await whole(step));
    },
    verify: async () => {},
    agreement,
    secret: keyOf,
    recordBase: async (/** @type {Uint8Array} */ base) => {
      log.base = base;
    },
    recordContents: async () => {},
    recordRun: async (/** @type {any} */ run) => log.runs.push(run),
    recordFingerprint: async (/** @type {string} */ fingerprint) => {
      log.fingerprint = fingerprint;
    },
    renewLock: async () => true,
  };

  return {
    log,
    rows,
    ensureSettings: async () => {},
    appliedFingerprint: async () => log.fingerprint,
    lockState: async () => null,
    acquireLock: async (/** @type {string} */ owner) => ({ owner, epoch: 1 }),
    renewLock: async () => true,
    releaseLock: async () => true,
    forceReleaseLock: async () => {},
    isBusy: () => false,
    agreement,
    secret: keyOf,
    now: async () => 0,
    runs: async () => log.runs.map(run => ({ ...run, ended: new Date() })).reverse(),
    repairSchema: async () => {},
    recordFailure: async (/** @type {any} */ run) => log.runs.push(run),
    tidyContents: async () => {},
    flush: async () => {
      log.flushed += 1;
    },
    /** @param {(session: any) => Promise<any>} work @param {{commit: boolean}} options */
    async transaction(work, { commit }) {
      const { steps, fingerprint, base, runs } = log;
      const before = { steps: [...steps], fingerprint, base, runs: [...runs] };
      try {
        const result = await work(session);
        if (commit) log.commits += 1;
        else Object.assign(log, before, { rollbacks: log.rollbacks + 1 });
        return result;
      } catch (error) {
        Object.assign(log, before, { rollbacks: log.rollbacks + 1 });
        throw error;
      }
    },
  };
}

/** @param {any} step @returns {Promise<any>} with all its rows */
async function whole({ parts, count, ...step }) {
  if (!parts) return step;
  /** @type {any[]} */
  const all = [];
  for await (const part of parts()) all.push(part);
  const lists = Object.keys(all[0] ?? {}).filter(name => !(name in step));
  return { ...step, ...Object.fromEntries(lists.map(name => [name, all.flatMap(part => part[name])])) };
}

/** @param {typeof FIELDS} fields */
function factsOf(fields) {
  return Object.fromEntries(
    fields.map(({ field, type, schema }) => [
      field,
      { type, nullable: schema.is_nullable, unique: schema.is_unique },
    ]),
  );
}

/** @param {Row} row @param {string[]} names */
function pick(row, names) {
  return Object.fromEntries(names.map(name => [name, row[name]]));
}
