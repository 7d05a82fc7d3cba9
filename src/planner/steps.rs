//! From changes to ordered steps.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::error::Diagnostic;
use crate::model::{Facts, Row};
use crate::order::{self, Node, Order, Reference};
use crate::plan::{RowChange, Step};
use crate::record::Fields;
use crate::row_text::RowText;

use super::changes::{Changes, Unwanted, Wanted};
use super::entry::EntryRows;
use super::links::{self, EarlyChange, RowId};
use super::unique::Early;

/// The place of every collection in dependency order.
pub type Ranks = BTreeMap<String, usize>;

/// Everything that the order of steps depends on.
pub struct Ordering<'a> {
    /// The target as the schema steps will leave it.
    pub facts: &'a Facts,
    /// The collections in order.
    pub ranks: &'a Ranks,
}

impl<'a> Ordering<'a> {
    /// The steps for all rows. `nulls` are references of kept rows to rows that go.
    ///
    /// First what makes room: unique values, references to rows that go, rows that stand in the way.
    /// Then creates, updates, references that had to wait, and deletes in reverse order.
    pub fn steps(
        &self,
        changes: &Changes<'a>,
        early: Early<'a>,
        mut nulls: Vec<EarlyChange<'a>>,
    ) -> (Vec<Step>, Vec<Diagnostic>) {
        let mut problems = Vec::new();
        let created = self.order_created(&changes.creates).map_err(|found| problems.push(found));
        let deleted = self.order_deleted(&changes.deletes).map_err(|found| problems.push(found));
        let (Ok(created), Ok(deleted)) = (created, deleted) else {
            return (Vec::new(), problems);
        };
        nulls.extend(deferred_nulls(&changes.deletes, &deleted));
        let (first, last) = self.split_deletes(&changes.deletes, &deleted, &early);
        let mut steps = update_steps(early_changes(early.nulls), Some("unique"));
        steps.extend(update_steps(early_changes(nulls), Some("delete")));
        steps.extend(delete_steps(&first));
        steps.extend(update_steps(early_changes(early.moves), Some("unique")));
        steps.extend(create_steps(&changes.creates, &created));
        steps.extend(update_steps(self.main_changes(changes), None));
        steps.extend(update_steps(deferred_references(&changes.creates, &created), Some("cycle")));
        steps.extend(delete_steps(&last));
        (steps, problems)
    }

    fn rank(&self, collection: &str) -> usize {
        self.ranks.get(collection).copied().unwrap_or(usize::MAX)
    }

    fn order_created(&self, creates: &[Wanted<'a>]) -> Result<Order, Diagnostic> {
        // Most tables refer to nothing, and then nobody asks for the places of their rows.
        let refers = creates.iter().any(|row| !row.entry.references.is_empty());
        let asked = creates.iter().enumerate().filter(|_| refers);
        let with_ids = asked.filter_map(|(index, row)| {
            Some((links::row_id(self.facts, row.collection(), &row.id()?), index))
        });
        let places: BTreeMap<RowId, usize> = with_ids.collect();
        let rows = creates.iter().map(|row| (row.entry, row.fields()));
        let nodes = self.nodes(rows, &places);
        order::sort(&nodes).map_err(|circle| {
            let rows = circle.iter().filter_map(|index| creates.get(*index));
            let names: Vec<String> =
                rows.map(|row| format!("{} {}", row.collection(), row.label())).collect();
            no_way_in(&names)
        })
    }

    fn order_deleted(&self, deletes: &[Unwanted<'a>]) -> Result<Order, Diagnostic> {
        let ids = deletes.iter().enumerate();
        let places: BTreeMap<RowId, usize> = ids
            .map(|(index, row)| (links::row_id(self.facts, row.collection(), &row.row.id), index))
            .collect();
        let rows = deletes.iter().map(|row| (row.entry, row.fields()));
        let nodes = self.nodes(rows, &places);
        order::sort(&nodes).map_err(|circle| {
            let rows = circle.iter().filter_map(|index| deletes.get(*index));
            let names: Vec<String> =
                rows.map(|row| format!("{} {}", row.collection(), row.label())).collect();
            no_way_out(&names)
        })
    }

    /// A node per row, with its references to the rows of `places`, itself excepted.
    fn nodes<'b>(
        &self,
        rows: impl Iterator<Item = (&'b EntryRows, Fields<'b>)>,
        places: &BTreeMap<RowId, usize>,
    ) -> Vec<Node> {
        let node = |(index, (entry, row)): (usize, (&EntryRows, Fields<'_>))| {
            let references = entry.references.iter().filter_map(|reference| {
                let target = *places.get(&links::target(self.facts, reference, row)?)?;
                let field = reference.field.clone();
                let other = target != index;
                other.then_some(Reference { field, target, breakable: reference.nullable })
            });
            Node { rank: self.rank(&entry.entry.collection), references: references.collect() }
        };
        rows.enumerate().map(node).collect()
    }

    /// Updates by collection in dependency order.
    fn main_changes(&self, changes: &Changes<'a>) -> Vec<(&'a EntryRows, RowChange)> {
        let mut updates: Vec<_> = changes.updates.iter().collect();
        updates.sort_by_key(|(row, _)| self.rank(row.collection()));
        let change = |(row, found): &&(Wanted<'a>, &super::entry::Found)| {
            let change = RowChange {
                key: found.current.id.clone(),
                label: row.label(),
                set: row.shown(found.set.clone()),
                before: row.hidden(found.before.clone()),
            };
            (row.entry, change)
        };
        updates.iter().map(change).collect()
    }

    /// Rows that go early and rows that go last, both after the rows that refer to them.
    fn split_deletes(
        &self,
        deletes: &[Unwanted<'a>],
        order: &Order,
        early: &Early<'a>,
    ) -> (Vec<Unwanted<'a>>, Vec<Unwanted<'a>>) {
        let rows = order.sequence.iter().rev().filter_map(|index| deletes.get(*index)).copied();
        rows.partition(|row| {
            early.deletes.contains(&links::row_id(self.facts, row.collection(), &row.row.id))
        })
    }
}

/// Consecutive rows of one entry become one step.
fn create_steps(creates: &[Wanted<'_>], order: &Order) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for index in &order.sequence {
        let Some(wanted) = creates.get(*index) else { continue };
        let row = without_deferred(*index, *wanted, order);
        let own = &wanted.entry.entry;
        match steps.last_mut() {
            Some(Step::ItemsCreate { entry, rows, labels, .. }) if *entry == own.id => {
                rows.push(row);
                labels.push(wanted.label());
            }
            _ => steps.push(Step::ItemsCreate {
                entry: own.id.clone(),
                collection: own.collection.clone(),
                rows: vec![row],
                labels: vec![wanted.label()],
                effects: own.effects,
            }),
        }
    }
    steps
}

/// The row as it is created; references that have to wait are null.
fn without_deferred(index: usize, wanted: Wanted<'_>, order: &Order) -> RowText {
    let waits = |name: &str| {
        !order.deferred.is_empty() && order.deferred.contains(&(index, name.to_owned()))
    };
    let (fields, shown) = (wanted.fields(), wanted.shown_texts());
    RowText::of(fields.iter().map(|(name, token)| match shown.get(name) {
        _ if waits(name) => (name, "null"),
        Some(placeholder) if token != "null" => (name, placeholder.as_str()),
        _ => (name, token),
    }))
}

/// The references that had to wait until the rows that they refer to exist.
fn deferred_references<'a>(
    creates: &[Wanted<'a>],
    order: &Order,
) -> Vec<(&'a EntryRows, RowChange)> {
    let waiting = order.deferred.iter().filter_map(|(index, field)| {
        let wanted = creates.get(*index)?;
        let value = wanted.fields().value(field);
        let change = RowChange {
            key: wanted.id().unwrap_or_default(),
            label: wanted.label(),
            set: wanted.shown(Row::from_iter([(field.clone(), value)])),
            before: Row::from_iter([(field.clone(), Value::Null)]),
        };
        Some((wanted.entry, change))
    });
    waiting.collect()
}

/// References among rows that go, which form a circle.
fn deferred_nulls<'a>(deletes: &[Unwanted<'a>], order: &Order) -> Vec<EarlyChange<'a>> {
    let circles = order.deferred.iter().filter_map(|(index, field)| {
        let row = deletes.get(*index)?;
        let reference = row.entry.references.iter().find(|found| found.field == *field)?;
        Some(EarlyChange {
            entry: row.entry,
            id: &row.row.id,
            label: row.label(),
            field: &reference.field,
            value: Value::Null,
            before: row.fields().value(field),
        })
    });
    circles.collect()
}

fn early_changes(changes: Vec<EarlyChange<'_>>) -> Vec<(&EntryRows, RowChange)> {
    let change = |early: EarlyChange<'_>| RowChange {
        key: early.id.clone(),
        label: early.label.clone(),
        set: Row::from_iter([(early.field.to_owned(), early.value)]),
        before: Row::from_iter([(early.field.to_owned(), early.before)]),
    };
    changes.into_iter().map(|early| (early.entry, change(early))).collect()
}

/// Consecutive changes of one entry become one step, consecutive changes of one row one change.
fn update_steps(changed: Vec<(&EntryRows, RowChange)>, why: Option<&str>) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for (rows, change) in changed {
        match steps.last_mut() {
            Some(Step::ItemsUpdate { entry, changes, .. }) if *entry == rows.entry.id => {
                push_change(changes, change);
            }
            _ => steps.push(Step::ItemsUpdate {
                entry: rows.entry.id.clone(),
                collection: rows.entry.collection.clone(),
                reason: why.map(str::to_owned),
                changes: vec![change],
                effects: rows.entry.effects,
            }),
        }
    }
    steps
}

fn push_change(changes: &mut Vec<RowChange>, change: RowChange) {
    match changes.last_mut() {
        Some(last) if !change.key.is_null() && last.key == change.key => {
            last.set.extend(change.set);
            last.before.extend(change.before);
        }
        _ => changes.push(change),
    }
}

fn delete_steps(deletes: &[Unwanted<'_>]) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for row in deletes {
        let own = &row.entry.entry;
        match steps.last_mut() {
            Some(Step::ItemsDelete { entry, keys, labels, .. }) if *entry == own.id => {
                keys.push(row.row.id.clone());
                labels.push(row.label());
            }
            _ => steps.push(Step::ItemsDelete {
                entry: own.id.clone(),
                collection: own.collection.clone(),
                keys: vec![row.row.id.clone()],
                labels: vec![row.label()],
                effects: own.effects,
            }),
        }
    }
    steps
}

fn no_way_in(circle: &[String]) -> Diagnostic {
    let message = format!(
        "These rows refer to each other in a circle by fields that cannot be null, so none of them can \
         be created first: {}. Let one of the fields take null.",
        circle.join(", ")
    );
    Diagnostic::error("CYCLE_NOT_BREAKABLE", message, circle.first().cloned().unwrap_or_default())
}

fn no_way_out(circle: &[String]) -> Diagnostic {
    let message = format!(
        "These rows refer to each other in a circle by fields that cannot be null, so none of them can \
         be deleted first: {}. Let one of the fields take null, or delete the rows by hand.",
        circle.join(", ")
    );
    Diagnostic::error("CYCLE_NOT_BREAKABLE", message, circle.first().cloned().unwrap_or_default())
}
