//! What the parts of a schema name of each other.
//!
//! Directus clears or drops such a mention by itself when it deletes the thing that is named.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Collection, Field, Object, Relation};

/// Settings of a collection that name one of its fields.
const FIELD_SETTINGS: [&str; 2] = ["archive_field", "sort_field"];

/// The setting of a collection that lists the fields that a duplicate of an item gets. What is copied
/// of other collections is named by a path that begins with the own field.
const COPIED_FIELDS: &str = "item_duplication_fields";

/// The setting of an m2a that lists the collections that it may refer to.
const ALLOWED: &str = "one_allowed_collections";

/// A thing that others can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Name<'a> {
    /// A collection.
    Collection(&'a str),
    /// A field by collection and name.
    Field(&'a str, &'a str),
}

/// A name, and where it stands: `meta.group`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention<'a> {
    /// The key under which it stands.
    pub key: String,
    /// What is named.
    pub name: Name<'a>,
}

impl Collection {
    /// Everything that the collection names.
    pub fn mentions(&self) -> Vec<Mention<'_>> {
        let own = |field| Name::Field(&self.name, field);
        let group = self.group().map(|group| mention("group", Name::Collection(group)));
        let single = FIELD_SETTINGS.iter().filter_map(|key| {
            let field = text(Some(&self.meta), key)?;
            Some(mention(key, own(field)))
        });
        let copied = texts(Some(&self.meta), COPIED_FIELDS).map(first_segment);
        let copied = copied.map(|field| mention(COPIED_FIELDS, own(field)));
        group.into_iter().chain(single).chain(copied).collect()
    }

    /// Takes every mention of what `is_gone` out of the settings.
    pub fn forget(&mut self, is_gone: impl Fn(Name<'_>) -> bool) {
        let name = self.name.clone();
        let own = |field: &str| is_gone(Name::Field(&name, field));
        clear(&mut self.meta, "group", |group| is_gone(Name::Collection(group)));
        FIELD_SETTINGS.iter().for_each(|key| clear(&mut self.meta, key, own));
        remove_texts(&mut self.meta, COPIED_FIELDS, |path| own(first_segment(path)));
    }
}

impl Field {
    /// The field that it stands under in forms.
    pub fn group(&self) -> Option<&str> {
        text(Some(&self.meta), "group")
    }

    /// Everything that the field names.
    pub fn mentions(&self) -> Vec<Mention<'_>> {
        let collection = Name::Collection(&self.collection);
        let group = self.group().map(|group| Name::Field(&self.collection, group));
        let group = group.map(|group| mention("group", group));
        [Mention { key: "collection".into(), name: collection }].into_iter().chain(group).collect()
    }

    /// Takes every mention of what `is_gone` out of the settings.
    pub fn forget(&mut self, is_gone: impl Fn(Name<'_>) -> bool) {
        let collection = &self.collection;
        clear(&mut self.meta, "group", |group| is_gone(Name::Field(collection, group)));
    }
}

impl Relation {
    /// The alias field on the other side: collection and name.
    pub fn other_side(&self) -> Option<(&str, &str)> {
        Some((self.related.as_deref()?, text(self.meta.as_ref(), "one_field")?))
    }

    /// Everything that the relation names.
    pub fn mentions(&self) -> Vec<Mention<'_>> {
        let (collection, field) = self.path();
        let holder = Mention { key: "field".into(), name: Name::Field(collection, field) };
        let related = self.related.as_deref().map(Name::Collection);
        let related = related.map(|name| Mention { key: "related_collection".into(), name });
        let other = self.other_side().map(|(related, alias)| Name::Field(related, alias));
        let other = other.map(|name| mention("one_field", name));
        let allowed = texts(self.meta.as_ref(), ALLOWED);
        let allowed = allowed.map(|name| mention(ALLOWED, Name::Collection(name)));
        [Some(holder), related, other].into_iter().flatten().chain(allowed).collect()
    }

    /// Takes every mention of what `is_gone` out of the settings.
    pub fn forget(&mut self, is_gone: impl Fn(Name<'_>) -> bool) {
        let Some(meta) = &mut self.meta else { return };
        if let Some(related) = &self.related {
            clear(meta, "one_field", |alias| is_gone(Name::Field(related, alias)));
        }
        remove_texts(meta, ALLOWED, |name| is_gone(Name::Collection(name)));
    }
}

/// The circle that `name` stands in, each thing by its parent in `groups`; empty where it stands in
/// none.
pub fn circle<K: Ord + Copy>(groups: &BTreeMap<K, K>, name: K) -> BTreeSet<K> {
    let mut seen = BTreeSet::new();
    let mut at = name;
    while let Some(group) = groups.get(&at).copied().filter(|group| seen.insert(*group)) {
        if group == name {
            return seen;
        }
        at = group;
    }
    BTreeSet::new()
}

fn mention<'a>(key: &str, name: Name<'a>) -> Mention<'a> {
    Mention { key: format!("meta.{key}"), name }
}

fn clear(meta: &mut Object, key: &str, is_gone: impl Fn(&str) -> bool) {
    if text(Some(meta), key).is_some_and(is_gone) {
        meta.insert(key.into(), Value::Null);
    }
}

fn remove_texts(meta: &mut Object, key: &str, is_gone: impl Fn(&str) -> bool) {
    if let Some(Value::Array(items)) = meta.get_mut(key) {
        items.retain(|item| !item.as_str().is_some_and(&is_gone));
    }
}

fn first_segment(path: &str) -> &str {
    path.split('.').next().unwrap_or(path)
}

fn texts<'a>(meta: Option<&'a Object>, key: &str) -> impl Iterator<Item = &'a str> {
    let list = meta.and_then(|meta| meta.get(key)).and_then(Value::as_array);
    list.map(Vec::as_slice).unwrap_or_default().iter().filter_map(Value::as_str)
}

fn text<'a>(meta: Option<&'a Object>, key: &str) -> Option<&'a str> {
    meta?.get(key).and_then(Value::as_str)
}
