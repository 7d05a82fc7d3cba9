//! The changes in numbers.

use std::collections::BTreeMap;

use super::SchemaChange;
use crate::plan::Counts;

/// What is counted.
const KINDS: [&str; 4] = ["collections", "fields", "relations", "systemFields"];

/// How many things are created, updated and deleted; by `collections`, `fields`, `relations` and
/// `systemFields`. `unchanged` has the other numbers, see [`crate::schema_merge::Merged::counts`].
pub fn count(
    changes: &[SchemaChange],
    unchanged: &BTreeMap<String, Counts>,
) -> BTreeMap<String, Counts> {
    let mut tally = Tally::default();
    changes.iter().for_each(|change| tally.add(change));
    let counts = [tally.collections, tally.fields, tally.relations, tally.system_fields];
    let completed = KINDS.iter().zip(counts).map(|(kind, counts)| {
        let rest = unchanged.get(*kind).copied().unwrap_or_default();
        let Counts { create, update, delete, .. } = counts;
        ((*kind).to_owned(), Counts { create, update, delete, ..rest })
    });
    completed.collect()
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
}

fn number<T>(things: &[T]) -> u64 {
    things.len() as u64
}
