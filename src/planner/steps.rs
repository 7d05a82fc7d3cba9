//! From changes to ordered steps.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::error::Diagnostic;
use crate::model::{Facts, Row};
use crate::order::{self, Node, Order, Reference};
use crate::plan::{RowChange, Step};
use crate::record::Fields;
use crate::references::ReferenceField;
use crate::row_text::RowText;

use super::changes::{Changes, Unwanted, Wanted};
use super::entry::{EntryRows, Found};
use super::links::{self, EarlyChange, RowId};
use super::naming::Ids;
use super::unique::Early;

/// The place of every collection in dependency order.
pub type Ranks = BTreeMap<String, usize>;

/// Everything that the order of steps depends on.
pub struct Ordering<'a> {
    /// The target as the schema steps will leave it.
    pub facts: &'a Facts,
    /// The collections in order.
    pub ranks: &'a Ranks,
    /// The target's ids, by key.
    pub ids: &'a Ids<'a>,
}

/// A change of a row on its way to a step.
struct Changed<'a> {
    entry: &'a EntryRows,
    change: RowChange,
    /// All fields that the row will have, where they are known.
    whole: Option<Fields<'a>>,
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
        let mut steps = self.update_steps(self.early_changes(early.nulls), Some("unique"));
        steps.extend(self.update_steps(self.early_changes(nulls), Some("delete")));
        steps.extend(delete_steps(&first));
        steps.extend(self.update_steps(self.early_changes(early.moves), Some("unique")));
        steps.extend(self.create_steps(&changes.creates, &created));
        steps.extend(self.update_steps(self.main_changes(changes), None));
        let waiting = self.deferred_references(&changes.creates, &created);
        steps.extend(self.update_steps(waiting, Some("cycle")));
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
        let with_ids = asked.filter_map(|(index, row)| Some((row.row_id(self.facts)?, index)));
        let places: BTreeMap<RowId, usize> = with_ids.collect();
        let rows = creates.iter().map(|row| (row.entry, row.fields()));
        let nodes = self.nodes(rows, &places);
        let broken = |circle: &[usize]| {
            let rows = circle.iter().filter_map(|index| creates.get(*index));
            let names: Vec<String> =
                rows.map(|row| format!("{} {}", row.collection(), row.label())).collect();
            no_way_in(&names)
        };
        let mut order = order::sort(&nodes).map_err(|circle| broken(&circle))?;
        for (index, row) in creates.iter().enumerate() {
            for reference in self.to_itself(*row) {
                if !reference.nullable {
                    return Err(broken(&[index]));
                }
                order.deferred.insert((index, reference.field.clone()));
            }
        }
        Ok(order)
    }

    /// References by key of a new row to itself, whose id nobody knows before it is there.
    fn to_itself(&self, row: Wanted<'a>) -> impl Iterator<Item = &'a ReferenceField> {
        let own = row.entry.reference_to(&row.row.key).and_then(|_| row.row_id(self.facts));
        let count = if own.is_some() { row.entry.references.len() } else { 0 };
        let references = row.entry.references.iter().take(count);
        references.filter(move |it| links::target(self.facts, it, row.fields()) == own)
    }

    fn order_deleted(&self, deletes: &[Unwanted<'a>]) -> Result<Order, Diagnostic> {
        let ids = deletes.iter().enumerate();
        let places: BTreeMap<RowId, usize> =
            ids.map(|(index, row)| (row.row_id(self.facts), index)).collect();
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
    fn main_changes(&self, changes: &Changes<'a>) -> Vec<Changed<'a>> {
        let mut updates: Vec<_> = changes.updates.iter().collect();
        updates.sort_by_key(|(row, _)| self.rank(row.collection()));
        let changed = |(row, found): &&(Wanted<'a>, &Found)| {
            let mut before = found.before.clone();
            self.ids.put(row.entry, &mut before, Some(row.fields()));
            let change = RowChange {
                key: found.current.id.clone(),
                label: row.label(),
                set: row.shown(found.set.clone()),
                before: row.hidden(before),
            };
            Changed { entry: row.entry, change, whole: Some(row.fields()) }
        };
        updates.iter().map(changed).collect()
    }

    /// Rows that go early and rows that go last, both after the rows that refer to them.
    fn split_deletes(
        &self,
        deletes: &[Unwanted<'a>],
        order: &Order,
        early: &Early<'a>,
    ) -> (Vec<Unwanted<'a>>, Vec<Unwanted<'a>>) {
        let rows = order.sequence.iter().rev().filter_map(|index| deletes.get(*index)).copied();
        rows.partition(|row| early.deletes.contains(&row.row_id(self.facts)))
    }

    /// Consecutive rows of one entry become one step.
    fn create_steps(&self, creates: &[Wanted<'_>], order: &Order) -> Vec<Step> {
        let mut steps: Vec<Step> = Vec::new();
        for index in &order.sequence {
            let Some(wanted) = creates.get(*index) else { continue };
            let (row, waiting) = self.new_row(*index, *wanted, order);
            let name = self.ids.name_of(wanted.entry, wanted.row);
            let own = &wanted.entry.entry;
            match steps.last_mut() {
                Some(Step::ItemsCreate { entry, rows, labels, names, links, .. })
                    if *entry == own.id =>
                {
                    rows.push(row);
                    labels.push(wanted.label());
                    names.extend(name);
                    links.extend(waiting);
                }
                _ => steps.push(Step::ItemsCreate {
                    entry: own.id.clone(),
                    collection: own.collection.clone(),
                    rows: vec![row],
                    labels: vec![wanted.label()],
                    effects: own.effects,
                    names: name.into_iter().collect(),
                    links: waiting.into_iter().collect(),
                }),
            }
        }
        steps
    }

    /// A row as it is created, and its fields that refer to rows which the plan creates.
    fn new_row(&self, index: usize, wanted: Wanted<'_>, order: &Order) -> (RowText, Vec<String>) {
        let text = without_deferred(index, wanted, order);
        if wanted.entry.by_key.is_empty() {
            return (text, Vec::new());
        }
        let mut row = text.row();
        let waiting = self.ids.put_desired(wanted.entry, &mut row, wanted.fields());
        (row.into(), waiting)
    }

    /// The references that had to wait until the rows that they refer to exist.
    fn deferred_references(&self, creates: &[Wanted<'a>], order: &Order) -> Vec<Changed<'a>> {
        let waiting = order.deferred.iter().filter_map(|(index, field)| {
            let wanted = creates.get(*index)?;
            let value = wanted.fields().value(field);
            let made = || Some(self.ids.created(&self.ids.name_of(wanted.entry, wanted.row)?));
            let change = RowChange {
                key: wanted.id().or_else(made).unwrap_or_default(),
                label: wanted.label(),
                set: wanted.shown(Row::from_iter([(field.clone(), value)])),
                before: Row::from_iter([(field.clone(), Value::Null)]),
            };
            Some(Changed { entry: wanted.entry, change, whole: Some(wanted.fields()) })
        });
        waiting.collect()
    }

    fn early_changes(&self, changes: Vec<EarlyChange<'a>>) -> Vec<Changed<'a>> {
        let changed = changes.into_iter().map(|early| {
            let mut before = Row::from_iter([(early.field.to_owned(), early.before)]);
            self.ids.put(early.entry, &mut before, None);
            let (key, label) = (early.id.clone(), early.label);
            let set = Row::from_iter([(early.field.to_owned(), early.value)]);
            let change = RowChange { key, label, set, before };
            Changed { entry: early.entry, change, whole: None }
        });
        changed.collect()
    }

    /// Consecutive changes of one entry become one step, consecutive changes of one row one change.
    fn update_steps(&self, changed: Vec<Changed<'_>>, why: Option<&str>) -> Vec<Step> {
        let mut steps: Vec<Step> = Vec::new();
        for Changed { entry: rows, mut change, whole } in changed {
            let waiting = match whole {
                Some(whole) => self.ids.put_desired(rows, &mut change.set, whole),
                None => self.ids.put(rows, &mut change.set, None),
            };
            match steps.last_mut() {
                Some(Step::ItemsUpdate { entry, changes, links, .. })
                    if *entry == rows.entry.id =>
                {
                    push_change(changes, change);
                    links.extend(waiting);
                }
                _ => steps.push(Step::ItemsUpdate {
                    entry: rows.entry.id.clone(),
                    collection: rows.entry.collection.clone(),
                    reason: why.map(str::to_owned),
                    changes: vec![change],
                    effects: rows.entry.effects,
                    links: waiting.into_iter().collect(),
                }),
            }
        }
        steps
    }
}

/// The row as it is created; references that have to wait are null.
fn without_deferred(index: usize, wanted: Wanted<'_>, order: &Order) -> RowText {
    let (fields, shown) = (wanted.fields(), wanted.shown_texts());
    if order.deferred.is_empty() && shown.is_empty() {
        return RowText::of_record(&wanted.entry.columns, &wanted.row.record);
    }
    let waits = |name: &str| order.deferred.contains(&(index, name.to_owned()));
    RowText::of(fields.iter().map(|(name, token)| match shown.get(name) {
        _ if waits(name) => (name, "null"),
        Some(placeholder) if token != "null" => (name, placeholder.as_str()),
        _ => (name, token),
    }))
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
