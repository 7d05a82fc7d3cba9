//! Small valid states of three collections that refer to each other in circles.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use schema_sync_core::model::{Facts, Row};
use serde_json::{Value, json};

/// Rows by collection.
pub type State = BTreeMap<String, Vec<Row>>;

/// `nodes` refer to nodes and things, `things` to a node always, `labels` to a node and are known by
/// name. Slugs and codes are unique, codes are never null.
pub fn facts() -> Facts {
    let id = json!({ "type": "integer" });
    let own = json!({ "type": "integer", "defaultValue": "AUTO_INCREMENT" });
    let reference = json!({ "type": "integer", "nullable": true });
    let needed = json!({ "type": "integer" });
    let slug = json!({ "type": "string", "nullable": true, "unique": true });
    let code = json!({ "type": "string", "unique": true });
    let relation = |collection: &str, field: &str, related: &str| json!({ "collection": collection, "field": field, "related": related, "constraint": true });
    serde_json::from_value(json!({
        "directus": "12.4.0",
        "vendor": "sqlite",
        "collections": {
            "labels": { "primary": "id", "fields": { "id": own, "name": code, "node": reference } },
            "nodes": { "primary": "id", "fields": {
                "id": id, "parent": reference, "slug": slug, "thing": reference,
            }},
            "things": { "primary": "id", "fields": { "id": id, "code": code, "node": needed } },
        },
        "relations": [
            relation("labels", "node", "nodes"),
            relation("nodes", "parent", "nodes"),
            relation("nodes", "thing", "things"),
            relation("things", "node", "nodes"),
        ],
    }))
    .unwrap()
}

/// A choice among the ids of a state, or nothing: an index that is taken modulo their number.
type Pick = Option<prop::sample::Index>;

fn pick() -> impl Strategy<Value = Pick> {
    proptest::option::of(any::<prop::sample::Index>())
}

/// Ids with what the rows pick.
fn rows<T: std::fmt::Debug>(
    of: impl Strategy<Value = T>,
) -> impl Strategy<Value = BTreeMap<u8, T>> {
    proptest::collection::btree_map(0..6_u8, of, 0..6)
}

/// A valid state: references exist, unique values are unique.
pub fn state() -> impl Strategy<Value = State> {
    let nodes = rows((pick(), pick(), proptest::option::of(0..4_u8)));
    let things = rows((any::<prop::sample::Index>(), 0..6_u8));
    let labels = rows((pick(), 0..6_u8));
    (nodes, things, labels).prop_map(|(nodes, things, labels)| {
        let things = if nodes.is_empty() { BTreeMap::new() } else { things };
        let node_ids: Vec<u8> = nodes.keys().copied().collect();
        let thing_ids: Vec<u8> = things.keys().copied().collect();
        let mut slugs = BTreeSet::new();
        let nodes = nodes.into_iter().map(|(id, (parent, thing, slug))| {
            let slug = slug.filter(|slug| slugs.insert(*slug)).map(|slug| format!("s{slug}"));
            let (parent, thing) = (picked(&node_ids, parent), picked(&thing_ids, thing));
            row(json!({ "id": id, "parent": parent, "slug": slug, "thing": thing }))
        });
        let nodes = nodes.collect();
        let mut codes = BTreeSet::new();
        let things = things.into_iter().map(|(id, (node, code))| {
            let free = codes.insert(code);
            let code = format!("c{}", if free { code } else { 10 + id });
            row(json!({ "id": id, "code": code, "node": picked(&node_ids, Some(node)) }))
        });
        let things = things.collect();
        let mut names = BTreeSet::new();
        let labels = labels.into_iter().filter(|(_, (_, name))| names.insert(*name));
        let labels = labels.map(|(id, (node, name))| {
            row(json!({ "id": id, "name": format!("l{name}"), "node": picked(&node_ids, node) }))
        });
        let labels = labels.collect();
        [("labels", labels), ("nodes", nodes), ("things", things)]
            .map(|(name, rows)| (name.to_owned(), rows))
            .into()
    })
}

fn picked(ids: &[u8], pick: Pick) -> Value {
    match (pick, ids.len()) {
        (Some(pick), 1..) => ids[pick.index(ids.len())].into(),
        _ => Value::Null,
    }
}

fn row(value: Value) -> Row {
    value.as_object().unwrap().clone()
}
