//! What was agreed on of the schema, and contents as hashes to compare with it.

use crate::base::{Hash, Hasher, SchemaBase, Things};
use crate::json;
use crate::merge::Agreed;
use crate::renames::Renames;
use crate::schema_diff::{Properties, Terms, picked, shared_keys};
use crate::snapshot::Snapshot;

use super::Agreement;
use super::thing::{Key, Thing};

/// What was agreed on of each kind of thing.
pub(super) struct Memories<'a> {
    pub collections: Memory<'a>,
    pub fields: Memory<'a>,
    pub relations: Memory<'a>,
    pub indexes: Memory<'a>,
}

/// What was agreed on of one kind of thing.
pub(super) struct Memory<'a> {
    hasher: &'a Hasher,
    /// Leads back to the names that the base has.
    old_names: &'a Renames,
    /// `None` where nothing was agreed on.
    pub before: Option<&'a Things>,
    /// The properties that the next base is made of.
    pub keys: Vec<String>,
}

impl<'a> Memories<'a> {
    /// What was agreed on, by kind.
    pub(super) fn of(
        desired: &Snapshot,
        current: &Snapshot,
        terms: &Terms,
        agreement: Agreement<'a>,
    ) -> Self {
        let partial = desired.is_partial();
        let memory = |before: fn(&SchemaBase) -> &Things, named: fn(&Snapshot, &Terms) -> Keys| {
            let before = agreement.base.map(before);
            let named = [desired, current].map(|side| named(side, terms));
            let Agreement { hasher, old_names, .. } = agreement;
            Memory { hasher, old_names, before, keys: next_keys(before, named, partial) }
        };
        Self {
            collections: memory(|it| &it.collections, |it, terms| keys(&it.collections, terms)),
            fields: memory(|it| &it.fields, |it, terms| keys(&it.fields, terms)),
            relations: memory(|it| &it.relations, |it, terms| keys(&it.relations, terms)),
            indexes: memory(
                |it| &it.system_fields,
                |it, terms| keys(it.system_fields.iter().flatten(), terms),
            ),
        }
    }
}

/// Names of properties, sorted.
type Keys = Vec<String>;

fn keys<'a, T: Properties + 'a>(things: impl IntoIterator<Item = &'a T>, terms: &Terms) -> Keys {
    shared_keys(things.into_iter(), terms)
}

/// The properties that the next base is made of: those that the files name. Files without a single
/// thing of the kind leave them as they are, and so does a partial schema, which leaves most of the
/// base alone.
fn next_keys(before: Option<&Things>, [desired, current]: [Keys; 2], partial: bool) -> Keys {
    let before = before.map(|things| things.fields.clone()).unwrap_or_default();
    let first = if partial { [before, desired] } else { [desired, before] };
    first.into_iter().find(|keys| !keys.is_empty()).unwrap_or(current)
}

/// Whether anything was agreed on of a field.
pub fn knows_field(base: &SchemaBase, hasher: &Hasher, collection: &str, field: &str) -> bool {
    !base.fields.rows.of(key_hash(hasher, (collection, field))).is_empty()
}

/// The hash of a thing's name.
fn key_hash(hasher: &Hasher, (collection, name): Key<'_>) -> Hash {
    hasher.key(&json::to_compact(&serde_json::json!([collection, name])))
}

impl Memory<'_> {
    /// The hash of a thing's name.
    pub(super) fn key(&self, key: Key<'_>) -> Hash {
        key_hash(self.hasher, key)
    }

    /// What was agreed on of the thing of that name.
    pub(super) fn agreed(&self, (collection, name): Key<'_>) -> Agreed<Hash> {
        let key = (collection, self.old_names.new_name(collection, name));
        self.before.map_or(Agreed::Unknown, |things| things.of(self.key(key)))
    }

    /// The content of a thing over the properties of the base, under the names that it has.
    pub(super) fn was<T: Thing>(&self, thing: &T, terms: &Terms) -> Hash {
        let keys = self.before.map(|things| things.fields.as_slice()).unwrap_or_default();
        match self.old_names.is_empty() {
            true => self.content(thing, terms, keys),
            false => self.content(&thing.renamed(self.old_names), terms, keys),
        }
    }

    /// The content of a thing over the properties of the next base.
    pub(super) fn is(&self, thing: &impl Properties, terms: &Terms) -> Hash {
        self.content(thing, terms, &self.keys)
    }

    fn content(&self, thing: &impl Properties, terms: &Terms, keys: &[String]) -> Hash {
        self.hasher.content(&json::to_compact(&picked(&thing.properties(terms), keys)))
    }
}
