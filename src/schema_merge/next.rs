//! The base as it is once the target has the merged schema.

use std::collections::BTreeSet;

use crate::base::{Hash, SchemaBase, Things};
use crate::merge::{self, State};
use crate::schema_diff::Terms;
use crate::snapshot::Snapshot;

use super::cases::{Case, Cases, Part};
use super::memory::{Memories, Memory};
use super::thing::Thing;

/// The next base. What `desired` does not speak of stays in it as it was.
pub(super) fn base(
    cases: &Cases<'_>,
    terms: &Terms,
    memories: &Memories<'_>,
    desired: &Snapshot,
) -> SchemaBase {
    let partial = desired.is_partial();
    let indexes = match &desired.system_fields {
        Some(_) => things(&cases.indexes, terms, &memories.indexes, partial),
        None => memories.indexes.before.cloned().unwrap_or_default(),
    };
    SchemaBase {
        collections: things(&cases.collections, terms, &memories.collections, partial),
        fields: things(&cases.fields, terms, &memories.fields, partial),
        relations: things(&cases.relations, terms, &memories.relations, partial),
        system_fields: indexes,
    }
}

fn things<T: Thing>(
    part: &Part<'_, T>,
    terms: &Terms,
    memory: &Memory<'_>,
    partial: bool,
) -> Things {
    let known = part
        .iter()
        .filter_map(|(key, case)| Some((memory.key(*key), content(case, terms, memory)?)));
    let met: BTreeSet<Hash> = part.keys().map(|key| memory.key(*key)).collect();
    let before = memory.before.filter(|_| partial).map(|things| things.rows.pairs());
    let others = before.into_iter().flatten().copied().filter(|(key, _)| !met.contains(key));
    Things {
        scope: String::new(),
        fields: memory.keys.clone(),
        rows: known.chain(others).collect(),
    }
}

/// The content that the next base has of one thing.
fn content<T: Thing>(case: &Case<'_, T>, terms: &Terms, memory: &Memory<'_>) -> Option<Hash> {
    let current = || case.current.map(|current| memory.is(current, terms));
    let desired = case.desired.map(|desired| match case.current {
        Some(current) => memory.is(&desired.laid_over(current, terms), terms),
        None => memory.is(desired, terms),
    });
    let agreed = case.agreed.content();
    // The same content again, over the properties of the next base.
    let before = match case.state {
        State::ChangedOnTarget => desired,
        State::ChangedInFiles | State::RemovedFromFiles => agreed.and_then(|_| current()),
        _ => agreed,
    };
    merge::base_after(case.decision.action, desired, before)
}
