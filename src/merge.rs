//! The three-way merge: what becomes of one thing, be it a row, a collection, a field or a relation.
//!
//! Three states are compared: what the files want (desired), what the target has (current), and what
//! both last agreed on (base). The base tells a removal in the files from something that is the
//! target's own, and a change in the files from a change on the target. [`State::of`] names what
//! happened since the agreement. [`decide`] says what an import does about it under a mode, and
//! [`base_after`] what the base holds afterwards; [`export_decision`] says what an export writes. Nothing here knows what a thing is; contents are compared by hash.

use serde::{Deserialize, Serialize};

use crate::model::Mode;

/// What happens where the target changed by other hands since the base.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OnDrift {
    /// The files win, and it is reported.
    #[default]
    Overwrite,
    /// The target stays as it is, and it is reported.
    Keep,
    /// The import is refused.
    Fail,
}

/// What the base says of one thing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Agreed<T> {
    /// There is no base to ask: a first import, or one with another key or filter.
    #[default]
    Unknown,
    /// The thing was never agreed on.
    Never,
    /// The content that was agreed on.
    On(T),
}

/// What happened to one thing since files and target last agreed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Both have it with the same content.
    #[default]
    Equal,
    /// Only the files have it, and it was never agreed on.
    New,
    /// Only the files have it, as agreed.
    DeletedOnTarget,
    /// Only the files have it, other than agreed.
    DeletedAndChanged,
    /// Both have it, and the target as agreed, or there is no base to blame the target by.
    ChangedInFiles,
    /// Both have it, and the files as agreed.
    ChangedOnTarget,
    /// Both have it, neither as agreed.
    ChangedInBoth,
    /// Only the target has it, as agreed.
    RemovedFromFiles,
    /// Only the target has it, other than agreed.
    RemovedAndChanged,
    /// Only the target has it, and it was never agreed on.
    TargetsOwn,
    /// Only the base has it.
    GoneFromBoth,
}

impl<T> Agreed<T> {
    /// The content that was agreed on.
    pub fn content(self) -> Option<T> {
        match self {
            Self::On(content) => Some(content),
            Self::Unknown | Self::Never => None,
        }
    }
}

impl State {
    /// Every state, for tests that leave none out.
    pub const ALL: [Self; 11] = [
        Self::Equal,
        Self::New,
        Self::DeletedOnTarget,
        Self::DeletedAndChanged,
        Self::ChangedInFiles,
        Self::ChangedOnTarget,
        Self::ChangedInBoth,
        Self::RemovedFromFiles,
        Self::RemovedAndChanged,
        Self::TargetsOwn,
        Self::GoneFromBoth,
    ];

    /// Names the state of a thing by its contents; `None` on a side that does not have it.
    pub fn of<T: PartialEq>(desired: Option<T>, current: Option<T>, base: Agreed<T>) -> Self {
        match (desired, current) {
            (Some(desired), Some(current)) if desired == current => Self::Equal,
            (Some(desired), Some(current)) => Self::differing(&desired, &current, &base),
            (Some(desired), None) => Self::missing(&desired, &base),
            (None, Some(current)) => Self::extra(&current, &base),
            (None, None) => Self::GoneFromBoth,
        }
    }

    /// The state of a thing that both sides have with different contents.
    pub fn differing<T: PartialEq>(desired: &T, current: &T, base: &Agreed<T>) -> Self {
        match base {
            Agreed::Unknown => Self::ChangedInFiles,
            Agreed::On(agreed) if agreed == current => Self::ChangedInFiles,
            Agreed::On(agreed) if agreed == desired => Self::ChangedOnTarget,
            Agreed::On(_) | Agreed::Never => Self::ChangedInBoth,
        }
    }

    /// The state of a thing that only the files have.
    pub fn missing<T: PartialEq>(desired: &T, base: &Agreed<T>) -> Self {
        match base {
            Agreed::Unknown | Agreed::Never => Self::New,
            Agreed::On(agreed) if agreed == desired => Self::DeletedOnTarget,
            Agreed::On(_) => Self::DeletedAndChanged,
        }
    }

    /// The state of a thing that only the target has.
    pub fn extra<T: PartialEq>(current: &T, base: &Agreed<T>) -> Self {
        match base {
            Agreed::Unknown | Agreed::Never => Self::TargetsOwn,
            Agreed::On(agreed) if agreed == current => Self::RemovedFromFiles,
            Agreed::On(_) => Self::RemovedAndChanged,
        }
    }
}

/// What is done about one thing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    /// It is as it should be.
    #[default]
    Nothing,
    /// It is made on the target.
    Create,
    /// It is changed on the target.
    Update,
    /// It is deleted from the target.
    Delete,
    /// The target stays as it is, although it is not as the files say.
    Keep,
    /// The whole import is refused.
    Refuse,
    /// It is gone; only its entry in the base goes.
    Forget,
}

/// Whose version of one thing the files hold after an export; a side may well have none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Holds {
    /// The target's.
    Target,
    /// The one that the files hold already, which waits to be imported.
    Files,
    /// Undecided, since both changed: the export stops.
    Conflict,
}

/// The table of the export: the target is written, but for what was changed in the files alone. Where
/// there is no base, nobody can tell who changed what, and the target is written without asking.
pub fn export_decision(state: State) -> Holds {
    match state {
        State::Equal | State::GoneFromBoth => Holds::Target,
        State::TargetsOwn | State::ChangedOnTarget | State::DeletedOnTarget => Holds::Target,
        State::New | State::ChangedInFiles | State::RemovedFromFiles => Holds::Files,
        State::ChangedInBoth | State::DeletedAndChanged | State::RemovedAndChanged => {
            Holds::Conflict
        }
    }
}

/// What is done about one thing, and how it is reported.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Decision {
    /// What is done.
    pub action: Action,
    /// The code of the plan's warning; `None` for what needs no words.
    pub code: Option<&'static str>,
}

/// The target was changed by other hands, and the files were not.
pub const DRIFT: Codes =
    Codes { overwritten: "DRIFT_OVERWRITTEN", kept: "DRIFT_KEPT", refused: "DRIFT_REFUSED" };

/// Target and files were both changed.
pub const CONFLICT: Codes = Codes {
    overwritten: "CONFLICT_OVERWRITTEN",
    kept: "CONFLICT_KEPT",
    refused: "CONFLICT_REFUSED",
};

/// The target was changed, and the files removed the thing: overwriting deletes what was changed.
pub const CONFLICT_DELETE: Codes = Codes { overwritten: "CONFLICT_DELETED", ..CONFLICT };

/// The files were changed, and an export leaves them so.
pub const PENDING_IMPORT: &str = "PENDING_IMPORT";

/// Files and target were both changed, and an export does not choose.
pub const EXPORT_CONFLICT: &str = "EXPORT_CONFLICT";

/// A thing that only the target has, and that was never agreed on.
pub const TARGET_ONLY: &str = "TARGET_ONLY";

/// A thing that the files removed or changed, but that something needs which stays on the target.
pub const STILL_NEEDED: &str = "STILL_NEEDED";

/// The table: what to do in which state under which mode.
///
/// `create` only adds, `merge` never deletes, `sync` deletes what the files removed, and `mirror`
/// makes the target equal to the files. So `mirror` takes `keep` for `overwrite`: who asks for an
/// exact copy does not ask for exceptions.
pub fn decide(state: State, mode: Mode, on_drift: OnDrift) -> Decision {
    use Action::{Create, Delete, Forget, Keep, Nothing, Update};
    match (state, mode) {
        (State::Equal, _) => silent(Nothing),
        (State::GoneFromBoth, _) => silent(Forget),

        (State::New, _) => silent(Create),
        (State::DeletedOnTarget | State::DeletedAndChanged, _) => {
            DRIFT.decide(Create, mode, on_drift)
        }

        (State::ChangedInFiles, Mode::Create) => silent(Keep),
        (State::ChangedInFiles, _) => silent(Update),
        (State::ChangedOnTarget, Mode::Create) => silent(Keep),
        (State::ChangedOnTarget, _) => DRIFT.decide(Update, mode, on_drift),
        (State::ChangedInBoth, Mode::Create) => silent(Keep),
        (State::ChangedInBoth, _) => CONFLICT.decide(Update, mode, on_drift),

        (State::RemovedFromFiles, Mode::Sync | Mode::Mirror) => silent(Delete),
        (State::RemovedFromFiles, Mode::Merge | Mode::Create) => silent(Keep),
        (State::RemovedAndChanged, Mode::Sync | Mode::Mirror) => {
            CONFLICT_DELETE.decide(Delete, mode, on_drift)
        }
        (State::RemovedAndChanged, Mode::Merge | Mode::Create) => silent(Keep),

        (State::TargetsOwn, Mode::Mirror) => silent(Delete),
        (State::TargetsOwn, Mode::Sync) => Decision { action: Keep, code: Some(TARGET_ONLY) },
        (State::TargetsOwn, Mode::Merge | Mode::Create) => silent(Keep),
    }
}

fn silent(action: Action) -> Decision {
    Decision { action, code: None }
}

/// The codes of one kind of finding, by what was done about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Codes {
    /// The files won.
    pub overwritten: &'static str,
    /// The target stays as it is.
    pub kept: &'static str,
    /// The import is refused.
    pub refused: &'static str,
}

impl Codes {
    fn decide(self, overwrite: Action, mode: Mode, on_drift: OnDrift) -> Decision {
        let (action, code) = match on_drift {
            OnDrift::Keep if mode != Mode::Mirror => (Action::Keep, self.kept),
            OnDrift::Overwrite | OnDrift::Keep => (overwrite, self.overwritten),
            OnDrift::Fail => (Action::Refuse, self.refused),
        };
        Decision { action, code: Some(code) }
    }
}

impl Decision {
    /// Whether it is reported as a change of the target alone.
    pub fn is_drift(self) -> bool {
        self.code.is_some_and(|code| code.starts_with("DRIFT_"))
    }

    /// Whether it is reported as a change of both sides.
    pub fn is_conflict(self) -> bool {
        self.code.is_some_and(|code| code.starts_with("CONFLICT_"))
    }

    /// Whether the target stays as it is for now, although the files say otherwise.
    pub fn leaves(self) -> bool {
        matches!(self.action, Action::Keep | Action::Refuse)
    }
}

/// What the base holds of a thing once the action is done: `desired` is its content in the files,
/// `before` what was agreed so far. What the target keeps leaves the agreement as it was, so that it
/// is still known for what it is at the next import.
pub fn base_after<T>(action: Action, desired: Option<T>, before: Option<T>) -> Option<T> {
    match action {
        Action::Nothing | Action::Create | Action::Update => desired,
        Action::Keep | Action::Refuse => before,
        Action::Delete | Action::Forget => None,
    }
}
