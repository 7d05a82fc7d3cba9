//! What a person should know of the changes: numbers and warnings.

use std::collections::BTreeMap;

use super::SchemaChange;
use crate::plan::{Counts, Warning};
use crate::snapshot::{Collection, Field, Snapshot};

/// What is counted.
const KINDS: [&str; 4] = ["collections", "fields", "relations", "systemFields"];

/// Changes of type that keep every value.
const WIDENINGS: [(&str, &str); 5] = [
    ("integer", "bigInteger"),
    ("integer", "decimal"),
    ("string", "text"),
    ("uuid", "string"),
    ("uuid", "text"),
];

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

/// Warnings of everything that loses data. A folder or an alias holds none.
pub fn warnings(changes: &[SchemaChange]) -> Vec<Warning> {
    changes.iter().filter_map(warning).collect()
}

fn warning(change: &SchemaChange) -> Option<Warning> {
    match change {
        SchemaChange::CollectionDelete { before, .. } => dropped_collection(before),
        SchemaChange::FieldDelete { before } | SchemaChange::FieldReplace { before, .. } => {
            dropped_field(before)
        }
        SchemaChange::FieldUpdate { before, after } => narrowed_field(before, after),
        _ => None,
    }
}

fn dropped_collection(before: &Collection) -> Option<Warning> {
    let message = format!("The collection {} is dropped with all its rows.", before.name);
    (!before.is_folder()).then(|| destructive("DROP_COLLECTION", message, before.name.clone()))
}

fn dropped_field(before: &Field) -> Option<Warning> {
    let path = format!("{}.{}", before.collection, before.name);
    let message = format!("The field {path} is dropped with all its values.");
    (!before.is_alias()).then(|| destructive("DROP_FIELD", message, path))
}

fn narrowed_field(before: &Field, after: &Field) -> Option<Warning> {
    let path = format!("{}.{}", before.collection, before.name);
    let change = match (before.kind.as_str(), after.kind.as_str()) {
        (old, new) if old == new => shortened(before, after)?,
        kinds if WIDENINGS.contains(&kinds) => return None,
        (old, new) => format!("changes its type from {old} to {new}"),
    };
    let message =
        format!("The field {path} {change}, so values that do not fit are lost or refused.");
    Some(destructive("NARROW_FIELD", message, path))
}

fn shortened(before: &Field, after: &Field) -> Option<String> {
    let (old, new) = (max_length(before)?, max_length(after)?);
    (new < old).then(|| format!("is shortened from {old} to {new} characters"))
}

fn max_length(field: &Field) -> Option<u64> {
    field.schema.as_ref()?.get("max_length")?.as_u64()
}

fn destructive(code: &str, message: String, path: String) -> Warning {
    Warning { code: code.into(), message, path, destructive: true, refused: false }
}
