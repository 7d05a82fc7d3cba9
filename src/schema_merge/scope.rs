//! What the files speak of at all.

use std::collections::BTreeSet;

use crate::snapshot::Snapshot;

/// The part of the target's schema that the files say something about.
pub(super) struct Scope<'a> {
    /// `None` where they speak of all collections.
    collections: Option<BTreeSet<&'a str>>,
    /// `None` where they speak of the indexes of all system collections.
    indexed: Option<BTreeSet<&'a str>>,
    /// Whether an index that only one side has means anything: where the files speak of indexes, and
    /// both sides are of one release, since each release has its own.
    tells_indexes: bool,
}

impl<'a> Scope<'a> {
    pub(super) fn of(desired: &'a Snapshot, current: &Snapshot) -> Self {
        let partial = desired.is_partial();
        Self {
            collections: partial.then(|| collections(desired)),
            indexed: partial.then(|| indexed_collections(desired)),
            tells_indexes: desired.system_fields.is_some() && !is_other_release(desired, current),
        }
    }

    /// Whether the files speak of the collection.
    pub(super) fn has(&self, collection: &str) -> bool {
        self.collections.as_ref().is_none_or(|names| names.contains(collection))
    }

    /// Whether the files speak of indexes of the system collection.
    pub(super) fn has_indexes(&self, collection: &str) -> bool {
        self.tells_indexes && self.indexed.as_ref().is_none_or(|names| names.contains(collection))
    }
}

/// The collections that a partial snapshot speaks of.
fn collections(snapshot: &Snapshot) -> BTreeSet<&str> {
    let collections = snapshot.collections.iter().map(|collection| collection.name.as_str());
    let fields = snapshot.fields.iter().map(|field| field.collection.as_str());
    let relations = snapshot.relations.iter().map(|relation| relation.collection.as_str());
    collections.chain(fields).chain(relations).collect()
}

fn indexed_collections(snapshot: &Snapshot) -> BTreeSet<&str> {
    let fields = snapshot.system_fields.iter().flatten();
    fields.map(|field| field.collection.as_str()).collect()
}

/// Whether two snapshots come from different releases of Directus.
pub(super) fn is_other_release(a: &Snapshot, b: &Snapshot) -> bool {
    release(&a.directus) != release(&b.directus)
}

/// Major and minor version, such as `12.4`.
fn release(version: &str) -> Option<(&str, &str)> {
    let (major, rest) = version.split_once('.')?;
    Some((major, rest.split('.').next()?))
}
