//! From the files of the folder and the rows of a target to a plan.
//!
//! The planner is fed in the order of its methods. Rows of the target are matched as they come; of
//! those that are equal only the primary key is kept.

mod agreed;
mod agreement;
mod base;
mod changes;
mod check;
mod entry;
mod environment;
mod export;
mod files;
mod links;
mod losses;
mod matching;
mod missing;
mod naming;
mod nulling;
mod pairing;
mod preparing;
mod remap;
mod renames;
mod schema;
mod steps;
mod taking;
mod target;
mod unique;
mod warnings;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use serde_json::Value;

use self::changes::Changes;
use self::entry::EntryRows;
use self::links::{Keys, There};
use self::losses::Losses;
use self::preparing::Mapping;
use self::schema::SchemaFindings;
use self::steps::Ordering;
use self::taking::Page;
use crate::config::{Config, Rename};
use crate::data_files::{self, DataFile, Incoming};
use crate::environment::Environment;
use crate::error::{Diagnostic, Error, Result};
use crate::identity::{self, Identity};
use crate::loss::Question;
use crate::model::{AdminIds, Facts, Mode, Row};
use crate::naming::{KnownKeys, Naming};
use crate::order;
use crate::plan::{Counts, Plan, Step, Summary};
use crate::references;
use crate::renames::Renames;
use crate::requirements::Installed;
use crate::room::Growing;
use crate::rows;
use crate::schema_merge::MergedExport;
use crate::snapshot::Snapshot;
use crate::system::ADMIN_ROLE;

/// Makes the plan of one import.
#[derive(Debug)]
pub struct Planner {
    mode: Mode,
    /// Whether it plans an export.
    exports: bool,
    schema_mode: Mode,
    /// The target as it is.
    facts: Facts,
    /// The target as the schema steps will leave it.
    schema: Facts,
    current: Option<Snapshot>,
    schema_steps: Vec<Step>,
    schema_counts: BTreeMap<String, Counts>,
    losses: Losses,
    schema_findings: SchemaFindings,
    exported_schema: Option<MergedExport>,
    /// Fields by collection that an export writes no values of.
    gone_fields: BTreeMap<String, BTreeSet<String>>,
    /// What the config declares to be renamed.
    declared: Vec<Rename>,
    /// What of it the schema steps rename.
    renames: Renames,
    /// What placeholders of the files stand for; `None` where nobody asks.
    environment: Option<Rc<Environment>>,
    /// Parts of extensions that the target has; `None` where nobody has looked.
    installed: Option<Vec<Installed>>,
    entries: BTreeMap<String, EntryRows>,
    /// What files and target last agreed on, and will agree on.
    base: base::Bases,
    /// What happens where the target changed.
    drift: base::Drift,
    /// The Administrator of a folder without the fixed ids.
    legacy: Option<AdminIds>,
    /// Primary keys that the target confirmed.
    existing: Keys,
    /// Collections whose rows are referred to by key, with the fields of the key.
    named: BTreeMap<String, Vec<String>>,
    naming: Rc<Naming>,
    /// The rows of the target by key.
    known: KnownKeys,
    /// The file that comes in parts, with the id of its entry.
    incoming: Option<(String, Incoming)>,
    /// The files that came, each with the id of its entry, until their rows are read.
    files: Vec<(String, DataFile)>,
    /// For what files bring.
    room: Growing,
    /// What is wrong with files, and with rows that user functions returned.
    problems: Vec<Diagnostic>,
    /// Whether all rows of the target are matched.
    settled: bool,
}

impl Planner {
    /// A planner for the entries of `config` against the target that `facts` describes.
    pub fn new(config: Config, facts: Facts) -> Self {
        let mut planner = Self {
            mode: config.mode,
            exports: false,
            schema_mode: config.mode.of_part(config.schema_mode),
            schema: facts.clone(),
            facts,
            current: None,
            schema_steps: Vec::new(),
            schema_counts: BTreeMap::new(),
            losses: Losses::default(),
            schema_findings: SchemaFindings::default(),
            exported_schema: None,
            gone_fields: BTreeMap::new(),
            declared: config.renames,
            renames: Renames::default(),
            environment: None,
            installed: None,
            entries: BTreeMap::new(),
            base: base::Bases::default(),
            drift: base::Drift::default(),
            legacy: None,
            existing: Keys::new(),
            named: config.named,
            naming: Rc::default(),
            known: KnownKeys::default(),
            incoming: None,
            files: Vec::new(),
            room: Growing::default(),
            problems: Vec::new(),
            settled: false,
        };
        planner.set_entries(config.entries);
        planner
    }

    fn set_entries(&mut self, entries: Vec<crate::config::Entry>) {
        let references = references::of_all(&self.schema);
        self.naming = Rc::new(Naming::new(&self.named, &self.schema));
        let rows = entries.into_iter().map(|entry| {
            let fields = references.get(&entry.collection).cloned().unwrap_or_default();
            let mut rows = EntryRows::new(entry, &self.schema, fields, &self.naming);
            rows.hold_back(&self.schema_findings.held_back);
            (rows.entry.id.clone(), rows)
        });
        self.entries = rows.collect();
        self.settle_entries();
    }

    /// What the target is asked to count: what the schema steps would lose, or stumble over.
    pub fn losses_to_count(&self) -> Vec<Question> {
        self.losses.questions().into_iter().map(|asked| self.on_target(asked)).collect()
    }

    /// Takes what the target counted, by the ids of [`Self::losses_to_count`]. What was not counted is
    /// taken for something.
    pub fn set_losses(&mut self, counts: BTreeMap<String, u64>) -> Result<()> {
        self.losses.answer(counts)
    }

    /// Reads the rows out of all files, or fails with everything that is wrong with them.
    pub fn finish_files(&mut self) -> Result<()> {
        for (entry, file) in std::mem::take(&mut self.files) {
            self.entry(&entry)?.add_file(file);
        }
        let mut found = std::mem::take(&mut self.problems);
        found.extend(self.entries.values_mut().flat_map(EntryRows::assemble));
        found.extend(self.prepare());
        Error::check(&found)?;
        self.problems = found;
        Ok(())
    }

    /// Brings rows into database form, with the ids of the Administrator as the target has them. Rows
    /// that user functions are to see are only mapped.
    fn prepare(&mut self) -> Vec<Diagnostic> {
        self.legacy = match self.legacy_admin() {
            Ok(legacy) => legacy,
            Err(_) if self.exports => None,
            Err(error) => return vec![as_diagnostic(error)],
        };
        let mut mapping = self.mapping();
        let mut found = Vec::new();
        for rows in self.entries.values_mut() {
            match rows.waits_for_functions() {
                true => mapping.unmapped.extend(rows.map_raw(&mapping.identity)),
                false => found.extend(rows.prepare(None, &mut mapping)),
            }
        }
        let mut unmapped = BTreeMap::new();
        for (id, place) in mapping.unmapped.into_iter().filter(|_| !self.exports) {
            unmapped.entry(id).or_insert(place);
        }
        let unmapped = unmapped.into_iter().map(|(id, place)| no_admin(id, place));
        unmapped.chain(found).collect()
    }

    fn mapping(&self) -> Mapping {
        let admin = self.facts.admin.as_ref();
        let is_whole = admin.is_some_and(|admin| admin.role.is_some() && admin.policy.is_some());
        Mapping {
            identity: Identity::to_instance(admin, self.legacy.as_ref()),
            is_partial: !self.exports && !is_whole,
            unmapped: Vec::new(),
        }
    }

    /// The Administrator of a folder without the fixed ids.
    fn legacy_admin(&self) -> Result<Option<AdminIds>> {
        let roles = self.raw_rows("directus_roles");
        if roles.iter().any(|row| rows::value_of(row, "id") == ADMIN_ROLE) {
            return Ok(None);
        }
        let policies = self.raw_rows("directus_policies");
        identity::recognise(&roles, &policies, &self.raw_rows("directus_access"))
    }

    fn raw_rows(&self, collection: &str) -> Vec<Row> {
        let entries = self.entries.values().filter(|rows| rows.entry.collection == collection);
        entries.flat_map(|rows| rows.raw.parsed()).collect()
    }

    /// `count` rows of an entry behind the first `start`, as far as there are any, for `onImport` and
    /// `getKey`: with the ids of the target, as a JSON array.
    pub fn rows(&mut self, entry: &str, start: usize, count: usize) -> Result<String> {
        Ok(self.entry(entry)?.raw.to_json(start, count))
    }

    /// Takes the next rows of an entry as `onImport` returned them, in the order of [`Self::rows`]: a JSON
    /// array with null for one that it dropped. [`Self::end_returned`] follows.
    pub fn add_returned(&mut self, entry: &str, rows: &[u8]) -> Result<()> {
        self.entry(entry)?.add_returned(rows)
    }

    /// Takes what was returned in place of the rows of the files.
    pub fn end_returned(&mut self, entry: &str) -> Result<()> {
        let entry = self.entry(entry)?;
        entry.end_returned();
        if !entry.entry.key_function {
            let found = entry.prepare(None, &mut Mapping::default());
            self.problems.extend(found);
        }
        Ok(())
    }

    /// Takes the keys that `getKey` gave, in the order of [`Self::rows`].
    pub fn set_keys(&mut self, entry: &str, keys: &[Value]) -> Result<()> {
        let found = self.entry(entry)?.prepare(Some(keys), &mut Mapping::default());
        self.problems.extend(found);
        Ok(())
    }

    /// Takes a page of rows of the target that lie inside the entry's filter, a JSON array of objects,
    /// with the keys that `getKey` gave for them.
    pub fn add_current(&mut self, entry: &str, page: &[u8], keys: Option<&[Value]>) -> Result<()> {
        self.take(entry, page, keys, true)
    }

    /// Takes rows that were found by [`Self::missing_keys`]. They may be updated, never deleted.
    pub fn add_outside(&mut self, entry: &str, page: &[u8], keys: Option<&[Value]>) -> Result<()> {
        self.take(entry, page, keys, false)
    }

    fn take(
        &mut self,
        entry: &str,
        page: &[u8],
        keys: Option<&[Value]>,
        inside: bool,
    ) -> Result<()> {
        let names = self.renamed_fields(entry)?;
        let rows = self.entry(entry)?;
        let found = rows.prepare(None, &mut Mapping::default());
        let page = core::str::from_utf8(page).ok();
        let page = page.map(|page| Page { rows: page, names: &names, keys, inside });
        page.and_then(|page| rows.add_current(page)).ok_or_else(data_files::not_understood)?;
        self.problems.extend(found);
        Ok(())
    }

    /// Filters that find the rows of the folder that the filtered reading did not show.
    pub fn missing_keys(&mut self, entry: &str) -> Result<Vec<Value>> {
        let Some(rows) = self.entries.get(entry) else { return Err(no_entry(entry)) };
        let ids = self.ids();
        let (collection, filters) = (rows.entry.collection.clone(), missing::filters(rows, &ids));
        Ok(filters.iter().map(|filter| self.renames.filter(&collection, filter)).collect())
    }

    /// Primary keys by collection of the target that rows refer to and nobody has shown yet.
    pub fn unknown_references(&mut self) -> BTreeMap<String, Vec<Value>> {
        self.settle();
        let unknown = links::unknown(&self.entries, &self.schema, self.there());
        let on_target =
            |name: &String| self.facts.collections.contains_key(name) && !self.naming.has(name);
        let values = |ids: BTreeSet<String>| {
            ids.iter().filter_map(|id| serde_json::from_str(id).ok()).collect()
        };
        unknown
            .into_iter()
            .filter(|(collection, _)| on_target(collection))
            .map(|(collection, ids)| (collection, values(ids)))
            .collect()
    }

    /// Takes which of the [`Self::unknown_references`] exist.
    pub fn set_existing(&mut self, collection: &str, keys: &[Value]) {
        let ids = keys.iter().map(|key| references::key_text(&self.schema, collection, key));
        self.existing.entry(collection.to_owned()).or_default().extend(ids);
    }

    /// The plan, or everything that is wrong.
    pub fn plan(&mut self) -> Result<Plan> {
        self.settle();
        let mut found = std::mem::take(&mut self.problems);
        found.extend(self.schema_findings.problems.clone());
        found.extend(self.losses.obstacles());
        found.extend(check::shadow_repeats(&mut self.entries));
        found.extend(self.entries.values_mut().flat_map(|rows| std::mem::take(&mut rows.repeated)));
        Error::check(&found)?;
        let there = There { existing: &self.existing, known: &self.known };
        found.extend(nulling::references(&mut self.entries, &self.schema, there));
        let changes = Changes::of(&self.entries, &self.facts);
        found.extend(links::missing(&self.entries, &self.schema, self.there()));
        found.extend(self.beyond_target(&changes));
        let steps = self.item_steps(&changes, &mut found);
        Error::check(&found)?;
        let mut all: Vec<_> = self.renames.warnings().chain(self.losses.warnings()).collect();
        all.extend(self.schema_findings.warnings.clone());
        all.extend(warnings::of(&changes, &self.entries, &found));
        let agreed = base::entries_after(&self.entries, &changes);
        let items = changes.counts(&self.entries);
        let summary = Summary { schema: self.schema_counts.clone(), items };
        let steps = self.schema_steps.iter().cloned().chain(steps).collect();
        self.base.after.entries = agreed;
        self.base.planned = true;
        Ok(Plan::new(self.mode, steps, all, summary))
    }

    fn item_steps(&self, changes: &Changes<'_>, found: &mut Vec<Diagnostic>) -> Vec<Step> {
        let (nulls, broken) = links::to_deleted(changes, &self.schema);
        let (early, taken) = unique::vacate(changes, &self.schema);
        let ranks = order::ranks(&self.schema, &references::of_all(&self.schema));
        let ids = self.ids();
        let ordering = Ordering { facts: &self.schema, ranks: &ranks, ids: &ids };
        let (steps, circles) = ordering.steps(changes, early, nulls);
        found.extend(broken.into_iter().chain(taken).chain(circles));
        steps
    }

    /// Ends the matching, once all rows of the target were taken.
    fn settle(&mut self) {
        if !std::mem::replace(&mut self.settled, true) {
            self.entries.values_mut().for_each(EntryRows::pair_held);
            remap::references(&mut self.entries, &self.schema);
            self.entries.values_mut().for_each(EntryRows::decide);
        }
    }

    fn entry(&mut self, id: &str) -> Result<&mut EntryRows> {
        self.entries.get_mut(id).ok_or_else(|| no_entry(id))
    }
}

fn no_entry(id: &str) -> Error {
    Error::new("INTERNAL", format!("The config has no entry {id}."))
}

fn as_diagnostic(error: Error) -> Diagnostic {
    Diagnostic::error(&error.code, error.message, error.path.unwrap_or_default())
}

fn no_admin(id: &str, place: String) -> Diagnostic {
    let what = if id == ADMIN_ROLE { "role" } else { "policy" };
    let message = format!(
        "The folder refers to the Administrator {what}, but the target has none that can be told by its \
         name and admin access. Name it with `admin: '<id>'` in directus_roles and directus_policies."
    );
    Diagnostic::error("ADMIN_NOT_FOUND", message, place)
}
