//! What a person should know of the merge: warnings and numbers.

use std::collections::BTreeMap;

use crate::error::Diagnostic;
use crate::findings::{Findings, SCHEMA};
use crate::merge::{Action, Agreed, EXPORT_CONFLICT};
use crate::model::Mode;
use crate::plan::{Counts, Warning};
use crate::snapshot::Field;

use super::cases::{Case, Cases, Part};
use super::thing::Key;

/// What happened on the target since the base, one warning per code and kind of thing.
pub(super) fn warnings(cases: &Cases<'_>) -> Vec<Warning> {
    let mut findings = Findings::default();
    add(&mut findings, "collection", &cases.collections);
    add(&mut findings, "field", &cases.fields);
    add(&mut findings, "relation", &cases.relations);
    add(&mut findings, "system field", &cases.indexes);
    findings.warnings()
}

fn add<T>(findings: &mut Findings, kind: &'static str, part: &Part<'_, T>) {
    for (key, case) in part {
        // What else changed says why there is a conflict.
        let says_why = case.decision.is_conflict() || case.decision.code == Some(EXPORT_CONFLICT);
        let changed = if says_why { case.changed.as_slice() } else { &[] };
        findings.add(case.decision, SCHEMA, kind, label(*key, changed));
    }
}

/// `posts`, `posts.title`, or `posts (extra, title)` with what changed in it.
fn label((collection, name): Key<'_>, changed: &[&str]) -> String {
    match (name, changed) {
        ("", []) => collection.to_owned(),
        ("", changed) => format!("{collection} ({})", changed.join(", ")),
        _ => format!("{collection}.{name}"),
    }
}

/// What does not change, by kind.
pub(super) fn counts(cases: &Cases<'_>) -> BTreeMap<String, Counts> {
    let counts = [
        ("collections", count(&cases.collections)),
        ("fields", count(&cases.fields)),
        ("relations", count(&cases.relations)),
        ("systemFields", count(&cases.indexes)),
    ];
    counts.into_iter().map(|(kind, counts)| (kind.to_owned(), counts)).collect()
}

fn count<T>(part: &Part<'_, T>) -> Counts {
    let number = |is: fn(&&Case<'_, T>) -> bool| part.values().filter(is).count() as u64;
    Counts {
        unchanged: number(|case| case.decision.action == Action::Nothing),
        kept: number(|case| case.kept().is_some()),
        drift: number(|case| case.decision.is_drift()),
        conflict: number(|case| case.decision.is_conflict()),
        ..Counts::default()
    }
}

/// Columns that would become an alias and so lose their values, where the mode does not delete them.
pub(super) fn lost_columns(cases: &Cases<'_>, mode: Mode) -> Vec<Diagnostic> {
    let updates = cases.fields.values().filter(|case| case.decision.action == Action::Update);
    let lost = updates.filter_map(|case| {
        let (wanted, now) = case.desired.zip(case.current)?;
        let may_go = match mode {
            Mode::Mirror => true,
            Mode::Sync => matches!(case.agreed, Agreed::On(_)),
            Mode::Merge | Mode::Create => false,
        };
        (wanted.is_alias() && !now.is_alias() && !may_go).then(|| lost_column(now, mode))
    });
    lost.collect()
}

fn lost_column(now: &Field, mode: Mode) -> Diagnostic {
    let path = label(now.path(), &[]);
    let why = match mode {
        Mode::Sync => "The mode sync deletes no column that was never part of a sync",
        _ => "The mode merge deletes no column",
    };
    let message = format!(
        "The field {path} is a column on the target and an alias in the files. {why}: import with \
         the mode mirror, or rename the field."
    );
    Diagnostic::error("SCHEMA_CHANGE_UNSUPPORTED", message, path)
}
