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

/// The setting of a collection that lists the fields that a duplicate of an item gets.
const COPIED_FIELDS: &str = "item_duplication_fields";

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
        let fields = named_fields(&collection.meta).filter_map(|(key, field)| {
            let field = self.field(name, Some(field))?;
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
        let allowed = texts(relation.meta.as_ref(), "one_allowed_collections");
        let allowed = allowed.filter_map(|name| self.collection(Some(name)));
        let allowed =
            allowed.map(|name| problem(&thing, "meta.one_allowed_collections", name, &path));
        [holder, related, other_side].into_iter().flatten().chain(allowed).collect()
    }

    fn collection<'b>(&self, name: Option<&'b str>) -> Option<&'b str> {
        name.filter(|name| self.collections.contains(name))
    }

    fn field<'b>(&self, collection: &str, name: Option<&'b str>) -> Option<&'b str> {
        name.filter(|name| self.fields.contains(&(collection, *name)))
    }
}

/// The settings of a collection that name its fields, with each field that they name.
fn named_fields(meta: &Object) -> impl Iterator<Item = (&'static str, &str)> {
    let single = FIELD_SETTINGS.iter().filter_map(|key| Some((*key, text(meta, key)?)));
    // What is copied of other collections is named by a path that begins with the own field.
    let copied = texts(Some(meta), COPIED_FIELDS).filter_map(|path| path.split('.').next());
    single.chain(copied.map(|field| (COPIED_FIELDS, field)))
}

fn texts<'a>(meta: Option<&'a Object>, key: &str) -> impl Iterator<Item = &'a str> {
    let list = meta.and_then(|meta| meta.get(key)).and_then(Value::as_array);
    list.map(Vec::as_slice).unwrap_or_default().iter().filter_map(Value::as_str)
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
