//! Things that stay but name things that go.
//!
//! Directus clears or drops such a reference by itself when it deletes the other thing, so the target
//! would not become what the files say. Files that are whole hold none; an edit by hand may.

use std::collections::BTreeSet;

use serde_json::Value;

use super::SchemaChange;
use crate::error::Diagnostic;
use crate::snapshot::{Collection, Field, Object, Relation, Snapshot};

/// Settings of a collection that name one of its fields.
const FIELD_SETTINGS: [&str; 2] = ["archive_field", "sort_field"];

/// Every desired thing that names something that the changes delete.
pub(super) fn broken(desired: &Snapshot, changes: &[SchemaChange]) -> Vec<Diagnostic> {
    let deleted = Deleted::of(changes);
    let collections = desired.collections.iter().flat_map(|it| deleted.named_by_collection(it));
    let fields = desired.fields.iter().filter_map(|it| deleted.named_by_field(it));
    let relations = desired.relations.iter().flat_map(|it| deleted.named_by_relation(it));
    collections.chain(fields).chain(relations).collect()
}

/// What the changes delete.
#[derive(Default)]
struct Deleted<'a> {
    collections: BTreeSet<&'a str>,
    fields: BTreeSet<(&'a str, &'a str)>,
}

impl<'a> Deleted<'a> {
    fn of(changes: &'a [SchemaChange]) -> Self {
        let mut deleted = Self::default();
        for change in changes {
            match change {
                SchemaChange::CollectionDelete { before, fields, .. } => {
                    deleted.collections.insert(&before.name);
                    deleted.fields.extend(fields.iter().map(Field::path));
                }
                SchemaChange::FieldDelete { before } => drop(deleted.fields.insert(before.path())),
                _ => {}
            }
        }
        deleted
    }

    fn named_by_collection(&self, collection: &Collection) -> Vec<Diagnostic> {
        let name = &collection.name;
        let thing = format!("collection {name}");
        let group = self.collection(text(&collection.meta, "group"));
        let group = group.map(|group| problem(&thing, "meta.group", group, name));
        let fields = FIELD_SETTINGS.iter().filter_map(|key| {
            let field = self.field(name, text(&collection.meta, key))?;
            Some(problem(&thing, &format!("meta.{key}"), &format!("{name}.{field}"), name))
        });
        group.into_iter().chain(fields).collect()
    }

    fn named_by_field(&self, field: &Field) -> Option<Diagnostic> {
        let (collection, name) = field.path();
        let group = self.field(collection, text(&field.meta, "group"))?;
        let path = format!("{collection}.{name}");
        let group = format!("{collection}.{group}");
        Some(problem(&format!("field {path}"), "meta.group", &group, &path))
    }

    fn named_by_relation(&self, relation: &Relation) -> Vec<Diagnostic> {
        let (collection, field) = relation.path();
        let path = format!("{collection}.{field}");
        let thing = format!("relation {path}");
        let holder = self.field(collection, Some(field));
        let holder = holder.map(|_| problem(&thing, "field", &path, &path));
        let related = self.collection(relation.related.as_deref());
        let related = related.map(|name| problem(&thing, "related_collection", name, &path));
        let other_side = relation.related.as_deref().zip(relation.meta.as_ref());
        let other_side = other_side.and_then(|(related, meta)| {
            let alias = self.field(related, text(meta, "one_field"))?;
            Some(problem(&thing, "meta.one_field", &format!("{related}.{alias}"), &path))
        });
        [holder, related, other_side].into_iter().flatten().collect()
    }

    fn collection<'b>(&self, name: Option<&'b str>) -> Option<&'b str> {
        name.filter(|name| self.collections.contains(name))
    }

    fn field<'b>(&self, collection: &str, name: Option<&'b str>) -> Option<&'b str> {
        name.filter(|name| self.fields.contains(&(collection, *name)))
    }
}

fn text<'a>(meta: &'a Object, key: &str) -> Option<&'a str> {
    meta.get(key).and_then(Value::as_str)
}

fn problem(thing: &str, key: &str, named: &str, path: &str) -> Diagnostic {
    let message = format!(
        "The {thing} names {named} in {key}, but {named} is not in the files and would be deleted: \
         add it, or change {key}."
    );
    Diagnostic::error("SNAPSHOT_INVALID", message, path)
}
