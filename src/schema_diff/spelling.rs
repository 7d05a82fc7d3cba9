//! A thing of an instance in the spelling of a folder.
//!
//! What means the same may be spelled in several ways: a UUID is `uuid` or `char(36)`, a setting may be
//! left out or hold what Directus stores for it by itself, and each version has settings of its own. So
//! that an export changes nothing in the folder but what was changed on the instance, each thing keeps
//! the folder's spelling of everything that did not change.

use serde_json::Value;

use super::column;
use super::meta::{equal, translated_special};
use super::properties::{NO_ACTION, collection_defaults, field_defaults, relation_defaults};
use super::terms::Terms;
use crate::model::{CollectionFacts, Facts};
use crate::snapshot::{Collection, Field, Object, Relation};

/// What a thing stores where nobody says anything.
type Defaults<'a> = &'a [(&'a str, Value)];

/// A thing that can be spelled like another one of its name.
pub trait Spelled {
    /// The instance's state of it, as `folder` spells it.
    fn like(&self, folder: &Self, terms: &Terms) -> Self;
}

impl Spelled for Collection {
    fn like(&self, folder: &Self, _: &Terms) -> Self {
        let same = self.is_folder() == folder.is_folder();
        let own = if same { folder } else { self };
        Self {
            meta: settings(&self.meta, &folder.meta, &collection_defaults()),
            schema: own.schema.clone(),
            extra: own.extra.clone(),
            ..self.clone()
        }
    }
}

impl Spelled for Field {
    fn like(&self, folder: &Self, terms: &Terms) -> Self {
        if !terms.same_kind(folder, self) {
            return self.clone();
        }
        Self {
            kind: folder.kind.clone(),
            meta: settings(&self.meta, &folder.meta, &field_defaults()),
            schema: column_like(self, folder, terms.vendor()),
            extra: folder.extra.clone(),
            ..self.clone()
        }
    }
}

impl Spelled for Relation {
    fn like(&self, folder: &Self, _: &Terms) -> Self {
        if self.related != folder.related {
            return self.clone();
        }
        let meta = match (&self.meta, &folder.meta) {
            (Some(own), Some(folder)) => Some(settings(own, folder, &relation_defaults())),
            (own, _) => own.clone(),
        };
        let schema = match (&self.schema, &folder.schema) {
            (Some(own), Some(folder)) => Some(rules_like(own, folder)),
            (own, _) => own.clone(),
        };
        Self { meta, schema, extra: folder.extra.clone(), ..self.clone() }
    }
}

/// Settings of the instance: equal ones as the folder has them, those that the folder leaves out only
/// where they say something, and those that this version does not know as they are.
fn settings(own: &Object, folder: &Object, defaults: Defaults<'_>) -> Object {
    let mut spelled = folder.clone();
    for (key, value) in own {
        let default = defaults.iter().find(|(name, _)| name == key).map(|(_, value)| value);
        let now = match folder.get(key) {
            Some(told) if key == "special" => translated_special(value, told),
            _ => value.clone(),
        };
        if !equal(folder.get(key).or(default).unwrap_or(&Value::Null), &now) {
            spelled.insert(key.clone(), now);
        }
    }
    spelled
}

fn column_like(own: &Field, folder: &Field, vendor: Option<&str>) -> Option<Object> {
    let (Some(now), Some(told)) = (&own.schema, &folder.schema) else { return own.schema.clone() };
    let mut spelled = told.clone();
    for key in column::untold(folder, own, vendor) {
        spelled.insert(key.to_owned(), now.get(key).cloned().unwrap_or_default());
    }
    Some(spelled)
}

fn rules_like(own: &Object, folder: &Object) -> Object {
    let mut spelled = folder.clone();
    for rule in ["on_delete", "on_update"] {
        let of =
            |key: &Object| key.get(rule).and_then(Value::as_str).unwrap_or(NO_ACTION).to_owned();
        if of(own) != of(folder) {
            spelled.insert(rule.to_owned(), of(own).into());
        }
    }
    spelled
}

/// The facts of an instance with the types by which the folder's schema calls its columns: rows are
/// written in their forms.
pub fn spelled_facts(facts: &Facts, folder: &[Field]) -> Facts {
    let mut spelled = facts.clone();
    for field in folder.iter().filter(|field| !field.is_alias()) {
        let Some(collection) = spelled.collections.get_mut(&field.collection) else { continue };
        let own = column_of(collection, field).filter(|own| own.kind != field.kind);
        if !own.is_some_and(|own| column::same_kind(field, &own, Some(&facts.vendor))) {
            continue;
        }
        if let Some(own) = collection.fields.get_mut(&field.name) {
            own.kind.clone_from(&field.kind);
        }
    }
    spelled
}

/// What the facts tell of a field's column.
fn column_of(collection: &CollectionFacts, field: &Field) -> Option<Field> {
    let own = collection.fields.get(&field.name).filter(|own| own.kind != "alias")?;
    let schema = Object::from_iter([
        ("is_primary_key".to_owned(), (collection.primary == field.name).into()),
        ("has_auto_increment".to_owned(), own.generated.into()),
    ]);
    Some(Field { kind: own.kind.clone(), schema: Some(schema), ..field.clone() })
}
