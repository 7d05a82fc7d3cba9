//! What becomes of the rows of an entry, by what was agreed on.

use std::collections::BTreeSet;

use crate::base::{Hash, Things};
use crate::merge::{self, Agreed, State};
use crate::record::Columns;

use super::agreement::Agreement;
use super::entry::{Current, Desired, EntryRows};
use super::pairing;

impl EntryRows {
    /// Asks the base about the rows of the files. Rows that may share a key wait for those of the
    /// target.
    pub(super) fn agree(&mut self) {
        if let (false, Some(agreement)) = (self.exports, &mut self.agreement) {
            let known = known_fields(&self.columns, &self.desired);
            agreement.set_files(&known, &self.entry, &self.columns);
        }
        let Some(agreement) = &self.agreement else { return };
        for desired in &mut self.desired {
            match self.entry.multiset {
                true => drop(self.held.entry(desired.key.clone()).or_default()),
                false => desired.agreed = agreement.of(&desired.key),
            }
        }
    }

    /// What was agreed on of rows that may share a key; `None` where a key has one row at most.
    pub(super) fn agreed_on(&self, key: &str) -> Option<Vec<Hash>> {
        let agreement = self.agreement.as_ref().filter(|_| self.entry.multiset)?;
        agreement.all_of(key)
    }

    pub(super) fn pair_equal(
        &mut self,
        index: usize,
        current: Current,
        agreed: &mut Option<Vec<Hash>>,
    ) {
        if let (Some(agreed), Some(was)) = (agreed, current.was) {
            pairing::take(agreed, was);
        }
        self.pair_held_one(index, current);
    }

    pub(super) fn pair_by_base(
        &mut self,
        waiting: Vec<usize>,
        unequal: Vec<Current>,
        agreed: Vec<Hash>,
    ) {
        let desired = waiting.into_iter().filter_map(|index| Some((index, self.hash_of(index)?)));
        let current = unequal.into_iter().filter_map(|current| Some((current.was?, current)));
        let current = current.map(|(was, current)| (current, was));
        let pairing = pairing::pair(desired.collect(), current.collect(), agreed);
        for (index, agreed) in pairing.desired {
            self.set_agreed(index, agreed);
        }
        for (index, current, agreed) in pairing.pairs {
            self.set_agreed(index, agreed);
            self.pair_held_one(index, Current { agreed, ..current });
        }
        for (current, agreed) in pairing.current {
            self.set_aside(Current { agreed, ..current });
        }
    }

    fn hash_of(&self, index: usize) -> Option<Hash> {
        self.content_of(self.desired.get(index)?)
    }

    fn set_agreed(&mut self, index: usize, agreed: Agreed<Hash>) {
        if let Some(desired) = self.desired.get_mut(index) {
            desired.agreed = agreed;
        }
    }

    /// Decides on every row of the files, once it is known how it differs from the target's.
    pub fn decide(&mut self) {
        let mut rows = std::mem::take(&mut self.desired);
        for desired in &mut rows {
            let (state, after) = self.compared(desired);
            desired.state = state;
            desired.decision = merge::decide(state, self.mode, self.on_drift);
            if let Some(found) = &mut desired.found {
                found.after = after;
            }
        }
        self.desired = rows;
    }

    /// The state of a row of the files, and the content of its pair in the next base.
    fn compared(&self, desired: &Desired) -> (State, Option<Hash>) {
        let Some(found) = &desired.found else { return (self.missing(desired), None) };
        let (desired_row, current) = (desired.record.tokens(), found.current.record.tokens());
        let state = match (&self.agreement, found.current.was) {
            _ if found.set.is_empty() => State::Equal,
            (Some(agreement), Some(was)) => {
                let wanted = agreement.desired_before(desired_row, current);
                State::differing(&wanted, &was, &desired.agreed)
            }
            _ => State::ChangedInFiles,
        };
        let after = self.agreement.as_ref();
        (state, after.map(|agreement| agreement.content_after(desired_row, current)))
    }

    /// The state of a row as if only the files had it.
    pub(super) fn missing(&self, desired: &Desired) -> State {
        let wanted = desired.agreed.content().and_then(|_| self.content_of(desired));
        wanted.map_or(State::New, |wanted| State::missing(&wanted, &desired.agreed))
    }

    /// The content of a row over the base's fields, where the target has none to complete it.
    fn content_of(&self, desired: &Desired) -> Option<Hash> {
        let agreement = self.agreement.as_ref()?;
        Some(agreement.desired_before(desired.record.tokens(), self.defaults()))
    }

    /// The rows of the next base: `kept` are rows of the target without a desired one that stay.
    pub fn next_base(&self, kept: &[&Current]) -> Option<Things> {
        let agreement = self.agreement.as_ref()?;
        let desired = self.desired.iter().filter_map(|desired| {
            let content = self.content_next(desired, agreement)?;
            Some(agreement.pair(&desired.key, content))
        });
        let kept = kept.iter();
        let kept = kept.filter_map(|current| Some(agreement.pair(&current.key, current.next()?)));
        Some(agreement.next(desired.chain(kept)))
    }

    fn content_next(&self, desired: &Desired, agreement: &Agreement) -> Option<Hash> {
        let after = match &desired.found {
            Some(found) => found.after?,
            None => agreement.content_after(desired.record.tokens(), self.defaults()),
        };
        let agreed = desired.agreed.content();
        let before = match (desired.state, &desired.found) {
            (State::ChangedOnTarget, _) => Some(after),
            (State::ChangedInFiles, Some(found)) => agreed.and(found.current.is),
            _ => agreed,
        };
        merge::base_after(desired.decision.action, Some(after), before)
    }
}

/// The fields that any of the rows has.
fn known_fields<'a>(columns: &'a Columns, desired: &[Desired]) -> BTreeSet<&'a str> {
    let is_known =
        |place: usize| desired.iter().any(|desired| desired.record.tokens().get(place).is_some());
    let known = columns.iter().enumerate().filter(|(place, _)| is_known(*place));
    known.map(|(_, column)| column.name.as_str()).collect()
}

impl Current {
    /// What happened to the row, which only the target has, since files and target agreed.
    pub fn state(&self) -> State {
        self.was.map_or(State::TargetsOwn, |was| State::extra(&was, &self.agreed))
    }

    /// What the next base holds of the row, which only the target has, if it stays.
    fn next(&self) -> Option<Hash> {
        match self.state() {
            State::RemovedFromFiles => self.is,
            _ => self.agreed.content(),
        }
    }
}
