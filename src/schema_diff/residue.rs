//! What of a wanted schema is not so: a difference told property by property.

use serde_json::{Value, json};

use super::SchemaChange;
use super::column;
use super::compare::Comparison;
use super::meta::changed_keys;
use crate::snapshot::{Field, Object, Relation, Snapshot};

/// Sizes of a column. Null leaves one open: Directus then makes a column with its own, which reads back
/// as a number.
const SIZES: [&str; 3] = ["max_length", "numeric_precision", "numeric_scale"];

/// One thing that is missing, or one property of it that is another one.
#[derive(Debug, Clone, PartialEq)]
pub struct Residue {
    /// `collection`, `field`, `relation` or `system field`.
    pub kind: &'static str,
    /// Such as `posts` or `posts.title`.
    pub path: String,
    /// What differs; `None` where the thing is missing as a whole.
    pub difference: Option<Difference>,
}

/// A property with another value.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// Such as `type`, `meta.icon` or `schema.max_length`.
    pub property: String,
    /// As it should be.
    pub wanted: Value,
    /// As it is.
    pub now: Value,
}

/// In what `current` is not as `wanted` says, which may name a few things only, and of their settings
/// only some.
pub fn residue(wanted: &Snapshot, current: &Snapshot) -> Vec<Residue> {
    let changes = Comparison::new(wanted, current).changes();
    let changes = changes.iter().filter(|change| is_spoken_of(change, wanted));
    changes.flat_map(|change| of_change(change, current.vendor.as_deref())).collect()
}

/// Whether `wanted` names what changes. What only the target has is nothing to be missed.
fn is_spoken_of(change: &SchemaChange, wanted: &Snapshot) -> bool {
    match change {
        SchemaChange::SystemFieldUpdate { collection, field, .. } => {
            let mut named = wanted.system_fields.iter().flatten();
            named.any(|it| it.path() == (collection, field))
        }
        _ => true,
    }
}

fn of_change(change: &SchemaChange, vendor: Option<&str>) -> Vec<Residue> {
    use SchemaChange as Change;
    match change {
        Change::CollectionCreate { after, .. } => vec![missing("collection", &after.name)],
        Change::FieldCreate { after } => vec![missing("field", &path(after.path()))],
        Change::RelationCreate { after } => vec![missing("relation", &path(after.path()))],
        Change::CollectionUpdate { before, after } => {
            let mut found = metas(&before.meta, &after.meta);
            found.extend(property("table", json!(!after.is_folder()), json!(!before.is_folder())));
            differing("collection", &after.name, found)
        }
        Change::FieldUpdate { before, after } | Change::FieldReplace { before, after } => {
            differing("field", &path(after.path()), field(before, after, vendor))
        }
        Change::RelationUpdate { before, after } | Change::RelationReplace { before, after } => {
            differing("relation", &path(after.path()), relation(before, after))
        }
        Change::SystemFieldUpdate { collection, field, indexed } => {
            let found = property("indexed", json!(indexed), json!(!indexed));
            differing("system field", &path((collection, field)), found.into_iter().collect())
        }
        // What only the target has.
        Change::CollectionDelete { .. }
        | Change::FieldDelete { .. }
        | Change::RelationDelete { .. } => Vec::new(),
    }
}

fn field(before: &Field, after: &Field, vendor: Option<&str>) -> Vec<Difference> {
    let mut found = metas(&before.meta, &after.meta);
    if !column::same_kind(after, before, vendor) {
        found.extend(property("type", json!(after.kind), json!(before.kind)));
    }
    let value = |field: &Field, key: &str| {
        field.schema.as_ref().and_then(|column| column.get(key)).cloned().unwrap_or_default()
    };
    let is_open = |key: &&str| SIZES.contains(key) && value(after, key).is_null();
    let columns = column::differing(after, before, vendor);
    let columns = columns.into_iter().filter(|key| !is_open(key));
    found.extend(
        columns.flat_map(|key| {
            property(&format!("schema.{key}"), value(after, key), value(before, key))
        }),
    );
    found
}

fn relation(before: &Relation, after: &Relation) -> Vec<Difference> {
    let none = Object::new();
    let mut found =
        metas(before.meta.as_ref().unwrap_or(&none), after.meta.as_ref().unwrap_or(&none));
    found.extend(property("related_collection", json!(after.related), json!(before.related)));
    let rule = |relation: &Relation, key: &str| {
        relation.schema.as_ref().and_then(|rules| rules.get(key)).cloned().unwrap_or_default()
    };
    let is_key = |relation: &Relation| json!(relation.schema.is_some());
    found.extend(property("foreign key", is_key(after), is_key(before)));
    for key in ["on_delete", "on_update"] {
        found.extend(property(&format!("schema.{key}"), rule(after, key), rule(before, key)));
    }
    found
}

fn metas(before: &Object, after: &Object) -> Vec<Difference> {
    let (set, was) = changed_keys(before, after);
    let found = set.into_iter().map(|(key, wanted)| {
        let now = was.get(&key).cloned().unwrap_or_default();
        Difference { property: format!("meta.{key}"), wanted, now }
    });
    found.collect()
}

fn property(name: &str, wanted: Value, now: Value) -> Option<Difference> {
    (wanted != now).then(|| Difference { property: name.to_owned(), wanted, now })
}

fn differing(kind: &'static str, path: &str, found: Vec<Difference>) -> Vec<Residue> {
    let residue = |difference| Residue { kind, path: path.into(), difference: Some(difference) };
    found.into_iter().map(residue).collect()
}

fn missing(kind: &'static str, path: &str) -> Residue {
    Residue { kind, path: path.into(), difference: None }
}

fn path((collection, field): (&str, &str)) -> String {
    format!("{collection}.{field}")
}
