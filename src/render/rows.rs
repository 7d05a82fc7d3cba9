//! The rows' part of a plan, by entry.

use std::collections::BTreeMap;

use serde_json::Value;

use super::escape::one_line;
use super::labels::counted;
use super::outline::{Change, Group, Sign};
use super::value::{differences, folded};
use crate::model::Row;
use crate::plan::{CREATED, Counts, Plan, RowChange, Step};
use crate::row_text::RowText;

/// One group per entry that changes or keeps rows of the target, with at most `limit` rows in each.
pub(super) fn groups(plan: &Plan, limit: usize) -> Vec<Group> {
    let mut steps: BTreeMap<&str, Vec<&Step>> = BTreeMap::new();
    for step in &plan.steps {
        if let Some(entry) = entry(step) {
            steps.entry(entry).or_default().push(step);
        }
    }
    let counted = plan.summary.items.iter().filter(|(_, counts)| is_worth_a_group(counts));
    counted
        .map(|(entry, counts)| {
            group(entry, counts, &steps.remove(entry.as_str()).unwrap_or_default(), limit)
        })
        .collect()
}

fn is_worth_a_group(counts: &Counts) -> bool {
    counts.create + counts.update + counts.delete + counts.kept > 0
}

fn group(entry: &str, counts: &Counts, steps: &[&Step], limit: usize) -> Group {
    let rows: usize = steps.iter().map(|step| size(step)).sum();
    let changes = steps.iter().flat_map(|step| changes(step)).take(limit).collect();
    let (name, note) = (one_line(entry), counted(counts));
    Group { name, note, changes, more: rows.saturating_sub(limit), ..Group::default() }
}

/// The entry of a step that is shown. Updates with a reason only complete other steps of the same rows.
fn entry(step: &Step) -> Option<&str> {
    match step {
        Step::ItemsCreate { entry, .. }
        | Step::ItemsUpdate { entry, reason: None, .. }
        | Step::ItemsDelete { entry, .. } => Some(entry),
        _ => None,
    }
}

fn size(step: &Step) -> usize {
    match step {
        Step::ItemsCreate { rows, .. } => rows.len(),
        Step::ItemsUpdate { changes, .. } => changes.len(),
        Step::ItemsDelete { labels, .. } => labels.len(),
        _ => 0,
    }
}

/// The rows of a step, each made only when it is asked for.
fn changes(step: &Step) -> Box<dyn Iterator<Item = Change> + '_> {
    match step {
        Step::ItemsCreate { rows, .. } => Box::new(rows.iter().map(created)),
        Step::ItemsUpdate { changes, .. } => Box::new(changes.iter().map(changed)),
        Step::ItemsDelete { labels, .. } => {
            Box::new(labels.iter().map(|label| Change::new(Sign::Delete, one_line(label))))
        }
        _ => Box::new(std::iter::empty()),
    }
}

fn created(row: &RowText) -> Change {
    let content = with_names(&row.row());
    let name = folded(&Value::Object(content.clone()));
    Change { content, ..Change::new(Sign::Create, name) }
}

fn changed(row: &RowChange) -> Change {
    let differences = differences(&row.before, &with_names(&row.set));
    Change { differences, ..Change::new(Sign::Update, one_line(&row.label)) }
}

/// The values with names of the rows that the plan creates, in place of what stands for their ids.
fn with_names(values: &Row) -> Row {
    let named = |value: &Value| {
        let name = value.get(CREATED)?.as_str()?;
        Some(Value::from(format!("→ {}", name.replace('"', ""))))
    };
    let values = values.iter();
    values
        .map(|(field, value)| (field.clone(), named(value).unwrap_or_else(|| value.clone())))
        .collect()
}
