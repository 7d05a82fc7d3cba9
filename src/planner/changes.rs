//! What becomes of every row: created, updated, deleted, kept or left as it is.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::merge::{self, Action, Decision};
use crate::model::{AdminIds, CollectionFacts, Facts};
use crate::plan::Counts;
use crate::record::Fields;
use crate::rows;
use crate::system::PUBLIC_POLICY;

use super::entry::{Current, Desired, EntryRows, Found};
use super::links::{self, RowId};
use super::naming;

/// The rows of all entries by what becomes of them, in canonical order.
#[derive(Debug, Default)]
pub struct Changes<'a> {
    /// Rows that only the folder has.
    pub creates: Vec<Wanted<'a>>,
    /// Rows that differ.
    pub updates: Vec<(Wanted<'a>, &'a Found)>,
    /// Rows that are equal.
    pub unchanged: Vec<(Wanted<'a>, &'a Found)>,
    /// Rows that only the target has, and that go.
    pub deletes: Vec<Unwanted<'a>>,
    /// Rows of the target that stay as they are: those that only the target has, and those that
    /// changed there.
    pub kept: Vec<Unwanted<'a>>,
    /// What is reported of a row: its entry, its label, and what was decided.
    pub findings: Vec<(&'a EntryRows, String, Decision)>,
    /// Kept rows that the mode would delete, but without which nobody could log in.
    pub protected: Vec<Unwanted<'a>>,
}

/// A desired row with its entry.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// The entry.
    pub entry: &'a EntryRows,
    /// The row.
    pub row: &'a Desired,
}

/// A row of the target that goes or stays as it is, with its entry.
#[derive(Debug, Clone, Copy)]
pub struct Unwanted<'a> {
    /// The entry.
    pub entry: &'a EntryRows,
    /// The row.
    pub row: &'a Current,
    /// Whether the files have it, too, with other values.
    pub in_files: bool,
}

impl<'a> Changes<'a> {
    /// Decides on every row of `entries`, all of them matched. `facts` describes the target.
    pub fn of(entries: &'a BTreeMap<String, EntryRows>, facts: &Facts) -> Self {
        let mut changes = Self::default();
        let wanted_ids = wanted_ids(entries);
        let mut seen = BTreeSet::new();
        for entry in entries.values() {
            changes.add_desired(entry);
            for (id, row) in &entry.others {
                let place = (entry.entry.collection.as_str(), id.as_str());
                let is_wanted =
                    !wanted_ids.is_empty() && wanted_ids.contains(&(place.0, id.clone()));
                if !is_wanted && seen.insert(place) {
                    changes
                        .add_other(Unwanted { entry, row, in_files: false }, facts.admin.as_ref());
                }
            }
        }
        changes.sort();
        changes
    }

    fn add_desired(&mut self, entry: &'a EntryRows) {
        for row in entry.desired.iter().filter(|row| !row.shadowed) {
            let wanted = Wanted { entry, row };
            self.report(entry, row.decision, || wanted.label());
            match row.found.as_deref() {
                _ if row.decision.leaves() => self.hold_back(wanted),
                None => self.creates.push(wanted),
                Some(found) if found.set.is_empty() => self.unchanged.push((wanted, found)),
                Some(found) => self.updates.push((wanted, found)),
            }
        }
    }

    fn hold_back(&mut self, wanted: Wanted<'a>) {
        let current = wanted.row.found.as_ref().map(|found| &found.current);
        let kept = current.map(|row| Unwanted { entry: wanted.entry, row, in_files: true });
        self.kept.extend(kept);
    }

    fn add_other(&mut self, other: Unwanted<'a>, admin: Option<&AdminIds>) {
        let entry = other.entry;
        let decision = merge::decide(other.row.state(), entry.mode, entry.on_drift);
        let deletes = decision.action == Action::Delete;
        if deletes && is_protected(other, admin) {
            self.protected.push(other);
            self.kept.push(other);
        } else if deletes && !(entry.entry.deletes && entry.has_files) {
            self.kept.push(other);
        } else {
            self.report(entry, decision, || other.label());
            let place = if deletes { &mut self.deletes } else { &mut self.kept };
            place.push(other);
        }
    }

    fn report(&mut self, entry: &'a EntryRows, decision: Decision, label: impl FnOnce() -> String) {
        if decision.code.is_some() {
            self.findings.push((entry, label(), decision));
        }
    }

    fn sort(&mut self) {
        self.creates.sort_by(|a, b| a.compare(*b));
        self.updates.sort_by(|a, b| a.0.compare(b.0));
        self.deletes.sort_by(|a, b| a.compare(*b));
        self.kept.sort_by(|a, b| a.compare(*b));
    }

    /// Rows that only the target has, and that stay, of one entry.
    pub fn kept_others(&self, id: &str) -> Vec<&'a Current> {
        let own = self.kept.iter().filter(|kept| !kept.in_files && kept.entry.entry.id == id);
        own.map(|kept| kept.row).collect()
    }

    /// Counts by entry, of entries without files too.
    pub fn counts(&self, entries: &BTreeMap<String, EntryRows>) -> BTreeMap<String, Counts> {
        let mut counts: BTreeMap<String, Counts> =
            entries.keys().map(|id| (id.clone(), Counts::default())).collect();
        let mut count = |entry: &EntryRows, add: fn(&mut Counts)| {
            counts.get_mut(&entry.entry.id).into_iter().for_each(add);
        };
        self.creates.iter().for_each(|row| count(row.entry, |counts| counts.create += 1));
        self.updates.iter().for_each(|row| count(row.0.entry, |counts| counts.update += 1));
        self.unchanged.iter().for_each(|row| count(row.0.entry, |counts| counts.unchanged += 1));
        self.deletes.iter().for_each(|row| count(row.entry, |counts| counts.delete += 1));
        self.kept.iter().for_each(|row| count(row.entry, |counts| counts.kept += 1));
        for (entry, _, decision) in &self.findings {
            let (drift, conflict) = (decision.is_drift(), decision.is_conflict());
            let counts = counts.get_mut(&entry.entry.id).into_iter();
            counts.for_each(|counts| {
                counts.drift += u64::from(drift);
                counts.conflict += u64::from(conflict);
            });
        }
        counts
    }
}

impl<'a> Wanted<'a> {
    /// The collection.
    pub fn collection(self) -> &'a str {
        &self.entry.entry.collection
    }

    /// The row's key for people.
    pub fn label(self) -> String {
        self.entry.label(&self.row.key)
    }

    /// The primary key that the row has or will have; `None` where the target makes it.
    pub fn id(self) -> Option<Value> {
        self.entry.id_of(self.row)
    }

    /// By what others refer to the row; `None` where nobody can, until the target has made its key.
    pub fn row_id(self, facts: &Facts) -> Option<RowId> {
        match self.entry.reference_to(&self.row.key) {
            Some(reference) => Some((self.collection().to_owned(), reference)),
            None => Some(links::row_id(facts, self.collection(), &self.id()?)),
        }
    }

    /// The row's fields.
    pub fn fields(self) -> Fields<'a> {
        self.entry.fields(self.row)
    }

    /// Where the row stands, for people.
    pub fn place(self) -> String {
        self.entry.place(self.row.origin)
    }

    fn compare(self, other: Self) -> std::cmp::Ordering {
        let key = self.entry.sort_key();
        let by_entry = self.entry.entry.id.cmp(&other.entry.entry.id);
        by_entry
            .then_with(|| compare(self.fields(), other.fields(), key, &self.entry.facts))
            .then_with(|| self.row.key.cmp(&other.row.key))
    }
}

impl<'a> Unwanted<'a> {
    /// The collection.
    pub fn collection(self) -> &'a str {
        &self.entry.entry.collection
    }

    /// The row's key for people; the primary key where it has no other.
    pub fn label(self) -> String {
        match self.row.key.is_empty() {
            true => rows::plain(&self.row.id),
            false => self.entry.label(&self.row.key),
        }
    }

    /// By what others refer to the row.
    pub fn row_id(self, facts: &Facts) -> RowId {
        match self.entry.reference_to(&self.row.key) {
            Some(reference) => (self.collection().to_owned(), reference),
            None if self.entry.naming.has(self.collection()) => {
                (self.collection().to_owned(), naming::without_key(&rows::text(&self.row.id)))
            }
            None => links::row_id(facts, self.collection(), &self.row.id),
        }
    }

    /// The row's fields, as far as they are known.
    pub fn fields(self) -> Fields<'a> {
        self.entry.fields_there(self.row)
    }

    fn compare(self, other: Self) -> std::cmp::Ordering {
        let kind = self.entry.facts.fields.get(&self.entry.entry.primary_key);
        let kind = kind.map_or("", |field| field.kind.as_str());
        let by_entry = self.entry.entry.id.cmp(&other.entry.entry.id);
        by_entry.then_with(|| rows::compare_values(&self.row.id, &other.row.id, kind))
    }
}

fn compare(
    a: Fields<'_>,
    b: Fields<'_>,
    key: &[String],
    facts: &CollectionFacts,
) -> std::cmp::Ordering {
    let by_field = key.iter().map(|field| {
        let kind = facts.fields.get(field).map_or("", |field| field.kind.as_str());
        rows::compare_tokens(a.token(field), b.token(field), kind)
    });
    let by_fields = by_field.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then);
    let whole = |row: Fields<'_>| rows::text(&Value::Object(row.row()));
    by_fields.then_with(|| whole(a).cmp(&whole(b)))
}

/// Primary keys of desired rows by collection, where rows of it are there that their own entry does
/// not want: no entry deletes a row that another one wants.
pub fn wanted_ids(entries: &BTreeMap<String, EntryRows>) -> BTreeSet<(&str, String)> {
    let with_others = entries.values().filter(|entry| !entry.others.is_empty());
    let with_others: BTreeSet<&str> =
        with_others.map(|entry| entry.entry.collection.as_str()).collect();
    let entries = entries.values().filter(|entry| with_others.contains(&*entry.entry.collection));
    let rows = entries.flat_map(|entry| entry.desired.iter().map(move |row| (entry, row)));
    rows.filter_map(|(entry, row)| {
        Some((entry.entry.collection.as_str(), rows::text(&entry.id_of(row)?)))
    })
    .collect()
}

/// The Administrator's role, policy and access, and the public policy.
pub fn is_protected(other: Unwanted<'_>, admin: Option<&AdminIds>) -> bool {
    let role = admin.and_then(|admin| admin.role.as_deref());
    let policy = admin.and_then(|admin| admin.policy.as_deref());
    let id = other.row.id.as_str();
    match other.collection() {
        "directus_roles" => id.is_some() && id == role,
        "directus_policies" => id.is_some() && (id == policy || id == Some(PUBLIC_POLICY)),
        "directus_access" => refers(other, "policy", policy) && refers(other, "role", role),
        _ => false,
    }
}

fn refers(row: Unwanted<'_>, field: &str, id: Option<&str>) -> bool {
    id.is_some() && row.fields().value(field).as_str() == id
}
