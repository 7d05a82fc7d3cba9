//! Renames: fields that have another name change nothing else, in differences and in merges.

use proptest::prelude::*;
use schema_sync_core::base::{Hasher, SchemaBase};
use schema_sync_core::config::Rename;
use schema_sync_core::merge::OnDrift;
use schema_sync_core::model::Mode;
use schema_sync_core::renames::Renames;
use schema_sync_core::schema_diff::changes;
use schema_sync_core::schema_merge::{Agreement, Merged, Rules, merge};
use schema_sync_core::snapshot::Snapshot;
use serde_json::{Value, json};

use super::states::snapshot;

/// What all columns of these names are called then.
const NAMES: [(&str, &str); 2] = [("title", "headline"), ("parent", "above")];

fn declared(snapshots: &[&Snapshot]) -> Vec<Rename> {
    let fields = snapshots.iter().flat_map(|snapshot| &snapshot.fields);
    let renames = fields.filter_map(|field| {
        let (_, to) = NAMES.iter().find(|(name, _)| *name == field.name)?;
        let (collection, field) = (field.collection.clone(), field.name.clone());
        Some(Rename { collection, field, to: (*to).into(), place: String::new() })
    });
    renames.collect()
}

/// The same schema with every word that is one of the names replaced, whatever it stands for.
fn reworded(snapshot: &Snapshot) -> Snapshot {
    fn reword(value: &mut Value) {
        match value {
            Value::String(text) => {
                if let Some((_, to)) = NAMES.iter().find(|(name, _)| name == text) {
                    *text = (*to).into();
                }
            }
            Value::Array(items) => items.iter_mut().for_each(reword),
            Value::Object(members) => members.values_mut().for_each(reword),
            _ => {}
        }
    }
    let mut value = Value::from(snapshot.clone());
    for part in ["collections", "fields", "relations"] {
        reword(&mut value[part]);
    }
    Snapshot::try_from(value).unwrap()
}

fn merged(
    (desired, current): (&Snapshot, &Snapshot),
    base: Option<&SchemaBase>,
    old_names: &Renames,
    (mode, on_drift): (Mode, OnDrift),
) -> Merged {
    let hasher = Hasher::new(b"secret");
    let agreement = Agreement { hasher: &hasher, base, old_names };
    merge(desired, current, agreement, Rules { mode, on_drift })
}

fn rules() -> impl Strategy<Value = (Mode, OnDrift)> {
    let modes = prop_oneof![Just(Mode::Sync), Just(Mode::Merge), Just(Mode::Mirror)];
    let drifts = prop_oneof![Just(OnDrift::Overwrite), Just(OnDrift::Keep), Just(OnDrift::Fail)];
    (modes, drifts)
}

/// What a warning says, under the new names.
fn said(merged: &Merged) -> Vec<Value> {
    merged.warnings.iter().map(|warning| json!([warning.code, warning.refused])).collect()
}

proptest! {
    #[test]
    fn columns_that_only_have_other_names_are_renamed_and_nothing_else(current in snapshot()) {
        let desired = reworded(&current);
        let (renames, problems) = Renames::of(&declared(&[&current]), &desired, &current);
        prop_assert!(problems.is_empty());
        let columns = current.fields.iter().filter(|field| !field.is_alias());
        let columns = columns.filter(|field| NAMES.iter().any(|(name, _)| *name == field.name));
        prop_assert_eq!(renames.steps().count(), columns.count());
        let left = changes(&desired, &renames.snapshot(&current)).unwrap();
        let is_of_alias = |path: (&str, &str)| {
            desired.fields.iter().chain(&current.fields).any(|it| it.path() == path && it.is_alias())
        };
        for change in left {
            let change = schema_sync_core::schema_diff::steps(&[change]);
            let step = serde_json::to_value(&change[0]).unwrap();
            let path = (step["collection"].as_str().unwrap(), step["field"].as_str().unwrap());
            prop_assert!(is_of_alias(path), "{}", step);
        }
    }

    #[test]
    fn a_rename_can_be_taken_back(current in snapshot()) {
        let (renames, _) = Renames::of(&declared(&[&current]), &reworded(&current), &current);
        let renamed = renames.snapshot(&current);
        prop_assert_eq!(renames.reversed().snapshot(&renamed), current);
    }

    #[test]
    fn a_merge_does_not_depend_on_names(
        (base, desired, current) in (snapshot(), snapshot(), snapshot()),
        rules in rules(),
    ) {
        let same_names = Renames::default();
        let agreed = merged((&base, &base), None, &same_names, (Mode::Mirror, OnDrift::Overwrite)).base;
        let plain = merged((&desired, &current), Some(&agreed), &same_names, rules);
        let all = declared(&[&base, &desired, &current]);
        let old_names = Renames::since(all.iter(), &[]).reversed();
        let sides = (&reworded(&desired), &reworded(&current));
        let renamed = merged(sides, Some(&agreed), &old_names, rules);
        prop_assert_eq!(&renamed.snapshot, &reworded(&plain.snapshot));
        prop_assert_eq!(&renamed.counts, &plain.counts);
        prop_assert_eq!(said(&renamed), said(&plain));
    }
}
