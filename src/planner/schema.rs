//! The schema's part of a plan.

use crate::base::Hasher;
use crate::error::{Diagnostic, Result};
use crate::plan::Warning;
use crate::requirements;
use crate::schema_diff::{self, SchemaChange};
use crate::schema_merge::{self, HeldBack, Merged, Rules};
use crate::snapshot::{self, Snapshot};

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
        let merged = self.merged(&desired, &current);
        let changes = self.settle_changes(merged.changes(&current), &merged);
        self.schema_steps = self.renames.steps().chain(schema_diff::steps(&changes)).collect();
        self.schema_counts = schema_diff::count(&changes, &merged.counts);
        self.count_renames(&changes);
        self.losses = Losses::new(schema_diff::losses(&changes, current.vendor.as_deref()));
        self.problems.extend(requirements::other_major(&desired.directus, &current.directus));
        self.schema = snapshot::overlay(&self.facts, &merged.snapshot);
        self.current = Some(current);
        self.base.after.schema = Some(merged.base);
        let entries = std::mem::take(&mut self.entries);
        let entries = entries.into_values().map(|rows| self.renamed_entry(rows.entry));
        self.set_entries(entries.collect());
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
        let nobodys = Hasher::new(&[]);
        let old_names = self.renamed_since().reversed();
        let rules = Rules {
            mode: self.schema_mode,
            on_drift: self.drift.default,
            hasher: self.base.hasher.as_ref().unwrap_or(&nobodys),
            base: self.base.before.schema.as_ref(),
            old_names: &old_names,
        };
        schema_merge::merge(desired, current, rules)
    }
}
