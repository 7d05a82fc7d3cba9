//! The table of the three-way merge: row by row, and as properties over random states.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use schema_sync_core::error::CODES;
use schema_sync_core::merge::{Action, Agreed, Decision, OnDrift, State, base_after, decide};
use schema_sync_core::model::Mode;

const MODES: [Mode; 4] = [Mode::Create, Mode::Merge, Mode::Sync, Mode::Mirror];
const ON_DRIFT: [OnDrift; 3] = [OnDrift::Overwrite, OnDrift::Keep, OnDrift::Fail];

/// A state, and its decision for `overwrite`, `keep` and `fail`: action and code.
type Line = (State, [(Action, Option<&'static str>); 3]);

fn always(action: Action) -> [(Action, Option<&'static str>); 3] {
    [(action, None); 3]
}

fn drift(overwrite: Action) -> [(Action, Option<&'static str>); 3] {
    [
        (overwrite, Some("DRIFT_OVERWRITTEN")),
        (Action::Keep, Some("DRIFT_KEPT")),
        (Action::Refuse, Some("DRIFT_REFUSED")),
    ]
}

fn conflict(overwrite: Action, code: &'static str) -> [(Action, Option<&'static str>); 3] {
    [
        (overwrite, Some(code)),
        (Action::Keep, Some("CONFLICT_KEPT")),
        (Action::Refuse, Some("CONFLICT_REFUSED")),
    ]
}

/// `mirror` makes no exceptions: it takes `keep` for `overwrite`.
fn exact(mut line: [(Action, Option<&'static str>); 3]) -> [(Action, Option<&'static str>); 3] {
    line[1] = line[0];
    line
}

fn check(mode: Mode, lines: [Line; 11]) {
    let named: BTreeSet<State> = lines.iter().map(|(state, _)| *state).collect();
    assert_eq!(named, State::ALL.into_iter().collect(), "{mode:?} leaves a state out");
    for (state, expected) in lines {
        for (on_drift, (action, code)) in ON_DRIFT.into_iter().zip(expected) {
            let decision = decide(state, mode, on_drift);
            assert_eq!(decision, Decision { action, code }, "{state:?} {mode:?} {on_drift:?}");
        }
    }
}

#[test]
fn sync_deletes_what_the_files_removed() {
    let own = [(Action::Keep, Some("TARGET_ONLY")); 3];
    check(
        Mode::Sync,
        [
            (State::Equal, always(Action::Nothing)),
            (State::New, always(Action::Create)),
            (State::DeletedOnTarget, drift(Action::Create)),
            (State::DeletedAndChanged, drift(Action::Create)),
            (State::ChangedInFiles, always(Action::Update)),
            (State::ChangedOnTarget, drift(Action::Update)),
            (State::ChangedInBoth, conflict(Action::Update, "CONFLICT_OVERWRITTEN")),
            (State::RemovedFromFiles, always(Action::Delete)),
            (State::RemovedAndChanged, conflict(Action::Delete, "CONFLICT_DELETED")),
            (State::TargetsOwn, own),
            (State::GoneFromBoth, always(Action::Forget)),
        ],
    );
}

#[test]
fn merge_deletes_nothing() {
    check(
        Mode::Merge,
        [
            (State::Equal, always(Action::Nothing)),
            (State::New, always(Action::Create)),
            (State::DeletedOnTarget, drift(Action::Create)),
            (State::DeletedAndChanged, drift(Action::Create)),
            (State::ChangedInFiles, always(Action::Update)),
            (State::ChangedOnTarget, drift(Action::Update)),
            (State::ChangedInBoth, conflict(Action::Update, "CONFLICT_OVERWRITTEN")),
            (State::RemovedFromFiles, always(Action::Keep)),
            (State::RemovedAndChanged, always(Action::Keep)),
            (State::TargetsOwn, always(Action::Keep)),
            (State::GoneFromBoth, always(Action::Forget)),
        ],
    );
}

#[test]
fn create_only_adds() {
    check(
        Mode::Create,
        [
            (State::Equal, always(Action::Nothing)),
            (State::New, always(Action::Create)),
            (State::DeletedOnTarget, drift(Action::Create)),
            (State::DeletedAndChanged, drift(Action::Create)),
            (State::ChangedInFiles, always(Action::Keep)),
            (State::ChangedOnTarget, always(Action::Keep)),
            (State::ChangedInBoth, always(Action::Keep)),
            (State::RemovedFromFiles, always(Action::Keep)),
            (State::RemovedAndChanged, always(Action::Keep)),
            (State::TargetsOwn, always(Action::Keep)),
            (State::GoneFromBoth, always(Action::Forget)),
        ],
    );
}

#[test]
fn mirror_makes_the_target_equal() {
    check(
        Mode::Mirror,
        [
            (State::Equal, always(Action::Nothing)),
            (State::New, always(Action::Create)),
            (State::DeletedOnTarget, exact(drift(Action::Create))),
            (State::DeletedAndChanged, exact(drift(Action::Create))),
            (State::ChangedInFiles, always(Action::Update)),
            (State::ChangedOnTarget, exact(drift(Action::Update))),
            (State::ChangedInBoth, exact(conflict(Action::Update, "CONFLICT_OVERWRITTEN"))),
            (State::RemovedFromFiles, always(Action::Delete)),
            (State::RemovedAndChanged, exact(conflict(Action::Delete, "CONFLICT_DELETED"))),
            (State::TargetsOwn, always(Action::Delete)),
            (State::GoneFromBoth, always(Action::Forget)),
        ],
    );
}

#[test]
fn every_code_is_listed() {
    for (state, mode, on_drift) in all() {
        let code = decide(state, mode, on_drift).code;
        assert!(code.is_none_or(|code| CODES.contains(&code)), "{code:?}");
    }
}

/// Every input of the table.
fn all() -> impl Iterator<Item = (State, Mode, OnDrift)> {
    let states = State::ALL.into_iter();
    let with_mode = states.flat_map(|state| MODES.map(|mode| (state, mode)));
    with_mode.flat_map(|(state, mode)| ON_DRIFT.map(|on_drift| (state, mode, on_drift)))
}

#[test]
fn states_are_named_by_the_three_contents() {
    let (a, b, c) = (Some(1), Some(2), 3);
    let expected = [
        (a, a, Agreed::Unknown, State::Equal),
        (a, a, Agreed::Never, State::Equal),
        (a, a, Agreed::On(1), State::Equal),
        (a, a, Agreed::On(c), State::Equal),
        (a, None, Agreed::Unknown, State::New),
        (a, None, Agreed::Never, State::New),
        (a, None, Agreed::On(1), State::DeletedOnTarget),
        (a, None, Agreed::On(c), State::DeletedAndChanged),
        (a, b, Agreed::Unknown, State::ChangedInFiles),
        (a, b, Agreed::Never, State::ChangedInBoth),
        (a, b, Agreed::On(2), State::ChangedInFiles),
        (a, b, Agreed::On(1), State::ChangedOnTarget),
        (a, b, Agreed::On(c), State::ChangedInBoth),
        (None, b, Agreed::Unknown, State::TargetsOwn),
        (None, b, Agreed::Never, State::TargetsOwn),
        (None, b, Agreed::On(2), State::RemovedFromFiles),
        (None, b, Agreed::On(c), State::RemovedAndChanged),
        (None, None, Agreed::On(c), State::GoneFromBoth),
    ];
    for (desired, current, base, state) in expected {
        assert_eq!(State::of(desired, current, base), state, "{desired:?} {current:?} {base:?}");
    }
}

/// Contents by key: a whole side in small.
type Side = BTreeMap<u8, u8>;

fn side() -> impl Strategy<Value = Side> {
    proptest::collection::btree_map(0..8_u8, 0..3_u8, 0..8)
}

/// A base, or none.
fn base() -> impl Strategy<Value = Option<Side>> {
    proptest::option::weighted(0.8, side())
}

fn mode() -> impl Strategy<Value = Mode> {
    prop::sample::select(&MODES[..])
}

fn on_drift() -> impl Strategy<Value = OnDrift> {
    prop::sample::select(&ON_DRIFT[..])
}

fn agreed(base: Option<&Side>, key: u8) -> Agreed<u8> {
    match base {
        None => Agreed::Unknown,
        Some(base) => base.get(&key).map_or(Agreed::Never, |content| Agreed::On(*content)),
    }
}

/// The decision on every key, visited in the given order of keys.
fn decisions(
    (desired, current, base): (&Side, &Side, Option<&Side>),
    mode: Mode,
    on_drift: OnDrift,
    keys: impl Iterator<Item = u8>,
) -> BTreeMap<u8, Decision> {
    let decision = |key: u8| {
        let contents = (desired.get(&key), current.get(&key));
        let state = State::of(contents.0.copied(), contents.1.copied(), agreed(base, key));
        (key, decide(state, mode, on_drift))
    };
    keys.map(decision).collect()
}

/// Target and base as they are once every decision is carried out.
fn applied(
    desired: &Side,
    current: &Side,
    base: Option<&Side>,
    decisions: &BTreeMap<u8, Decision>,
) -> (Side, Side) {
    let (mut target, mut after) = (current.clone(), Side::new());
    for (key, decision) in decisions {
        let wanted = desired.get(key).copied();
        match decision.action {
            Action::Create | Action::Update => drop(target.insert(*key, wanted.unwrap())),
            Action::Delete => drop(target.remove(key)),
            Action::Nothing | Action::Keep | Action::Refuse | Action::Forget => {}
        }
        let before = base.and_then(|base| base.get(key)).copied();
        let entry = base_after(decision.action, wanted, before);
        after.extend(entry.map(|content| (*key, content)));
    }
    (target, after)
}

fn is_write(decision: &Decision) -> bool {
    matches!(decision.action, Action::Create | Action::Update | Action::Delete)
}

const KEYS: std::ops::Range<u8> = 0..8;

proptest! {
    #[test]
    fn what_was_never_agreed_on_is_never_deleted_in_sync(
        desired in side(), current in side(), base in base(), on_drift in on_drift(),
    ) {
        let sides = (&desired, &current, base.as_ref());
        for (key, decision) in decisions(sides, Mode::Sync, on_drift, KEYS) {
            let known = base.as_ref().is_some_and(|base| base.contains_key(&key));
            prop_assert!(known || decision.action != Action::Delete);
        }
    }

    #[test]
    fn a_second_import_does_nothing(
        desired in side(), current in side(), base in base(), mode in mode(), on_drift in on_drift(),
    ) {
        let first = decisions((&desired, &current, base.as_ref()), mode, on_drift, KEYS);
        let (target, after) = applied(&desired, &current, base.as_ref(), &first);
        let second = decisions((&desired, &target, Some(&after)), mode, on_drift, KEYS);
        prop_assert!(!second.values().any(is_write), "{second:?}");
    }

    #[test]
    fn merge_never_deletes(
        desired in side(), current in side(), base in base(), on_drift in on_drift(),
    ) {
        let sides = (&desired, &current, base.as_ref());
        let decisions = decisions(sides, Mode::Merge, on_drift, KEYS);
        prop_assert!(decisions.values().all(|found| found.action != Action::Delete));
    }

    #[test]
    fn create_only_creates(
        desired in side(), current in side(), base in base(), on_drift in on_drift(),
    ) {
        let sides = (&desired, &current, base.as_ref());
        for decision in decisions(sides, Mode::Create, on_drift, KEYS).values() {
            prop_assert!(!matches!(decision.action, Action::Update | Action::Delete));
        }
    }

    #[test]
    fn mirror_makes_the_target_equal_to_the_files(
        desired in side(), current in side(), base in base(), keep in any::<bool>(),
    ) {
        let on_drift = if keep { OnDrift::Keep } else { OnDrift::Overwrite };
        let first = decisions((&desired, &current, base.as_ref()), Mode::Mirror, on_drift, KEYS);
        let (target, after) = applied(&desired, &current, base.as_ref(), &first);
        prop_assert_eq!(&target, &desired);
        prop_assert_eq!(&after, &desired);
    }

    #[test]
    fn keep_writes_nothing_that_the_target_changed(
        desired in side(), current in side(), base in side(),
    ) {
        let first = decisions((&desired, &current, Some(&base)), Mode::Sync, OnDrift::Keep, KEYS);
        for (key, _) in first.iter().filter(|(_, decision)| is_write(decision)) {
            prop_assert_eq!(current.get(key), base.get(key));
        }
    }

    #[test]
    fn the_order_of_keys_changes_nothing(
        desired in side(), current in side(), base in base(), mode in mode(), on_drift in on_drift(),
    ) {
        let sides = (&desired, &current, base.as_ref());
        let forward = decisions(sides, mode, on_drift, KEYS);
        prop_assert_eq!(forward, decisions(sides, mode, on_drift, KEYS.rev()));
    }
}
