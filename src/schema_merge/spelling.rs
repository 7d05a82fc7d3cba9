//! The folder's own words for what an export writes.

use std::collections::BTreeMap;

use crate::schema_diff::{Spelled, Terms};
use crate::snapshot::Snapshot;

use super::scope::is_other_release;
use super::thing::{Key, Thing};

/// What is to be written, with everything that did not change as `folder` spells it. Where nothing
/// changed that is the folder's snapshot, header included, whatever version and database the instance
/// has: two instances that take turns do not take the header from each other.
pub(super) fn spelled_like(folder: &Snapshot, written: Snapshot, terms: &Terms) -> Snapshot {
    let spelled = Snapshot {
        collections: spelled(&written.collections, &folder.collections, terms),
        fields: spelled(&written.fields, &folder.fields, terms),
        relations: spelled(&written.relations, &folder.relations, terms),
        ..written
    };
    if is_same(&spelled, folder) { folder.clone() } else { spelled }
}

fn spelled<T: Thing + Spelled>(written: &[T], folder: &[T], terms: &Terms) -> Vec<T> {
    let folder: BTreeMap<Key<'_>, &T> = folder.iter().map(|thing| (thing.key(), thing)).collect();
    let like = |thing: &T| match folder.get(&thing.key()) {
        Some(folder) => thing.like(folder, terms),
        None => thing.clone(),
    };
    written.iter().map(like).collect()
}

/// Each release has indexes of its own, so that only those of one are compared.
fn is_same(written: &Snapshot, folder: &Snapshot) -> bool {
    let indexes = written.system_fields == folder.system_fields
        || folder.system_fields.is_none()
        || is_other_release(folder, written);
    let (a, b) = (written, folder);
    indexes && a.collections == b.collections && a.fields == b.fields && a.relations == b.relations
}
