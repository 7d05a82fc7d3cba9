//! A plan in a terminal. It has no colours, and is safe to print whatever the data holds.

use super::escape::{one_line, printable};
use super::labels::{demand, is_refused, mode, nothing, told, total};
use super::outline::{About, Change, Group, Outline};
use super::value::{Difference, WIDTH};
use crate::plan::{Plan, Warning};

/// How many rows of an entry are shown.
const ROWS: usize = 20;

/// What the plan does, as a person reads it in a terminal. Ends with a newline.
pub fn text(plan: &Plan) -> String {
    let outline = Outline::new(plan, ROWS);
    let sections = [
        section("Warnings", outline.warnings.into_iter().map(warning).collect()),
        section("Schema", outline.schema.iter().flat_map(group).collect()),
        section("Rows", outline.rows.iter().flat_map(group).collect()),
        vec![conclusion(plan)],
    ];
    let mut text = sections.concat().join("\n");
    text.push('\n');
    printable(&text)
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
    let demand = demand(warning).map(|demand| format!(" ({demand})")).unwrap_or_default();
    format!("{}{demand}: {}", warning.code, one_line(&warning.message))
}

fn group(group: &Group) -> Vec<String> {
    let heading = match group.sign {
        Some(sign) => format!("{} {}", sign.symbol(), group.name),
        None => format!("{}: {}", group.name, group.note),
    };
    let own = group.own.iter().map(difference);
    let changes = group.changes.iter().flat_map(change);
    let more = (group.more > 0).then(|| format!("… and {} more", group.more));
    below(heading, own.chain(changes).chain(more))
}

fn change(change: &Change) -> Vec<String> {
    let heading = format!("{} {}", change.sign.symbol(), name(change));
    below(heading, change.differences.iter().map(difference))
}

fn name(Change { name, about, .. }: &Change) -> String {
    match about {
        About::Nothing => name.clone(),
        About::Type(kind) => format!("{name} ({kind})"),
        About::Relation(None) => format!("relation {name}"),
        About::Relation(Some(related)) => format!("relation {name} -> {related}"),
    }
}

fn difference(difference: &Difference) -> String {
    let (before, after) = difference.excerpts(WIDTH);
    format!("{}: {before} -> {after}", difference.path)
}

fn below(heading: String, lines: impl Iterator<Item = String>) -> Vec<String> {
    std::iter::once(heading).chain(lines.map(|line| format!("    {line}"))).collect()
}

fn conclusion(plan: &Plan) -> String {
    let refused = if is_refused(plan) { "Refused. " } else { "" };
    if plan.steps.is_empty() {
        return format!("{refused}{}", nothing(plan));
    }
    let schema = told(&total(&plan.summary.schema), false);
    let rows = told(&total(&plan.summary.items), true);
    format!("{refused}Mode {}. Schema: {schema}. Rows: {rows}.", mode(plan.mode))
}
