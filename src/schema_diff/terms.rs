//! The desired schema in the target's terms.

use super::column;
use super::meta::{self, KnownKeys};
use crate::snapshot::{Collection, Field, Object, Relation, Snapshot};

/// What a target can store, and how its database spells it.
pub struct Terms {
    collection_keys: KnownKeys,
    field_keys: KnownKeys,
    relation_keys: KnownKeys,
    vendor: Option<String>,
}

impl Terms {
    /// The terms of a target that looks like `current`.
    pub fn of(current: &Snapshot) -> Self {
        Self {
            collection_keys: KnownKeys::of_collections(current),
            field_keys: KnownKeys::of_fields(current),
            relation_keys: KnownKeys::of_relations(current),
            vendor: current.vendor.clone(),
        }
    }

    /// The database vendor as Directus names it.
    pub fn vendor(&self) -> Option<&str> {
        self.vendor.as_deref()
    }

    /// A collection that the target does not have.
    pub fn new_collection(&self, wanted: &Collection) -> Collection {
        Collection { meta: self.collection_keys.adopt(&wanted.meta), ..wanted.clone() }
    }

    /// A field that the target does not have.
    pub fn new_field(&self, wanted: &Field) -> Field {
        let schema = wanted.schema.as_ref().map(column::pick);
        Field { meta: self.field_keys.adopt(&wanted.meta), schema, ..wanted.clone() }
    }

    /// A relation that the target does not have.
    pub fn new_relation(&self, wanted: &Relation) -> Relation {
        let meta = wanted.meta.as_ref().map(|meta| self.relation_keys.adopt(meta));
        Relation { meta, ..wanted.clone() }
    }

    /// What `now` becomes; equal to it where nothing differs.
    pub fn collection(&self, wanted: &Collection, now: &Collection) -> Collection {
        let same = wanted.is_folder() == now.is_folder();
        let schema = if same { &now.schema } else { &wanted.schema };
        let meta = self.collection_keys.lay_over(&now.meta, &wanted.meta);
        Collection { meta, schema: schema.clone(), ..now.clone() }
    }

    /// What `now` becomes; equal to it where nothing differs.
    pub fn field(&self, wanted: &Field, now: &Field) -> Field {
        if wanted.is_alias() != now.is_alias() {
            return self.new_field(wanted);
        }
        let mut after = Field { meta: self.field_meta(wanted, now), ..now.clone() };
        if column::differs(wanted, now, self.vendor()) {
            after.kind.clone_from(&wanted.kind);
            let (old, new) = (now.schema.clone(), wanted.schema.clone());
            after.schema =
                Some(column::laid_over(&old.unwrap_or_default(), &new.unwrap_or_default()));
        }
        after
    }

    fn field_meta(&self, wanted: &Field, now: &Field) -> Object {
        if wanted.kind != now.kind {
            return self.field_keys.lay_over(&now.meta, &wanted.meta);
        }
        self.field_keys.lay_over(&now.meta, &meta::translated(&wanted.meta, &now.meta))
    }

    /// What `now` becomes; equal to it where nothing differs.
    pub fn relation(&self, wanted: &Relation, now: &Relation) -> Relation {
        if is_replaced(wanted, now) {
            return self.new_relation(wanted);
        }
        Relation {
            meta: self.relation_meta(wanted, now),
            schema: laid_rules(wanted.schema.as_ref(), now.schema.as_ref()),
            ..now.clone()
        }
    }

    fn relation_meta(&self, wanted: &Relation, now: &Relation) -> Option<Object> {
        match (&wanted.meta, &now.meta) {
            (Some(wanted), Some(now)) => Some(self.relation_keys.lay_over(now, wanted)),
            (Some(wanted), None) => Some(self.relation_keys.adopt(wanted)),
            (None, now) => now.clone(),
        }
    }

    /// Whether the values of both fields are of one type to the target. An alias has none.
    pub fn same_kind(&self, wanted: &Field, now: &Field) -> bool {
        wanted.is_alias() == now.is_alias() && column::same_kind(wanted, now, self.vendor())
    }
}

/// Whether Directus cannot change one relation into the other.
pub(super) fn is_replaced(wanted: &Relation, now: &Relation) -> bool {
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
