//! References by key: how files name rows whose primary keys differ between instances.
//!
//! Where the key is one field, a reference is the value of that field; where it has several, it is an
//! object of them. Fields of a key that refer to such rows themselves are written in the same way, so
//! that no id of an instance is part of a file, of a comparison, or of the base.

mod known;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::config::Entry;
use crate::model::{CollectionFacts, Facts, FieldFacts};
use crate::record;
use crate::references::{self, ReferenceField};
use crate::rows;
use crate::value::Form;

pub use self::known::{Held, KnownKeys, RowsById, Unnamed};

/// The type that fields which refer by key have outside of their instance.
const REFERENCE: &str = "reference";

/// The keys of the collections whose rows are referred to by key.
#[derive(Debug, Clone, Default)]
pub struct Naming {
    keys: BTreeMap<String, Vec<Part>>,
}

/// A field of a key.
#[derive(Debug, Clone)]
struct Part {
    field: String,
    facts: FieldFacts,
    /// Where it refers to rows by key itself.
    reference: Option<ReferenceField>,
}

/// A field that refers by key.
#[derive(Debug, Clone)]
pub struct ByKey {
    /// What it refers to.
    pub reference: ReferenceField,
    /// What its values look like in rows that refer to others by their ids, as those of an m2a may.
    form: Form,
}

impl Naming {
    /// The naming of the collections of [`crate::config::Config::named`], whose fields `facts` knows.
    pub fn new(named: &BTreeMap<String, Vec<String>>, facts: &Facts) -> Self {
        if named.is_empty() {
            return Self::default();
        }
        let mut references = references::of_all(facts);
        let names: BTreeSet<String> = named.keys().cloned().collect();
        let key = |(collection, key): (&String, &Vec<String>)| {
            let own = references.remove(collection).unwrap_or_default();
            let known = facts.collections.get(collection);
            let part = |field: &String| Part {
                field: field.clone(),
                facts: known.and_then(|it| it.fields.get(field)).cloned().unwrap_or_default(),
                reference: own.iter().find(|it| it.field == *field).map(|it| naming(it, &names)),
            };
            (collection.clone(), key.iter().map(part).collect())
        };
        Self { keys: named.iter().map(key).collect() }
    }

    /// Whether rows of the collection are referred to by key.
    pub fn has(&self, collection: &str) -> bool {
        self.keys.contains_key(collection)
    }

    /// The references of an entry, those by key told from the others.
    pub fn references(&self, entry: &Entry, own: Vec<ReferenceField>) -> Vec<ReferenceField> {
        let by_key = |reference: ReferenceField| {
            let named = entry.by_key.get(&reference.field).cloned().unwrap_or_default();
            ReferenceField { named, ..reference }
        };
        own.into_iter().map(by_key).collect()
    }

    /// The collections with the fields of their keys, each behind those that its key refers to.
    pub fn in_order(&self) -> Vec<(&str, Vec<&str>)> {
        let mut open: BTreeSet<&str> = self.keys.keys().map(String::as_str).collect();
        let mut order = Vec::new();
        while let Some(next) = open.iter().copied().find(|name| self.needs_none_of(name, &open)) {
            open.remove(next);
            let parts = self.keys.get(next).into_iter().flatten();
            order.push((next, parts.map(|part| &*part.field).collect()));
        }
        order
    }

    /// The collections together with those that their keys refer to.
    pub fn with_parts<'a>(&'a self, mut names: BTreeSet<&'a str>) -> BTreeSet<&'a str> {
        loop {
            let parts = names.iter().filter_map(|name| self.keys.get(*name)).flatten();
            let named = parts.filter_map(|part| part.reference.as_ref()).flat_map(|it| &it.named);
            let more: Vec<&str> = named.map(String::as_str).collect();
            let count = names.len();
            names.extend(more);
            if names.len() == count {
                return names;
            }
        }
    }

    fn needs_none_of(&self, collection: &str, open: &BTreeSet<&str>) -> bool {
        let parts = self.keys.get(collection).into_iter().flatten();
        let mut needs = parts.filter_map(|part| part.reference.as_ref());
        !needs.any(|reference| open.iter().any(|name| reference.may_lead_to(name)))
    }

    /// The text of a reference to the row of `collection` whose key has the text `key`, an array of the
    /// values of its fields.
    pub fn of_key(&self, collection: &str, key: &str) -> String {
        let parts = self.keys.get(collection).map(Vec::as_slice).unwrap_or_default();
        let only = key.strip_prefix('[').and_then(|key| key.strip_suffix(']'));
        match (parts, only) {
            ([_], Some(only)) => only.to_owned(),
            _ => {
                let values: Vec<Value> = serde_json::from_str(key).unwrap_or_default();
                let fields = parts.iter().map(|part| part.field.clone());
                rows::text(&Value::Object(fields.zip(values).collect()))
            }
        }
    }

    /// A reference of a file to a row of `collection`, in canonical form. What cannot be the key of a
    /// row stays as it is.
    pub fn canonical(&self, collection: &str, value: &Value) -> Value {
        match (self.keys.get(collection).map(Vec::as_slice), value) {
            (_, Value::Null) | (None, _) => value.clone(),
            (Some([part]), value) => self.canonical_part(part, value, &Map::new()),
            (Some(parts), Value::Object(row)) if row.len() == parts.len() => {
                let part = |part: &Part| {
                    let value = self.canonical_part(part, row.get(&part.field)?, row);
                    Some((part.field.clone(), value))
                };
                let whole: Option<Map<String, Value>> = parts.iter().map(part).collect();
                whole.map_or_else(|| value.clone(), Value::Object)
            }
            (Some(_), value) => value.clone(),
        }
    }

    fn canonical_part(&self, part: &Part, value: &Value, row: &Map<String, Value>) -> Value {
        match part.collection(|field| row.get(field).cloned()) {
            Some(collection) => self.canonical(&collection, value),
            None => rows::canonical(Some(&part.facts), value),
        }
    }
}

/// The reference, with those of `names` that it may lead to.
fn naming(reference: &ReferenceField, names: &BTreeSet<String>) -> ReferenceField {
    let named = names.iter().filter(|name| reference.may_lead_to(name)).cloned().collect();
    ReferenceField { named, ..reference.clone() }
}

impl Part {
    /// Whose rows it refers to by key in the row of which `get` gives the values.
    fn collection(&self, get: impl Fn(&str) -> Option<Value>) -> Option<String> {
        let reference = self.reference.as_ref()?;
        reference.leads_to(get).filter(|collection| reference.named.contains(collection))
    }
}

impl ByKey {
    /// The fields of an entry that refer by key, of its `references`.
    pub fn of(references: &[ReferenceField], facts: &CollectionFacts) -> Vec<Self> {
        let by_key = references.iter().filter(|reference| !reference.named.is_empty());
        let field = |reference: &ReferenceField| Self {
            form: Form::of(facts.fields.get(&reference.field)),
            reference: reference.clone(),
        };
        by_key.map(field).collect()
    }

    /// The collection that it refers to by key in the row of which `get` gives the texts.
    pub fn collection<'a>(&self, get: impl Fn(&str) -> Option<&'a str>) -> Option<String> {
        let named = &self.reference.named;
        let collection = self.reference.leads_to(|field| get(field).map(record::value));
        collection.filter(|collection| named.contains(collection))
    }

    /// The canonical text of a value of the files, in the row of which `get` gives the texts.
    pub fn token<'a, 'r>(
        &self,
        naming: &Naming,
        token: &'a str,
        get: impl Fn(&str) -> Option<&'r str>,
    ) -> Cow<'a, str> {
        match self.collection(get).filter(|_| token != "null") {
            Some(collection) => {
                rows::text(&naming.canonical(&collection, &record::value(token))).into()
            }
            None => self.form.token(token),
        }
    }
}

/// A collection as it looks outside of its instance: fields that refer by key are of no type of a
/// database, and have no default.
pub fn outside(
    mut facts: CollectionFacts,
    by_key: &BTreeMap<String, BTreeSet<String>>,
) -> CollectionFacts {
    for field in by_key.keys() {
        if let Some(field) = facts.fields.get_mut(field) {
            field.kind = REFERENCE.to_owned();
            field.special.clear();
            field.default_value = Value::Null;
        }
    }
    facts
}
