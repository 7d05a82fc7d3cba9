//! Properties of exports that find changes waiting in the folder.

use proptest::prelude::*;
use schema_sync_core::base::{Hasher, SchemaBase};
use schema_sync_core::merge::OnDrift;
use schema_sync_core::model::Mode;
use schema_sync_core::renames::Renames;
use schema_sync_core::schema_merge::{Agreement, MergedExport, merge_export};
use schema_sync_core::snapshot::Snapshot;

use crate::merge::{agreed, has, import, mentions};
use crate::states::{edited, edits, tangled};

fn export(folder: &Snapshot, instance: &Snapshot, base: Option<&SchemaBase>) -> MergedExport {
    let (hasher, old_names) = (Hasher::new(b"secret"), Renames::default());
    let agreement = Agreement { hasher: &hasher, base, old_names: &old_names };
    merge_export(folder, instance, agreement)
}

/// The export, or `None` where it stops.
fn written(folder: &Snapshot, instance: &Snapshot, base: &SchemaBase) -> Option<MergedExport> {
    Some(export(folder, instance, Some(base))).filter(|export| export.conflicts.is_empty())
}

/// Whether everything that is in `side` and not in `base` is in `written`.
fn holds_changes(written: &Snapshot, side: &Snapshot, base: &Snapshot) -> bool {
    let mut collections = side.collections.iter().filter(|it| !base.collections.contains(it));
    let mut fields = side.fields.iter().filter(|it| !base.fields.contains(it));
    let mut relations = side.relations.iter().filter(|it| !base.relations.contains(it));
    collections.all(|it| written.collections.contains(it))
        && fields.all(|it| written.fields.contains(it))
        && relations.all(|it| written.relations.contains(it))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn without_a_base_the_instance_is_written(folder in tangled(), instance in tangled()) {
        let export = export(&folder, &instance, None);
        prop_assert_eq!(export.snapshot, instance);
        prop_assert!(export.pending.is_empty() && export.conflicts.is_empty());
    }

    #[test]
    fn a_folder_as_agreed_becomes_what_the_instance_is(base in tangled(), instance in tangled()) {
        let export = export(&base, &instance, Some(&agreed(&base)));
        prop_assert_eq!(export.conflicts, []);
        prop_assert_eq!(export.pending, []);
        prop_assert_eq!(export.snapshot, instance);
    }

    #[test]
    fn an_instance_as_agreed_leaves_the_folder_alone(base in tangled(), folder in tangled()) {
        let export = export(&folder, &base, Some(&agreed(&base)));
        prop_assert_eq!(export.conflicts, []);
        prop_assert_eq!(export.pending.is_empty(), folder == base);
        prop_assert_eq!(export.snapshot, folder);
    }

    #[test]
    fn nothing_that_a_side_changed_is_undone(
        base in tangled(), ours in edits(), theirs in edits(),
    ) {
        let (folder, instance) = (edited(&base, &ours), edited(&base, &theirs));
        if let Some(export) = written(&folder, &instance, &agreed(&base)) {
            prop_assert!(holds_changes(&export.snapshot, &folder, &base));
            prop_assert!(holds_changes(&export.snapshot, &instance, &base));
            for mention in mentions(&export.snapshot) {
                prop_assert!(has(&export.snapshot, mention.name), "{mention:?}");
            }
        }
    }

    #[test]
    fn what_waits_is_imported_as_if_nothing_else_had_happened(
        base in tangled(), ours in edits(), theirs in edits(),
    ) {
        let (folder, instance) = (edited(&base, &ours), edited(&base, &theirs));
        if let Some(export) = written(&folder, &instance, &agreed(&base)) {
            let again = written(&export.snapshot, &instance, &export.base).unwrap();
            prop_assert_eq!(&again.snapshot, &export.snapshot);
            prop_assert_eq!(&again.base, &export.base);
            let how = (Mode::Sync, OnDrift::Fail);
            let import = import(&export.snapshot, &instance, Some(&export.base), how).unwrap();
            prop_assert_eq!(import.target, export.snapshot);
            prop_assert_eq!(import.merged.warnings, []);
        }
    }
}
