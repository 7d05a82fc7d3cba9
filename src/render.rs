//! A plan as text for a person.
//!
//! Warnings come first, then the schema by collection, the rows by entry, and the numbers. `+` comes,
//! `~` changes, `-` goes. The text has no colours; it is safe to print whatever the data holds.

mod rows;
mod schema;
mod value;

use std::collections::BTreeMap;

use crate::model::Mode;
use crate::plan::{Counts, Plan, Warning};

/// What the plan does, as a person reads it in a terminal. Ends with a newline.
pub fn text(plan: &Plan) -> String {
    let sections = [
        section("Warnings", plan.warnings.iter().map(warning).collect()),
        section("Schema", schema::lines(&plan.steps)),
        section("Rows", rows::lines(plan)),
        conclusion(plan),
    ];
    let mut text = sections.concat().join("\n");
    text.push('\n');
    value::printable(&text)
}

/// A heading with its lines below and a blank line behind; nothing where there are no lines.
fn section(heading: &str, lines: Vec<String>) -> Vec<String> {
    if lines.is_empty() {
        return lines;
    }
    let indented = lines.into_iter().map(|line| format!("  {line}"));
    std::iter::once(heading.into()).chain(indented).chain([String::new()]).collect()
}

fn warning(warning: &Warning) -> String {
    let consent = if warning.destructive { " Needs consent." } else { "" };
    format!("{}: {}{consent}", warning.code, warning.message)
}

fn conclusion(plan: &Plan) -> Vec<String> {
    let rows = total(&plan.summary.items);
    if plan.steps.is_empty() {
        return vec![format!("Nothing to change: {}.{}", equal(plan, rows), kept(rows))];
    }
    let mode = match plan.mode {
        Mode::Create => "create",
        Mode::Merge => "merge",
        Mode::Sync => "sync",
        Mode::Mirror => "mirror",
    };
    let schema = total(&plan.summary.schema);
    let rows_line =
        format!("Rows: {}, {} equal, {} kept.", changed(rows), rows.unchanged, rows.kept);
    vec![format!("Mode {mode}. Schema: {}. {rows_line}", changed(schema))]
}

fn changed(counts: Counts) -> String {
    format!("{} to create, {} to change, {} to delete", counts.create, counts.update, counts.delete)
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

fn numbered(count: u64, thing: &str) -> String {
    format!("{count} {thing}{}", if count == 1 { "" } else { "s" })
}

fn total(counts: &BTreeMap<String, Counts>) -> Counts {
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
