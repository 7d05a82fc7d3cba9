//! The changes in numbers.

use std::collections::BTreeMap;

use super::SchemaChange;
use crate::plan::Counts;
use crate::snapshot::Snapshot;

/// What is counted.
const KINDS: [&str; 4] = ["collections", "fields", "relations", "systemFields"];

/// How many things are created, updated and deleted, stay as they are, or are the target's own and
/// stay; by `collections`, `fields`, `relations` and `systemFields`.
pub fn count(
    changes: &[SchemaChange],
    desired: &Snapshot,
    current: &Snapshot,
) -> BTreeMap<String, Counts> {
    let mut tally = Tally::default();
    changes.iter().for_each(|change| tally.add(change));
    tally.finish(desired, current)
}

#[derive(Default)]
struct Tally {
    collections: Counts,
    fields: Counts,
    relations: Counts,
    system_fields: Counts,
}

impl Tally {
    fn add(&mut self, change: &SchemaChange) {
        match change {
            SchemaChange::CollectionCreate { fields, .. } => {
                self.collections.create += 1;
                self.fields.create += number(fields);
            }
            SchemaChange::CollectionUpdate { .. } => self.collections.update += 1,
            SchemaChange::CollectionDelete { fields, relations, .. } => {
                self.collections.delete += 1;
                self.fields.delete += number(fields);
                self.relations.delete += number(relations);
            }
            SchemaChange::FieldCreate { .. } => self.fields.create += 1,
            SchemaChange::FieldUpdate { .. } | SchemaChange::FieldReplace { .. } => {
                self.fields.update += 1;
            }
            SchemaChange::FieldDelete { .. } => self.fields.delete += 1,
            SchemaChange::SystemFieldUpdate { indexed: true, .. } => self.system_fields.create += 1,
            SchemaChange::SystemFieldUpdate { .. } => self.system_fields.delete += 1,
            SchemaChange::RelationCreate { .. } => self.relations.create += 1,
            SchemaChange::RelationUpdate { .. } | SchemaChange::RelationReplace { .. } => {
                self.relations.update += 1;
            }
            SchemaChange::RelationDelete { .. } => self.relations.delete += 1,
        }
    }

    /// Adds what does not change: the desired that is there already, and what only the target has.
    fn finish(self, desired: &Snapshot, current: &Snapshot) -> BTreeMap<String, Counts> {
        let desired = sizes(desired);
        let current = sizes(current);
        let counts = [self.collections, self.fields, self.relations, self.system_fields];
        let kinds = KINDS.iter().zip(counts).zip(desired.into_iter().zip(current));
        let completed = kinds.map(|((kind, counts), (desired, current))| {
            ((*kind).to_string(), completed(counts, desired, current))
        });
        completed.collect()
    }
}

/// How many of each of [`KINDS`] a snapshot has.
fn sizes(snapshot: &Snapshot) -> [u64; 4] {
    [
        number(&snapshot.collections),
        number(&snapshot.fields),
        number(&snapshot.relations),
        number(snapshot.system_fields.as_deref().unwrap_or_default()),
    ]
}

fn completed(counts: Counts, desired: u64, current: u64) -> Counts {
    let common = desired.saturating_sub(counts.create);
    Counts {
        unchanged: common.saturating_sub(counts.update),
        kept: current.saturating_sub(common + counts.delete),
        ..counts
    }
}

fn number<T>(things: &[T]) -> u64 {
    things.len() as u64
}
