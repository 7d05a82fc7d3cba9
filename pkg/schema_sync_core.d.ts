/* tslint:disable */
/* eslint-disable */

/**
 * Collects the rows of one entry and writes its files.
 */
export class ItemExport {
    free(): void;
    [Symbol.dispose](): void;
    /**
     * Adds a page of rows, `null` for one that `onExport` dropped, with their primary keys.
     */
    addRows(rows: Uint8Array | number[], keys?: Uint8Array | number[] | null): void;
    /**
     * The text of the rows that were added since it was last asked for.
     */
    ahead(): Uint8Array;
    /**
     * The next part of the text of a file, `undefined` behind the last one: the next file follows.
     */
    chunk(): Uint8Array | undefined;
    /**
     * The `Arrangement` of what `ahead` gave.
     */
    finishAhead(): Uint8Array;
    /**
     * The paths of the files, whose texts `chunk` then gives.
     */
    finish(): Uint8Array;
    /**
     * Keeps what the files `[{path, text}]` say to another release of Directus.
     */
    followRelease(files: Uint8Array | number[]): void;
    /**
     * Whether rows may be written before all of them are there, by `ahead` and `finishAhead`.
     */
    goesAhead(): boolean;
    /**
     * Keeps the placeholders of the files `[{path, text}]`, for `[[key, index], …]` as `placeholders`
     * gave it.
     */
    keepPlaceholders(files: Uint8Array | number[], places: Uint8Array | number[]): void;
    /**
     * Takes an `Entry` and the `Facts` of the instance.
     */
    constructor(entry: Uint8Array | number[], facts: Uint8Array | number[]);
    /**
     * Takes what stays of the files `[{path, text}]`, as an entry of `exportPlan` says.
     */
    takeFolder(files: Uint8Array | number[], plan: Uint8Array | number[]): void;
}

/**
 * A plan, whose rows stay here until they are asked for, and what its placeholders stand for.
 */
export class Plan {
    free(): void;
    [Symbol.dispose](): void;
    /**
     * What it differs in from a sealed one: `{same, changes}`.
     */
    compareSealed(text: string, seal: Uint8Array | number[]): Uint8Array;
    /**
     * The same with what placeholders stand for, to be written and shown to nobody.
     */
    filledPart(step: number, from: number, count: number): Uint8Array;
    /**
     * The `Plan` with the number of rows, `count`, in place of every list of them.
     */
    head(): Uint8Array;
    /**
     * Takes a whole `Plan`.
     */
    constructor(plan: Uint8Array | number[]);
    /**
     * The lists of a step for some of its rows: `{rows, labels, names?}`, `{changes}` or
     * `{keys, labels}`.
     */
    part(step: number, from: number, count: number): Uint8Array;
    /**
     * As `text`, `markdown` or `html` for people, or as canonical `json`.
     */
    render(format: string): string;
    /**
     * The text of the sealed plan, for what it was made of: `{source, target, scope}`.
     */
    seal(seal: Uint8Array | number[]): string;
    /**
     * What it should have left behind: takes `{collection: facts}` as they are now, and for each step
     * the keys that the rows it created got, null for those that brought one; or null.
     */
    verification(collections: Uint8Array | number[], created: Uint8Array | number[]): Verification;
}

/**
 * Makes the plan of one import, fed in the order of its methods.
 */
export class Planner {
    free(): void;
    [Symbol.dispose](): void;
    /**
     * Takes a page of rows of the target inside the entry's filter.
     */
    addCurrent(entry: string, rows: Uint8Array | number[], keys?: Uint8Array | number[] | null): void;
    /**
     * Takes the next part of the file, which may end anywhere, even within a character.
     */
    addFilePart(bytes: Uint8Array | number[]): void;
    /**
     * Takes a data file of an entry as a whole.
     */
    addFile(entry: string, path: string, bytes: Uint8Array | number[]): void;
    /**
     * Takes a page of these rows.
     */
    addKeys(collection: string, rows: Uint8Array | number[]): void;
    /**
     * Takes rows of the target that were found by `missingKeys`.
     */
    addOutside(entry: string, rows: Uint8Array | number[], keys?: Uint8Array | number[] | null): void;
    /**
     * Takes the next of what `onImport` returned, `null` for a row that it dropped.
     */
    addReturned(entry: string, rows: Uint8Array | number[]): void;
    /**
     * The base as it is once the plan is applied, to be kept as it is.
     */
    base(): Uint8Array;
    /**
     * Begins a data file of an entry, whose content comes by `addFilePart` until `endFile`.
     */
    beginFile(entry: string, path: string): void;
    /**
     * A page of rows of the target with keys in place of ids, for entries that refer by key.
     */
    byKey(entry: string, rows: Uint8Array | number[]): Uint8Array;
    /**
     * Ends the file. `finishFiles` tells what is wrong with it.
     */
    endFile(): void;
    /**
     * Takes what was returned in place of the rows of the files.
     */
    endReturned(entry: string): void;
    /**
     * `[id, …]`: entries whose files have placeholders.
     */
    entriesWithPlaceholders(): Uint8Array;
    /**
     * Warnings of what the exported instance holds in place of the environment's values.
     */
    environmentDrift(): Uint8Array;
    /**
     * The base as it is once the export is written, to be kept as it is.
     */
    exportBase(overwrite: boolean): Uint8Array;
    /**
     * The `ExportPlan`.
     */
    exportPlan(): Uint8Array;
    /**
     * The fields of the target's rows that an entry needs.
     */
    fieldsToRead(entry: string): Uint8Array;
    /**
     * The filter by which an entry's rows are read of the target, or null.
     */
    filterToRead(entry: string): Uint8Array;
    /**
     * Reads the rows out of all files.
     */
    finishFiles(): void;
    /**
     * Takes the same for an export, which asks `exportPlan` in place of `plan`.
     */
    static forExport(config: Uint8Array | number[], facts: Uint8Array | number[]): Planner;
    /**
     * Whether an export writes the rows of an entry as they are on the instance.
     */
    isUnmixed(entry: string): boolean;
    /**
     * `[{collection, fields}, …]`: rows that are read before all others, to know them by key.
     */
    keysToRead(): Uint8Array;
    /**
     * What the target is asked to count: `[{id, kind, collection, field?, …}]`.
     */
    lossesToCount(): Uint8Array;
    /**
     * Filters for rows of the folder that the filtered reading did not show.
     */
    missingKeys(entry: string): Uint8Array;
    /**
     * Takes a `Config` and the `Facts` of the target.
     */
    constructor(config: Uint8Array | number[], facts: Uint8Array | number[]);
    /**
     * `[{kind, id}, …]`: parts of extensions that the plan would bring into use.
     */
    partsToFind(): Uint8Array;
    /**
     * `[[key, index], …]`: rows of an entry that the instance has, and how many rows of the folder's
     * files stand before theirs. None where no file of the entry has a placeholder.
     */
    placeholders(entry: string): Uint8Array;
    /**
     * The plan.
     */
    plan(): Plan;
    /**
     * The fields of an entry that are renamed: `{old: new}`.
     */
    renamedFields(entry: string): Uint8Array;
    /**
     * `count` rows of an entry behind the first `start`, for `onImport` and `getKey`.
     */
    rows(entry: string, start: number, count: number): Uint8Array;
    /**
     * Takes what was agreed on, `undefined` at a first import, and the secret that keys its hashes.
     */
    setBase(secret: Uint8Array | number[], base?: Uint8Array | number[] | null): void;
    /**
     * Takes what happens where the target changed: `overwrite`, `keep` or `fail`, and the same by
     * entry id.
     */
    setDrift(_default: string, entries: Uint8Array | number[]): void;
    /**
     * Takes the variables that placeholders of the files stand for: `{NAME: value}`.
     */
    setEnvironment(variables: Uint8Array | number[]): void;
    /**
     * Takes those of them that exist.
     */
    setExisting(collection: string, keys: Uint8Array | number[]): void;
    /**
     * Takes those of them that extensions of the target bring: `[{kind, id, extension, enabled}, …]`.
     */
    setInstalled(installed: Uint8Array | number[]): void;
    /**
     * Takes the keys that `getKey` gave, in the order of rows.
     */
    setKeys(entry: string, keys: Uint8Array | number[]): void;
    /**
     * Takes what it counted: `{id: number}`.
     */
    setLosses(counts: Uint8Array | number[]): void;
    /**
     * Plans the schema, too.
     */
    setSchema(desired: Uint8Array | number[], current: Uint8Array | number[]): void;
    /**
     * `{collection: [primary keys]}` that rows refer to and nobody has shown yet.
     */
    unknownReferences(): Uint8Array;
}

/**
 * Compares what an applied plan should have left behind with what is read again.
 */
export class Verification {
    private constructor();
    free(): void;
    [Symbol.dispose](): void;
    /**
     * Takes a page of these rows.
     */
    addRows(collection: string, rows: Uint8Array | number[]): void;
    /**
     * Throws VERIFY_FAILED with everything that is not as it should be.
     */
    finish(): void;
    /**
     * Takes the schema as it is now.
     */
    setSchema(now: Uint8Array | number[]): void;
    /**
     * `[{collection, fields, filter}, …]`: the rows to read again.
     */
    toRead(): Uint8Array;
    /**
     * Whether the schema is to be read again.
     */
    touchesSchema(): boolean;
}

/**
 * What the core knows of each `directus_*` collection, by name.
 */
export function defaultDirectusConfig(): Uint8Array;

/**
 * How much a base holds: `{entries: {<id>: rows}, schema: bool}`.
 */
export function describeBase(secret: Uint8Array | number[], base: Uint8Array | number[]): Uint8Array;

/**
 * The difference of two snapshots in the format of Directus.
 */
export function diffSnapshots(desired: Uint8Array | number[], current: Uint8Array | number[], mode: string): Uint8Array;

/**
 * Sorts paths of the folder to the schema and the entries of a `Config`.
 */
export function entryFiles(config: Uint8Array | number[], paths: Uint8Array | number[]): Uint8Array;

/**
 * All codes that the core can return, as a JSON array.
 */
export function errorCodes(): Uint8Array;

/**
 * SHA-256 in hex over `[[name, text], …]`, each part framed.
 */
export function fingerprint(parts: Uint8Array | number[]): string;

/**
 * The snapshot that `[{path, text}]` hold.
 */
export function joinSnapshot(files: Uint8Array | number[]): Uint8Array;

/**
 * The root hash of `{path: sha256}`.
 */
export function manifestRoot(files: Uint8Array | number[]): string;

/**
 * The text of `hash.txt` for `{path: sha256}`.
 */
export function manifestText(files: Uint8Array | number[]): string;

/**
 * What a sealed plan says, once it was found to be whole.
 */
export function openSealed(text: string): Uint8Array;

/**
 * The `Facts` of an instance as they will be once the snapshot is applied.
 */
export function overlaidFacts(facts: Uint8Array | number[], snapshot: Uint8Array | number[]): Uint8Array;

/**
 * Evaluates a `RawConfig` against `Facts`, which a snapshot may overlay.
 */
export function resolveConfig(raw: Uint8Array | number[], facts: Uint8Array | number[], snapshot?: Uint8Array | number[] | null): Uint8Array;

/**
 * The `Facts` of an instance in the types of the folder's snapshot, in whose forms rows are written.
 */
export function spelledFacts(facts: Uint8Array | number[], folder: Uint8Array | number[]): Uint8Array;

/**
 * The files of a snapshot: `[{path, text}]`.
 */
export function splitSnapshot(snapshot: Uint8Array | number[], split: boolean): Uint8Array;

/**
 * Makes a trap say what happened on the console, before it ends the instance.
 */
export function start(): void;

/**
 * Compares the text of `hash.txt` with `{path: sha256}`.
 */
export function verifyManifest(text: string, files: Uint8Array | number[], owned: Uint8Array | number[]): Uint8Array;

export type InitInput = RequestInfo | URL | Response | BufferSource | WebAssembly.Module;

export interface InitOutput {
    readonly memory: WebAssembly.Memory;
    readonly __wbg_itemexport_free: (a: number, b: number) => void;
    readonly __wbg_plan_free: (a: number, b: number) => void;
    readonly __wbg_planner_free: (a: number, b: number) => void;
    readonly __wbg_verification_free: (a: number, b: number) => void;
    readonly defaultDirectusConfig: () => [number, number, number, number];
    readonly describeBase: (a: number, b: number, c: number, d: number) => [number, number, number, number];
    readonly diffSnapshots: (a: number, b: number, c: number, d: number, e: number, f: number) => [number, number, number, number];
    readonly entryFiles: (a: number, b: number, c: number, d: number) => [number, number, number, number];
    readonly errorCodes: () => [number, number, number, number];
    readonly fingerprint: (a: number, b: number) => [number, number, number, number];
    readonly itemexport_addRows: (a: number, b: number, c: number, d: number, e: number) => [number, number];
    readonly itemexport_ahead: (a: number) => [number, number];
    readonly itemexport_chunk: (a: number) => [number, number];
    readonly itemexport_finish: (a: number) => [number, number, number, number];
    readonly itemexport_finishAhead: (a: number) => [number, number, number, number];
    readonly itemexport_followRelease: (a: number, b: number, c: number) => [number, number];
    readonly itemexport_goesAhead: (a: number) => number;
    readonly itemexport_keepPlaceholders: (a: number, b: number, c: number, d: number, e: number) => [number, number];
    readonly itemexport_new: (a: number, b: number, c: number, d: number) => [number, number, number];
    readonly itemexport_takeFolder: (a: number, b: number, c: number, d: number, e: number) => [number, number];
    readonly joinSnapshot: (a: number, b: number) => [number, number, number, number];
    readonly manifestRoot: (a: number, b: number) => [number, number, number, number];
    readonly manifestText: (a: number, b: number) => [number, number, number, number];
    readonly openSealed: (a: number, b: number) => [number, number, number, number];
    readonly overlaidFacts: (a: number, b: number, c: number, d: number) => [number, number, number, number];
    readonly plan_compareSealed: (a: number, b: number, c: number, d: number, e: number) => [number, number, number, number];
    readonly plan_filledPart: (a: number, b: number, c: number, d: number) => [number, number];
    readonly plan_head: (a: number) => [number, number, number, number];
    readonly plan_new: (a: number, b: number) => [number, number, number];
    readonly plan_part: (a: number, b: number, c: number, d: number) => [number, number];
    readonly plan_render: (a: number, b: number, c: number) => [number, number, number, number];
    readonly plan_seal: (a: number, b: number, c: number) => [number, number, number, number];
    readonly plan_verification: (a: number, b: number, c: number, d: number, e: number) => [number, number, number];
    readonly planner_addCurrent: (a: number, b: number, c: number, d: number, e: number, f: number, g: number) => [number, number];
    readonly planner_addFile: (a: number, b: number, c: number, d: number, e: number, f: number, g: number) => [number, number];
    readonly planner_addFilePart: (a: number, b: number, c: number) => [number, number];
    readonly planner_addKeys: (a: number, b: number, c: number, d: number, e: number) => [number, number];
    readonly planner_addOutside: (a: number, b: number, c: number, d: number, e: number, f: number, g: number) => [number, number];
    readonly planner_addReturned: (a: number, b: number, c: number, d: number, e: number) => [number, number];
    readonly planner_base: (a: number) => [number, number, number, number];
    readonly planner_beginFile: (a: number, b: number, c: number, d: number, e: number) => [number, number];
    readonly planner_byKey: (a: number, b: number, c: number, d: number, e: number) => [number, number, number, number];
    readonly planner_endFile: (a: number) => [number, number];
    readonly planner_endReturned: (a: number, b: number, c: number) => [number, number];
    readonly planner_entriesWithPlaceholders: (a: number) => [number, number, number, number];
    readonly planner_environmentDrift: (a: number) => [number, number, number, number];
    readonly planner_exportBase: (a: number, b: number) => [number, number, number, number];
    readonly planner_exportPlan: (a: number) => [number, number, number, number];
    readonly planner_fieldsToRead: (a: number, b: number, c: number) => [number, number, number, number];
    readonly planner_filterToRead: (a: number, b: number, c: number) => [number, number, number, number];
    readonly planner_finishFiles: (a: number) => [number, number];
    readonly planner_forExport: (a: number, b: number, c: number, d: number) => [number, number, number];
    readonly planner_isUnmixed: (a: number, b: number, c: number) => [number, number, number];
    readonly planner_keysToRead: (a: number) => [number, number, number, number];
    readonly planner_lossesToCount: (a: number) => [number, number, number, number];
    readonly planner_missingKeys: (a: number, b: number, c: number) => [number, number, number, number];
    readonly planner_new: (a: number, b: number, c: number, d: number) => [number, number, number];
    readonly planner_partsToFind: (a: number) => [number, number, number, number];
    readonly planner_placeholders: (a: number, b: number, c: number) => [number, number, number, number];
    readonly planner_plan: (a: number) => [number, number, number];
    readonly planner_renamedFields: (a: number, b: number, c: number) => [number, number, number, number];
    readonly planner_rows: (a: number, b: number, c: number, d: number, e: number) => [number, number, number, number];
    readonly planner_setBase: (a: number, b: number, c: number, d: number, e: number) => [number, number];
    readonly planner_setDrift: (a: number, b: number, c: number, d: number, e: number) => [number, number];
    readonly planner_setEnvironment: (a: number, b: number, c: number) => [number, number];
    readonly planner_setExisting: (a: number, b: number, c: number, d: number, e: number) => [number, number];
    readonly planner_setInstalled: (a: number, b: number, c: number) => [number, number];
    readonly planner_setKeys: (a: number, b: number, c: number, d: number, e: number) => [number, number];
    readonly planner_setLosses: (a: number, b: number, c: number) => [number, number];
    readonly planner_setSchema: (a: number, b: number, c: number, d: number, e: number) => [number, number];
    readonly planner_unknownReferences: (a: number) => [number, number, number, number];
    readonly resolveConfig: (a: number, b: number, c: number, d: number, e: number, f: number) => [number, number, number, number];
    readonly spelledFacts: (a: number, b: number, c: number, d: number) => [number, number, number, number];
    readonly splitSnapshot: (a: number, b: number, c: number) => [number, number, number, number];
    readonly start: () => void;
    readonly verification_addRows: (a: number, b: number, c: number, d: number, e: number) => [number, number];
    readonly verification_finish: (a: number) => [number, number];
    readonly verification_setSchema: (a: number, b: number, c: number) => [number, number];
    readonly verification_toRead: (a: number) => [number, number, number, number];
    readonly verification_touchesSchema: (a: number) => number;
    readonly verifyManifest: (a: number, b: number, c: number, d: number, e: number, f: number) => [number, number, number, number];
    readonly __wbindgen_externrefs: WebAssembly.Table;
    readonly __externref_table_dealloc: (a: number) => void;
    readonly __wbindgen_free: (a: number, b: number, c: number) => void;
    readonly __wbindgen_malloc: (a: number, b: number) => number;
    readonly __wbindgen_realloc: (a: number, b: number, c: number, d: number) => number;
    readonly __wbindgen_start: () => void;
}

export type SyncInitInput = BufferSource | WebAssembly.Module;

/**
 * Instantiates the given `module`, which can either be bytes or
 * a precompiled `WebAssembly.Module`.
 *
 * @param {{ module: SyncInitInput }} module - Passing `SyncInitInput` directly is deprecated.
 *
 * @returns {InitOutput}
 */
export function initSync(module: { module: SyncInitInput } | SyncInitInput): InitOutput;

/**
 * If `module_or_path` is {RequestInfo} or {URL}, makes a request and
 * for everything else, calls `WebAssembly.instantiate` directly.
 *
 * @param {{ module_or_path: InitInput | Promise<InitInput> }} module_or_path - Passing `InitInput` directly is deprecated.
 *
 * @returns {Promise<InitOutput>}
 */
export default function __wbg_init (module_or_path?: { module_or_path: InitInput | Promise<InitInput> } | InitInput | Promise<InitInput>): Promise<InitOutput>;
