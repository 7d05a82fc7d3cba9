//! Every thing of files and target, and what becomes of it.

use std::collections::BTreeMap;

use crate::base::Hash;
use crate::merge::{self, Action, Agreed, Decision, EXPORT_CONFLICT, Holds, PENDING_IMPORT, State};
use crate::schema_diff::Terms;
use crate::snapshot::{Collection, Field, Relation, Snapshot, SystemField};

use super::Rules;
use super::memory::{Memories, Memory};
use super::scope::Scope;
use super::thing::{Key, Thing};

/// What stops an export.
pub(super) const STOPPED: Decision =
    Decision { action: Action::Refuse, code: Some(EXPORT_CONFLICT) };

/// One thing on both sides.
pub(super) struct Case<'a, T> {
    /// As the files have it.
    pub desired: Option<&'a T>,
    /// As the target has it.
    pub current: Option<&'a T>,
    /// Whether the files say anything of it.
    pub is_spoken_of: bool,
    /// What was agreed on.
    pub agreed: Agreed<Hash>,
    /// What happened since.
    pub state: State,
    /// What becomes of it.
    pub decision: Decision,
    /// What else was changed on the target, of a collection that the files removed.
    pub changed: Vec<&'a str>,
}

/// The things of one kind by name.
pub(super) type Part<'a, T> = BTreeMap<Key<'a>, Case<'a, T>>;

/// Everything that files and target have.
pub(super) struct Cases<'a> {
    pub collections: Part<'a, Collection>,
    pub fields: Part<'a, Field>,
    pub relations: Part<'a, Relation>,
    /// Indexed fields of system collections.
    pub indexes: Part<'a, SystemField>,
}

/// Decides on single things.
pub(super) struct Judge<'a> {
    pub terms: &'a Terms,
    pub table: Table,
}

/// Which table decides.
#[derive(Debug, Clone, Copy)]
pub(super) enum Table {
    /// That of an import, see [`merge::decide`].
    Import(Rules),
    /// That of an export, see [`merge::export_decision`]. What the files are to hold afterwards is put
    /// together from what they hold and what the target has.
    Export,
}

impl<'a, T> Case<'a, T> {
    /// The thing as it will be by the files.
    pub(super) fn wanted(&self) -> Option<&'a T> {
        let wins =
            matches!(self.decision.action, Action::Nothing | Action::Create | Action::Update);
        self.desired.filter(|_| wins)
    }

    /// The thing as it stays on the target.
    pub(super) fn kept(&self) -> Option<&'a T> {
        self.current.filter(|_| self.decision.leaves())
    }

    /// Whether only the files have it, and the target is not to get it.
    pub(super) fn is_held_back(&self) -> bool {
        self.current.is_none() && self.decision.leaves()
    }

    /// Whether both cases have something on the same sides.
    fn is_beside<U>(&self, other: &Case<'a, U>) -> bool {
        (self.desired.is_some(), self.current.is_some())
            == (other.desired.is_some(), other.current.is_some())
    }
}

impl<'a> Cases<'a> {
    /// Every thing of both sides, decided on.
    pub(super) fn of(
        desired: &'a Snapshot,
        current: &'a Snapshot,
        judge: &Judge<'_>,
        memories: &Memories<'_>,
    ) -> Self {
        let scope = Scope::of(desired, current);
        let spoken = |(collection, _): Key<'_>| scope.has(collection);
        let mut cases = Self {
            collections: judge.part(
                (&desired.collections, &current.collections),
                &memories.collections,
                spoken,
            ),
            fields: judge.part((&desired.fields, &current.fields), &memories.fields, spoken),
            relations: judge.part(
                (&desired.relations, &current.relations),
                &memories.relations,
                spoken,
            ),
            indexes: judge.part(
                (desired.system_fields.iter().flatten(), current.system_fields.iter().flatten()),
                &memories.indexes,
                |(collection, _)| scope.has_indexes(collection),
            ),
        };
        cases.judge_wholes(judge);
        cases
    }

    /// A collection that one side has alone is one thing with everything in it.
    fn judge_wholes(&mut self, judge: &Judge<'_>) {
        let changed = self.changed_parts();
        for ((name, _), case) in &mut self.collections {
            let state = match case.state {
                State::RemovedFromFiles => State::RemovedAndChanged,
                State::DeletedOnTarget => State::DeletedAndChanged,
                _ => continue,
            };
            let Some(parts) = changed.get(name).filter(|_| case.is_spoken_of) else { continue };
            case.state = state;
            case.decision = judge.table.decide(state);
            case.changed.clone_from(parts);
        }
        follow(&self.collections, &mut self.fields);
        follow(&self.collections, &mut self.relations);
    }

    /// Fields and relations that one side has alone, and not as agreed, by collection.
    fn changed_parts(&self) -> BTreeMap<&'a str, Vec<&'a str>> {
        let fields = self.fields.iter().map(|(key, case)| (*key, case.state));
        let relations = self.relations.iter().map(|(key, case)| (*key, case.state));
        let mut changed: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        let news = fields.chain(relations).filter(|(_, state)| is_news(*state));
        for ((collection, name), _) in news {
            let names = changed.entry(collection).or_default();
            if !names.contains(&name) {
                names.push(name);
            }
        }
        changed
    }
}

fn is_news(state: State) -> bool {
    matches!(
        state,
        State::TargetsOwn | State::RemovedAndChanged | State::New | State::DeletedAndChanged
    )
}

/// Lets the parts of collections that one side has alone share their fate, without a word.
fn follow<'a, T>(collections: &Part<'a, Collection>, parts: &mut Part<'a, T>) {
    for ((collection, _), part) in parts {
        let whole = collections.get(&(*collection, ""));
        if let Some(whole) = whole.filter(|whole| is_lone(whole) && part.is_beside(whole)) {
            part.decision = Decision { action: whole.decision.action, code: None };
        }
    }
}

fn is_lone(whole: &Case<'_, Collection>) -> bool {
    whole.desired.is_some() != whole.current.is_some()
}

impl Table {
    fn decide(self, state: State) -> Decision {
        match self {
            Self::Import(rules) => merge::decide(state, rules.mode, rules.on_drift),
            Self::Export => exported(state),
        }
    }
}

/// The target's version is written, with nothing to say about it, or the one of the files stays.
fn exported(state: State) -> Decision {
    let pending = |action| Decision { action, code: Some(PENDING_IMPORT) };
    match (merge::export_decision(state), state) {
        (Holds::Target, _) => Decision { action: Action::Keep, code: None },
        (Holds::Conflict, _) => STOPPED,
        (Holds::Files, State::RemovedFromFiles) => pending(Action::Delete),
        (Holds::Files, State::New) => pending(Action::Create),
        (Holds::Files, _) => pending(Action::Update),
    }
}

impl Judge<'_> {
    /// The things of one kind. What only one side has and the files do not speak of stays as it is.
    fn part<'a, T: Thing>(
        &self,
        (desired, current): (impl IntoIterator<Item = &'a T>, impl IntoIterator<Item = &'a T>),
        memory: &Memory<'_>,
        is_spoken_of: impl Fn(Key<'_>) -> bool,
    ) -> Part<'a, T> {
        let mut sides: BTreeMap<Key<'a>, (Option<&'a T>, Option<&'a T>)> = BTreeMap::new();
        desired.into_iter().for_each(|it| sides.entry(it.key()).or_default().0 = Some(it));
        current.into_iter().for_each(|it| sides.entry(it.key()).or_default().1 = Some(it));
        let case = |(key, (desired, current))| {
            let agreed = memory.agreed(key);
            let state = self.state(desired, current, agreed, memory);
            let is_spoken_of = desired.is_some() && current.is_some() || is_spoken_of(key);
            let decision = match is_spoken_of {
                true => self.table.decide(state),
                false => Decision { action: Action::Keep, code: None },
            };
            let changed = Vec::new();
            (key, Case { desired, current, is_spoken_of, agreed, state, decision, changed })
        };
        sides.into_iter().map(case).collect()
    }

    fn state<T: Thing>(
        &self,
        desired: Option<&T>,
        current: Option<&T>,
        agreed: Agreed<Hash>,
        memory: &Memory<'_>,
    ) -> State {
        match (desired, current) {
            (Some(desired), Some(current)) => match desired.laid_over(current, self.terms) {
                laid if laid == *current => State::Equal,
                laid => State::differing(
                    &memory.was(&laid, self.terms),
                    &memory.was(current, self.terms),
                    &agreed,
                ),
            },
            (Some(desired), None) => State::missing(&memory.was(desired, self.terms), &agreed),
            (None, Some(current)) => State::extra(&memory.was(current, self.terms), &agreed),
            (None, None) => State::GoneFromBoth,
        }
    }
}
