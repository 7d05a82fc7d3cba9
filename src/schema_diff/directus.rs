//! Changes to the diff that Directus' `/schema/apply` takes.
//!
//! `{collections: [{collection, diff}], fields: [{collection, field, diff}], systemFields,
//! relations: [{collection, field, related_collection, diff}]}`, where `diff` is a list of
//! `{kind: N|D|E, path?, lhs?, rhs?}`. Only a thing as a whole is ever new (`N`) or deleted (`D`);
//! what changes inside is always an edit (`E`), since Directus takes a first entry of kind `D` for
//! the deletion of the whole, whatever its path says, and drops the table.

use serde_json::{Value, json};

use super::SchemaChange;
use super::meta::changed_keys;
use crate::snapshot::{Collection, Field, Object, Relation, collection, field, relation};

/// The diff object. Fields and relations of deleted collections go with them and are not listed.
pub fn to_directus(changes: &[SchemaChange]) -> Value {
    json!({
        "collections": list(changes, collection_entries),
        "fields": list(changes, field_entries),
        "systemFields": list(changes, system_field_entries),
        "relations": list(changes, relation_entries),
    })
}

fn list(changes: &[SchemaChange], entries: impl Fn(&SchemaChange) -> Vec<Value>) -> Value {
    changes.iter().flat_map(entries).collect()
}

fn collection_entries(change: &SchemaChange) -> Vec<Value> {
    let (name, diff) = match change {
        SchemaChange::CollectionCreate { after, .. } => {
            (&after.name, created(bare_collection(after)))
        }
        SchemaChange::CollectionUpdate { before, after } => {
            (&after.name, edited_keys(&["meta"], &before.meta, &after.meta))
        }
        SchemaChange::CollectionDelete { before, .. } => {
            (&before.name, deleted(bare_collection(before)))
        }
        _ => return Vec::new(),
    };
    vec![json!({ "collection": name, "diff": diff })]
}

fn field_entries(change: &SchemaChange) -> Vec<Value> {
    match change {
        SchemaChange::CollectionCreate { fields, .. } => {
            fields.iter().map(|after| field_entry(after, created(bare_field(after)))).collect()
        }
        SchemaChange::FieldCreate { after } => vec![field_entry(after, created(bare_field(after)))],
        SchemaChange::FieldUpdate { before, after } => {
            vec![field_entry(after, edits(before, after))]
        }
        SchemaChange::FieldReplace { before, after } => vec![
            field_entry(before, deleted(bare_field(before))),
            field_entry(after, created(bare_field(after))),
        ],
        SchemaChange::FieldDelete { before } => {
            vec![field_entry(before, deleted(bare_field(before)))]
        }
        _ => Vec::new(),
    }
}

fn field_entry(field: &Field, diff: Vec<Value>) -> Value {
    json!({ "collection": field.collection, "field": field.name, "diff": diff })
}

fn edits(before: &Field, after: &Field) -> Vec<Value> {
    let mut edits = edited_keys(&["meta"], &before.meta, &after.meta);
    if before.kind != after.kind {
        edits.push(edited(&["type"], &json!(before.kind), &json!(after.kind)));
    }
    if let (Some(before), Some(after)) = (&before.schema, &after.schema) {
        edits.extend(edited_keys(&["schema"], before, after));
    }
    edits
}

fn system_field_entries(change: &SchemaChange) -> Vec<Value> {
    let SchemaChange::SystemFieldUpdate { collection, field, indexed } = change else {
        return Vec::new();
    };
    let diff = edited(&["schema", "is_indexed"], &json!(!indexed), &json!(indexed));
    vec![json!({ "collection": collection, "field": field, "diff": [diff] })]
}

/// A relation that is replaced is spelled as an edit, as Directus itself does: its apply cannot make
/// a relation anew in the place of one that it has just deleted.
fn relation_entries(change: &SchemaChange) -> Vec<Value> {
    let (relation, diff) = match change {
        SchemaChange::RelationCreate { after } => (after, created(bare_relation(after))),
        SchemaChange::RelationUpdate { before, after }
        | SchemaChange::RelationReplace { before, after } => {
            (before, edited_relation(before, after))
        }
        SchemaChange::RelationDelete { before } => (before, deleted(bare_relation(before))),
        _ => return Vec::new(),
    };
    vec![json!({
        "collection": relation.collection,
        "field": relation.field,
        "related_collection": relation.related,
        "diff": diff,
    })]
}

fn edited_relation(before: &Relation, after: &Relation) -> Vec<Value> {
    let mut edits = edited_object("meta", before.meta.as_ref(), after.meta.as_ref());
    if before.related != after.related {
        edits.push(edited(&["related_collection"], &json!(before.related), &json!(after.related)));
    }
    edits.extend(edited_object("schema", before.schema.as_ref(), after.schema.as_ref()));
    edits
}

fn edited_object(key: &str, before: Option<&Object>, after: Option<&Object>) -> Vec<Value> {
    match (before, after) {
        (Some(before), Some(after)) => edited_keys(&[key], before, after),
        (None, None) => Vec::new(),
        (before, after) => vec![edited(&[key], &json!(before), &json!(after))],
    }
}

/// An edit of each key that differs.
fn edited_keys(path: &[&str], before: &Object, after: &Object) -> Vec<Value> {
    let (new, old) = changed_keys(before, after);
    let edits = new.iter().zip(old.values()).map(|((key, new), old)| {
        let path: Vec<&str> = path.iter().copied().chain([key.as_str()]).collect();
        edited(&path, old, new)
    });
    edits.collect()
}

fn edited(path: &[&str], before: &Value, after: &Value) -> Value {
    json!({ "kind": "E", "path": path, "lhs": before, "rhs": after })
}

fn created(after: Object) -> Vec<Value> {
    vec![json!({ "kind": "N", "rhs": after })]
}

fn deleted(before: Object) -> Vec<Value> {
    vec![json!({ "kind": "D", "lhs": before })]
}

fn bare_collection(of: &Collection) -> Object {
    collection(Collection { extra: Object::new(), ..of.clone() })
}

fn bare_field(of: &Field) -> Object {
    field(Field { extra: Object::new(), ..of.clone() })
}

fn bare_relation(of: &Relation) -> Object {
    relation(Relation { extra: Object::new(), ..of.clone() })
}
