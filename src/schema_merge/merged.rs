//! The merged snapshot.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::snapshot::{Name, Object, Snapshot, circle};

use super::HeldBack;
use super::cases::{Case, Cases, Part};
use super::thing::{Key, Thing};

/// What there is to be, under the header of `like`. What comes from the files does not mention what
/// stays away.
pub(super) fn snapshot(cases: &Cases<'_>, like: &Snapshot) -> Snapshot {
    let is_gone = |name: Name<'_>| match name {
        Name::Collection(name) => is_held_back(&cases.collections, (name, "")),
        Name::Field(collection, field) => is_held_back(&cases.fields, (collection, field)),
    };
    let mut merged = Snapshot {
        collections: stays(&cases.collections, |it| it.forget(is_gone)),
        fields: stays(&cases.fields, |it| it.forget(is_gone)),
        relations: stays(&cases.relations, |it| it.forget(is_gone)),
        system_fields: like.system_fields.as_ref().map(|_| stays(&cases.indexes, |_| {})),
        version: like.version,
        directus: like.directus.clone(),
        vendor: like.vendor.clone(),
        extra: like.extra.clone(),
    };
    untie_collections(&mut merged, cases);
    untie_fields(&mut merged, cases);
    merged
}

/// What the files have and the target is not to get.
pub(super) fn held_back(cases: &Cases<'_>) -> HeldBack {
    let away = |name: &str| is_held_back(&cases.collections, (name, ""));
    let collections = cases.collections.keys().map(|(name, _)| *name).filter(|name| away(name));
    let fields = cases.fields.iter().filter(|(key, case)| case.is_held_back() && !away(key.0));
    HeldBack {
        collections: collections.map(String::from).collect(),
        fields: fields.map(|((of, name), _)| ((*of).to_owned(), (*name).to_owned())).collect(),
    }
}

fn is_held_back<T>(part: &Part<'_, T>, key: Key<'_>) -> bool {
    part.get(&key).is_some_and(Case::is_held_back)
}

/// What there will be of one kind: what stays as it is, and what the files want, adapted.
fn stays<T: Thing>(part: &Part<'_, T>, adapt: impl Fn(&mut T)) -> Vec<T> {
    let thing = |case: &Case<'_, T>| match case.wanted() {
        Some(wanted) => {
            let mut wanted = wanted.clone();
            adapt(&mut wanted);
            Some(wanted)
        }
        None => case.kept().cloned(),
    };
    part.values().filter_map(thing).collect()
}

/// Neither side has groups in a circle, but both together may. What stays as it is keeps its group.
fn untie_collections(merged: &mut Snapshot, cases: &Cases<'_>) {
    let grouped = merged.collections.iter().filter_map(|it| Some((it.key(), (it.group()?, ""))));
    let tied = tied(&grouped.collect(), &cases.collections);
    let adapted = merged.collections.iter_mut().filter(|it| is_in(&tied, it.key()));
    adapted.for_each(|it| ungroup(&mut it.meta));
}

fn untie_fields(merged: &mut Snapshot, cases: &Cases<'_>) {
    let grouped = merged.fields.iter().filter_map(|it| Some((it.key(), (it.key().0, it.group()?))));
    let tied = tied(&grouped.collect(), &cases.fields);
    let adapted = merged.fields.iter_mut().filter(|it| is_in(&tied, it.key()));
    adapted.for_each(|it| ungroup(&mut it.meta));
}

/// The things of the files that stand in a circle with one that stays as it is.
fn tied<T>(groups: &BTreeMap<Key<'_>, Key<'_>>, part: &Part<'_, T>) -> BTreeSet<(String, String)> {
    let is_kept = |key: &Key<'_>| part.get(key).is_some_and(|case| case.kept().is_some());
    let tied =
        groups.keys().filter(|key| !is_kept(key) && circle(groups, **key).iter().any(is_kept));
    tied.map(|(collection, name)| ((*collection).to_owned(), (*name).to_owned())).collect()
}

fn is_in(keys: &BTreeSet<(String, String)>, (collection, name): Key<'_>) -> bool {
    keys.iter().any(|key| key.0 == collection && key.1 == name)
}

fn ungroup(meta: &mut Object) {
    meta.insert("group".into(), Value::Null);
}
