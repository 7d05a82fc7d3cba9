//! The rows' part of a plan, by entry.

use std::collections::BTreeMap;

use serde_json::Value;

use super::value::{changes, folded};
use crate::plan::{Counts, Plan, RowChange, Step};

/// How many rows of an entry are shown.
const SHOWN: usize = 20;

/// One heading per entry that changes or keeps rows of the target, with its rows below.
pub(super) fn lines(plan: &Plan) -> Vec<String> {
    let mut entries: BTreeMap<&str, Vec<Vec<String>>> = BTreeMap::new();
    for step in &plan.steps {
        if let Some((entry, rows)) = described(step) {
            entries.entry(entry).or_default().extend(rows);
        }
    }
    let counted = plan.summary.items.iter().filter(|(_, counts)| is_worth_a_line(counts));
    counted
        .flat_map(|(entry, counts)| {
            let rows = entries.remove(entry.as_str()).unwrap_or_default();
            std::iter::once(heading(entry, counts)).chain(shown(rows))
        })
        .collect()
}

fn is_worth_a_line(counts: &Counts) -> bool {
    counts.create + counts.update + counts.delete + counts.kept > 0
}

fn heading(entry: &str, counts: &Counts) -> String {
    let parts = [
        (counts.create, "to create"),
        (counts.update, "to change"),
        (counts.delete, "to delete"),
        (counts.unchanged, "equal"),
        (counts.kept, "kept, only on the target"),
    ];
    let parts = parts.iter().filter(|(count, _)| *count > 0);
    let parts: Vec<String> = parts.map(|(count, what)| format!("{count} {what}")).collect();
    format!("{entry}: {}", parts.join(", "))
}

/// The first rows, and how many more there are.
fn shown(rows: Vec<Vec<String>>) -> Vec<String> {
    let more = rows.len().saturating_sub(SHOWN);
    let mut lines: Vec<String> = rows.into_iter().take(SHOWN).flatten().collect();
    if more > 0 {
        lines.push(format!("… and {more} more"));
    }
    lines.into_iter().map(|line| format!("    {line}")).collect()
}

/// The entry of a step and the lines of each of its rows. Updates with a reason only complete other
/// steps of the same rows, so they are not shown.
fn described(step: &Step) -> Option<(&str, Vec<Vec<String>>)> {
    match step {
        Step::ItemsCreate { entry, rows, .. } => {
            let line = |row| format!("+ {}", folded(&Value::Object(row)));
            Some((entry, rows.iter().cloned().map(|row| vec![line(row)]).collect()))
        }
        Step::ItemsUpdate { entry, reason: None, changes, .. } => {
            Some((entry, changes.iter().map(changed).collect()))
        }
        Step::ItemsDelete { entry, labels, .. } => {
            Some((entry, labels.iter().map(|label| vec![format!("- {label}")]).collect()))
        }
        _ => None,
    }
}

fn changed(row: &RowChange) -> Vec<String> {
    let changes = changes(&row.before, &row.set).into_iter().map(|change| format!("    {change}"));
    std::iter::once(format!("~ {}", row.label)).chain(changes).collect()
}
