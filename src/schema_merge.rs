//! The three-way merge of schemas: what becomes of every collection, field, relation and index.
//!
//! Each thing is decided on by the table of [`crate::merge`]. From the decisions comes one merged
//! snapshot: the schema that the target is to have, in which stands what stays there, and from which
//! is left out what goes or stays away. The exact difference of that snapshot and the target is the
//! plan, see [`crate::schema_diff`].
//!
//! Things hang together, and so do the decisions:
//!
//! - A collection is one thing with all its fields and relations. One that only one side has comes,
//!   goes or stays as a whole, and counts as changed where any of them was changed.
//! - What stays on the target keeps what it needs: the collection that it refers to, the group that it
//!   stands in, the relation of a field. Such a thing stays although the files removed it.
//! - What stays away from the target takes along the relations that need it, and what comes does not
//!   mention it.

mod bonds;
mod cases;
mod export;
mod memory;
mod merged;
mod next;
mod report;
mod scope;
mod spelling;
mod thing;

use std::collections::BTreeMap;

use crate::base::{Hasher, SchemaBase};
use crate::error::{Diagnostic, Error, Result};
use crate::merge::OnDrift;
use crate::model::Mode;
use crate::plan::{Counts, Warning};
use crate::renames::Renames;
use crate::schema_diff::{self, SchemaChange, Terms};
use crate::snapshot::Snapshot;

use self::cases::{Cases, Judge, Table};
use self::memory::Memories;

pub use self::export::{MergedExport, merge_export};
pub use self::memory::knows_field;

/// What files and target last agreed on.
#[derive(Debug, Clone, Copy)]
pub struct Agreement<'a> {
    /// Makes the hashes of the base.
    pub hasher: &'a Hasher,
    /// What was agreed on; `None` where nothing was.
    pub base: Option<&'a SchemaBase>,
    /// Leads back to the names that fields had when the base was made.
    pub old_names: &'a Renames,
}

/// How far an import may go.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    /// Its mode.
    pub mode: Mode,
    /// What happens where the target changed.
    pub on_drift: OnDrift,
}

/// The schema that the target is to have.
#[derive(Debug, Clone, Default)]
pub struct Merged {
    /// The schema, with what stays on the target and without what goes or stays away.
    pub snapshot: Snapshot,
    /// What the files have and the target is not to get: collections by name, fields by collection
    /// and name.
    pub held_back: HeldBack,
    /// What happened on the target since the base.
    pub warnings: Vec<Warning>,
    /// What does not change, by `collections`, `fields`, `relations` and `systemFields`: `unchanged`,
    /// `kept`, `drift` and `conflict`.
    pub counts: BTreeMap<String, Counts>,
    /// What is agreed on once the target is like [`Self::snapshot`].
    pub base: SchemaBase,
    /// What the mode does not allow.
    problems: Vec<Diagnostic>,
}

/// Names of what the files have and the target is not to get.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HeldBack {
    /// Collections.
    pub collections: Vec<String>,
    /// Fields of other collections, by collection and name.
    pub fields: Vec<(String, String)>,
}

/// Merges what the files want into what the target has.
pub fn merge(
    desired: &Snapshot,
    current: &Snapshot,
    agreement: Agreement<'_>,
    rules: Rules,
) -> Merged {
    let terms = Terms::of(current);
    let memories = Memories::of(desired, current, &terms, agreement);
    let table = Table::Import(rules);
    let judge = Judge { terms: &terms, table };
    let mut cases = Cases::of(desired, current, &judge, &memories);
    bonds::settle(&mut cases, &terms, &bonds::IMPORT);
    Merged {
        snapshot: merged::snapshot(&cases, desired),
        held_back: merged::held_back(&cases),
        warnings: report::warnings(&cases),
        counts: report::counts(&cases),
        base: next::base(&cases, &terms, &memories, desired),
        problems: report::lost_columns(&cases, rules.mode),
    }
}

impl Merged {
    /// The changes that make the target what it is to be, or everything that cannot be done.
    pub fn changes(&self, current: &Snapshot) -> Result<Vec<SchemaChange>> {
        let changes = schema_diff::changes(&self.snapshot, current);
        let mut problems = self.problems.clone();
        problems
            .extend(changes.as_ref().err().into_iter().flat_map(|error| error.diagnostics.clone()));
        Error::check(&problems)?;
        changes
    }
}

/// Merges where nothing was ever agreed on.
pub fn merge_unagreed(desired: &Snapshot, current: &Snapshot, mode: Mode) -> Merged {
    let (hasher, old_names) = (Hasher::new(&[]), Renames::default());
    let agreement = Agreement { hasher: &hasher, base: None, old_names: &old_names };
    merge(desired, current, agreement, Rules { mode, on_drift: OnDrift::Overwrite })
}
