//! Unique values: a value that one row gives up and another takes has to be free before it is taken.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::error::Diagnostic;
use crate::model::{Facts, Row};
use crate::record::Fields;
use crate::references;
use crate::rows;

use super::changes::{Changes, Unwanted, Wanted};
use super::entry::Found;
use super::links::{self, EarlyChange, RowId};

/// What has to happen before rows are created and updated.
#[derive(Debug, Default)]
pub struct Early<'a> {
    /// Fields that are null first.
    pub nulls: Vec<EarlyChange<'a>>,
    /// Rows that are deleted next, with those that refer to them.
    pub deletes: BTreeSet<RowId>,
    /// Fields that take no null and get their final value then, in this order.
    pub moves: Vec<EarlyChange<'a>>,
}

/// Finds the values that change hands. Reports values that two rows would hold in the end, and values
/// that cannot change hands since the column takes no null.
pub fn vacate<'a>(changes: &Changes<'a>, facts: &'a Facts) -> (Early<'a>, Vec<Diagnostic>) {
    let mut early = Early::default();
    let mut found = Vec::new();
    for (collection, field) in columns(changes) {
        let mut column = Column::new(changes, facts, collection, field);
        found.append(&mut column.problems);
        for value in column.taken(changes) {
            column.free(&value, &mut BTreeSet::new(), &mut early);
        }
        found.append(&mut column.problems);
    }
    close_over_referrers(changes, facts, &mut early);
    found.extend(release_referrers(changes, facts, &mut early));
    (early, found)
}

/// The unique columns of the collections that change: collection and field. The primary key counts
/// where another field is the key, since a row may then want the primary key of another one.
fn columns<'a>(changes: &Changes<'a>) -> BTreeSet<(&'a str, &'a str)> {
    let created = changes.creates.iter().map(|row| row.entry);
    let entries = created.chain(changes.updates.iter().map(|(row, _)| row.entry));
    entries
        .flat_map(|entry| {
            let own = &entry.entry;
            let primary = (!own.keyed_by_primary_key()).then_some(own.primary_key.as_str());
            let fields = entry.unique.iter().map(String::as_str).chain(primary);
            fields.map(|field| (own.collection.as_str(), field))
        })
        .collect()
}

/// Who gives a value up.
enum Leaver<'a> {
    Updated(Wanted<'a>, &'a Found),
    Deleted(Unwanted<'a>),
}

/// One unique column.
struct Column<'a> {
    facts: &'a Facts,
    collection: &'a str,
    field: &'a str,
    nullable: bool,
    /// By value: who holds it now and will not.
    leaving: BTreeMap<String, Leaver<'a>>,
    /// Values that were made free already.
    freed: BTreeSet<String>,
    problems: Vec<Diagnostic>,
}

impl<'a> Column<'a> {
    fn new(changes: &Changes<'a>, facts: &'a Facts, collection: &'a str, field: &'a str) -> Self {
        let nullable = references::is_nullable(facts, collection, field);
        let mut column = Self {
            facts,
            collection,
            field,
            nullable,
            leaving: BTreeMap::new(),
            freed: BTreeSet::new(),
            problems: Vec::new(),
        };
        column.add_leavers(changes);
        column.check_holders(changes);
        column
    }

    fn add_leavers(&mut self, changes: &Changes<'a>) {
        let name = self.collection;
        for (wanted, found) in changes.updates.iter().filter(|(row, _)| row.collection() == name) {
            if let Some(value) = text_of(&found.before, self.field) {
                self.leaving.insert(value, Leaver::Updated(*wanted, found));
            }
        }
        for row in changes.deletes.iter().filter(|row| row.collection() == name) {
            if let Some(value) = self.held_by(*row) {
                self.leaving.insert(value, Leaver::Deleted(*row));
            }
        }
    }

    fn concerns(&self, row: Wanted<'_>) -> bool {
        row.collection() == self.collection
    }

    fn held_by(&self, other: Unwanted<'_>) -> Option<String> {
        match other.entry.entry.primary_key == self.field {
            true => Some(rows::text(&other.row.id)),
            false => text_in(other.fields(), self.field),
        }
    }

    /// The value that a desired row holds in the end.
    fn wanted_by(&self, wanted: Wanted<'_>) -> Option<String> {
        match wanted.entry.entry.primary_key == self.field {
            true => wanted.id().as_ref().map(rows::text),
            false => text_in(wanted.fields(), self.field),
        }
    }

    /// Every value may be held by one row in the end.
    fn check_holders(&mut self, changes: &Changes<'a>) {
        let mut holders: BTreeMap<String, String> = BTreeMap::new();
        let matched = changes.updates.iter().chain(&changes.unchanged).map(|(row, _)| row);
        let name = self.collection;
        for row in changes.kept.iter().filter(|row| row.collection() == name) {
            let held = self.held_by(*row);
            holders.extend(held.map(|value| (value, format!("{} on the target", row.label()))));
        }
        for row in matched.chain(&changes.creates).filter(|row| row.collection() == name) {
            let Some(value) = self.wanted_by(*row) else { continue };
            if let Some(first) = holders.insert(value.clone(), row.place()) {
                self.problems.push(self.held_twice(*row, &value, &first));
            }
        }
    }

    fn held_twice(&self, row: Wanted<'_>, value: &str, first: &str) -> Diagnostic {
        let message = format!(
            "The field {} of {} is unique, but {value} would stand in two rows: {} and {first}. Change \
             one of them.",
            self.field,
            self.collection,
            row.label(),
            value = row.plain(self.field, value),
        );
        Diagnostic::error("UNIQUE_DUPLICATE", message, links::at_field(row, self.field))
    }

    /// The values that rows take from others.
    fn taken(&self, changes: &Changes<'a>) -> Vec<String> {
        let created = changes.creates.iter().filter(|row| self.concerns(**row));
        let created = created.filter_map(|row| self.wanted_by(*row));
        let updated = changes.updates.iter().filter(|(row, _)| self.concerns(*row));
        let updated = updated.filter_map(|(_, found)| text_of(&found.set, self.field));
        created.chain(updated).filter(|value| self.leaving.contains_key(value)).collect()
    }

    /// Makes `value` free. Where the column takes no null, its holder gets its final value first,
    /// which must be free in turn; `trail` holds the values that wait for this one.
    fn free(&mut self, value: &str, trail: &mut BTreeSet<String>, early: &mut Early<'a>) {
        if !self.freed.insert(value.to_owned()) {
            return;
        }
        trail.insert(value.to_owned());
        match self.leaving.get(value) {
            Some(Leaver::Deleted(row)) if !self.nullable => {
                early.deletes.insert(row.row_id(self.facts));
            }
            Some(Leaver::Deleted(row)) => early.nulls.push(self.nulled_deleted(*row)),
            Some(Leaver::Updated(row, found)) if self.nullable => {
                early.nulls.push(self.change(*row, found, Value::Null));
            }
            Some(Leaver::Updated(row, found)) => self.move_on(*row, found, trail, early),
            None => {}
        }
        trail.remove(value);
    }

    fn move_on(
        &mut self,
        row: Wanted<'a>,
        found: &'a Found,
        trail: &mut BTreeSet<String>,
        early: &mut Early<'a>,
    ) {
        let next = rows::value_of(&found.set, self.field).clone();
        let next_text = rows::text(&next);
        if trail.contains(&next_text) {
            self.problems.push(self.swap(row));
            return;
        }
        self.free(&next_text, trail, early);
        early.moves.push(self.change(row, found, next));
    }

    fn nulled_deleted(&self, row: Unwanted<'a>) -> EarlyChange<'a> {
        EarlyChange {
            entry: row.entry,
            id: &row.row.id,
            label: row.label(),
            field: self.field,
            value: Value::Null,
            before: row.fields().value(self.field),
        }
    }

    fn change(&self, row: Wanted<'a>, found: &'a Found, value: Value) -> EarlyChange<'a> {
        early_change(row, found, self.field, value)
    }

    fn swap(&self, row: Wanted<'_>) -> Diagnostic {
        let message = format!(
            "Rows of {} exchange their values of the unique field {field}, which cannot be null in \
             between. Let {field} take null, or import in two steps with other values first.",
            self.collection,
            field = self.field,
        );
        Diagnostic::error("UNIQUE_SWAP_NOT_NULLABLE", message, links::at_field(row, self.field))
    }
}

fn early_change<'a>(
    row: Wanted<'a>,
    found: &'a Found,
    field: &'a str,
    value: Value,
) -> EarlyChange<'a> {
    let one = |value| Row::from_iter([(field.to_owned(), value)]);
    let before = row.hidden(one(rows::value_of(&found.before, field).clone()));
    let value = row.shown(one(value));
    let (value, before) = (rows::value_of(&value, field), rows::value_of(&before, field));
    EarlyChange {
        entry: row.entry,
        id: &found.current.id,
        label: row.label(),
        field,
        value: value.clone(),
        before: before.clone(),
    }
}

fn text_of(row: &Row, field: &str) -> Option<String> {
    row.get(field).filter(|value| !value.is_null()).map(rows::text)
}

fn text_in(row: Fields<'_>, field: &str) -> Option<String> {
    row.token(field).filter(|token| *token != "null").map(str::to_owned)
}

/// Rows that go and refer to a row that goes early go early, too.
fn close_over_referrers(changes: &Changes<'_>, facts: &Facts, early: &mut Early<'_>) {
    loop {
        let refers = |row: &&Unwanted<'_>| {
            let mut fields = row.entry.references.iter();
            fields.any(|reference| {
                let target = links::target(facts, reference, row.fields());
                target.is_some_and(|target| early.deletes.contains(&target))
            })
        };
        let referrers = changes.deletes.iter().filter(refers);
        let more: BTreeSet<RowId> = referrers.map(|row| row.row_id(facts)).collect();
        let count = early.deletes.len();
        early.deletes.extend(more);
        if early.deletes.len() == count {
            return;
        }
    }
}

/// Rows whose update ends a reference to a row that goes early lose it before.
fn release_referrers<'a>(
    changes: &Changes<'a>,
    facts: &Facts,
    early: &mut Early<'a>,
) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    if early.deletes.is_empty() {
        return problems;
    }
    for (wanted, found) in &changes.updates {
        let before = |field: &str| match found.before.get(field) {
            Some(value) => Some(value.clone()),
            None => wanted.fields().get(field),
        };
        for reference in &wanted.entry.references {
            let target = links::target_of(facts, reference, before);
            if !target.is_some_and(|target| early.deletes.contains(&target)) {
                continue;
            }
            match reference.nullable {
                true => {
                    early.nulls.push(early_change(*wanted, found, &reference.field, Value::Null));
                }
                false => problems.push(blocked(*wanted, &reference.field)),
            }
        }
    }
    problems
}

fn blocked(wanted: Wanted<'_>, field: &str) -> Diagnostic {
    let message = format!(
        "The row {} of {} refers by {field} to a row that has to be deleted before a new row can take \
         its unique value, and {field} cannot be null in between. Let {field} take null, or import in \
         two steps.",
        wanted.label(),
        wanted.collection(),
    );
    Diagnostic::error("UNIQUE_SWAP_NOT_NULLABLE", message, links::at_field(wanted, field))
}
