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

/// What a warning asks for before the plan is applied, beginning with a small letter.
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

/// One of the numbers that are counted.
pub(super) struct Column {
    pub name: &'static str,
    /// The class of its cells on a page.
    pub class: &'static str,
    /// Whether it is shown where nothing is counted, too.
    always: bool,
    pub number: fn(&Counts) -> u64,
}

/// All numbers, in the order in which they are shown.
#[rustfmt::skip]
const COLUMNS: [Column; 7] = [
    Column { name: "to create", class: "create", always: true, number: |counts| counts.create },
    Column { name: "to change", class: "update", always: true, number: |counts| counts.update },
    Column { name: "to delete", class: "delete", always: true, number: |counts| counts.delete },
    Column { name: "equal", class: "", always: true, number: |counts| counts.unchanged },
    Column { name: "kept", class: "", always: false, number: |counts| counts.kept },
    Column { name: "drifted", class: "drift", always: false, number: |counts| counts.drift },
    Column { name: "in conflict", class: "conflict", always: false, number: |counts| counts.conflict },
];

/// The columns of a table of `counts`.
pub(super) fn columns(counts: &[(&str, Counts)]) -> Vec<&'static Column> {
    let is_used = |column: &&Column| {
        column.always || counts.iter().any(|(_, counts)| (column.number)(counts) > 0)
    };
    COLUMNS.iter().filter(is_used).collect()
}

/// `1 to create, 7 equal`: what there is of each.
pub(super) fn counted(counts: &Counts) -> String {
    listed(counts, |column| (column.number)(counts) > 0)
}

/// `1 to create, 0 to change, 0 to delete, 2 kept`: changes in any case, equal things if asked for.
pub(super) fn told(counts: &Counts, with_equal: bool) -> String {
    listed(counts, |column| match column.always {
        true => with_equal || !column.class.is_empty(),
        false => (column.number)(counts) > 0,
    })
}

fn listed(counts: &Counts, shows: impl Fn(&Column) -> bool) -> String {
    let shown = COLUMNS.iter().filter(|column| shows(column));
    let parts = shown.map(|column| format!("{} {}", (column.number)(counts), column.name));
    parts.collect::<Vec<_>>().join(", ")
}

/// Whether the plan may not be applied at all.
pub(super) fn is_refused(plan: &Plan) -> bool {
    plan.warnings.iter().any(|warning| warning.refused)
}

/// What a page says of itself.
pub(super) fn verdict(plan: &Plan, mode: &str) -> String {
    match (plan.steps.is_empty(), is_refused(plan)) {
        (_, true) => format!("An import in mode {mode} is refused. Without that it would do this:"),
        (true, false) => nothing(plan),
        (false, false) => format!("What an import in mode {mode} would do."),
    }
}

/// What a plan without steps says.
pub(super) fn nothing(plan: &Plan) -> String {
    let rows = total(&plan.summary.items);
    let all = sum(total(&plan.summary.schema), &rows);
    let parts = [format!("Nothing to change: {}.", equal(plan, rows)), kept(rows), drifted(&all)];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
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
        kept => format!("Kept on the target: {}.", numbered(kept, "row")),
    }
}

fn drifted(counts: &Counts) -> String {
    let found = listed(counts, |column| {
        ["drift", "conflict"].contains(&column.class) && (column.number)(counts) > 0
    });
    if found.is_empty() { found } else { format!("Changed on the target: {found}.") }
}

/// `1 row`, `2 rows`.
pub(super) fn numbered(count: u64, thing: &str) -> String {
    format!("{count} {thing}{}", if count == 1 { "" } else { "s" })
}

/// All counts of a part of the plan.
pub(super) fn total(counts: &BTreeMap<String, Counts>) -> Counts {
    counts.values().fold(Counts::default(), sum)
}

fn sum(sum: Counts, counts: &Counts) -> Counts {
    Counts {
        create: sum.create + counts.create,
        update: sum.update + counts.update,
        delete: sum.delete + counts.delete,
        unchanged: sum.unchanged + counts.unchanged,
        kept: sum.kept + counts.kept,
        drift: sum.drift + counts.drift,
        conflict: sum.conflict + counts.conflict,
    }
}
