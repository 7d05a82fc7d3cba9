//! Snapshot to JSON.

use serde_json::{Value, json};

use super::{Collection, Field, Object, Relation, Snapshot, SystemField};

/// The whole snapshot in Directus' shape.
pub(super) fn whole(snapshot: Snapshot) -> Object {
    let mut object = header(&snapshot);
    object.insert("collections".into(), list(snapshot.collections, collection));
    object.insert("fields".into(), list(snapshot.fields, field));
    object.insert("relations".into(), list(snapshot.relations, relation));
    object
}

/// What belongs to no collection: `{version, directus, vendor, systemFields}` and unknown keys.
pub(super) fn header(snapshot: &Snapshot) -> Object {
    let mut object = snapshot.extra.clone();
    object.insert("version".into(), json!(snapshot.version));
    object.insert("directus".into(), json!(snapshot.directus));
    if let Some(vendor) = &snapshot.vendor {
        object.insert("vendor".into(), json!(vendor));
    }
    if let Some(fields) = &snapshot.system_fields {
        object.insert("systemFields".into(), list(fields.clone(), system_field));
    }
    object
}

/// `{collection, meta, schema?}`.
pub(crate) fn collection(collection: Collection) -> Object {
    let mut object = collection.extra;
    object.insert("collection".into(), json!(collection.name));
    object.insert("meta".into(), Value::Object(collection.meta));
    insert_some(&mut object, "schema", collection.schema);
    object
}

/// `{collection, field, type, meta, schema?}`.
pub(crate) fn field(field: Field) -> Object {
    let mut object = field.extra;
    object.insert("collection".into(), json!(field.collection));
    object.insert("field".into(), json!(field.name));
    object.insert("type".into(), json!(field.kind));
    object.insert("meta".into(), Value::Object(field.meta));
    insert_some(&mut object, "schema", field.schema);
    object
}

/// `{collection, field, related_collection, meta?, schema?}`.
pub(crate) fn relation(relation: Relation) -> Object {
    let mut object = relation.extra;
    object.insert("collection".into(), json!(relation.collection));
    object.insert("field".into(), json!(relation.field));
    object.insert("related_collection".into(), json!(relation.related));
    insert_some(&mut object, "meta", relation.meta);
    insert_some(&mut object, "schema", relation.schema);
    object
}

fn system_field(field: SystemField) -> Object {
    let mut object = Object::new();
    object.insert("collection".into(), json!(field.collection));
    object.insert("field".into(), json!(field.name));
    object.insert("schema".into(), json!({ "is_indexed": field.indexed }));
    object
}

fn insert_some(object: &mut Object, key: &str, value: Option<Object>) {
    if let Some(value) = value {
        object.insert(key.into(), Value::Object(value));
    }
}

fn list<T>(things: Vec<T>, write: impl Fn(T) -> Object) -> Value {
    things.into_iter().map(|thing| Value::Object(write(thing))).collect()
}
