//! Settings (`meta`): which keys the target has, and what becomes of them.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::json;
use crate::snapshot::{Object, Snapshot};

/// Settings of collections that came with a major version of Directus, for targets that have no
/// collection yet to learn the keys from.
const COLLECTION_KEYS_SINCE: [(&str, u64); 2] =
    [("status", 12), ("autosave_revision_interval", 12)];

/// Flags in `special` that Directus adds by itself where a database has no column type for a field.
const DATABASE_FLAGS: [&str; 2] = ["cast-timestamp", "cast-datetime"];

/// The settings that a target has for one kind of thing.
#[derive(Default)]
pub(super) struct KnownKeys {
    seen: BTreeSet<String>,
    newer: BTreeSet<&'static str>,
}

impl KnownKeys {
    /// The settings of collections.
    pub(super) fn of_collections(target: &Snapshot) -> Self {
        let known = Self::seen(target.collections.iter().map(|collection| &collection.meta));
        let is_newer = |since: u64| major(&target.directus).is_some_and(|major| major < since);
        let newer = COLLECTION_KEYS_SINCE.iter().filter(|(_, since)| is_newer(*since));
        Self { newer: newer.map(|(key, _)| *key).collect(), ..known }
    }

    /// The settings of fields.
    pub(super) fn of_fields(target: &Snapshot) -> Self {
        Self::seen(target.fields.iter().map(|field| &field.meta))
    }

    /// The settings of relations.
    pub(super) fn of_relations(target: &Snapshot) -> Self {
        Self::seen(target.relations.iter().filter_map(|relation| relation.meta.as_ref()))
    }

    fn seen<'a>(metas: impl Iterator<Item = &'a Object>) -> Self {
        Self { seen: metas.flat_map(|meta| meta.keys().cloned()).collect(), ..Self::default() }
    }

    /// Whether the target can store the key. Every row has every setting that its Directus knows, so
    /// one row tells; without rows the table of versions does.
    fn contains(&self, key: &str) -> bool {
        if self.seen.is_empty() { !self.newer.contains(key) } else { self.seen.contains(key) }
    }

    /// Desired settings in the target's terms, for something new.
    pub(super) fn adopt(&self, desired: &Object) -> Object {
        let known = desired.iter().filter(|(key, _)| self.contains(key));
        known.map(|(key, value)| (key.clone(), value.clone())).collect()
    }

    /// The target's settings with the desired ones laid over them. An equal value stays as it is.
    pub(super) fn lay_over(&self, current: &Object, desired: &Object) -> Object {
        let mut laid = current.clone();
        laid.extend(changed_keys(current, &self.adopt(desired)).0);
        laid
    }
}

/// The keys of `after` whose values `before` has not, with the new values and with the old ones.
pub(super) fn changed_keys(before: &Object, after: &Object) -> (Object, Object) {
    let (mut new, mut old) = (Object::new(), Object::new());
    for (key, value) in after {
        let now = before.get(key);
        if !now.is_some_and(|now| equal(now, value)) {
            new.insert(key.clone(), value.clone());
            old.insert(key.clone(), now.cloned().unwrap_or_default());
        }
    }
    (new, old)
}

/// Whether two values are the same in canonical form.
pub(super) fn equal(a: &Value, b: &Value) -> bool {
    a == b || json::to_compact(a) == json::to_compact(b)
}

/// The desired settings of a field that keeps its type, in the target's terms: the flags that only
/// the database needs are those of the target, whatever database the desired ones come from.
pub(super) fn translated(desired: &Object, current: &Object) -> Object {
    let mut desired = desired.clone();
    if let Some(special) = desired.get_mut("special") {
        *special = translated_special(special, current.get("special").unwrap_or(&Value::Null));
    }
    desired
}

/// The flags that are desired, with those of the target that only its database needs.
pub(super) fn translated_special(desired: &Value, current: &Value) -> Value {
    let own = |value| flags(value).filter(|flag| !is_database_flag(flag));
    if own(desired).eq(own(current)) {
        return current.clone();
    }
    own(desired).chain(flags(current).filter(|flag| is_database_flag(flag))).cloned().collect()
}

/// The flags of a field without those that only the database needs; null where there are none.
pub(super) fn own_flags(special: &Value) -> Value {
    let own: Vec<Value> = flags(special).filter(|flag| !is_database_flag(flag)).cloned().collect();
    if own.is_empty() { Value::Null } else { own.into() }
}

fn flags(special: &Value) -> impl Iterator<Item = &Value> {
    special.as_array().map(Vec::as_slice).unwrap_or_default().iter()
}

fn is_database_flag(flag: &Value) -> bool {
    flag.as_str().is_some_and(|flag| DATABASE_FLAGS.contains(&flag))
}

/// The major version in `12.4.0`.
fn major(version: &str) -> Option<u64> {
    version.split('.').next()?.parse().ok()
}
