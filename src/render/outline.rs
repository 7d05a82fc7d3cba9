//! What all formats show of a plan.

use serde_json::{Map, Value};

use super::value::Difference;
use super::{rows, schema};
use crate::plan::{Plan, Warning};

/// The parts of a plan in the order in which they are shown.
pub(super) struct Outline<'a> {
    /// First those that refuse the plan, then those that ask for consent.
    pub warnings: Vec<&'a Warning>,
    /// One group per collection.
    pub schema: Vec<Group>,
    /// One group per entry.
    pub rows: Vec<Group>,
}

impl<'a> Outline<'a> {
    /// The outline of a plan with at most `row_limit` rows per entry.
    pub(super) fn new(plan: &'a Plan, row_limit: usize) -> Self {
        let mut warnings: Vec<_> = plan.warnings.iter().collect();
        warnings.sort_by_key(|warning| (!warning.refused, !warning.destructive));
        Self { warnings, schema: schema::groups(&plan.steps), rows: rows::groups(plan, row_limit) }
    }
}

/// What happens in one collection, or to the rows of one entry.
#[derive(Default)]
pub(super) struct Group {
    /// What happens to the collection; nothing for an entry.
    pub sign: Option<Sign>,
    pub name: String,
    /// The numbers of an entry.
    pub note: String,
    /// Changed settings of the collection itself.
    pub own: Vec<Difference>,
    pub changes: Vec<Change>,
    /// How many changes are left out behind them.
    pub more: usize,
}

/// Whether a thing comes, changes or goes.
#[derive(Clone, Copy)]
pub(super) enum Sign {
    Create,
    Update,
    Delete,
}

impl Sign {
    pub(super) fn symbol(self) -> char {
        match self {
            Self::Create => '+',
            Self::Update => '~',
            Self::Delete => '-',
        }
    }
}

/// What happens to one field, relation or row.
pub(super) struct Change {
    pub sign: Sign,
    /// The thing on one line: a field's name, a row's label or its folded content.
    pub name: String,
    /// What is said of it.
    pub about: About,
    /// What differs where it changes.
    pub differences: Vec<Difference>,
    /// What it consists of where it is new.
    pub content: Map<String, Value>,
}

impl Change {
    pub(super) fn new(sign: Sign, name: String) -> Self {
        let (differences, content) = Default::default();
        Self { sign, name, about: About::Nothing, differences, content }
    }
}

/// What is said of the thing that changes.
pub(super) enum About {
    Nothing,
    /// It is a field of this type.
    Type(String),
    /// It is a relation, to this collection where it is known and to one.
    Relation(Option<String>),
}
