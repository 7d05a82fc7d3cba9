//! What is compared of a thing, flat and in one spelling, so that it can be told whether two states of
//! it are the same without keeping them.
//!
//! Keys are `meta.<setting>`, `schema.<property of the column or foreign key>`, and a few of the thing
//! itself: `folder`, `type`, `related_collection`, `constraint`.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::column;
use super::meta;
use super::terms::Terms;
use crate::snapshot::{Collection, Field, Object, Relation, SystemField};

/// What Directus stores for a setting that a new collection leaves open, where that is not null.
pub(super) fn collection_defaults() -> [(&'static str, Value); 7] {
    [
        ("accountability", json!("all")),
        ("archive_app_filter", json!(true)),
        ("collapse", json!("open")),
        ("hidden", json!(false)),
        ("singleton", json!(false)),
        ("status", json!("active")),
        ("versioning", json!(false)),
    ]
}

/// The same of a field.
pub(super) fn field_defaults() -> [(&'static str, Value); 5] {
    [
        ("hidden", json!(false)),
        ("readonly", json!(false)),
        ("required", json!(false)),
        ("searchable", json!(true)),
        ("width", json!("full")),
    ]
}

/// The same of a relation.
pub(super) fn relation_defaults() -> [(&'static str, Value); 1] {
    [("one_deselect_action", json!("nullify"))]
}

/// The rule of a foreign key that names none.
pub(super) const NO_ACTION: &str = "NO ACTION";

/// A thing with properties that can be compared.
pub trait Properties {
    /// Its properties, as a target with these terms has them.
    fn properties(&self, terms: &Terms) -> Object;

    /// The properties that it names. What it leaves out is left alone on the target.
    fn named(&self, terms: &Terms) -> BTreeSet<String>;
}

/// The properties that any of `things` names.
pub fn shared_keys<'a, T: Properties + 'a>(
    things: impl Iterator<Item = &'a T>,
    terms: &Terms,
) -> Vec<String> {
    let keys: BTreeSet<String> = things.flat_map(|thing| thing.named(terms)).collect();
    keys.into_iter().collect()
}

impl Properties for Collection {
    fn properties(&self, _: &Terms) -> Object {
        let mut properties = settings(collection_defaults(), Some(&self.meta));
        properties.insert("folder".into(), json!(self.is_folder()));
        properties
    }

    fn named(&self, terms: &Terms) -> BTreeSet<String> {
        let known = terms.new_collection(self);
        meta_keys(Some(&known.meta)).chain(["folder".into()]).collect()
    }
}

impl Properties for Field {
    fn properties(&self, terms: &Terms) -> Object {
        let mut properties = settings(field_defaults(), Some(&self.meta));
        if let Some(special) = properties.get_mut("meta.special") {
            *special = meta::own_flags(special);
        }
        let column = column::compared(self, terms.vendor());
        properties.extend(column.into_iter().map(|(key, value)| (format!("schema.{key}"), value)));
        properties.insert("type".into(), json!(column::kind(self, terms.vendor())));
        properties
    }

    fn named(&self, terms: &Terms) -> BTreeSet<String> {
        let known = terms.new_field(self);
        let column = column::comparable().map(|key| format!("schema.{key}"));
        meta_keys(Some(&known.meta)).chain(column).chain(["type".into()]).collect()
    }
}

impl Properties for Relation {
    fn properties(&self, _: &Terms) -> Object {
        let mut properties = settings(relation_defaults(), self.meta.as_ref());
        properties.insert("related_collection".into(), json!(self.related));
        properties.insert("constraint".into(), json!(self.schema.is_some()));
        for rule in ["on_delete", "on_update"] {
            let value = self.schema.as_ref().and_then(|key| key.get(rule));
            let value = value.filter(|value| !value.is_null()).cloned();
            let value = value.unwrap_or_else(|| json!(NO_ACTION));
            properties.insert(format!("schema.{rule}"), value);
        }
        properties
    }

    fn named(&self, terms: &Terms) -> BTreeSet<String> {
        let known = terms.new_relation(self);
        let own = ["related_collection", "constraint", "schema.on_delete", "schema.on_update"];
        meta_keys(known.meta.as_ref()).chain(own.map(String::from)).collect()
    }
}

impl Properties for SystemField {
    fn properties(&self, _: &Terms) -> Object {
        Object::from_iter([("indexed".to_owned(), json!(self.indexed))])
    }

    fn named(&self, _: &Terms) -> BTreeSet<String> {
        ["indexed".to_owned()].into()
    }
}

/// Settings under their prefixed names, those that are left out as Directus fills them.
fn settings<const N: usize>(defaults: [(&str, Value); N], meta: Option<&Object>) -> Object {
    let given = meta.into_iter().flatten().map(|(key, value)| (key.as_str(), value.clone()));
    let all = defaults.into_iter().chain(given);
    all.map(|(key, value)| (prefixed(key), value)).collect()
}

fn meta_keys(meta: Option<&Object>) -> impl Iterator<Item = String> {
    meta.into_iter().flat_map(Object::keys).map(|key| prefixed(key))
}

fn prefixed(setting: &str) -> String {
    format!("meta.{setting}")
}

/// The properties of `keys`, null where a thing has none.
pub fn picked(properties: &Object, keys: &[String]) -> Value {
    let value = |key: &String| properties.get(key).cloned().unwrap_or_default();
    keys.iter().map(|key| (key.clone(), value(key))).collect()
}
