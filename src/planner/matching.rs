//! Which row of the target is which row of the files.

use serde_json::Value;

use crate::model::Row;
use crate::record::{self, Record, Tokens};
use crate::rows;

use super::check;
use super::entry::{Current, Desired, EntryRows, Found};

impl EntryRows {
    /// Notes how `current`, whose fields are `row`, differs from the desired row at `index`.
    pub(super) fn pair(&mut self, index: usize, row: Tokens<'_>, mut current: Current) {
        if self.exports {
            self.follow_target(index, row);
        }
        let Some(desired) = self.desired.get(index) else { return };
        let (set, before) = self.difference(desired, row);
        current.record = self.reduced(row, desired.record.tokens());
        self.set_found(index, Found { set, before, current, after: None });
    }

    pub(super) fn set_found(&mut self, index: usize, found: Found) {
        if let Some(desired) = self.desired.get_mut(index) {
            desired.found = Some(Box::new(found));
        }
    }

    /// Whether a row of the target is as desired.
    pub(super) fn is_equal(&self, desired: &Desired, current: Tokens<'_>) -> bool {
        desired.record.tokens() == current || self.differing(desired, current).next().is_none()
    }

    fn difference(&self, desired: &Desired, current: Tokens<'_>) -> (Row, Row) {
        if desired.record.tokens() == current {
            return Default::default();
        }
        let differing = self.differing(desired, current);
        let value = |name: &str, token| (name.to_owned(), record::value(token));
        differing.map(|(name, set, before)| (value(name, set), value(name, before))).unzip()
    }

    /// The fields that differ, with both tokens. What the target does not have yet will be the default.
    fn differing<'a>(
        &'a self,
        desired: &'a Desired,
        current: Tokens<'a>,
    ) -> impl Iterator<Item = (&'a str, &'a str, &'a str)> {
        let sides = desired.record.tokens().iter().zip(current.iter()).zip(self.defaults().iter());
        let compared = self.columns.iter().zip(sides);
        let compared = compared.filter(|(column, _)| column.name != self.entry.primary_key);
        compared.filter_map(|(column, ((desired, current), default))| {
            let before = current.or(default).unwrap_or("null");
            desired
                .filter(|token| *token != before)
                .map(|token| (column.name.as_str(), token, before))
        })
    }

    /// Keeps what planning needs of a row that no desired row matches. Rows outside the filter were
    /// only read to be matched.
    pub(super) fn set_aside(&mut self, mut current: Current) {
        if current.inside {
            current.record = self.linking(current.record.tokens());
            self.others.insert(rows::text(&current.id), current);
        }
    }

    /// The row without fields that `other` has, unless they link it.
    fn reduced(&self, row: Tokens<'_>, other: Tokens<'_>) -> Record {
        if row == other {
            return self.linking(row);
        }
        let sides = self.columns.iter().zip(row.iter().zip(other.iter()));
        Record::of(
            sides.map(|(column, (token, other))| token.filter(|_| other.is_none() || column.links)),
        )
    }

    /// The row without fields that do not link it.
    pub(super) fn linking(&self, row: Tokens<'_>) -> Record {
        if !self.columns.iter().any(|column| column.links) {
            return Record::default();
        }
        let columns = self.columns.iter().zip(row.iter());
        Record::of(columns.map(|(column, token)| token.filter(|_| column.links)))
    }

    /// Whether the field refers to other rows, or its values are unique.
    pub(super) fn links(&self, name: &str) -> bool {
        self.unique.contains(name) || self.references.iter().any(|found| found.needs(name))
    }

    /// Pairs a row that waited.
    pub(super) fn pair_held_one(&mut self, index: usize, mut current: Current) {
        let row = std::mem::take(&mut current.record);
        self.pair(index, row.tokens(), current);
    }

    /// Pairs the rows that had to wait for their key to be complete. Within a key equal rows are
    /// paired first, then the rest in canonical order.
    pub fn pair_held(&mut self) {
        for (key, mut currents) in std::mem::take(&mut self.held) {
            currents.sort_by(|a, b| self.compare_current(a, b));
            currents.dedup_by(|a, b| a.id == b.id);
            let mut waiting = self.waiting_desired(&key);
            if currents.len() > 1 && !waiting.is_empty() && self.has_own_keys() {
                self.repeated.push(check::repeated_there(self, &key, &currents));
            }
            let mut agreed = self.agreed_on(&key);
            let mut unequal = Vec::new();
            for current in currents {
                match waiting.iter().position(|index| self.is_equal_to(*index, &current)) {
                    Some(place) => self.pair_equal(waiting.remove(place), current, &mut agreed),
                    None => unequal.push(current),
                }
            }
            match agreed {
                Some(agreed) => self.pair_by_base(waiting, unequal, agreed),
                None => self.pair_in_order(waiting, unequal),
            }
        }
    }

    /// Whether fields of a row tell it from every other one.
    fn has_own_keys(&self) -> bool {
        !self.entry.multiset && !self.entry.key.is_empty()
    }

    pub(super) fn pair_in_order(&mut self, waiting: Vec<usize>, unequal: Vec<Current>) {
        let mut waiting = waiting.into_iter();
        for current in unequal {
            match waiting.next() {
                Some(index) => self.pair_held_one(index, current),
                None => self.set_aside(current),
            }
        }
    }

    fn waiting_desired(&mut self, key: &str) -> Vec<usize> {
        let found = self.index.find(&self.desired, key).iter().map(|index| *index as usize);
        let mut waiting: Vec<usize> = found.collect();
        waiting.retain(|index| self.desired.get(*index).is_some_and(|row| row.found.is_none()));
        if waiting.len() > 1 {
            waiting.sort_by_cached_key(|index| {
                self.desired
                    .get(*index)
                    .map(|desired| Value::Object(self.fields(desired).row()).to_string())
            });
        }
        waiting
    }

    /// By content without the primary key, which says nothing across instances, then by that.
    fn compare_current(&self, a: &Current, b: &Current) -> std::cmp::Ordering {
        let text = |current: &Current| {
            let mut row = self.fields_there(current).row();
            row.remove(&self.entry.primary_key);
            rows::text(&Value::Object(row))
        };
        let kind = self.facts.fields.get(&self.entry.primary_key);
        let kind = kind.map_or("", |field| field.kind.as_str());
        text(a).cmp(&text(b)).then_with(|| rows::compare_values(&a.id, &b.id, kind))
    }

    fn is_equal_to(&self, index: usize, current: &Current) -> bool {
        let desired = self.desired.get(index);
        desired.is_some_and(|desired| self.is_equal(desired, current.record.tokens()))
    }
}
