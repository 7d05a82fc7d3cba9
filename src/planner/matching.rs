//! Which row of the target is which row of the files.

use serde_json::Value;

use crate::model::Row;
use crate::rows;

use super::entry::{Current, EntryRows, Found};

impl EntryRows {
    /// Where the primary key is the key it cannot repeat, so that the row is matched at once.
    pub(super) fn add_one(&mut self, current: Current) {
        if !self.entry.keyed_by_primary_key() {
            self.held.entry(current.key.clone()).or_default().push(current);
            return;
        }
        match self.index.get(&current.key).and_then(|found| found.first()).copied() {
            Some(index) => self.pair(index, current),
            None => self.set_aside(current),
        }
    }

    /// Notes how `current` differs from the desired row at `index`.
    pub(super) fn pair(&mut self, index: usize, mut current: Current) {
        let Some(desired) = self.desired.get(index) else { return };
        let (set, before) = self.difference(&desired.row, &current.row);
        current.row.retain(|name, _| !desired.row.contains_key(name) || self.links(name));
        if let Some(desired) = self.desired.get_mut(index) {
            let id = current.id.clone();
            desired.found = Some(Found { id, set, before, current, ..Found::default() });
        }
    }

    fn difference(&self, desired: &Row, current: &Row) -> (Row, Row) {
        let compared = desired.iter().filter(|(name, _)| **name != self.entry.primary_key);
        let differing = compared.filter_map(|(name, value)| {
            let before = current.get(name).cloned().unwrap_or_else(|| self.default_of(name));
            (before != *value).then(|| ((name.clone(), value.clone()), (name.clone(), before)))
        });
        differing.unzip()
    }

    /// Keeps what planning needs of a row that no desired row matches. Rows outside the filter were
    /// only read to be matched.
    pub(super) fn set_aside(&mut self, mut current: Current) {
        if current.inside {
            current.row.retain(|name, _| self.links(name));
            self.others.insert(rows::text(&current.id), current);
        }
    }

    /// Whether the field refers to other rows, or its values are unique.
    fn links(&self, name: &str) -> bool {
        self.unique.contains(name) || self.references.iter().any(|found| found.needs(name))
    }

    /// Pairs the rows that had to wait for their key to be complete. Within a key equal rows are
    /// paired first, then the rest in canonical order.
    pub fn pair_held(&mut self) {
        for (key, mut currents) in std::mem::take(&mut self.held) {
            currents.sort_by(|a, b| self.compare_current(a, b));
            currents.dedup_by(|a, b| a.id == b.id);
            let mut waiting = self.waiting_desired(&key);
            let mut agreed = self.agreed_on(&key);
            let mut unequal = Vec::new();
            for current in currents {
                match waiting.iter().position(|index| self.is_equal(*index, &current)) {
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

    pub(super) fn pair_in_order(&mut self, waiting: Vec<usize>, unequal: Vec<Current>) {
        let mut waiting = waiting.into_iter();
        for current in unequal {
            match waiting.next() {
                Some(index) => self.pair(index, current),
                None => self.set_aside(current),
            }
        }
    }

    fn waiting_desired(&self, key: &str) -> Vec<usize> {
        let mut waiting = self.index.get(key).cloned().unwrap_or_default();
        waiting.retain(|index| self.desired.get(*index).is_some_and(|row| row.found.is_none()));
        waiting.sort_by_cached_key(|index| {
            self.desired.get(*index).map(|desired| Value::Object(desired.row.clone()).to_string())
        });
        waiting
    }

    /// By content without the primary key, which says nothing across instances, then by that.
    fn compare_current(&self, a: &Current, b: &Current) -> std::cmp::Ordering {
        let text = |current: &Current| {
            let mut row = current.row.clone();
            row.remove(&self.entry.primary_key);
            rows::text(&Value::Object(row))
        };
        let kind = self.facts.fields.get(&self.entry.primary_key);
        let kind = kind.map_or("", |field| field.kind.as_str());
        text(a).cmp(&text(b)).then_with(|| rows::compare_values(&a.id, &b.id, kind))
    }

    fn is_equal(&self, index: usize, current: &Current) -> bool {
        let desired = self.desired.get(index);
        desired.is_some_and(|desired| self.difference(&desired.row, &current.row).0.is_empty())
    }
}
