//! Facts of an instance as they will be once a snapshot is applied.

use serde_json::Value;

use super::{Collection, Field, Object, Relation, Snapshot};
use crate::model::{COUNTS_UP, CollectionFacts, Facts, FieldFacts, RelationFacts};

/// The facts with the snapshot's collections, fields and relations laid over them. What the snapshot
/// does not name stays, and so do the fields of system collections that are Directus' own.
pub fn overlay(facts: &Facts, snapshot: &Snapshot) -> Facts {
    let mut facts = facts.clone();
    for collection in snapshot.collections.iter().filter(|collection| !collection.is_folder()) {
        lay_collection(&mut facts, collection);
    }
    for field in &snapshot.fields {
        lay_field(&mut facts, field);
    }
    for relation in &snapshot.relations {
        lay_relation(&mut facts, relation);
    }
    facts
}

fn lay_collection(facts: &mut Facts, collection: &Collection) {
    let laid = facts.collections.entry(collection.name.clone()).or_insert_with(|| {
        // Directus adds this key to a table that has none.
        CollectionFacts { primary: "id".into(), ..CollectionFacts::default() }
    });
    if let Some(singleton) = collection.meta.get("singleton").and_then(Value::as_bool) {
        laid.singleton = singleton;
    }
}

fn lay_field(facts: &mut Facts, field: &Field) {
    let Some(collection) = facts.collections.get_mut(&field.collection) else { return };
    if field.is_primary_key() {
        collection.primary.clone_from(&field.name);
    }
    collection.fields.insert(field.name.clone(), field_facts(field));
}

fn field_facts(field: &Field) -> FieldFacts {
    let column = field.schema.as_ref();
    let flag = |key: &str| column.and_then(|column| column.get(key)) == Some(&Value::Bool(true));
    FieldFacts {
        kind: field.kind.clone(),
        special: texts(field.meta.get("special")),
        nullable: column.is_none() || flag("is_nullable"),
        generated: field.is_auto_increment() || flag("is_generated"),
        unique: flag("is_unique"),
        default_value: default_value(field),
    }
}

/// As Directus' overview of an instance gives it, which is what other facts come from.
fn default_value(field: &Field) -> Value {
    if field.is_auto_increment() {
        return Value::from(COUNTS_UP);
    }
    let column = field.schema.as_ref();
    column.and_then(|column| column.get("default_value")).cloned().unwrap_or_default()
}

fn texts(value: Option<&Value>) -> Vec<String> {
    let items = value.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    items.iter().filter_map(Value::as_str).map(String::from).collect()
}

fn lay_relation(facts: &mut Facts, relation: &Relation) {
    let laid = relation_facts(relation);
    let same = |found: &&mut RelationFacts| {
        (found.collection.as_str(), found.field.as_str()) == relation.path()
    };
    match facts.relations.iter_mut().find(same) {
        Some(found) => *found = laid,
        None => facts.relations.push(laid),
    }
}

fn relation_facts(relation: &Relation) -> RelationFacts {
    RelationFacts {
        collection: relation.collection.clone(),
        field: relation.field.clone(),
        related: relation.related.clone(),
        collection_field: text(relation.meta.as_ref(), "one_collection_field"),
        allowed: allowed(relation),
        constraint: relation.schema.is_some(),
        on_delete: text(relation.schema.as_ref(), "on_delete"),
    }
}

fn allowed(relation: &Relation) -> Option<Vec<String>> {
    let names = relation.meta.as_ref()?.get("one_allowed_collections").filter(|it| it.is_array());
    names.map(|names| texts(Some(names)))
}

fn text(object: Option<&Object>, key: &str) -> Option<String> {
    object.and_then(|object| object.get(key)).and_then(Value::as_str).map(String::from)
}
