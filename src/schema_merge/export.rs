//! The other direction: what the folder is to hold after an export.

use std::collections::BTreeMap;

use crate::base::SchemaBase;
use crate::merge::{EXPORT_CONFLICT, OnDrift};
use crate::model::Mode;
use crate::plan::Warning;
use crate::schema_diff::Terms;
use crate::snapshot::Snapshot;

use super::cases::{Cases, Judge, Part, STOPPED, Table};
use super::memory::Memories;
use super::spelling::spelled_like;
use super::thing::{Key, Thing};
use super::{Agreement, Rules, bonds, merge, merged, report};

/// The schema that the folder is to hold.
#[derive(Debug, Clone, Default)]
pub struct MergedExport {
    /// What the instance has, but for what was changed in the folder alone.
    pub snapshot: Snapshot,
    /// Changes of the folder that an import has yet to bring.
    pub pending: Vec<Warning>,
    /// What both sides changed.
    pub conflicts: Vec<Warning>,
    /// What is agreed on once the folder is written: what the instance has.
    pub base: SchemaBase,
}

/// Merges what the instance has into what the folder holds. Without a base nobody can tell who changed
/// what, and the folder is written as the instance is.
pub fn merge_export(
    folder: &Snapshot,
    instance: &Snapshot,
    agreement: Agreement<'_>,
) -> MergedExport {
    let base = agreed_afterwards(instance, agreement);
    let spelled = |written| spelled_like(folder, written, &Terms::of(instance));
    if agreement.base.is_none() {
        let snapshot = spelled(instance.clone());
        return MergedExport { snapshot, base, ..MergedExport::default() };
    }
    let cases = exported(folder, instance, agreement);
    let warnings = report::warnings(&cases).into_iter();
    let (conflicts, pending) = warnings.partition(|warning| warning.code == EXPORT_CONFLICT);
    let snapshot = spelled(merged::snapshot(&cases, instance));
    MergedExport { snapshot, pending, conflicts, base }
}

/// For what waits in the folder, too, what the instance has was agreed on before.
fn agreed_afterwards(instance: &Snapshot, agreement: Agreement<'_>) -> SchemaBase {
    let rules = Rules { mode: Mode::Sync, on_drift: OnDrift::Overwrite };
    merge(instance, instance, Agreement { base: None, ..agreement }, rules).base
}

fn exported<'a>(
    folder: &'a Snapshot,
    instance: &'a Snapshot,
    agreement: Agreement<'_>,
) -> Cases<'a> {
    let terms = Terms::of(instance);
    let memories = Memories::of(folder, instance, &terms, agreement);
    let judge = Judge { terms: &terms, table: Table::Export };
    let mut cases = Cases::of(folder, instance, &judge, &memories);
    bonds::settle(&mut cases, &terms, &bonds::EXPORT);
    let written = merged::snapshot(&cases, instance);
    stop_where_adapted(&mut cases.collections, &written.collections);
    stop_where_adapted(&mut cases.fields, &written.fields);
    stop_where_adapted(&mut cases.relations, &written.relations);
    cases
}

/// A change that waits in the folder is not to be changed on the way: where it names something that the
/// instance deleted, somebody has to decide.
fn stop_where_adapted<T: Thing>(part: &mut Part<'_, T>, written: &[T]) {
    let written: BTreeMap<Key<'_>, &T> = written.iter().map(|thing| (thing.key(), thing)).collect();
    for (key, case) in part {
        if case.wanted().is_some_and(|wanted| written.get(key) != Some(&wanted)) {
            case.decision = STOPPED;
        }
    }
}
