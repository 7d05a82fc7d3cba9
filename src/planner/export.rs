//! The other direction: what of the files stays as it is when the instance's rows are written.

use crate::base::{Base, Things};
use crate::config::Config;
use crate::error::{Error, Result};
use crate::export_plan::{EntryExport, ExportPlan};
use crate::findings::Findings;
use crate::merge::{
    Action, Decision, EXPORT_CONFLICT, Holds, PENDING_IMPORT, State, export_decision,
};
use crate::model::{Facts, Row};
use crate::rows;
use crate::system;

use super::changes::{self, Unwanted};
use super::entry::{Current, Desired, EntryRows};
use super::{Planner, no_entry};

/// What an import would bring, so that the export leaves it.
const PENDING: Decision = Decision { action: Action::Keep, code: Some(PENDING_IMPORT) };
/// What stops the export.
const CONFLICT: Decision = Decision { action: Action::Refuse, code: Some(EXPORT_CONFLICT) };

/// What is reported of the rows of an export.
#[derive(Debug, Default)]
struct Reports {
    pending: Findings,
    conflicts: Findings,
}

impl Planner {
    /// A planner for an export of the instance that `facts` describes. It is fed as for an import: the
    /// files are what the folder holds so far, and rows that the export does not write enter by
    /// [`Self::add_outside`]. Then [`Self::export_plan`] and [`Self::export_base`] are asked.
    pub fn for_export(config: Config, facts: Facts) -> Self {
        let mut planner = Self::new(config, facts);
        planner.exports = true;
        planner.settle_entries();
        planner
    }

    /// Whether an export writes the rows of an entry as they are on the instance, since the folder has
    /// none of them, and its schema all of their fields. To be asked once the files are read.
    pub fn is_unmixed(&self, entry: &str) -> Result<bool> {
        let rows = self.entries.get(entry).ok_or_else(|| no_entry(entry))?;
        Ok(!rows.has_files && self.gone(rows).is_empty())
    }

    /// What of the files stays, what waits for an import, and what nobody can decide; or what is wrong
    /// with the files. References and limits are not asked about: an export changes no instance.
    pub fn export_plan(&mut self) -> Result<ExportPlan> {
        self.settle();
        Error::check(&std::mem::take(&mut self.problems))?;
        let wanted = changes::wanted_ids(&self.entries);
        let admin = self.facts.admin.as_ref();
        let mut reports = Reports::default();
        let mut plan = ExportPlan::default();
        for (id, rows) in &self.entries {
            let stays = |row: &Current| {
                let other = Unwanted { entry: rows, row, in_files: false };
                let place = (rows.entry.collection.as_str(), rows::text(&row.id));
                changes::is_protected(other, admin) || wanted.contains(&place)
            };
            let mut entry = rows.exported(&stays, &mut reports);
            entry.gone = self.gone(rows);
            entry.admin = self.legacy.clone().filter(|_| entry.has_rows_of_files());
            plan.entries.insert(id.clone(), entry);
        }
        if let Some(schema) = &self.exported_schema {
            plan.schema = Some(schema.snapshot.clone());
            plan.pending.clone_from(&schema.pending);
            plan.conflicts.clone_from(&schema.conflicts);
        }
        plan.pending.extend(reports.pending.warnings());
        plan.conflicts.extend(reports.conflicts.warnings());
        self.base.undecided = !plan.conflicts.is_empty();
        Ok(plan)
    }

    /// The base as it is once the export is written, encoded: what the instance holds. What waits for
    /// an import was no change of the instance, so that it goes on waiting. `overwrite` says that the
    /// files were written without asking what they held.
    pub fn export_base(&mut self, overwrite: bool) -> Result<Vec<u8>> {
        self.settle();
        let hasher = self.base.hasher.as_ref().filter(|_| overwrite || !self.base.undecided);
        let Some(hasher) = hasher else {
            let message = "There is no base after an export without `setBase`, or with conflicts.";
            return Err(Error::new("INTERNAL", message));
        };
        let next = self.entries.iter();
        let next = next.filter_map(|(id, rows)| Some((id.clone(), rows.base_exported(overwrite)?)));
        let next = Base { entries: next.collect(), schema: self.base.after.schema.clone() };
        Ok(self.base.before.encode_with(&next, hasher))
    }
}

impl Planner {
    /// Fields of an entry that one side has and the schema that is written has not: files without them
    /// would not fit it.
    fn gone(&self, rows: &EntryRows) -> Vec<String> {
        let gone = self.gone_fields.get(&rows.entry.collection);
        let own = |field: &&String| rows.entry.fields.contains(field);
        gone.into_iter().flatten().filter(own).cloned().collect()
    }
}

impl EntryRows {
    /// What of the files stays; `stays` tells the rows that no import deletes.
    fn exported(&self, stays: &dyn Fn(&Current) -> bool, reports: &mut Reports) -> EntryExport {
        if !self.merges() {
            return EntryExport::default();
        }
        let mut export = EntryExport { left_out: self.dropped.clone(), ..EntryExport::default() };
        for desired in &self.desired {
            self.export_desired(desired, &mut export, reports);
        }
        for current in self.others.values() {
            let holds = export_decision(current.state());
            let label = || self.label_of(current);
            match holds {
                Holds::Target => {}
                Holds::Conflict => reports.conflicts.add(CONFLICT, &self.entry.id, "row", label()),
                Holds::Files => {
                    export.omit.push(current.id.clone());
                    if self.entry.deletes && !stays(current) {
                        reports.pending.add(PENDING, &self.entry.id, "row", label());
                    }
                }
            }
        }
        export
    }

    /// Whether the files have a say. Without a base nobody knows who changed what; but a collection
    /// that the instance does not have yet was not changed there.
    pub(super) fn merges(&self) -> bool {
        let agreement = self.agreement.as_ref();
        self.has_files
            && agreement.is_some_and(|agreement| agreement.has_base() || !agreement.is_on_target())
    }

    fn export_desired(&self, desired: &Desired, export: &mut EntryExport, reports: &mut Reports) {
        let label = || self.label(&desired.key);
        match export_decision(self.exported_state(desired)) {
            Holds::Target => {}
            Holds::Conflict => reports.conflicts.add(CONFLICT, &self.entry.id, "row", label()),
            Holds::Files => {
                match desired.found.as_ref().filter(|found| found.current.inside) {
                    Some(found) => export.replace.push((found.current.id.clone(), desired.index)),
                    None => export.keep.push(desired.index),
                }
                let ids = self.ids(desired);
                if !ids.is_empty() {
                    export.ids.insert(desired.index, ids);
                }
                reports.pending.add(PENDING, &self.entry.id, "row", label());
            }
        }
    }

    /// The state of a row of the files. A row that the export does not write, as it lies outside the
    /// filter, counts as gone, unless it is the files that changed it.
    fn exported_state(&self, desired: &Desired) -> State {
        let state = self.with_news(desired, desired.state);
        let outside = desired.found.as_ref().is_some_and(|found| !found.current.inside);
        match state {
            State::Equal | State::ChangedInFiles => state,
            _ if outside => self.with_news(desired, self.missing(desired)),
            _ => state,
        }
    }

    /// The base knows nothing of fields that were added since, so that values in them count as changes
    /// of the files on top of what it says.
    fn with_news(&self, desired: &Desired, state: State) -> State {
        match state {
            _ if !(desired.news || self.fills_new_fields(desired)) => state,
            State::Equal => State::ChangedInFiles,
            State::ChangedOnTarget => State::ChangedInBoth,
            State::DeletedOnTarget => State::DeletedAndChanged,
            _ => state,
        }
    }

    fn fills_new_fields(&self, desired: &Desired) -> bool {
        let Some(agreement) = &self.agreement else { return false };
        let is_new = |name: &str| name != self.entry.primary_key && !agreement.covers(name);
        match &desired.found {
            Some(found) => found.set.keys().any(|name| is_new(name)),
            None => {
                let defaults = self.defaults().of(&self.columns);
                let mut values = self.fields(desired).iter().filter(|(name, _)| is_new(name));
                values.any(|(name, token)| defaults.token(name) != Some(token))
            }
        }
    }

    /// Whether values in a field that is no column of this instance are news: they came from another
    /// instance unless they were agreed on, and the schema that they need is to follow.
    pub(super) fn is_news(&self, name: &str) -> bool {
        let agreed = || self.agreement.as_ref().is_some_and(|agreement| agreement.covers(name));
        !system::is_system(&self.entry.collection) && !agreed()
    }

    /// The values by which the instance's rows go where the files' row has others.
    fn ids(&self, desired: &Desired) -> Row {
        let key = &self.entry.primary_key;
        let own = desired.found.as_ref().map(|found| (key.clone(), found.current.id.clone()));
        let here = self.fields(desired).get(key);
        let own = own.filter(|(_, id)| here.is_some_and(|here| here != *id));
        desired.followed.clone().into_iter().chain(own).collect()
    }

    fn label_of(&self, current: &Current) -> String {
        Unwanted { entry: self, row: current, in_files: false }.label()
    }

    /// The rows that were agreed on once the export is written: all that the instance has in its
    /// filter. A row outside is agreed on only as long as a change of the files waits for it.
    fn base_exported(&self, overwrite: bool) -> Option<Things> {
        let agreement = self.agreement.as_ref()?;
        let pairs = self.desired.iter().filter_map(|desired| {
            let current = &desired.found.as_ref()?.current;
            let waits = !overwrite && self.waits_outside(desired);
            (current.inside || waits).then_some(current)
        });
        let rows = pairs.chain(self.others.values());
        let contents = rows.filter_map(|row| Some(agreement.pair(&row.key, row.is?)));
        Some(agreement.next(contents.chain(self.noted.iter().copied())))
    }

    fn waits_outside(&self, desired: &Desired) -> bool {
        desired.agreed.content().is_some() && self.exported_state(desired) == State::ChangedInFiles
    }
}
