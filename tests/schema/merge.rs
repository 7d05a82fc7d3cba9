//! Properties of the three-way merge.

use std::collections::BTreeSet;

use proptest::prelude::*;
use schema_sync_core::base::{Hasher, Hashes, SchemaBase};
use schema_sync_core::merge::OnDrift;
use schema_sync_core::model::Mode;
use schema_sync_core::renames::Renames;
use schema_sync_core::schema_diff::SchemaChange;
use schema_sync_core::schema_merge::{Agreement, Merged, Rules, merge};
use schema_sync_core::snapshot::{Collection, Field, Mention, Name, Relation, Snapshot};

use crate::states::{edited, edits, snapshot, tangled};
use crate::target::applied;

/// What an import does, and what is agreed on afterwards.
pub struct Import {
    pub merged: Merged,
    pub changes: Vec<SchemaChange>,
    pub target: Snapshot,
}

fn merged(
    desired: &Snapshot,
    current: &Snapshot,
    base: Option<&SchemaBase>,
    (mode, on_drift): (Mode, OnDrift),
) -> Merged {
    let (hasher, old_names) = (Hasher::new(b"secret"), Renames::default());
    let agreement = Agreement { hasher: &hasher, base, old_names: &old_names };
    merge(desired, current, agreement, Rules { mode, on_drift })
}

/// The import, or `None` where it is refused: a column that would become an alias, a circle of groups
/// that the files bring along.
pub fn import(
    desired: &Snapshot,
    current: &Snapshot,
    base: Option<&SchemaBase>,
    how: (Mode, OnDrift),
) -> Option<Import> {
    let merged = merged(desired, current, base, how);
    match merged.changes(current) {
        Ok(changes) => Some(Import { target: applied(current, &changes), changes, merged }),
        Err(error) if error.code == "SCHEMA_CHANGE_UNSUPPORTED" => None,
        Err(error) => panic!("{error}\n{:#?}", error.diagnostics),
    }
}

/// The base of a schema that files and target agree on.
pub fn agreed(schema: &Snapshot) -> SchemaBase {
    merged(schema, schema, None, (Mode::Sync, OnDrift::Overwrite)).base
}

/// What a base knows. The properties that nothing is known of do not count.
fn known(base: &SchemaBase) -> [Hashes; 4] {
    [&base.collections, &base.fields, &base.relations, &base.system_fields]
        .map(|it| it.rows.clone())
}

/// Everything in a schema by kind and name: collections, fields, relations, indexes.
type Names = BTreeSet<(&'static str, String, String)>;

fn names(schema: &Snapshot) -> Names {
    let name = |kind, (of, name): (&str, &str)| (kind, of.to_owned(), name.to_owned());
    let collections = schema.collections.iter().map(|it| name("collection", (&it.name, "")));
    let fields = schema.fields.iter().map(|it| name("field", it.path()));
    let relations = schema.relations.iter().map(|it| name("relation", it.path()));
    let indexes = schema.system_fields.iter().flatten().map(|it| name("index", it.path()));
    collections.chain(fields).chain(relations).chain(indexes).collect()
}

/// What an import deletes, without the parts of collections that go as a whole.
fn lost(before: &Snapshot, after: &Snapshot) -> Names {
    let (before, after) = (names(before), names(after));
    let lost: Names = before.difference(&after).cloned().collect();
    let whole = |of: &String| lost.contains(&("collection", of.clone(), String::new()));
    lost.iter().filter(|(kind, of, _)| *kind == "collection" || !whole(of)).cloned().collect()
}

pub fn mentions(schema: &Snapshot) -> Vec<Mention<'_>> {
    let collections = schema.collections.iter().flat_map(Collection::mentions);
    let fields = schema.fields.iter().flat_map(Field::mentions);
    let relations = schema.relations.iter().flat_map(Relation::mentions);
    collections.chain(fields).chain(relations).collect()
}

pub fn has(schema: &Snapshot, name: Name<'_>) -> bool {
    match name {
        Name::Collection(name) => schema.collection(name).is_some(),
        Name::Field(of, name) => schema.fields.iter().any(|field| field.path() == (of, name)),
    }
}

fn on_drift() -> impl Strategy<Value = OnDrift> {
    prop::sample::select(vec![OnDrift::Overwrite, OnDrift::Keep, OnDrift::Fail])
}

fn mode() -> impl Strategy<Value = Mode> {
    prop::sample::select(vec![Mode::Create, Mode::Merge, Mode::Sync, Mode::Mirror])
}

fn is_refused(import: &Import) -> bool {
    import.merged.warnings.iter().any(|warning| warning.refused)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn what_was_never_agreed_on_stays(
        base in tangled(), desired in tangled(), current in tangled(), on_drift in on_drift(),
    ) {
        let how = (Mode::Sync, on_drift);
        if let Some(import) = import(&desired, &current, Some(&agreed(&base)), how) {
            let lost = lost(&current, &import.target);
            let agreed_on = names(&base);
            prop_assert!(lost.is_subset(&agreed_on), "{:?}", lost.difference(&agreed_on));
        }
    }

    #[test]
    fn a_second_import_does_nothing(
        base in proptest::option::of(tangled()),
        desired in tangled(), current in tangled(), mode in mode(), on_drift in on_drift(),
    ) {
        let base = base.as_ref().map(agreed);
        let first = import(&desired, &current, base.as_ref(), (mode, on_drift));
        if let Some(first) = first.filter(|first| !is_refused(first)) {
            let second = merged(&desired, &first.target, Some(&first.merged.base), (mode, on_drift));
            prop_assert_eq!(second.changes(&first.target).unwrap(), []);
            prop_assert_eq!(second.base, first.merged.base);
        }
    }

    #[test]
    fn merge_deletes_nothing_and_create_changes_nothing(
        base in proptest::option::of(tangled()), desired in tangled(), current in tangled(),
        on_drift in on_drift(),
    ) {
        let base = base.as_ref().map(agreed);
        if let Some(merge) = import(&desired, &current, base.as_ref(), (Mode::Merge, on_drift)) {
            prop_assert_eq!(lost(&current, &merge.target), Names::new());
        }
        let create = import(&desired, &current, base.as_ref(), (Mode::Create, on_drift)).unwrap();
        prop_assert!(current.collections.iter().all(|it| create.target.collections.contains(it)));
        prop_assert!(current.fields.iter().all(|it| create.target.fields.contains(it)));
        prop_assert!(current.relations.iter().all(|it| create.target.relations.contains(it)));
    }

    #[test]
    fn mirror_makes_the_target_equal(
        base in proptest::option::of(tangled()), desired in tangled(), current in tangled(),
        keep in any::<bool>(),
    ) {
        let base = base.as_ref().map(agreed);
        let on_drift = if keep { OnDrift::Keep } else { OnDrift::Overwrite };
        let import = import(&desired, &current, base.as_ref(), (Mode::Mirror, on_drift)).unwrap();
        prop_assert_eq!(import.target, desired.clone());
        prop_assert_eq!(known(&import.merged.base), known(&agreed(&desired)));
    }

    #[test]
    fn what_the_files_removed_goes_and_nothing_else(base in tangled(), desired in tangled()) {
        let how = (Mode::Sync, OnDrift::Overwrite);
        let import = import(&desired, &base, Some(&agreed(&base)), how).unwrap();
        prop_assert_eq!(import.target, desired.clone());
        prop_assert_eq!(known(&import.merged.base), known(&agreed(&desired)));
        prop_assert_eq!(import.merged.warnings, []);
    }

    #[test]
    fn what_changed_on_the_target_alone_is_kept_or_overwritten(
        base in tangled(), current in tangled(),
    ) {
        let before = agreed(&base);
        let keep = (Mode::Sync, OnDrift::Keep);
        let kept = import(&base, &current, Some(&before), keep).unwrap();
        prop_assert_eq!(kept.changes, []);
        prop_assert_eq!(known(&kept.merged.base), known(&before));
        let overwrite = (Mode::Sync, OnDrift::Overwrite);
        if let Some(import) = import(&base, &current, Some(&before), overwrite) {
            prop_assert!(names(&base).is_subset(&names(&import.target)));
            prop_assert_eq!(known(&import.merged.base), known(&before));
        }
    }

    #[test]
    fn what_the_target_changed_stays_byte_for_byte(
        base in tangled(), desired in tangled(), current in tangled(),
    ) {
        let how = (Mode::Sync, OnDrift::Keep);
        if let Some(import) = import(&desired, &current, Some(&agreed(&base)), how) {
            let is_new = |it: &&Collection| !base.collections.contains(it);
            for it in current.collections.iter().filter(is_new) {
                prop_assert!(import.target.collections.contains(it), "{it:?}");
            }
            for it in current.fields.iter().filter(|it| !base.fields.contains(it)) {
                prop_assert!(import.target.fields.contains(it), "{it:?}");
            }
            for it in current.relations.iter().filter(|it| !base.relations.contains(it)) {
                prop_assert!(import.target.relations.contains(it), "{it:?}");
            }
        }
    }

    #[test]
    fn without_a_base_nothing_is_deleted_and_nothing_is_drift(
        desired in tangled(), current in tangled(), on_drift in on_drift(),
    ) {
        let sync = import(&desired, &current, None, (Mode::Sync, on_drift));
        let merge = import(&desired, &current, None, (Mode::Merge, on_drift));
        prop_assert_eq!(
            sync.as_ref().map(|import| &import.changes),
            merge.as_ref().map(|import| &import.changes)
        );
        for warning in sync.iter().flat_map(|import| &import.merged.warnings) {
            prop_assert!(["TARGET_ONLY", "STILL_NEEDED"].contains(&warning.code.as_str()));
        }
    }

    #[test]
    fn nothing_names_what_is_not_there(
        base in proptest::option::of(tangled()),
        desired in tangled(), current in tangled(), mode in mode(), on_drift in on_drift(),
    ) {
        let base = base.as_ref().map(agreed);
        let merged = merged(&desired, &current, base.as_ref(), (mode, on_drift)).snapshot;
        for mention in mentions(&merged) {
            prop_assert!(has(&merged, mention.name), "{mention:?}");
        }
        for relation in &merged.relations {
            let holder = merged.fields.iter().find(|field| field.path() == relation.path());
            prop_assert!(!holder.unwrap().is_alias(), "{relation:?}");
        }
    }

    #[test]
    fn a_few_changes_on_both_sides_fit_together(
        base in tangled(), ours in edits(), theirs in edits(), mode in mode(), on_drift in on_drift(),
    ) {
        let (desired, current) = (edited(&base, &ours), edited(&base, &theirs));
        let how = (mode, on_drift);
        let first = import(&desired, &current, Some(&agreed(&base)), how).unwrap();
        for mention in mentions(&first.merged.snapshot) {
            prop_assert!(has(&first.merged.snapshot, mention.name), "{mention:?}");
        }
        if !is_refused(&first) {
            let second = merged(&desired, &first.target, Some(&first.merged.base), how);
            prop_assert_eq!(second.changes(&first.target).unwrap(), []);
        }
    }

    #[test]
    fn the_order_of_lists_changes_nothing(
        base in tangled(), desired in tangled(), current in tangled(), mode in mode(),
        on_drift in on_drift(),
    ) {
        let known = agreed(&base);
        let one = merged(&desired, &current, Some(&known), (mode, on_drift));
        let backwards = (backwards(&desired), backwards(&current));
        let other = merged(&backwards.0, &backwards.1, Some(&known), (mode, on_drift));
        prop_assert_eq!(one.snapshot, other.snapshot);
        prop_assert_eq!(one.base, other.base);
        prop_assert_eq!(one.warnings, other.warnings);
    }

    #[test]
    fn what_the_files_leave_open_is_no_change(schema in snapshot(), newer in "[a-z]{3}") {
        let known = agreed(&schema);
        let mut current = schema.clone();
        for it in &mut current.collections {
            it.meta.insert(format!("new_{newer}"), true.into());
        }
        for it in &mut current.fields {
            it.meta.insert(format!("new_{newer}"), true.into());
        }
        let import = import(&schema, &current, Some(&known), (Mode::Sync, OnDrift::Fail)).unwrap();
        prop_assert_eq!(import.changes, []);
        prop_assert_eq!(import.merged.warnings, []);
        prop_assert_eq!(import.merged.base, known);
    }
}

fn backwards(schema: &Snapshot) -> Snapshot {
    let mut schema = schema.clone();
    schema.collections.reverse();
    schema.fields.reverse();
    schema.relations.reverse();
    schema
}
