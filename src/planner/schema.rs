//! The schema's part of a plan.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::{Hasher, SchemaBase};
use crate::error::{Diagnostic, Result};
use crate::plan::Warning;
use crate::renames::Renames;
use crate::requirements;
use crate::schema_diff::{self, SchemaChange};
use crate::schema_merge::{self, Agreement, HeldBack, Merged, Rules};
use crate::snapshot::{self, Field, Snapshot};

use super::Planner;
use super::losses::Losses;

/// What the merge of the schema found.
#[derive(Debug, Default)]
pub struct SchemaFindings {
    /// What happened on the target since the base.
    pub warnings: Vec<Warning>,
    /// What cannot be done.
    pub problems: Vec<Diagnostic>,
    /// What the files have and the target is not to get.
    pub held_back: HeldBack,
}

impl Planner {
    /// Plans the schema, too. Without this call it stays as it is. What is wrong with the schema is
    /// said by [`Self::plan`].
    pub fn set_schema(&mut self, desired: &Snapshot, current: &Snapshot) {
        let current = self.rename(desired, current);
        let desired = schema_diff::for_target(desired, &current, &self.facts);
        match self.exports {
            true => self.set_exported_schema(&desired, &current),
            false => self.set_imported_schema(&desired, current),
        }
        let entries = std::mem::take(&mut self.entries);
        let entries = entries.into_values().map(|rows| self.renamed_entry(rows.entry));
        self.set_entries(entries.collect());
    }

    fn set_imported_schema(&mut self, desired: &Snapshot, current: Snapshot) {
        let merged = self.merged(desired, &current);
        let changes = self.settle_changes(merged.changes(&current), &merged);
        self.schema_steps = self.renames.steps().chain(schema_diff::steps(&changes)).collect();
        self.schema_counts = schema_diff::count(&changes, &merged.counts);
        self.count_renames(&changes);
        self.losses = Losses::new(schema_diff::losses(&changes, current.vendor.as_deref()));
        self.problems.extend(requirements::other_major(&desired.directus, &current.directus));
        self.schema = snapshot::overlay(&self.facts, &merged.snapshot);
        self.current = Some(current);
        self.base.after.schema = Some(merged.base);
    }

    /// `folder` is what the folder holds so far. The rows that wait there are of its types.
    fn set_exported_schema(&mut self, folder: &Snapshot, instance: &Snapshot) {
        let agreed = self.agreed_schema();
        let merged = schema_merge::merge_export(folder, instance, agreed.agreement());
        let known = snapshot::overlay(&self.facts, folder);
        self.schema = snapshot::overlay(&known, &merged.snapshot);
        self.gone_fields = gone_fields([folder, instance], &merged.snapshot);
        self.base.after.schema = Some(merged.base.clone());
        self.exported_schema = Some(merged);
    }

    /// Notes what the merge found. Changes that cannot be made count as none until the plan is made.
    fn settle_changes(
        &mut self,
        changes: Result<Vec<SchemaChange>>,
        merged: &Merged,
    ) -> Vec<SchemaChange> {
        let (changes, problems) = match changes {
            Ok(changes) => (changes, Vec::new()),
            Err(error) => (Vec::new(), error.diagnostics),
        };
        let (warnings, held_back) = (merged.warnings.clone(), merged.held_back.clone());
        self.schema_findings = SchemaFindings { warnings, problems, held_back };
        changes
    }

    fn merged(&self, desired: &Snapshot, current: &Snapshot) -> Merged {
        let rules = Rules { mode: self.schema_mode, on_drift: self.drift.default };
        let agreed = self.agreed_schema();
        schema_merge::merge(desired, current, agreed.agreement(), rules)
    }

    fn agreed_schema(&self) -> AgreedSchema<'_> {
        let nobodys = || Hasher::new(&[]);
        AgreedSchema {
            hasher: self.base.hasher.clone().unwrap_or_else(nobodys),
            base: self.base.before.schema.as_ref(),
            old_names: self.renamed_since().reversed(),
        }
    }
}

/// What an [`Agreement`] refers to.
struct AgreedSchema<'a> {
    hasher: Hasher,
    base: Option<&'a SchemaBase>,
    old_names: Renames,
}

impl AgreedSchema<'_> {
    fn agreement(&self) -> Agreement<'_> {
        Agreement { hasher: &self.hasher, base: self.base, old_names: &self.old_names }
    }
}

/// Fields that one of the sides has and the schema that is written has not, by collection. A collection
/// that goes with all its fields is no question of fields.
fn gone_fields(sides: [&Snapshot; 2], written: &Snapshot) -> BTreeMap<String, BTreeSet<String>> {
    let stays: BTreeSet<_> = written.fields.iter().map(Field::path).collect();
    let mut gone: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let fields = sides.into_iter().flat_map(|side| &side.fields);
    for field in fields.filter(|field| !stays.contains(&field.path())) {
        gone.entry(field.collection.clone()).or_default().insert(field.name.clone());
    }
    let has = |side: &Snapshot, name: &str| side.collections.iter().any(|it| it.name == name);
    gone.retain(|name, _| !sides.iter().any(|side| has(side, name)) || has(written, name));
    gone
}
