//! Properties of exports into a folder that holds changes of its own.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use schema_sync_core::export_plan::ExportPlan;
use schema_sync_core::items::ItemExport;
use schema_sync_core::merge::OnDrift;
use schema_sync_core::model::{FileText, Mode, Row};
use schema_sync_core::plan::{Plan, Step};
use schema_sync_core::planner::Planner;
use serde_json::json;

use crate::agreed::{self, SECRET, agreed, key};
use crate::states::{State, facts, state};
use crate::{backwards, text};

/// What an export leaves behind.
#[derive(Debug, PartialEq)]
struct Exported {
    plan: ExportPlan,
    /// The rows of the files; those of the instance alone where nothing may be written.
    folder: State,
    /// The next base; `None` where nothing may be written.
    base: Option<Vec<u8>>,
}

/// Exports `instance` into `folder`; both agreed on `base` before.
fn export(folder: &State, instance: &State, base: Option<&[u8]>) -> Exported {
    let mut planner = Planner::for_export(agreed::config(Mode::Sync), facts());
    planner.set_base(SECRET, base).unwrap();
    for (collection, rows) in folder {
        let text = text(rows);
        planner.add_file(collection, &path(collection), text.as_bytes()).unwrap();
    }
    planner.finish_files().unwrap();
    for (collection, rows) in instance {
        planner.add_current(collection, text(rows).as_bytes(), None).unwrap();
    }
    let plan = planner.export_plan().unwrap();
    let folder = written(folder, instance, &plan);
    Exported { folder, base: planner.export_base(false).ok(), plan }
}

fn written(folder: &State, instance: &State, plan: &ExportPlan) -> State {
    let entries = agreed::config(Mode::Sync).entries.into_iter().map(|entry| {
        let id = entry.id.clone();
        let mut export = ItemExport::new(entry, &facts());
        export.add_rows(text(&instance[&id]).as_bytes(), None).unwrap();
        let files = [FileText { path: path(&id), text: text(&folder[&id]) }];
        export.take_folder(&files, &plan.entries[&id]).unwrap();
        let [file] = export.files().unwrap().try_into().unwrap();
        (id, serde_json::from_str(&file.text).unwrap())
    });
    entries.collect()
}

fn path(collection: &str) -> String {
    format!("data/{collection}.json")
}

/// A row of a collection, by what the files know it by.
type Key = (String, String);

/// Rows by key, as files have them.
fn by_key(state: &State) -> BTreeMap<Key, Row> {
    let rows = state.iter().flat_map(|(name, rows)| rows.iter().map(move |row| (name, row)));
    rows.map(|(name, row)| ((name.clone(), key(name, row)), in_file(name, row))).collect()
}

/// Labels are known by their name; their ids do not travel.
fn in_file(collection: &str, row: &Row) -> Row {
    let mut row = row.clone();
    if collection == "labels" {
        row.remove("id");
    }
    row
}

/// The rows that wait for an import.
fn pending(exported: &Exported, folder: &State, instance: &State) -> BTreeSet<Key> {
    let mut found = BTreeSet::new();
    for (name, plan) in &exported.plan.entries {
        let places = plan.keep.iter().chain(plan.replace.iter().map(|(_, index)| index));
        let stay = places.map(|index| &folder[name][*index]);
        let omitted = instance[name].iter().filter(|row| plan.omit.contains(&row["id"]));
        found.extend(stay.chain(omitted).map(|row| (name.clone(), key(name, row))));
    }
    found
}

/// The rows that a plan creates, changes or deletes, but for references to rows that go.
fn touched(plan: &Plan) -> BTreeSet<Key> {
    let mut found = BTreeSet::new();
    let label = |name: &str, label: &str| match name {
        "labels" => (name.to_owned(), json!(label).to_string()),
        _ => (name.to_owned(), label.to_owned()),
    };
    for step in &plan.steps {
        match step {
            Step::ItemsCreate { collection, rows, .. } => {
                found.extend(
                    rows.iter().map(|row| (collection.clone(), key(collection, &row.row()))),
                );
            }
            Step::ItemsUpdate { collection, changes, reason: None, .. } => {
                found.extend(changes.iter().map(|change| label(collection, &change.label)));
            }
            Step::ItemsDelete { collection, labels, .. } => {
                found.extend(labels.iter().map(|name| label(collection, name)));
            }
            _ => {}
        }
    }
    found
}

/// The content of every row in base, folder and instance.
fn three(sides: [&BTreeMap<Key, Row>; 3]) -> impl Iterator<Item = (&Key, [Option<&Row>; 3])> {
    let keys: BTreeSet<&Key> = sides.iter().flat_map(|side| side.keys()).collect();
    keys.into_iter().map(move |key| (key, sides.map(|side| side.get(key))))
}

/// Base, folder and instance where each row was changed on one side at most.
fn apart() -> impl Strategy<Value = [State; 3]> {
    let owners = proptest::collection::vec(any::<bool>(), 8);
    (state(), state(), state(), owners).prop_map(|(base, folder, instance, owners)| {
        let folder = mixed(&base, &folder, |row| owners[row]);
        let instance = mixed(&base, &instance, |row| !owners[row]);
        [base, folder, instance]
    })
}

/// Any three states, which differ in almost everything.
fn any_three() -> impl Strategy<Value = [State; 3]> {
    (state(), state(), state()).prop_map(|(base, folder, instance)| [base, folder, instance])
}

/// The number in a row's key.
fn number(key: &str) -> usize {
    key.trim_matches(['"', 'l']).parse().unwrap()
}

/// The rows of `base`, some of which are as in `other`.
fn mixed(base: &State, other: &State, takes: impl Fn(usize) -> bool) -> State {
    let collection = |name: &String| {
        let named = |state: &State| -> BTreeMap<String, Row> {
            state[name].iter().map(|row| (key(name, row), row.clone())).collect()
        };
        let (base, other) = (named(base), named(other));
        let keys: BTreeSet<&String> = base.keys().chain(other.keys()).collect();
        let row = |key: &String| {
            let side = if takes(number(key)) { &other } else { &base };
            let mut row = side.get(key)?.clone();
            row["id"] = number(key).into();
            Some(row)
        };
        (name.clone(), keys.into_iter().filter_map(row).collect())
    };
    base.keys().map(collection).collect()
}

proptest! {
    #[test]
    fn nothing_that_one_side_changed_is_lost(
        [base, folder, instance] in prop_oneof![apart(), any_three()],
    ) {
        let exported = export(&folder, &instance, Some(&agreed(&base)));
        let waiting = pending(&exported, &folder, &instance);
        let after = by_key(&exported.folder);
        let mut conflicts = BTreeMap::<String, usize>::new();
        let (base, folder, instance) = (by_key(&base), by_key(&folder), by_key(&instance));
        for (key, [base, folder, instance]) in three([&base, &folder, &instance]) {
            let after = after.get(key);
            if folder == instance || base == folder {
                prop_assert_eq!(after, instance, "{:?}", key);
            } else if base == instance {
                prop_assert_eq!(after, folder, "{:?}", key);
                prop_assert!(waiting.contains(key));
            } else {
                *conflicts.entry(key.0.clone()).or_default() += 1;
            }
        }
        let named = exported.plan.conflicts.iter().map(|warning| {
            prop_assert!(warning.refused && warning.code == "EXPORT_CONFLICT");
            let count = warning.message.split(' ').next().and_then(|count| count.parse().ok());
            Ok((warning.path.clone(), count.unwrap()))
        });
        prop_assert_eq!(named.collect::<Result<BTreeMap<_, usize>, _>>()?, conflicts.clone());
        prop_assert_eq!(exported.base.is_none(), !conflicts.is_empty());
    }

    #[test]
    fn a_second_export_changes_nothing([base, folder, instance] in apart()) {
        let first = export(&folder, &instance, Some(&agreed(&base)));
        let second = export(&first.folder, &instance, first.base.as_deref());
        prop_assert_eq!(&second.folder, &first.folder);
        prop_assert_eq!(&second.plan.pending, &first.plan.pending);
        prop_assert_eq!(&second.base, &first.base);
    }

    #[test]
    fn an_import_brings_what_waits_and_undoes_nothing([base, folder, instance] in apart()) {
        let exported = export(&folder, &instance, Some(&agreed(&base)));
        let waiting = pending(&exported, &folder, &instance);
        for on_drift in [OnDrift::Overwrite, OnDrift::Fail] {
            let how = (Mode::Sync, on_drift);
            let import = agreed::possible(&exported.folder, &instance, exported.base.as_deref(), how);
            let Some(import) = import else { continue };
            prop_assert_eq!(touched(&import.plan), waiting.clone());
            let codes = import.plan.warnings.iter().map(|warning| warning.code.as_str());
            prop_assert!(codes.into_iter().all(|code| code == "DELETE_ROWS"));
        }
    }

    #[test]
    fn without_a_base_the_instance_is_written(folder in state(), instance in state()) {
        let exported = export(&folder, &instance, None);
        prop_assert_eq!(by_key(&exported.folder), by_key(&instance));
        prop_assert_eq!(exported.base.unwrap(), agreed(&instance));
    }

    #[test]
    fn overwriting_agrees_on_the_instance(base in state(), instance in state()) {
        let mut planner = Planner::for_export(agreed::config(Mode::Sync), facts());
        planner.set_base(SECRET, Some(&agreed(&base))).unwrap();
        for (collection, rows) in &instance {
            planner.add_current(collection, text(rows).as_bytes(), None).unwrap();
        }
        prop_assert_eq!(planner.export_base(true).unwrap(), agreed(&instance));
    }

    #[test]
    fn the_order_of_rows_changes_nothing([base, folder, instance] in prop_oneof![apart(), any_three()]) {
        let one = export(&folder, &instance, Some(&agreed(&base)));
        let reversed = export(&backwards(&folder), &backwards(&instance), Some(&agreed(&backwards(&base))));
        prop_assert_eq!(reversed.folder, one.folder);
        prop_assert_eq!(reversed.base, one.base);
        prop_assert_eq!(reversed.plan.pending, one.plan.pending);
        prop_assert_eq!(reversed.plan.conflicts, one.plan.conflicts);
    }
}
