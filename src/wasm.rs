//! The JavaScript surface. Structures cross as UTF-8 JSON, since their numbers may be larger than
//! JavaScript's; errors are thrown as plain objects `{code, message, path?, diagnostics?}`.

use wasm_bindgen::prelude::*;

use crate::base::{Base, Hasher};
use crate::bridge::{self, Thrown};
use crate::config;
use crate::environment::Filling;
use crate::error::CODES;
use crate::items;
use crate::manifest;
use crate::plan;
use crate::planner;
use crate::schema_diff;
use crate::schema_merge;
use crate::sealed;
use crate::snapshot;
use crate::system;
use crate::verify;

type Answer<T> = core::result::Result<T, Thrown>;

/// Makes a trap say what happened on the console, before it ends the instance.
#[wasm_bindgen(start)]
pub fn start() {
    bridge::report_panics();
}

/// All codes that the core can return, as a JSON array.
#[wasm_bindgen(js_name = errorCodes)]
pub fn error_codes() -> Answer<Vec<u8>> {
    bridge::give(&CODES)
}

/// SHA-256 in hex over `[[name, text], …]`, each part framed.
#[wasm_bindgen]
pub fn fingerprint(parts: &[u8]) -> Answer<String> {
    Ok(bridge::fingerprint(&bridge::take::<Vec<(String, String)>>(parts)?))
}

/// The text of `hash.txt` for `{path: sha256}`.
#[wasm_bindgen(js_name = manifestText)]
pub fn manifest_text(files: &[u8]) -> Answer<String> {
    Ok(manifest::text(&bridge::take(files)?))
}

/// Compares the text of `hash.txt` with `{path: sha256}`.
#[wasm_bindgen(js_name = verifyManifest)]
pub fn verify_manifest(text: &str, files: &[u8], owned: &[u8]) -> Answer<Vec<u8>> {
    let owned: Vec<String> = bridge::take(owned)?;
    bridge::give(&manifest::verify(text, &bridge::take(files)?, &owned)?)
}

/// The root hash of `{path: sha256}`.
#[wasm_bindgen(js_name = manifestRoot)]
pub fn manifest_root(files: &[u8]) -> Answer<String> {
    Ok(manifest::root(&bridge::take(files)?))
}

/// Evaluates a `RawConfig` against `Facts`, which a snapshot may overlay.
#[wasm_bindgen(js_name = resolveConfig)]
pub fn resolve_config(raw: &[u8], facts: &[u8], snapshot: Option<Vec<u8>>) -> Answer<Vec<u8>> {
    let facts = bridge::overlaid(bridge::take(facts)?, snapshot.as_deref())?;
    bridge::give(&config::resolve(&bridge::take(raw)?, &facts))
}

/// What the core knows of each `directus_*` collection, by name.
#[wasm_bindgen(js_name = defaultDirectusConfig)]
pub fn default_directus_config() -> Answer<Vec<u8>> {
    bridge::give(&bridge::directus_config(system::TABLE))
}

/// Sorts paths of the folder to the schema and the entries of a `Config`.
#[wasm_bindgen(js_name = entryFiles)]
pub fn entry_files(config: &[u8], paths: &[u8]) -> Answer<Vec<u8>> {
    let paths: Vec<String> = bridge::take(paths)?;
    bridge::give(&config::entry_files(&bridge::take(config)?, &paths))
}

/// The files of a snapshot: `[{path, text}]`.
#[wasm_bindgen(js_name = splitSnapshot)]
pub fn split_snapshot(snapshot: &[u8], split: bool) -> Answer<Vec<u8>> {
    bridge::give(&snapshot::split(&bridge::snapshot(snapshot)?, split))
}

/// The snapshot that `[{path, text}]` hold.
#[wasm_bindgen(js_name = joinSnapshot)]
pub fn join_snapshot(files: &[u8]) -> Answer<Vec<u8>> {
    bridge::give(&snapshot::join(&bridge::take::<Vec<_>>(files)?)?)
}

/// The `Facts` of an instance in the types of the folder's snapshot, in whose forms rows are written.
#[wasm_bindgen(js_name = spelledFacts)]
pub fn spelled_facts(facts: &[u8], folder: &[u8]) -> Answer<Vec<u8>> {
    let folder = bridge::snapshot(folder)?;
    bridge::give(&schema_diff::spelled_facts(&bridge::take(facts)?, &folder.fields))
}

/// The `Facts` of an instance as they will be once the snapshot is applied.
#[wasm_bindgen(js_name = overlaidFacts)]
pub fn overlaid_facts(facts: &[u8], snapshot: &[u8]) -> Answer<Vec<u8>> {
    bridge::give(&snapshot::overlay(&bridge::take(facts)?, &bridge::snapshot(snapshot)?))
}

/// The difference of two snapshots in the format of Directus.
#[wasm_bindgen(js_name = diffSnapshots)]
pub fn diff_snapshots(desired: &[u8], current: &[u8], mode: &str) -> Answer<Vec<u8>> {
    let (desired, current) = (bridge::snapshot(desired)?, bridge::snapshot(current)?);
    let merged = schema_merge::merge_unagreed(&desired, &current, bridge::mode(mode)?);
    bridge::give(&schema_diff::to_directus(&merged.changes(&current)?))
}

/// How much a base holds: `{entries: {<id>: rows}, schema: bool}`.
#[wasm_bindgen(js_name = describeBase)]
pub fn describe_base(secret: &[u8], base: &[u8]) -> Answer<Vec<u8>> {
    bridge::give(&Base::decode(base, &Hasher::new(secret))?.extent())
}

/// What a sealed plan says, once it was found to be whole.
#[wasm_bindgen(js_name = openSealed)]
pub fn open_sealed(text: &str) -> Answer<Vec<u8>> {
    bridge::give(&sealed::open(text)?)
}

/// A plan, whose rows stay here until they are asked for, and what its placeholders stand for.
#[wasm_bindgen]
pub struct Plan(plan::Plan, Filling);

#[wasm_bindgen]
impl Plan {
    /// Takes a whole `Plan`.
    #[wasm_bindgen(constructor)]
    pub fn new(plan: &[u8]) -> Answer<Self> {
        Ok(Self(bridge::take(plan)?, Filling::default()))
    }

    /// The `Plan` with the number of rows, `count`, in place of every list of them.
    pub fn head(&self) -> Answer<Vec<u8>> {
        bridge::give(&self.0.head())
    }

    /// The lists of a step for some of its rows: `{rows, labels, names?}`, `{changes}` or
    /// `{keys, labels}`.
    pub fn part(&self, step: usize, from: usize, count: usize) -> Vec<u8> {
        self.0.part(step, from, count).text().into_bytes()
    }

    /// The same with what placeholders stand for, to be written and shown to nobody.
    #[wasm_bindgen(js_name = filledPart)]
    pub fn filled_part(&self, step: usize, from: usize, count: usize) -> Vec<u8> {
        self.1.part(&self.0, step, from, count).into_bytes()
    }

    /// As `text`, `markdown` or `html` for people, or as canonical `json`.
    pub fn render(&self, format: &str) -> Answer<String> {
        Ok(bridge::rendered(&self.0, format)?)
    }

    /// The text of the sealed plan, for what it was made of: `{source, target, scope}`.
    pub fn seal(&self, seal: &[u8]) -> Answer<String> {
        Ok(bridge::sealed(&self.0, seal)?.text()?)
    }

    /// What it differs in from a sealed one: `{same, changes}`.
    #[wasm_bindgen(js_name = compareSealed)]
    pub fn compare_sealed(&self, text: &str, seal: &[u8]) -> Answer<Vec<u8>> {
        bridge::give(&sealed::compare(&sealed::open(text)?, &bridge::sealed(&self.0, seal)?))
    }

    /// What it should have left behind: takes `{collection: facts}` as they are now, and for each step
    /// the keys that the rows it created got, null for those that brought one; or null.
    pub fn verification(&self, collections: &[u8], created: &[u8]) -> Answer<Verification> {
        let (collections, created) = (bridge::take(collections)?, bridge::take::<Vec<_>>(created)?);
        Ok(Verification(verify::Verification::new(&self.0, collections, &created)?))
    }
}

/// Collects the rows of one entry and writes its files.
#[wasm_bindgen]
pub struct ItemExport(items::ItemExport);

#[wasm_bindgen]
impl ItemExport {
    /// Takes an `Entry` and the `Facts` of the instance.
    #[wasm_bindgen(constructor)]
    pub fn new(entry: &[u8], facts: &[u8]) -> Answer<Self> {
        Ok(Self(items::ItemExport::new(bridge::take(entry)?, &bridge::take(facts)?)))
    }

    /// Adds a page of rows, `null` for one that `onExport` dropped, with their primary keys.
    #[wasm_bindgen(js_name = addRows)]
    pub fn add_rows(&mut self, rows: &[u8], keys: Option<Vec<u8>>) -> Answer<()> {
        Ok(self.0.add_rows(rows, bridge::keys(keys)?.as_deref())?)
    }

    /// Takes what stays of the files `[{path, text}]`, as an entry of `exportPlan` says.
    #[wasm_bindgen(js_name = takeFolder)]
    pub fn take_folder(&mut self, files: &[u8], plan: &[u8]) -> Answer<()> {
        Ok(self.0.take_folder(&bridge::take::<Vec<_>>(files)?, &bridge::take(plan)?)?)
    }

    /// Keeps the placeholders of the files `[{path, text}]`, for `[[key, index], …]` as `placeholders`
    /// gave it.
    #[wasm_bindgen(js_name = keepPlaceholders)]
    pub fn keep_placeholders(&mut self, files: &[u8], places: &[u8]) -> Answer<()> {
        let places: Vec<_> = bridge::take(places)?;
        Ok(self.0.keep_placeholders(&bridge::take::<Vec<_>>(files)?, &places)?)
    }

    /// Keeps what the files `[{path, text}]` say to another release of Directus.
    #[wasm_bindgen(js_name = followRelease)]
    pub fn follow_release(&mut self, files: &[u8]) -> Answer<()> {
        Ok(self.0.follow_release(&bridge::take::<Vec<_>>(files)?)?)
    }

    /// The paths of the files, whose texts `chunk` then gives.
    pub fn finish(&mut self) -> Answer<Vec<u8>> {
        bridge::give(&self.0.finish()?)
    }

    /// Whether rows may be written before all of them are there, by `ahead` and `finishAhead`.
    #[wasm_bindgen(js_name = goesAhead)]
    pub fn goes_ahead(&self) -> bool {
        self.0.goes_ahead()
    }

    /// The text of the rows that were added since it was last asked for.
    pub fn ahead(&mut self) -> Vec<u8> {
        self.0.ahead().into_bytes()
    }

    /// The `Arrangement` of what `ahead` gave.
    #[wasm_bindgen(js_name = finishAhead)]
    pub fn finish_ahead(&mut self) -> Answer<Vec<u8>> {
        bridge::give(&self.0.finish_ahead())
    }

    /// The next part of the text of a file, `undefined` behind the last one: the next file follows.
    pub fn chunk(&mut self) -> Option<Vec<u8>> {
        self.0.chunk().map(String::into_bytes)
    }
}

/// Makes the plan of one import, fed in the order of its methods.
#[wasm_bindgen]
pub struct Planner(planner::Planner);

#[wasm_bindgen]
impl Planner {
    /// Takes a `Config` and the `Facts` of the target.
    #[wasm_bindgen(constructor)]
    pub fn new(config: &[u8], facts: &[u8]) -> Answer<Self> {
        Ok(Self(planner::Planner::new(bridge::take(config)?, bridge::take(facts)?)))
    }

    /// Takes the same for an export, which asks `exportPlan` in place of `plan`.
    #[wasm_bindgen(js_name = forExport)]
    pub fn for_export(config: &[u8], facts: &[u8]) -> Answer<Self> {
        Ok(Self(planner::Planner::for_export(bridge::take(config)?, bridge::take(facts)?)))
    }

    /// Takes what was agreed on, `undefined` at a first import, and the secret that keys its hashes.
    #[wasm_bindgen(js_name = setBase)]
    pub fn set_base(&mut self, secret: &[u8], base: Option<Vec<u8>>) -> Answer<()> {
        Ok(self.0.set_base(secret, base.as_deref())?)
    }

    /// Takes what happens where the target changed: `overwrite`, `keep` or `fail`, and the same by
    /// entry id.
    #[wasm_bindgen(js_name = setDrift)]
    pub fn set_drift(&mut self, default: &str, entries: &[u8]) -> Answer<()> {
        self.0.set_drift(bridge::on_drift(default)?, bridge::take(entries)?);
        Ok(())
    }

    /// Takes the variables that placeholders of the files stand for: `{NAME: value}`.
    #[wasm_bindgen(js_name = setEnvironment)]
    pub fn set_environment(&mut self, variables: &[u8]) -> Answer<()> {
        self.0.set_environment(bridge::take(variables)?);
        Ok(())
    }

    /// `[id, …]`: entries whose files have placeholders.
    #[wasm_bindgen(js_name = entriesWithPlaceholders)]
    pub fn entries_with_placeholders(&self) -> Answer<Vec<u8>> {
        bridge::give(&self.0.entries_with_placeholders())
    }

    /// `[[key, index], …]`: rows of an entry that the instance has, and how many rows of the folder's
    /// files stand before theirs. None where no file of the entry has a placeholder.
    pub fn placeholders(&mut self, entry: &str) -> Answer<Vec<u8>> {
        bridge::give(&self.0.placeholders(entry)?)
    }

    /// Warnings of what the exported instance holds in place of the environment's values.
    #[wasm_bindgen(js_name = environmentDrift)]
    pub fn environment_drift(&mut self) -> Answer<Vec<u8>> {
        bridge::give(&self.0.environment_drift())
    }

    /// The fields of the target's rows that an entry needs.
    #[wasm_bindgen(js_name = fieldsToRead)]
    pub fn fields_to_read(&mut self, entry: &str) -> Answer<Vec<u8>> {
        bridge::give(&self.0.fields_to_read(entry)?)
    }

    /// The filter by which an entry's rows are read of the target, or null.
    #[wasm_bindgen(js_name = filterToRead)]
    pub fn filter_to_read(&mut self, entry: &str) -> Answer<Vec<u8>> {
        bridge::give(&self.0.filter_to_read(entry)?)
    }

    /// The fields of an entry that are renamed: `{old: new}`.
    #[wasm_bindgen(js_name = renamedFields)]
    pub fn renamed_fields(&mut self, entry: &str) -> Answer<Vec<u8>> {
        bridge::give(&self.0.renamed_fields(entry)?)
    }

    /// The base as it is once the plan is applied, to be kept as it is.
    pub fn base(&self) -> Answer<Vec<u8>> {
        Ok(self.0.base()?)
    }

    /// Plans the schema, too.
    #[wasm_bindgen(js_name = setSchema)]
    pub fn set_schema(&mut self, desired: &[u8], current: &[u8]) -> Answer<()> {
        self.0.set_schema(&bridge::snapshot(desired)?, &bridge::snapshot(current)?);
        Ok(())
    }

    /// What the target is asked to count: `[{id, kind, collection, field?, …}]`.
    #[wasm_bindgen(js_name = lossesToCount)]
    pub fn losses_to_count(&self) -> Answer<Vec<u8>> {
        bridge::give(&self.0.losses_to_count())
    }

    /// Takes what it counted: `{id: number}`.
    #[wasm_bindgen(js_name = setLosses)]
    pub fn set_losses(&mut self, counts: &[u8]) -> Answer<()> {
        Ok(self.0.set_losses(bridge::take(counts)?)?)
    }

    /// Begins a data file of an entry, whose content comes by `addFilePart` until `endFile`.
    #[wasm_bindgen(js_name = beginFile)]
    pub fn begin_file(&mut self, entry: &str, path: &str) -> Answer<()> {
        Ok(self.0.begin_file(entry, path)?)
    }

    /// Takes the next part of the file, which may end anywhere, even within a character.
    #[wasm_bindgen(js_name = addFilePart)]
    pub fn add_file_part(&mut self, bytes: &[u8]) -> Answer<()> {
        Ok(self.0.add_file_part(bytes)?)
    }

    /// Ends the file. `finishFiles` tells what is wrong with it.
    #[wasm_bindgen(js_name = endFile)]
    pub fn end_file(&mut self) -> Answer<()> {
        Ok(self.0.end_file()?)
    }

    /// Takes a data file of an entry as a whole.
    #[wasm_bindgen(js_name = addFile)]
    pub fn add_file(&mut self, entry: &str, path: &str, bytes: &[u8]) -> Answer<()> {
        Ok(self.0.add_file(entry, path, bytes)?)
    }

    /// Reads the rows out of all files.
    #[wasm_bindgen(js_name = finishFiles)]
    pub fn finish_files(&mut self) -> Answer<()> {
        Ok(self.0.finish_files()?)
    }

    /// `count` rows of an entry behind the first `start`, for `onImport` and `getKey`.
    pub fn rows(&mut self, entry: &str, start: usize, count: usize) -> Answer<Vec<u8>> {
        Ok(self.0.rows(entry, start, count)?.into_bytes())
    }

    /// Takes the next of what `onImport` returned, `null` for a row that it dropped.
    #[wasm_bindgen(js_name = addReturned)]
    pub fn add_returned(&mut self, entry: &str, rows: &[u8]) -> Answer<()> {
        Ok(self.0.add_returned(entry, rows)?)
    }

    /// Takes what was returned in place of the rows of the files.
    #[wasm_bindgen(js_name = endReturned)]
    pub fn end_returned(&mut self, entry: &str) -> Answer<()> {
        Ok(self.0.end_returned(entry)?)
    }

    /// Takes the keys that `getKey` gave, in the order of rows.
    #[wasm_bindgen(js_name = setKeys)]
    pub fn set_keys(&mut self, entry: &str, keys: &[u8]) -> Answer<()> {
        Ok(self.0.set_keys(entry, &bridge::take::<Vec<_>>(keys)?)?)
    }

    /// `[{collection, fields}, …]`: rows that are read before all others, to know them by key.
    #[wasm_bindgen(js_name = keysToRead)]
    pub fn keys_to_read(&self) -> Answer<Vec<u8>> {
        bridge::give(&self.0.keys_to_read())
    }

    /// Takes a page of these rows.
    #[wasm_bindgen(js_name = addKeys)]
    pub fn add_keys(&mut self, collection: &str, rows: &[u8]) -> Answer<()> {
        Ok(self.0.add_keys(collection, rows)?)
    }

    /// A page of rows of the target with keys in place of ids, for entries that refer by key.
    #[wasm_bindgen(js_name = byKey)]
    pub fn by_key(&mut self, entry: &str, rows: &[u8]) -> Answer<Vec<u8>> {
        Ok(self.0.by_key(entry, rows)?)
    }

    /// Takes a page of rows of the target inside the entry's filter.
    #[wasm_bindgen(js_name = addCurrent)]
    pub fn add_current(&mut self, entry: &str, rows: &[u8], keys: Option<Vec<u8>>) -> Answer<()> {
        Ok(self.0.add_current(entry, rows, bridge::keys(keys)?.as_deref())?)
    }

    /// Takes rows of the target that were found by `missingKeys`.
    #[wasm_bindgen(js_name = addOutside)]
    pub fn add_outside(&mut self, entry: &str, rows: &[u8], keys: Option<Vec<u8>>) -> Answer<()> {
        Ok(self.0.add_outside(entry, rows, bridge::keys(keys)?.as_deref())?)
    }

    /// Filters for rows of the folder that the filtered reading did not show.
    #[wasm_bindgen(js_name = missingKeys)]
    pub fn missing_keys(&mut self, entry: &str) -> Answer<Vec<u8>> {
        bridge::give(&self.0.missing_keys(entry)?)
    }

    /// `{collection: [primary keys]}` that rows refer to and nobody has shown yet.
    #[wasm_bindgen(js_name = unknownReferences)]
    pub fn unknown_references(&mut self) -> Answer<Vec<u8>> {
        bridge::give(&self.0.unknown_references())
    }

    /// Takes those of them that exist.
    #[wasm_bindgen(js_name = setExisting)]
    pub fn set_existing(&mut self, collection: &str, keys: &[u8]) -> Answer<()> {
        let keys: Vec<_> = bridge::take(keys)?;
        self.0.set_existing(collection, &keys);
        Ok(())
    }

    /// Whether an export writes the rows of an entry as they are on the instance.
    #[wasm_bindgen(js_name = isUnmixed)]
    pub fn is_unmixed(&self, entry: &str) -> Answer<bool> {
        Ok(self.0.is_unmixed(entry)?)
    }

    /// The `ExportPlan`.
    #[wasm_bindgen(js_name = exportPlan)]
    pub fn export_plan(&mut self) -> Answer<Vec<u8>> {
        bridge::give(&self.0.export_plan()?)
    }

    /// The base as it is once the export is written, to be kept as it is.
    #[wasm_bindgen(js_name = exportBase)]
    pub fn export_base(&mut self, overwrite: bool) -> Answer<Vec<u8>> {
        Ok(self.0.export_base(overwrite)?)
    }

    /// `[{kind, id}, …]`: parts of extensions that the plan would bring into use.
    #[wasm_bindgen(js_name = partsToFind)]
    pub fn parts_to_find(&mut self) -> Answer<Vec<u8>> {
        bridge::give(&self.0.parts_to_find())
    }

    /// Takes those of them that extensions of the target bring: `[{kind, id, extension, enabled}, …]`.
    #[wasm_bindgen(js_name = setInstalled)]
    pub fn set_installed(&mut self, installed: &[u8]) -> Answer<()> {
        self.0.set_installed(bridge::take(installed)?);
        Ok(())
    }

    /// The plan.
    pub fn plan(&mut self) -> Answer<Plan> {
        Ok(Plan(self.0.plan()?, self.0.filling()))
    }
}

/// Compares what an applied plan should have left behind with what is read again.
#[wasm_bindgen]
pub struct Verification(verify::Verification);

#[wasm_bindgen]
impl Verification {
    /// Whether the schema is to be read again.
    #[wasm_bindgen(js_name = touchesSchema)]
    pub fn touches_schema(&self) -> bool {
        self.0.touches_schema()
    }

    /// Takes the schema as it is now.
    #[wasm_bindgen(js_name = setSchema)]
    pub fn set_schema(&mut self, now: &[u8]) -> Answer<()> {
        self.0.set_schema(&bridge::snapshot(now)?);
        Ok(())
    }

    /// `[{collection, fields, filter}, …]`: the rows to read again.
    #[wasm_bindgen(js_name = toRead)]
    pub fn to_read(&self) -> Answer<Vec<u8>> {
        bridge::give(&self.0.to_read())
    }

    /// Takes a page of these rows.
    #[wasm_bindgen(js_name = addRows)]
    pub fn add_rows(&mut self, collection: &str, rows: &[u8]) -> Answer<()> {
        Ok(self.0.add_rows(collection, rows)?)
    }

    /// Throws VERIFY_FAILED with everything that is not as it should be.
    pub fn finish(&mut self) -> Answer<()> {
        Ok(self.0.finish()?)
    }
}
