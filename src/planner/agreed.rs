//! What becomes of the rows of an entry, by what was agreed on.

use crate::base::{Hash, Things};
use crate::merge::{self, Agreed, State};
use crate::model::Row;

use super::agreement::Agreement;
use super::entry::{Current, Desired, EntryRows, Found};
use super::pairing;

impl EntryRows {
    /// Asks the base about the rows of the files. Rows that may share a key wait for those of the
    /// target.
    pub(super) fn agree(&mut self) {
        let Some(agreement) = &mut self.agreement else { return };
        if !self.exports {
            agreement.set_files(self.desired.iter().map(|desired| &desired.row), &self.entry);
        }
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
        self.pair(index, current);
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
            self.pair(index, Current { agreed, ..current });
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
        let compared: Vec<_> = self.desired.iter().map(|row| self.compared(row)).collect();
        for (desired, (state, after)) in self.desired.iter_mut().zip(compared) {
            desired.state = state;
            desired.decision = merge::decide(state, self.mode, self.on_drift);
            if let Some(found) = &mut desired.found {
                found.after = after;
            }
        }
    }

    /// The state of a row of the files, and the content of its pair in the next base.
    fn compared(&self, desired: &Desired) -> (State, Option<Hash>) {
        let Some(found) = &desired.found else { return (self.missing(desired), None) };
        let (Some(agreement), Some(was)) = (&self.agreement, found.current.was) else {
            let equal = found.set.is_empty();
            return (if equal { State::Equal } else { State::ChangedInFiles }, None);
        };
        let current = found.whole(&desired.row);
        let state = match found.set.is_empty() {
            true => State::Equal,
            false => {
                let wanted = agreement.desired_before(&desired.row, &current);
                State::differing(&wanted, &was, &desired.agreed)
            }
        };
        (state, Some(agreement.content_after(&desired.row, &current)))
    }

    /// The state of a row as if only the files had it.
    pub(super) fn missing(&self, desired: &Desired) -> State {
        let wanted = desired.agreed.content().and_then(|_| self.content_of(desired));
        wanted.map_or(State::New, |wanted| State::missing(&wanted, &desired.agreed))
    }

    /// The content of a row over the base's fields, where the target has none to complete it.
    fn content_of(&self, desired: &Desired) -> Option<Hash> {
        let agreement = self.agreement.as_ref()?;
        Some(agreement.desired_before(&desired.row, &self.defaults(&desired.row)))
    }

    /// The rows of the next base: `kept` are rows of the target without a desired one that stay.
    pub fn next_base(&self, kept: &[&Current]) -> Option<Things> {
        let agreement = self.agreement.as_ref()?;
        let desired = self.desired.iter().filter_map(|desired| {
            let content = self.content_next(desired, agreement)?;
            Some((desired.key.as_str(), content))
        });
        let kept = kept.iter().filter_map(|current| Some((current.key.as_str(), current.next()?)));
        Some(agreement.next(desired.chain(kept)))
    }

    fn content_next(&self, desired: &Desired, agreement: &Agreement) -> Option<Hash> {
        let defaults = self.defaults(&desired.row);
        let after = match &desired.found {
            Some(found) => found.after?,
            None => agreement.content_after(&desired.row, &defaults),
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

impl Found {
    /// The row of the target, put together from what it shares with the desired one and what not.
    fn whole(&self, desired: &Row) -> Row {
        let own = self.current.row.iter().chain(&self.before);
        let own = own.map(|(name, value)| (name.clone(), value.clone()));
        desired.clone().into_iter().chain(own).collect()
    }
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
