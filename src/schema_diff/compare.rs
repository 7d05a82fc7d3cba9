//! The comparison of two snapshots.

use std::collections::{BTreeMap, BTreeSet};

use super::SchemaChange;
use super::terms::{self, Terms};
use crate::model::Facts;
use crate::snapshot::{Collection, Field, Relation, Snapshot, SystemField, is_system_collection};

/// Two snapshots under comparison.
pub(super) struct Comparison<'a> {
    desired: &'a Snapshot,
    current: &'a Snapshot,
    terms: Terms,
}

/// The desired snapshot without fields that are Directus' own on the target. What was a custom field
/// of a system collection on an older version may have become a part of Directus since.
pub fn for_target(desired: &Snapshot, current: &Snapshot, facts: &Facts) -> Snapshot {
    let custom: BTreeSet<_> = current.fields.iter().map(Field::path).collect();
    let is_own = |collection: &str, field: &str| {
        is_system_collection(collection)
            && !custom.contains(&(collection, field))
            && facts.collections.get(collection).is_some_and(|own| own.fields.contains_key(field))
    };
    let mut adapted = desired.clone();
    adapted.fields.retain(|field| !is_own(&field.collection, &field.name));
    adapted.relations.retain(|relation| !is_own(&relation.collection, &relation.field));
    adapted
}

impl<'a> Comparison<'a> {
    pub(super) fn new(desired: &'a Snapshot, current: &'a Snapshot) -> Self {
        Self { desired, current, terms: Terms::of(current) }
    }

    /// Every change, by kind and name.
    pub(super) fn changes(&self) -> Vec<SchemaChange> {
        let mut changes = self.collections();
        changes.extend(self.fields());
        changes.extend(self.system_fields());
        changes.extend(self.relations());
        changes
    }

    fn collections(&self) -> Vec<SchemaChange> {
        let current = by_key(&self.current.collections, |collection| collection.name.as_str());
        let desired = by_key(&self.desired.collections, |collection| collection.name.as_str());
        let kept = self.desired.collections.iter().filter_map(|wanted| {
            match current.get(wanted.name.as_str()) {
                Some(now) => self.collection_update(wanted, now),
                None => Some(self.collection_create(wanted)),
            }
        });
        let current = self.current.collections.iter();
        let gone = current.filter(|now| !desired.contains_key(now.name.as_str()));
        kept.chain(gone.map(|now| self.collection_delete(now))).collect()
    }

    fn collection_create(&self, wanted: &Collection) -> SchemaChange {
        let fields = self.desired.fields_of(&wanted.name);
        let mut fields: Vec<Field> = fields.map(|field| self.terms.new_field(field)).collect();
        fields.sort_by_key(|field| !field.is_primary_key());
        SchemaChange::CollectionCreate { after: self.terms.new_collection(wanted), fields }
    }

    fn collection_update(&self, wanted: &Collection, now: &Collection) -> Option<SchemaChange> {
        let after = self.terms.collection(wanted, now);
        (after != *now).then(|| SchemaChange::CollectionUpdate { before: now.clone(), after })
    }

    fn collection_delete(&self, now: &Collection) -> SchemaChange {
        SchemaChange::CollectionDelete {
            before: now.clone(),
            fields: self.current.fields_of(&now.name).cloned().collect(),
            relations: self.current.relations_of(&now.name).cloned().collect(),
        }
    }

    /// Fields of collections that exist and stay.
    fn fields(&self) -> Vec<SchemaChange> {
        let current = by_key(&self.current.fields, Field::path);
        let desired = by_key(&self.desired.fields, Field::path);
        let kept = self.desired.fields.iter().filter(|wanted| !self.is_new(&wanted.collection));
        let kept = kept.filter_map(|wanted| match current.get(&wanted.path()) {
            Some(now) => self.field_update(wanted, now),
            None => Some(SchemaChange::FieldCreate { after: self.terms.new_field(wanted) }),
        });
        let current = self.current.fields.iter();
        let gone = current
            .filter(|now| !desired.contains_key(&now.path()) && !self.is_gone(&now.collection));
        let gone = gone.map(|now| SchemaChange::FieldDelete { before: now.clone() });
        kept.chain(gone).collect()
    }

    fn field_update(&self, wanted: &Field, now: &Field) -> Option<SchemaChange> {
        let (before, after) = (now.clone(), self.terms.field(wanted, now));
        if wanted.is_alias() != now.is_alias() {
            return Some(SchemaChange::FieldReplace { before, after });
        }
        (after != before).then_some(SchemaChange::FieldUpdate { before, after })
    }

    fn relations(&self) -> Vec<SchemaChange> {
        let current = by_key(&self.current.relations, Relation::path);
        let desired = by_key(&self.desired.relations, Relation::path);
        let kept = self.desired.relations.iter();
        let kept = kept.filter_map(|wanted| match current.get(&wanted.path()) {
            Some(now) => self.relation_update(wanted, now),
            None => Some(SchemaChange::RelationCreate { after: self.terms.new_relation(wanted) }),
        });
        let current = self.current.relations.iter();
        let gone = current
            .filter(|now| !desired.contains_key(&now.path()) && !self.is_gone(&now.collection));
        let gone = gone.map(|now| SchemaChange::RelationDelete { before: now.clone() });
        kept.chain(gone).collect()
    }

    fn relation_update(&self, wanted: &Relation, now: &Relation) -> Option<SchemaChange> {
        let (before, after) = (now.clone(), self.terms.relation(wanted, now));
        if terms::is_replaced(wanted, now) {
            return Some(SchemaChange::RelationReplace { before, after });
        }
        (after != before).then_some(SchemaChange::RelationUpdate { before, after })
    }

    /// Indexes of system fields.
    fn system_fields(&self) -> Vec<SchemaChange> {
        let Some(desired) = &self.desired.system_fields else { return Vec::new() };
        let current = self.current.system_fields.as_deref().unwrap_or_default();
        let (now, wanted) = (indexed(current), indexed(desired));
        let kept = desired.iter().filter(|field| field.indexed && !now.contains(&field.path()));
        let gone = current.iter().filter(|field| field.indexed && !wanted.contains(&field.path()));
        let gone = gone.map(|field| index_change(field, false));
        kept.map(|field| index_change(field, true)).chain(gone).collect()
    }

    /// Whether the collection is created by this comparison.
    fn is_new(&self, collection: &str) -> bool {
        self.desired.collection(collection).is_some()
            && self.current.collection(collection).is_none()
    }

    /// Whether the collection is deleted by this comparison.
    fn is_gone(&self, collection: &str) -> bool {
        self.current.collection(collection).is_some()
            && self.desired.collection(collection).is_none()
    }
}

fn by_key<'a, T, K: Ord>(things: &'a [T], key: impl Fn(&'a T) -> K) -> BTreeMap<K, &'a T> {
    things.iter().map(|thing| (key(thing), thing)).collect()
}

fn indexed(fields: &[SystemField]) -> BTreeSet<(&str, &str)> {
    fields.iter().filter(|field| field.indexed).map(SystemField::path).collect()
}

fn index_change(field: &SystemField, indexed: bool) -> SchemaChange {
    let (collection, field) = (field.collection.clone(), field.name.clone());
    SchemaChange::SystemFieldUpdate { collection, field, indexed }
}
