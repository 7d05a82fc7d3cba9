//! The words and numbers that all formats use.

use std::collections::BTreeMap;

use crate::model::Mode;
use crate::plan::{Counts, Plan, Warning};

/// A mode as it is written in options.
pub(super) fn mode(mode: Mode) -> &'static str {
    match mode {
        Mode::Create => "create",
        Mode::Merge => "merge",
        Mode::Sync => "sync",
        Mode::Mirror => "mirror",
    }
}

/// What a warning stands in the way of, beginning with a small letter.
pub(super) fn demand(warning: &Warning) -> Option<&'static str> {
    match warning {
        Warning { refused: true, .. } => Some("refused"),
        Warning { destructive: true, .. } => Some("needs consent"),
        _ => None,
    }
}

/// The numbers of the plan by what they count: `collections`, `system fields`, `rows`.
pub(super) fn summary(plan: &Plan) -> Vec<(&str, Counts)> {
    let schema = plan.summary.schema.iter().map(|(kind, counts)| match kind.as_str() {
        "systemFields" => ("system fields", *counts),
        kind => (kind, *counts),
    });
    schema.chain([("rows", total(&plan.summary.items))]).collect()
}

/// The columns of [`summary`].
pub(super) const COUNTED: [&str; 5] = ["to create", "to change", "to delete", "equal", "kept"];

/// Counts in the order of [`COUNTED`].
pub(super) fn numbers(counts: &Counts) -> [u64; 5] {
    [counts.create, counts.update, counts.delete, counts.unchanged, counts.kept]
}

/// `1 to create, 2 to change, 0 to delete`.
pub(super) fn changed(counts: Counts) -> String {
    format!("{} to create, {} to change, {} to delete", counts.create, counts.update, counts.delete)
}

/// `1 to create, 7 equal`: what there is of each.
pub(super) fn counted(counts: &Counts) -> String {
    let parts = numbers(counts).into_iter().zip(COUNTED).filter(|(count, _)| *count > 0);
    let parts: Vec<String> = parts.map(|(count, what)| format!("{count} {what}")).collect();
    let place = if counts.kept > 0 { ", only on the target" } else { "" };
    format!("{}{place}", parts.join(", "))
}

/// What a plan without steps says.
pub(super) fn nothing(plan: &Plan) -> String {
    let rows = total(&plan.summary.items);
    format!("Nothing to change: {}.{}", equal(plan, rows), kept(rows))
}

/// Names the collections only where the plan was made with the schema.
fn equal(plan: &Plan, rows: Counts) -> String {
    let equal = numbered(rows.unchanged, "row");
    match plan.summary.schema.get("collections") {
        Some(counts) => {
            format!("{} and {equal} are equal", numbered(counts.unchanged, "collection"))
        }
        None if rows.unchanged == 1 => format!("{equal} is equal"),
        None => format!("{equal} are equal"),
    }
}

fn kept(rows: Counts) -> String {
    match rows.kept {
        0 => String::new(),
        kept => format!(" Kept on the target: {}.", numbered(kept, "row")),
    }
}

/// `1 row`, `2 rows`.
pub(super) fn numbered(count: u64, thing: &str) -> String {
    format!("{count} {thing}{}", if count == 1 { "" } else { "s" })
}

/// All counts of a part of the plan.
pub(super) fn total(counts: &BTreeMap<String, Counts>) -> Counts {
    counts.values().fold(Counts::default(), |sum, counts| Counts {
        create: sum.create + counts.create,
        update: sum.update + counts.update,
        delete: sum.delete + counts.delete,
        unchanged: sum.unchanged + counts.unchanged,
        kept: sum.kept + counts.kept,
        drift: sum.drift + counts.drift,
        conflict: sum.conflict + counts.conflict,
    })
}
