//! Things that stay but name things that go.
//!
//! Directus clears or drops such a reference by itself when it deletes the other thing, so the target
//! would not become what the files say. Files that are whole hold none; an edit by hand may.

use std::collections::BTreeSet;

use super::SchemaChange;
use crate::error::Diagnostic;
use crate::snapshot::{Field, Mention, Name, Snapshot};

/// Every desired thing that names something that the changes delete.
pub(super) fn broken(desired: &Snapshot, changes: &[SchemaChange]) -> Vec<Diagnostic> {
    let deleted = deleted(changes);
    if deleted.is_empty() {
        return Vec::new();
    }
    let collections = desired.collections.iter().flat_map(|it| {
        let path = it.name.clone();
        problems(&deleted, it.mentions(), "collection", &path)
    });
    let fields = desired
        .fields
        .iter()
        .flat_map(|it| problems(&deleted, it.mentions(), "field", &dotted(it.path())));
    let relations = desired
        .relations
        .iter()
        .flat_map(|it| problems(&deleted, it.mentions(), "relation", &dotted(it.path())));
    collections.chain(fields).chain(relations).collect()
}

/// What the changes delete.
fn deleted(changes: &[SchemaChange]) -> BTreeSet<Name<'_>> {
    let mut deleted = BTreeSet::new();
    for change in changes {
        match change {
            SchemaChange::CollectionDelete { before, fields, .. } => {
                deleted.insert(Name::Collection(&before.name));
                deleted.extend(fields.iter().map(name_of));
            }
            SchemaChange::FieldDelete { before } => drop(deleted.insert(name_of(before))),
            _ => {}
        }
    }
    deleted
}

fn name_of(field: &Field) -> Name<'_> {
    Name::Field(&field.collection, &field.name)
}

fn problems(
    deleted: &BTreeSet<Name<'_>>,
    mentions: Vec<Mention<'_>>,
    kind: &str,
    path: &str,
) -> Vec<Diagnostic> {
    let broken = mentions.into_iter().filter(|mention| deleted.contains(&mention.name));
    broken.map(|mention| problem(&format!("{kind} {path}"), &mention, path)).collect()
}

fn problem(thing: &str, mention: &Mention<'_>, path: &str) -> Diagnostic {
    let key = &mention.key;
    let named = match mention.name {
        Name::Collection(name) => name.to_owned(),
        Name::Field(collection, field) => dotted((collection, field)),
    };
    let message = format!(
        "The {thing} names {named} in {key}, but {named} is not in the files and would be deleted: \
         add it, or change {key}."
    );
    Diagnostic::error("SNAPSHOT_INVALID", message, path)
}

fn dotted((collection, field): (&str, &str)) -> String {
    format!("{collection}.{field}")
}
