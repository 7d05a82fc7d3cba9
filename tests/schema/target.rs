//! A target that changes of a schema are applied to.

use schema_sync_core::schema_diff::SchemaChange;
use schema_sync_core::snapshot::{Snapshot, SystemField};

use crate::states::reread;

/// A model of what applying the changes makes of a snapshot.
pub fn applied(current: &Snapshot, changes: &[SchemaChange]) -> Snapshot {
    let mut made = current.clone();
    for change in changes.iter().cloned() {
        match change {
            SchemaChange::CollectionCreate { after, fields } => {
                made.collections.push(after);
                made.fields.extend(fields);
            }
            SchemaChange::CollectionUpdate { before, after } => {
                *made.collections.iter_mut().find(|found| **found == before).unwrap() = after;
            }
            SchemaChange::CollectionDelete { before, .. } => {
                made.collections.retain(|found| *found != before);
                made.fields.retain(|found| found.collection != before.name);
                made.relations.retain(|found| found.collection != before.name);
            }
            SchemaChange::FieldCreate { after } => made.fields.push(after),
            SchemaChange::FieldUpdate { before, after }
            | SchemaChange::FieldReplace { before, after } => {
                *made.fields.iter_mut().find(|found| **found == before).unwrap() = after;
            }
            SchemaChange::FieldDelete { before } => made.fields.retain(|found| *found != before),
            SchemaChange::SystemFieldUpdate { collection, field, indexed } => {
                let fields = made.system_fields.get_or_insert_default();
                fields.retain(|found| found.path() != (&collection, &field));
                fields.extend(indexed.then_some(SystemField { collection, name: field, indexed }));
            }
            SchemaChange::RelationCreate { after } => made.relations.push(after),
            SchemaChange::RelationUpdate { before, after }
            | SchemaChange::RelationReplace { before, after } => {
                *made.relations.iter_mut().find(|found| **found == before).unwrap() = after;
            }
            SchemaChange::RelationDelete { before } => {
                made.relations.retain(|found| *found != before)
            }
        }
    }
    reread(&made)
}
