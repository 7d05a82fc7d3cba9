//! The comparison of two snapshots.

use std::collections::{BTreeMap, BTreeSet};

use super::meta::{self, KnownKeys};
use super::{SchemaChange, column};
use crate::model::{Facts, Mode};
use crate::snapshot::{
    Collection, Field, Object, Relation, Snapshot, SystemField, is_system_collection,
};

/// Two snapshots under comparison.
pub(super) struct Comparison<'a> {
    desired: &'a Snapshot,
    current: &'a Snapshot,
    mode: Mode,
    /// The collections that a partial snapshot speaks of; `None` where it speaks of all.
    scope: Option<BTreeSet<&'a str>>,
    collection_keys: KnownKeys,
    field_keys: KnownKeys,
    relation_keys: KnownKeys,
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
    pub(super) fn new(desired: &'a Snapshot, current: &'a Snapshot, mode: Mode) -> Self {
        Self {
            desired,
            current,
            mode,
            scope: desired.is_partial().then(|| scope(desired)),
            collection_keys: KnownKeys::of_collections(current),
            field_keys: KnownKeys::of_fields(current),
            relation_keys: KnownKeys::of_relations(current),
        }
    }

    /// Every change, by kind and name.
    pub(super) fn changes(&self) -> Vec<SchemaChange> {
        let mut changes = self.collections();
        changes.extend(self.fields());
        changes.extend(self.system_fields());
        changes.extend(self.relations());
        changes.retain(|change| self.mode != Mode::Create || change.only_adds());
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
        let gone =
            self.current.collections.iter().filter(|now| {
                !desired.contains_key(now.name.as_str()) && self.may_delete(&now.name)
            });
        kept.chain(gone.map(|now| self.collection_delete(now))).collect()
    }

    fn collection_create(&self, wanted: &Collection) -> SchemaChange {
        let meta = self.collection_keys.adopt(&wanted.meta);
        let mut fields: Vec<Field> =
            self.desired.fields_of(&wanted.name).map(|field| self.new_field(field)).collect();
        fields.sort_by_key(|field| !field.is_primary_key());
        SchemaChange::CollectionCreate { after: Collection { meta, ..wanted.clone() }, fields }
    }

    fn collection_update(&self, wanted: &Collection, now: &Collection) -> Option<SchemaChange> {
        let meta = self.collection_keys.lay_over(&now.meta, &wanted.meta);
        let after = Collection { meta, schema: wanted.schema.clone(), ..now.clone() };
        let changed = after.meta != now.meta || after.is_folder() != now.is_folder();
        changed.then(|| SchemaChange::CollectionUpdate { before: now.clone(), after })
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
            None => Some(SchemaChange::FieldCreate { after: self.new_field(wanted) }),
        });
        let gone = self.current.fields.iter().filter(|now| {
            !desired.contains_key(&now.path())
                && self.may_delete(&now.collection)
                && !self.is_gone(&now.collection)
        });
        let gone = gone.map(|now| SchemaChange::FieldDelete { before: now.clone() });
        kept.chain(gone).collect()
    }

    fn new_field(&self, wanted: &Field) -> Field {
        let schema = wanted.schema.as_ref().map(column::pick);
        Field { meta: self.field_keys.adopt(&wanted.meta), schema, ..wanted.clone() }
    }

    fn field_update(&self, wanted: &Field, now: &Field) -> Option<SchemaChange> {
        if wanted.is_alias() != now.is_alias() {
            let after = self.new_field(wanted);
            return Some(SchemaChange::FieldReplace { before: now.clone(), after });
        }
        let mut after = Field { meta: self.field_meta(wanted, now), ..now.clone() };
        if column::differs(wanted, now, self.current.vendor.as_deref()) {
            after.kind.clone_from(&wanted.kind);
            let (old, new) = (now.schema.clone(), wanted.schema.clone());
            after.schema =
                Some(column::laid_over(&old.unwrap_or_default(), &new.unwrap_or_default()));
        }
        (after != *now).then(|| SchemaChange::FieldUpdate { before: now.clone(), after })
    }

    fn field_meta(&self, wanted: &Field, now: &Field) -> Object {
        if wanted.kind != now.kind {
            return self.field_keys.lay_over(&now.meta, &wanted.meta);
        }
        self.field_keys.lay_over(&now.meta, &meta::translated(&wanted.meta, &now.meta))
    }

    fn relations(&self) -> Vec<SchemaChange> {
        let current = by_key(&self.current.relations, Relation::path);
        let desired = by_key(&self.desired.relations, Relation::path);
        let kept =
            self.desired.relations.iter().filter_map(|wanted| match current.get(&wanted.path()) {
                Some(now) => self.relation_update(wanted, now),
                None => Some(SchemaChange::RelationCreate { after: self.new_relation(wanted) }),
            });
        let gone = self.current.relations.iter().filter(|now| {
            !desired.contains_key(&now.path())
                && self.may_delete(&now.collection)
                && !self.is_gone(&now.collection)
        });
        let gone = gone.map(|now| SchemaChange::RelationDelete { before: now.clone() });
        kept.chain(gone).collect()
    }

    fn new_relation(&self, wanted: &Relation) -> Relation {
        let meta = wanted.meta.as_ref().map(|meta| self.relation_keys.adopt(meta));
        Relation { meta, ..wanted.clone() }
    }

    fn relation_update(&self, wanted: &Relation, now: &Relation) -> Option<SchemaChange> {
        if is_replaced(wanted, now) {
            let after = self.new_relation(wanted);
            return Some(SchemaChange::RelationReplace { before: now.clone(), after });
        }
        let after = Relation {
            meta: self.relation_meta(wanted, now),
            schema: laid_rules(wanted.schema.as_ref(), now.schema.as_ref()),
            ..now.clone()
        };
        (after != *now).then(|| SchemaChange::RelationUpdate { before: now.clone(), after })
    }

    fn relation_meta(&self, wanted: &Relation, now: &Relation) -> Option<Object> {
        match (&wanted.meta, &now.meta) {
            (Some(wanted), Some(now)) => Some(self.relation_keys.lay_over(now, wanted)),
            (Some(wanted), None) => Some(self.relation_keys.adopt(wanted)),
            (None, now) => now.clone(),
        }
    }

    /// Indexes of system fields. Which there are depends on the version of Directus, so one that only
    /// one side has means something between equal releases only.
    fn system_fields(&self) -> Vec<SchemaChange> {
        let Some(desired) = &self.desired.system_fields else { return Vec::new() };
        let current = self.current.system_fields.as_deref().unwrap_or_default();
        let comparable = release(&self.desired.directus) == release(&self.current.directus);
        let now = by_key(current, SystemField::path);
        let wanted = by_key(desired, SystemField::path);
        let spoken: BTreeSet<&str> =
            desired.iter().map(|field| field.collection.as_str()).collect();
        let kept = desired.iter().filter(|wanted| match now.get(&wanted.path()) {
            Some(now) => now.indexed != wanted.indexed,
            None => wanted.indexed && comparable,
        });
        let gone = current.iter().filter(|now| {
            let in_scope = self.scope.is_none() || spoken.contains(now.collection.as_str());
            let is_absent = !wanted.contains_key(&now.path());
            now.indexed && is_absent && in_scope && comparable && self.mode == Mode::Mirror
        });
        let gone = gone.map(|field| index_change(field, false));
        kept.map(|field| index_change(field, field.indexed)).chain(gone).collect()
    }

    fn may_delete(&self, collection: &str) -> bool {
        let in_scope = self.scope.as_ref().is_none_or(|scope| scope.contains(collection));
        self.mode == Mode::Mirror && in_scope
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
            && self.may_delete(collection)
    }
}

/// The collections that a partial snapshot speaks of.
fn scope(snapshot: &Snapshot) -> BTreeSet<&str> {
    let collections = snapshot.collections.iter().map(|collection| collection.name.as_str());
    let fields = snapshot.fields.iter().map(|field| field.collection.as_str());
    let relations = snapshot.relations.iter().map(|relation| relation.collection.as_str());
    collections.chain(fields).chain(relations).collect()
}

fn by_key<'a, T, K: Ord>(things: &'a [T], key: impl Fn(&'a T) -> K) -> BTreeMap<K, &'a T> {
    things.iter().map(|thing| (key(thing), thing)).collect()
}

/// Whether Directus cannot change one relation into the other.
fn is_replaced(wanted: &Relation, now: &Relation) -> bool {
    wanted.related != now.related || (now.schema.is_some() && wanted.schema.is_none())
}

/// The foreign key with the desired rules. Its name, table and column stay those of the target.
fn laid_rules(wanted: Option<&Object>, now: Option<&Object>) -> Option<Object> {
    let (Some(wanted), Some(now)) = (wanted, now) else { return wanted.or(now).cloned() };
    let mut laid = now.clone();
    for rule in ["on_delete", "on_update"] {
        if let Some(value) = wanted.get(rule) {
            laid.insert(rule.into(), value.clone());
        }
    }
    Some(laid)
}

fn index_change(field: &SystemField, indexed: bool) -> SchemaChange {
    let (collection, field) = (field.collection.clone(), field.name.clone());
    SchemaChange::SystemFieldUpdate { collection, field, indexed }
}

/// Major and minor version, such as `12.4`.
fn release(version: &str) -> Option<(&str, &str)> {
    let (major, rest) = version.split_once('.')?;
    Some((major, rest.split('.').next()?))
}
