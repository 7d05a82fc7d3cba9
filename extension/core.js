/**
 * The only module that loads the WebAssembly core. It turns values into bytes and back, and errors of the core
 * into {@link SchemaSyncError}. What takes long is called in a thread of its own, see `core-thread.js`.
 */
import { readFile } from 'node:fs/promises';
import { SchemaSyncError } from './errors.js';

/**
 * @typedef {import('./model.js').Mode} Mode
 * @typedef {import('./model.js').OnDrift} OnDrift
 * @typedef {import('./model.js').Row} Row
 * @typedef {import('./model.js').Snapshot} Snapshot
 * @typedef {import('./model.js').Facts} Facts
 * @typedef {import('./model.js').RawConfig} RawConfig
 * @typedef {import('./model.js').Config} Config
 * @typedef {import('./model.js').Entry} Entry
 * @typedef {import('./model.js').EntryFiles} EntryFiles
 * @typedef {import('./model.js').FileText} FileText
 * @typedef {import('./model.js').Verified} Verified
 * @typedef {import('./model.js').LossQuestion} LossQuestion
 * @typedef {import('./model.js').Plan} Plan
 * @typedef {import('./model.js').Seal} Seal
 * @typedef {import('./model.js').SealedPlan} SealedPlan
 * @typedef {import('./model.js').Reading} Reading
 * @typedef {import('./model.js').Part} Part
 * @typedef {import('./model.js').Installed} Installed
 * @typedef {import('./model.js').ExportPlan} ExportPlan
 * @typedef {import('./model.js').EntryExport} EntryExport
 *
 * @typedef {Uint8Array} Page rows as the JSON of an array
 */

const BINDINGS = new URL('../pkg/schema_sync_core.js', import.meta.url);
const WASM = new URL('../pkg/schema_sync_core_bg.wasm', import.meta.url);

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** `lib` of the type check has no DOM, which is where TypeScript keeps it. */
const WEB_ASSEMBLY = /** @type {any} */ (globalThis).WebAssembly;

/** @type {Promise<any> | null} */
let compiled = null;
/** @type {Promise<Core> | null} */
let loaded = null;
let generation = 0;

/** @returns {Promise<any>} the compiled core, a `WebAssembly.Module`, which threads can share */
export function compiledCore() {
  compiled ??= readFile(WASM).then(code => WEB_ASSEMBLY.compile(code));
  return compiled;
}

/**
 * The core of this thread. After a trap its memory may hold half-done work, so the instance is given up and the next
 * call of this function loads a fresh one.
 *
 * @param {Promise<any>} [module] compiled already
 * @returns {Promise<Core>}
 */
export function loadCore(module) {
  loaded ??= instantiate(module ?? compiledCore());
  return loaded;
}

/** @param {Promise<any>} module @returns {Promise<Core>} */
async function instantiate(module) {
  // The bindings keep their instance in module scope; only another URL gives another one.
  const url = `${BINDINGS.href}?generation=${generation++}`;
  try {
    const bindings = await import(url);
    bindings.initSync({ module: await module });
    return new Core(bindings);
  } catch (cause) {
    discard();
    const reason = /** @type {Error} */ (cause).message;
    throw new SchemaSyncError('INTERNAL', `The core cannot be loaded: ${reason}. Install the package anew.`, {
      cause,
    });
  }
}

/** Gives up the instance that trapped. */
function discard() {
  loaded = null;
}

/** The functions of the core, on values. */
export class Core {
  #bindings;

  /** @param {any} bindings the module that wasm-pack wrote, with its instance */
  constructor(bindings) {
    this.#bindings = bindings;
  }

  /** @returns {string[]} */
  errorCodes() {
    return this.#call('errorCodes');
  }

  /** @param {[name: string, value: string][]} parts @returns {string} hex */
  fingerprint(parts) {
    return this.#call('fingerprint', bytes(parts));
  }

  /** @param {Record<string, string>} files SHA-256 by path @returns {string} the text of `hash.txt` */
  manifestText(files) {
    return this.#call('manifestText', bytes(files));
  }

  /** @param {Record<string, string>} files SHA-256 by path @returns {string} hex */
  manifestRoot(files) {
    return this.#call('manifestRoot', bytes(files));
  }

  /**
   * @param {string} text of `hash.txt`
   * @param {Record<string, string>} files SHA-256 by path
   * @param {string[]} owned paths that a loaded entry would read
   * @returns {Verified}
   */
  verifyManifest(text, files, owned) {
    return this.#call('verifyManifest', text, bytes(files), bytes(owned));
  }

  /**
   * @param {RawConfig} raw
   * @param {Facts} facts
   * @param {Snapshot} [snapshot] overlays the facts
   * @returns {Config} with all diagnostics
   */
  resolveConfig(raw, facts, snapshot) {
    return this.#call('resolveConfig', bytes(raw), bytes(facts), snapshot && bytes(snapshot));
  }

  /** @returns {Record<string, any>} what the core knows of each `directus_*` collection */
  defaultDirectusConfig() {
    return this.#call('defaultDirectusConfig');
  }

  /** @param {Config} config @param {string[]} paths @returns {EntryFiles} */
  entryFiles(config, paths) {
    return this.#call('entryFiles', bytes(config), bytes(paths));
  }

  /** @param {Snapshot} snapshot @param {boolean} split @returns {FileText[]} */
  splitSnapshot(snapshot, split) {
    return this.#call('splitSnapshot', bytes(snapshot), split);
  }

  /** @param {FileText[]} files @returns {Snapshot} */
  joinSnapshot(files) {
    return this.#call('joinSnapshot', bytes(files));
  }

  /**
   * @param {Facts} facts of an instance
   * @param {Snapshot} snapshot
   * @returns {Facts} as they will be once the snapshot is applied
   */
  overlaidFacts(facts, snapshot) {
    return this.#call('overlaidFacts', bytes(facts), bytes(snapshot));
  }

  /**
   * @param {Facts} facts of an instance
   * @param {Snapshot} folder the schema of the folder
   * @returns {Facts} with the types by which the folder calls the same columns: rows are written in their forms
   */
  spelledFacts(facts, folder) {
    return this.#call('spelledFacts', bytes(facts), bytes(folder));
  }

  /** @param {Snapshot} desired @param {Snapshot} current @param {Mode} mode @returns {Record<string, any>} */
  diffSnapshots(desired, current, mode) {
    return this.#call('diffSnapshots', bytes(desired), bytes(current), mode);
  }

  /**
   * @param {Uint8Array} secret of the instance
   * @param {Uint8Array} base
   * @returns {{entries: Record<string, number>, schema: boolean}} rows by entry id, and whether it holds the schema
   */
  describeBase(secret, base) {
    return this.#call('describeBase', secret, base);
  }

  /** @param {string} text of a sealed plan @returns {SealedPlan} @throws {SchemaSyncError} PLAN_INVALID */
  openSealed(text) {
    return this.#call('openSealed', text);
  }

  /** @param {Entry} entry @param {Facts} facts */
  itemExport(entry, facts) {
    return new ItemExport(guard(() => new this.#bindings.ItemExport(bytes(entry), bytes(facts))));
  }

  /** @param {Config} config @param {Facts} facts */
  planner(config, facts) {
    return new Planner(guard(() => new this.#bindings.Planner(bytes(config), bytes(facts))));
  }

  /** @param {Config} config @param {Facts} facts @returns {Planner} for `exportPlan` in place of `plan` */
  exportPlanner(config, facts) {
    return new Planner(guard(() => this.#bindings.Planner.forExport(bytes(config), bytes(facts))));
  }

  /** @param {Plan} plan with all its rows @returns {WholePlan} */
  wholePlan(plan) {
    return new WholePlan(guard(() => new this.#bindings.Plan(bytes(plan))));
  }

  /** @param {string} name @param {...unknown} args @returns {any} */
  #call(name, ...args) {
    return guard(() => value(this.#bindings[name](...args)));
  }
}

/** Rows of one entry on their way to its files. */
export class ItemExport {
  #native;

  /** @param {any} native */
  constructor(native) {
    this.#native = native;
  }

  /**
   * @param {(Row | null)[] | Page} rows as `onExport` returned them, null where it dropped one
   * @param {unknown[]} [keys] their primary keys on the instance, where `onExport` may have changed them
   */
  addRows(rows, keys) {
    guard(() => this.#native.addRows(bytes(rows), keys && bytes(keys)));
  }

  /**
   * Takes what stays of the folder's files, after all rows were added and before `files()`.
   *
   * @param {FileText[]} files all files of the entry as the folder holds them
   * @param {EntryExport} plan the entry's part of `exportPlan()`
   */
  takeFolder(files, plan) {
    guard(() => this.#native.takeFolder(bytes(files), bytes(plan)));
  }

  /**
   * Keeps the placeholders of the folder, after {@link takeFolder} and before `files()`.
   *
   * @param {FileText[]} files all files of the entry as the folder holds them
   * @param {[key: unknown, index: number][]} places as `planner.placeholders()` gave them
   */
  keepPlaceholders(files, places) {
    guard(() => this.#native.keepPlaceholders(bytes(files), bytes(places)));
  }

  /**
   * Keeps what the folder says to another release of Directus, after {@link takeFolder} and before `finish()`.
   *
   * @param {FileText[]} files all files of the entry as the folder holds them
   */
  followRelease(files) {
    guard(() => this.#native.followRelease(bytes(files)));
  }

  /** @returns {string[]} the paths of the files, whose contents {@link chunk} then gives */
  finish() {
    return guard(() => value(this.#native.finish()));
  }

  /** @returns {boolean} whether rows may be written before all of them are there, by `ahead` and `finishAhead` */
  goesAhead() {
    return guard(() => this.#native.goesAhead());
  }

  /** @returns {Uint8Array} the text of the rows that were added since it was last asked for */
  ahead() {
    return guard(() => this.#native.ahead());
  }

  /** @returns {import('./model.js').Arrangement} of what {@link ahead} gave */
  finishAhead() {
    return guard(() => value(this.#native.finishAhead()));
  }

  /** @returns {Uint8Array | undefined} the next part of a file; undefined behind the last one: the next file follows */
  chunk() {
    return guard(() => this.#native.chunk());
  }

  free() {
    this.#native.free();
  }
}

/** Files and current rows on their way to a plan; the order of use is described in ARCHITECTURE.md. */
export class Planner {
  #native;

  /** @param {any} native */
  constructor(native) {
    this.#native = native;
  }

  /** @param {Uint8Array} secret of the instance @param {Uint8Array} [base] of the last run; none at the first */
  setBase(secret, base) {
    this.#call('setBase', secret, base);
  }

  /** @param {OnDrift} byDefault @param {Record<string, OnDrift>} [byEntry] by entry id, before the config */
  setDrift(byDefault, byEntry = {}) {
    this.#call('setDrift', byDefault, bytes(byEntry));
  }

  /** @param {Record<string, string>} variables that placeholders of the files stand for */
  setEnvironment(variables) {
    this.#call('setEnvironment', bytes(variables));
  }

  /** @returns {string[]} ids of entries whose files have placeholders */
  entriesWithPlaceholders() {
    return this.#call('entriesWithPlaceholders');
  }

  /**
   * @param {string} entry id
   * @returns {[key: unknown, index: number][]} rows of an entry that has placeholders, see `keepPlaceholders`
   */
  placeholders(entry) {
    return this.#call('placeholders', entry);
  }

  /** @returns {import('./model.js').PlanWarning[]} what the exported instance holds in place of the environment's values */
  environmentDrift() {
    return this.#call('environmentDrift');
  }

  /** @param {string} entry id @returns {string[]} the fields of the target's rows that planning needs */
  fieldsToRead(entry) {
    return this.#call('fieldsToRead', entry);
  }

  /** @param {string} entry id @returns {any} the filter by which the target's rows are read, or null */
  filterToRead(entry) {
    return this.#call('filterToRead', entry);
  }

  /** @param {string} entry id @returns {Record<string, string>} new names of its fields by the old ones */
  renamedFields(entry) {
    return this.#call('renamedFields', entry);
  }

  /** @returns {Uint8Array} the base as it is once the plan is applied */
  base() {
    return guard(() => this.#native.base());
  }

  /** @param {Snapshot} desired @param {Snapshot} current */
  setSchema(desired, current) {
    this.#call('setSchema', bytes(desired), bytes(current));
  }

  /** @returns {LossQuestion[]} what the schema steps would lose or stumble over, once the target has counted */
  lossesToCount() {
    return this.#call('lossesToCount');
  }

  /** @param {Record<string, number>} counts by the id of the question */
  setLosses(counts) {
    this.#call('setLosses', bytes(counts));
  }

  /** @param {string} entry id @param {string} path of a data file, whose content follows in parts */
  beginFile(entry, path) {
    this.#call('beginFile', entry, path);
  }

  /** @param {Uint8Array} part */
  addFilePart(part) {
    this.#call('addFilePart', part);
  }

  endFile() {
    this.#call('endFile');
  }

  /** @param {string} entry id @param {string} path @param {Uint8Array} content */
  addFile(entry, path, content) {
    this.#call('addFile', entry, path, content);
  }

  finishFiles() {
    this.#call('finishFiles');
  }

  /**
   * @param {string} entry id
   * @param {number} start how many rows of its files stand before these
   * @param {number} count how many are wanted
   * @returns {Row[]} as far as there are any
   */
  rows(entry, start, count) {
    return this.#call('rows', entry, start, count);
  }

  /** @param {string} entry id @param {(Row | null)[]} rows the next ones, null where one is left out */
  addReturned(entry, rows) {
    this.#call('addReturned', entry, bytes(rows));
  }

  /** @param {string} entry id, of which all rows were returned */
  endReturned(entry) {
    this.#call('endReturned', entry);
  }

  /** @param {string} entry id @param {string[]} keys in the order of the rows that were not left out */
  setKeys(entry, keys) {
    this.#call('setKeys', entry, bytes(keys));
  }

  /** @returns {{collection: string, fields: string[]}[]} what is read before all rows, to know rows by key */
  keysToRead() {
    return this.#call('keysToRead');
  }

  /** @param {string} collection @param {Row[] | Page} rows of it */
  addKeys(collection, rows) {
    this.#call('addKeys', collection, bytes(rows));
  }

  /**
   * @param {string} entry id
   * @param {Row[] | Page} rows of the target
   * @returns {Page} the same with keys in place of ids
   * @throws {SchemaSyncError} REFERENCE_MISSING in an export, for references to rows that do not exist or have no key
   */
  byKey(entry, rows) {
    return guard(() => this.#native.byKey(entry, bytes(rows)));
  }

  /**
   * @param {string} entry id
   * @param {Row[] | Page} rows inside the filter; in an export as an import would read them back, with their primary keys
   * @param {string[]} [keys] what `getKey` gave
   */
  addCurrent(entry, rows, keys) {
    this.#call('addCurrent', entry, bytes(rows), keys && bytes(keys));
  }

  /**
   * Takes rows for their files and to be compared.
   *
   * @param {string} entry id
   * @param {ItemExport} target of the entry
   * @param {Page} rows inside the filter that nobody changes on their way
   */
  addExported(entry, target, rows) {
    target.addRows(rows);
    this.addCurrent(entry, rows);
  }

  /** @param {string} entry id @returns {boolean} whether an export writes its rows as they are on the instance */
  isUnmixed(entry) {
    return guard(() => this.#native.isUnmixed(entry));
  }

  /**
   * @param {string} entry id
   * @param {Row[] | Page} rows outside the filter; in an export also those that `onExport` or `onImport` drops
   * @param {string[]} [keys]
   */
  addOutside(entry, rows, keys) {
    this.#call('addOutside', entry, bytes(rows), keys && bytes(keys));
  }

  /** @param {string} entry id @returns {Record<string, any>[]} filters */
  missingKeys(entry) {
    return this.#call('missingKeys', entry);
  }

  /** @returns {Record<string, unknown[]>} primary keys by collection */
  unknownReferences() {
    return this.#call('unknownReferences');
  }

  /** @param {string} collection @param {unknown[]} keys those that exist */
  setExisting(collection, keys) {
    this.#call('setExisting', collection, bytes(keys));
  }

  /** @returns {Part[]} parts of extensions that the plan would bring into use */
  partsToFind() {
    return this.#call('partsToFind');
  }

  /** @param {Installed[]} installed those of them that the target has */
  setInstalled(installed) {
    this.#call('setInstalled', bytes(installed));
  }

  /** @returns {WholePlan} */
  plan() {
    return new WholePlan(guard(() => this.#native.plan()));
  }

  /** @returns {ExportPlan} of a planner for an export */
  exportPlan() {
    return this.#call('exportPlan');
  }

  /**
   * @param {boolean} overwrite whether the files were written without asking what they held
   * @returns {Uint8Array} the base as it is once the export is written
   */
  exportBase(overwrite) {
    return guard(() => this.#native.exportBase(overwrite));
  }

  free() {
    this.#native.free();
  }

  /** @param {string} name @param {...unknown} args @returns {any} */
  #call(name, ...args) {
    return guard(() => value(this.#native[name](...args)));
  }
}

/** A plan with all its rows, which may be as large as the files and leave the core in parts. */
export class WholePlan {
  #native;

  /** @param {any} native */
  constructor(native) {
    this.#native = native;
  }

  /** @returns {Plan} with the number of rows in place of the lists of a step */
  head() {
    return guard(() => value(this.#native.head()));
  }

  /**
   * @param {number} step its index
   * @param {number} from the first row
   * @param {number} count of rows
   * @returns {Uint8Array} the JSON of a `StepPart`
   */
  part(step, from, count) {
    return guard(() => this.#native.part(step, from, count));
  }

  /**
   * The same with what placeholders stand for: never to be shown.
   *
   * @param {number} step its index
   * @param {number} from the first row
   * @param {number} count of rows
   * @returns {Uint8Array}
   */
  filledPart(step, from, count) {
    return guard(() => this.#native.filledPart(step, from, count));
  }

  /** @param {'text' | 'json' | 'markdown' | 'html'} format @returns {string} */
  render(format) {
    return guard(() => this.#native.render(format));
  }

  /** @param {Seal} seal what it was made of @returns {string} the text of the sealed plan */
  seal(seal) {
    return guard(() => this.#native.seal(bytes(seal)));
  }

  /**
   * @param {string} text of a sealed plan
   * @param {Seal} seal what this one was made of
   * @returns {{same: boolean, changes: string[]}} what changed, in full sentences
   * @throws {SchemaSyncError} PLAN_INVALID
   */
  compareSealed(text, seal) {
    return guard(() => value(this.#native.compareSealed(text, bytes(seal))));
  }

  /**
   * @param {Facts['collections']} collections as they are once it is applied
   * @param {(unknown[] | null)[]} created for each step the keys of the rows that it created
   */
  verification(collections, created) {
    return new Verification(guard(() => this.#native.verification(bytes(collections), bytes(created))));
  }

  free() {
    this.#native.free();
  }
}

/** What the steps of a plan should have left behind, on its way to be compared with what is there. */
export class Verification {
  #native;

  /** @param {any} native */
  constructor(native) {
    this.#native = native;
  }

  /** @returns {boolean} whether the schema is to be read again */
  touchesSchema() {
    return this.#native.touchesSchema();
  }

  /** @param {Snapshot} now */
  setSchema(now) {
    guard(() => this.#native.setSchema(bytes(now)));
  }

  /** @returns {Reading[]} the rows to read again */
  toRead() {
    return guard(() => value(this.#native.toRead()));
  }

  /** @param {string} collection @param {Row[] | Page} rows as they are now */
  addRows(collection, rows) {
    guard(() => this.#native.addRows(collection, bytes(rows)));
  }

  /** @throws {SchemaSyncError} VERIFY_FAILED with everything that is not as the steps say */
  finish() {
    guard(() => this.#native.finish());
  }

  free() {
    this.#native.free();
  }
}

/** @param {unknown} content @returns {Uint8Array} JSON; a page is that already */
function bytes(content) {
  return content instanceof Uint8Array ? content : encoder.encode(JSON.stringify(content));
}

/** @param {unknown} result structures come as bytes, everything else as it is */
function value(result) {
  return result instanceof Uint8Array ? JSON.parse(decoder.decode(result)) : result;
}

/**
 * @template T
 * @param {() => T} work
 * @returns {T}
 */
function guard(work) {
  try {
    return work();
  } catch (error) {
    throw translated(error);
  }
}

/** @param {any} error */
function translated(error) {
  if (typeof error?.code === 'string' && !(error instanceof Error)) {
    const { code, message, path, diagnostics } = error;
    return new SchemaSyncError(code, message, { path, diagnostics });
  }
  if (error instanceof WEB_ASSEMBLY.RuntimeError) discard();
  return new SchemaSyncError('INTERNAL', `The core failed: ${error?.message ?? error}`, { cause: error });
}
