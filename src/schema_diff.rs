//! Two snapshots to the typed changes that make one of the other.
//!
//! What is compared is what Directus can set, so that the difference is gone after it was applied:
//! names, `meta`, and of a column its type, default, null, unique, index, and the length or
//! precision where the type has one. The database's own name of the type, names of constraints and
//! the like follow from the rest and are not compared. Keys that the desired snapshot does not name
//! are left alone, and so are `meta` keys that the target's version of Directus does not have.
//!
//! Nothing that belongs to Directus itself is created or deleted: of system collections only custom
//! fields, their relations, and indexes.

mod check;
mod column;
mod compare;
mod conversion;
mod directus;
mod losses;
mod meta;
mod properties;
mod references;
mod report;
mod residue;
mod spelling;
mod steps;
mod terms;
mod translation;

use crate::error::Result;
use crate::snapshot::{Collection, Field, Relation, Snapshot};

pub use compare::for_target;
pub use directus::to_directus;
pub use losses::losses;
pub use properties::{Properties, picked, shared_keys};
pub use report::count;
pub use residue::{Difference, Residue, residue};
pub use spelling::{Spelled, spelled_facts};
pub use steps::steps;
pub use terms::Terms;

/// One change of the schema. `before` is the thing as it is on the target, `after` as it will be:
/// the desired one in the target's terms, what it leaves open filled from the target.
#[derive(Debug, Clone, PartialEq)]
pub enum SchemaChange {
    /// A new collection with all its fields.
    CollectionCreate {
        /// The collection.
        after: Collection,
        /// Its fields, the primary key first.
        fields: Vec<Field>,
    },
    /// Changed settings of a collection.
    CollectionUpdate {
        /// As it is.
        before: Collection,
        /// As it will be.
        after: Collection,
    },
    /// A collection that goes, with its rows.
    CollectionDelete {
        /// As it is.
        before: Collection,
        /// Its fields.
        fields: Vec<Field>,
        /// The relations that it holds.
        relations: Vec<Relation>,
    },
    /// A new field of an existing collection.
    FieldCreate {
        /// The field.
        after: Field,
    },
    /// A field with changed settings or a changed column.
    FieldUpdate {
        /// As it is.
        before: Field,
        /// As it will be.
        after: Field,
    },
    /// An alias that becomes a column, or a column that becomes an alias: Directus cannot change
    /// one into the other, so the field is deleted and created.
    FieldReplace {
        /// As it is.
        before: Field,
        /// As it will be.
        after: Field,
    },
    /// A field that goes, with its values.
    FieldDelete {
        /// As it is.
        before: Field,
    },
    /// An index of a system field that comes or goes.
    SystemFieldUpdate {
        /// The system collection.
        collection: String,
        /// The field's name.
        field: String,
        /// Whether it shall be indexed.
        indexed: bool,
    },
    /// A new relation.
    RelationCreate {
        /// The relation.
        after: Relation,
    },
    /// Changed settings or rules of a relation.
    RelationUpdate {
        /// As it is.
        before: Relation,
        /// As it will be.
        after: Relation,
    },
    /// A relation that refers to something else or loses its foreign key, which Directus cannot
    /// change: it is deleted and created.
    RelationReplace {
        /// As it is.
        before: Relation,
        /// As it will be.
        after: Relation,
    },
    /// A relation that goes.
    RelationDelete {
        /// As it is.
        before: Relation,
    },
}

/// The changes that make `current` equal to `desired`, by kind and name: what `desired` does not have
/// is deleted. What may go is decided before, see [`crate::schema_merge`].
///
/// Fails with everything that cannot be done, such as a field of a collection that nobody has.
pub fn changes(desired: &Snapshot, current: &Snapshot) -> Result<Vec<SchemaChange>> {
    let changes = compare::Comparison::new(desired, current).changes();
    check::check(&changes, desired, current.vendor.as_deref())?;
    Ok(changes)
}
