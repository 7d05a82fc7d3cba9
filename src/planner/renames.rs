//! Renamed fields in planning: the target is seen under the new names, and read under the old ones.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Planner;
use crate::config::{Entry, Rename};
use crate::error::Result;
use crate::loss::Question;
use crate::model::Mode;
use crate::renames::Renames;
use crate::schema_diff::SchemaChange;
use crate::schema_merge::knows_field;
use crate::snapshot::Snapshot;

impl Planner {
    /// Finds out which fields are to be renamed, and gives the target as it will be then. To be called
    /// before anything is compared. The mode create changes nothing, and an export no instance.
    pub(super) fn rename(&mut self, desired: &Snapshot, current: &Snapshot) -> Snapshot {
        if self.schema_mode != Mode::Create && !self.exports {
            let (renames, problems) = Renames::of(&self.declared, desired, current);
            self.renames = renames;
            self.problems.extend(problems);
        }
        self.facts = self.renames.facts(&self.facts);
        self.renames.snapshot(current)
    }

    /// Counts a renamed field as changed, once.
    pub(super) fn count_renames(&mut self, changes: &[SchemaChange]) {
        let is_updated = |path| {
            changes.iter().any(|change| {
                matches!(change, SchemaChange::FieldUpdate { before, .. } if before.path() == path)
            })
        };
        let renamed = self.renames.new_names().filter(|path| !is_updated(*path)).count() as u64;
        if let Some(fields) = self.schema_counts.get_mut("fields") {
            fields.update += renamed;
            fields.unchanged = fields.unchanged.saturating_sub(renamed);
        }
    }

    /// An entry without the old names, which the target has no more.
    pub(super) fn renamed_entry(&self, mut entry: Entry) -> Entry {
        let is_current = |field: &String| self.renames.new_name(&entry.collection, field) == field;
        entry.fields.retain(is_current);
        entry.by_key.retain(|field, _| is_current(field));
        entry
    }

    /// What was renamed since the base, by this run or one before: fields that the base knows by names
    /// that the target has no more.
    pub(super) fn renamed_since(&self) -> Renames {
        let renamed = self.declared.iter().filter(|Rename { collection, field, .. }| {
            let target = self.facts.collections.get(collection);
            let is_gone = target.is_none_or(|target| !target.fields.contains_key(field));
            is_gone && self.base_knows(collection, field)
        });
        Renames::since(renamed, self.renames.relations())
    }

    fn base_knows(&self, collection: &str, field: &str) -> bool {
        let own = self.entries.iter().filter(|(_, rows)| rows.entry.collection == collection);
        let mut own = own.filter_map(|(id, _)| self.base.before.entries.get(id));
        let schema = self.base.hasher.as_ref().zip(self.base.before.schema.as_ref());
        own.any(|things| things.fields.iter().any(|known| known == field))
            || schema.is_some_and(|(hasher, base)| knows_field(base, hasher, collection, field))
    }

    pub(super) fn names_on_target(&self, collection: &str, fields: Vec<String>) -> Vec<String> {
        let old = |field: String| self.renames.old_name(collection, &field).to_owned();
        fields.into_iter().map(old).collect()
    }

    /// A question under the names that the target has.
    pub(super) fn on_target(&self, question: Question) -> Question {
        let old = |field: String| self.renames.old_name(&question.collection, &field).to_owned();
        Question { field: question.field.clone().map(old), ..question }
    }

    /// New names by the old ones, of the fields of an entry that are renamed.
    pub fn renamed_fields(&mut self, entry: &str) -> Result<BTreeMap<String, String>> {
        let collection = self.entry(entry)?.entry.collection.clone();
        Ok(self.renames.of_collection(&collection))
    }

    /// The filter of an entry under the names that the target has.
    pub fn filter_to_read(&mut self, entry: &str) -> Result<Value> {
        let rows = self.entry(entry)?;
        let (collection, filter) = (rows.entry.collection.clone(), rows.entry.filter.clone());
        Ok(self.renames.filter(&collection, &filter))
    }
}
