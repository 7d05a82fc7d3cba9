//! What refers to what: the reference fields and the unique fields of a collection.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::model::Facts;
use crate::rows;
use crate::system;

/// A field that refers to rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReferenceField {
    /// The field.
    pub field: String,
    /// Whose rows it refers to.
    pub to: Target,
    /// Whether it takes null.
    pub nullable: bool,
    /// Whether the database deletes the row together with the one that it refers to.
    pub cascades: bool,
    /// The collections that another field of the row may name; `None` where nobody says.
    pub allowed: Option<Vec<String>>,
    /// Collections whose rows it names by key, see [`crate::naming`].
    pub named: BTreeSet<String>,
}

/// Whose rows a field refers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// Those of one collection.
    Collection(String),
    /// Those of the collection that another field of the row names, as an m2a does.
    NamedBy(String),
}

impl ReferenceField {
    /// Whether `field` is needed to know what the row refers to.
    pub fn needs(&self, field: &str) -> bool {
        self.field == field || matches!(&self.to, Target::NamedBy(name) if name == field)
    }

    /// Whether it can refer to a row of `collection`.
    pub fn may_lead_to(&self, collection: &str) -> bool {
        match (&self.to, &self.allowed) {
            (Target::Collection(name), _) => name == collection,
            (Target::NamedBy(_), Some(allowed)) => allowed.iter().any(|name| name == collection),
            (Target::NamedBy(_), None) => true,
        }
    }

    /// The collection that it leads to in a row of which `get` gives the values.
    pub fn leads_to(&self, get: impl Fn(&str) -> Option<Value>) -> Option<String> {
        match &self.to {
            Target::Collection(name) => Some(name.clone()),
            Target::NamedBy(field) => Some(get(field)?.as_str()?.to_owned()),
        }
    }
}

/// The reference fields of every collection, by name of the field, from the relations of the schema
/// and from the system table, where no foreign key says it.
pub fn of_all(facts: &Facts) -> BTreeMap<String, Vec<ReferenceField>> {
    let mut found: BTreeMap<&str, BTreeMap<&str, ReferenceField>> = BTreeMap::new();
    for relation in &facts.relations {
        let to = match (&relation.related, &relation.collection_field) {
            (Some(related), _) => Target::Collection(related.clone()),
            (None, Some(field)) => Target::NamedBy(field.clone()),
            (None, None) => continue,
        };
        let cascades = relation.on_delete.as_deref() == Some("CASCADE");
        let mut reference = reference(facts, &relation.collection, &relation.field, to, cascades);
        reference.allowed.clone_from(&relation.allowed);
        let fields = found.entry(&relation.collection).or_default();
        // Directus lists some relations of its own twice, once without the foreign key.
        fields.entry(&relation.field).or_insert(reference).cascades |= cascades;
    }
    for collection in system::TABLE {
        for (field, related) in collection.soft {
            let to = Target::Collection((*related).to_owned());
            let reference = reference(facts, collection.name, field, to, false);
            found.entry(collection.name).or_default().entry(field).or_insert(reference);
        }
    }
    let listed = |fields: BTreeMap<&str, ReferenceField>| fields.into_values().collect();
    found.into_iter().map(|(name, fields)| (name.to_owned(), listed(fields))).collect()
}

fn reference(
    facts: &Facts,
    collection: &str,
    field: &str,
    to: Target,
    cascades: bool,
) -> ReferenceField {
    let nullable = is_nullable(facts, collection, field);
    let field = field.to_owned();
    ReferenceField { field, to, nullable, cascades, allowed: None, named: BTreeSet::new() }
}

/// Whether the column takes null; columns that nobody knows do not.
pub fn is_nullable(facts: &Facts, collection: &str, field: &str) -> bool {
    let fields = facts.collections.get(collection).map(|collection| &collection.fields);
    fields.and_then(|fields| fields.get(field)).is_some_and(|field| field.nullable)
}

/// The fields of `collection` whose values are unique, besides the primary key.
pub fn unique_fields(facts: &Facts, collection: &str) -> BTreeSet<String> {
    let Some(found) = facts.collections.get(collection) else { return BTreeSet::new() };
    let known = system::of(collection).map_or(&[][..], |system| system.unique);
    let of_schema = found.fields.iter().filter(|(_, field)| field.unique).map(|(name, _)| name);
    let of_table = found.fields.keys().filter(|name| known.contains(&name.as_str()));
    of_schema.chain(of_table).filter(|name| **name != found.primary).cloned().collect()
}

/// The text by which a reference to a row of `collection` is looked up: the value in the form of that
/// collection's primary key, which may be of another type than the field.
pub fn key_text(facts: &Facts, collection: &str, value: &Value) -> String {
    let found = facts.collections.get(collection);
    let primary = found.and_then(|found| found.fields.get(&found.primary));
    rows::text(&rows::canonical(primary, value))
}
