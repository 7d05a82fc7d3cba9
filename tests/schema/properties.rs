//! Properties of snapshots and their changes.

use std::collections::BTreeSet;

use proptest::prelude::*;
use schema_sync_core::error::Result;
use schema_sync_core::loss::Loss;
use schema_sync_core::model::Mode;
use schema_sync_core::plan::Step;
use schema_sync_core::schema_diff::{SchemaChange, losses, steps};
use schema_sync_core::schema_merge::merge_unagreed;
use schema_sync_core::snapshot::{Snapshot, join, split};
use serde_json::Value;

use crate::states::snapshot;
use crate::target::applied;

/// The changes where nothing was ever agreed on.
fn changes(desired: &Snapshot, current: &Snapshot, mode: Mode) -> Result<Vec<SchemaChange>> {
    merge_unagreed(desired, current, mode).changes(current)
}

fn deletes(step: &Step) -> bool {
    matches!(step, Step::CollectionDelete { .. } | Step::FieldDelete { .. })
}

proptest! {
    #[test]
    fn a_schema_survives_the_folder(snapshot in snapshot(), many in any::<bool>()) {
        prop_assert_eq!(join(&split(&snapshot, many)).unwrap(), snapshot);
    }

    #[test]
    fn no_two_files_have_one_name_on_a_disk_that_ignores_case(snapshot in snapshot()) {
        let mut paths: Vec<String> =
            split(&snapshot, true).iter().map(|file| file.path.to_lowercase()).collect();
        paths.sort();
        let files = paths.len();
        paths.dedup();
        prop_assert_eq!(paths.len(), files);
    }

    #[test]
    fn the_order_of_lists_does_not_matter(snapshot in snapshot()) {
        let mut value = Value::from(snapshot.clone());
        for list in ["collections", "fields", "relations", "systemFields"] {
            value[list].as_array_mut().unwrap().reverse();
        }
        prop_assert_eq!(Snapshot::try_from(value).unwrap(), snapshot);
    }

    #[test]
    fn equal_schemas_have_no_changes(snapshot in snapshot()) {
        prop_assert_eq!(changes(&snapshot, &snapshot, Mode::Mirror).unwrap(), []);
    }

    #[test]
    fn a_mirror_makes_the_target_equal(desired in snapshot(), current in snapshot()) {
        let changes = changes(&desired, &current, Mode::Mirror).unwrap();
        prop_assert_eq!(applied(&current, &changes), desired);
    }

    #[test]
    fn a_merge_keeps_everything_and_is_done_at_once(desired in snapshot(), current in snapshot()) {
        // A column that would become an alias is refused, which is another test.
        let Ok(made) = changes(&desired, &current, Mode::Merge) else { return Ok(()) };
        let merged = applied(&current, &made);
        for collection in &current.collections {
            prop_assert!(merged.collection(&collection.name).is_some());
        }
        for field in &current.fields {
            prop_assert!(merged.fields.iter().any(|found| found.path() == field.path()));
        }
        for relation in &current.relations {
            prop_assert!(merged.relations.iter().any(|found| found.path() == relation.path()));
        }
        prop_assert_eq!(changes(&desired, &merged, Mode::Merge).unwrap(), []);
    }

    #[test]
    fn what_goes_goes_last_unless_it_comes_back(desired in snapshot(), current in snapshot()) {
        let steps = steps(&changes(&desired, &current, Mode::Mirror).unwrap());
        let last_other = steps.iter().rposition(|step| {
            !deletes(step) && !matches!(step, Step::RelationDelete { .. })
        });
        for (at, step) in steps.iter().enumerate().filter(|(_, step)| deletes(step)) {
            let comes_back = match step {
                Step::FieldDelete { collection, field } => desired
                    .fields
                    .iter()
                    .any(|found| found.path() == (collection.as_str(), field.as_str())),
                _ => false,
            };
            prop_assert!(comes_back || last_other.is_none_or(|last| at > last));
        }
    }

    #[test]
    fn every_loss_is_asked_once_and_of_something_that_exists(desired in snapshot(), current in snapshot()) {
        let losses = losses(&changes(&desired, &current, Mode::Mirror).unwrap(), None);
        let ids: BTreeSet<String> = losses.iter().map(Loss::id).collect();
        prop_assert_eq!(ids.len(), losses.len());
        for question in losses.iter().map(Loss::question) {
            prop_assert!(current.collection(&question.collection).is_some());
            let has_column = |name: &String| {
                current.fields_of(&question.collection).any(|it| it.name == *name && !it.is_alias())
            };
            prop_assert!(question.field.iter().all(has_column), "{:?}", question);
        }
    }

    #[test]
    fn what_loses_nothing_needs_no_consent(desired in snapshot(), current in snapshot()) {
        for loss in losses(&changes(&desired, &current, Mode::Mirror).unwrap(), None) {
            prop_assert!(loss.obstacle(0).is_none());
            prop_assert!(loss.warning(Some(0)).is_none_or(|warning| !warning.destructive));
            prop_assert!(loss.obstacle(1).is_some() != loss.warning(Some(1)).is_some());
            prop_assert!(loss.warning(None).is_none_or(|warning| warning.destructive));
        }
    }
}
