//! The plan: the complete, ordered, typed list of changes, made before the first write.

mod digest;
mod parts;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use self::parts::{Head, Part};
use crate::model::{Effects, Mode, Row};
use crate::row_text::RowText;

/// The version of the plan's shape.
pub const FORMAT_VERSION: u32 = 1;

/// A complete plan. Applying it needs nothing else: no options, no files.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    /// [`FORMAT_VERSION`] of the core that made it.
    pub format_version: u32,
    /// The mode it was made under.
    pub mode: Mode,
    /// The changes, in the order they are applied. Empty when nothing is to be done.
    pub steps: Vec<Step>,
    /// What a person should know before agreeing.
    pub warnings: Vec<Warning>,
    /// Counts for people and machines.
    pub summary: Summary,
    /// SHA-256 (hex) over the canonical form of mode and steps.
    pub digest: String,
}

impl Plan {
    /// A plan of `steps` in their final order, with its digest.
    pub fn new(mode: Mode, steps: Vec<Step>, warnings: Vec<Warning>, summary: Summary) -> Self {
        let digest = digest::of(mode, &steps);
        Self { format_version: FORMAT_VERSION, mode, steps, warnings, summary, digest }
    }
}

/// A warning of a plan.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Warning {
    /// A stable code.
    pub code: String,
    /// A full sentence.
    pub message: String,
    /// What it concerns: `posts`, `posts.title`.
    pub path: String,
    /// Whether the plan is applied only with consent.
    #[serde(default)]
    pub destructive: bool,
    /// Whether the plan may not be applied at all: the target changed, and `onDrift` is `fail`.
    #[serde(default, skip_serializing_if = "is_false")]
    pub refused: bool,
}

fn is_false(flag: &bool) -> bool {
    !*flag
}

fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// Counts of a plan.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// Changes to the schema by what changes: `collections`, `fields`, `relations`, `systemFields`.
    pub schema: BTreeMap<String, Counts>,
    /// Rows by entry id, unchanged entries included.
    pub items: BTreeMap<String, Counts>,
}

/// Counts of one kind of thing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Counts {
    /// Things to create.
    pub create: u64,
    /// Things to change.
    pub update: u64,
    /// Things to delete.
    pub delete: u64,
    /// Things that are equal already.
    pub unchanged: u64,
    /// Things that stay as they are on the target: its own, and those that changed there.
    pub kept: u64,
    /// Things that were changed on the target since the base, and not in the files.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub drift: u64,
    /// Things that were changed on the target and in the files since the base.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub conflict: u64,
}

/// The member of an object that stands for the primary key of a row which the plan creates: its name.
pub const CREATED: &str = "$created";

/// One change. Payloads have the shape that Directus' services take.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all_fields = "camelCase")]
pub enum Step {
    /// A new collection with all its fields; relations follow in steps of their own.
    #[serde(rename = "collection.create")]
    CollectionCreate {
        /// Name.
        collection: String,
        /// `{collection, meta, schema, fields: [{field, type, meta, schema}]}`.
        payload: Map<String, Value>,
    },
    /// Changed meta keys of a collection.
    #[serde(rename = "collection.update")]
    CollectionUpdate {
        /// Name.
        collection: String,
        /// The changed keys with their new values.
        meta: Map<String, Value>,
        /// The same keys as they are on the target.
        before: Map<String, Value>,
    },
    /// A collection that goes, with its rows.
    #[serde(rename = "collection.delete")]
    CollectionDelete {
        /// Name.
        collection: String,
    },
    /// A new field of an existing collection.
    #[serde(rename = "field.create")]
    FieldCreate {
        /// The collection.
        collection: String,
        /// Name.
        field: String,
        /// `{field, type, meta, schema}`.
        payload: Map<String, Value>,
    },
    /// A changed field.
    #[serde(rename = "field.update")]
    FieldUpdate {
        /// The collection.
        collection: String,
        /// Name.
        field: String,
        /// The changed meta keys with their new values; empty when only the column changes.
        meta: Map<String, Value>,
        /// The same meta keys as they are on the target.
        before: Map<String, Value>,
        /// The whole desired column with its type, `{type, schema}`, when the column differs.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        column: Option<Map<String, Value>>,
        /// The column as it is on the target, `{type, schema}`.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        column_before: Option<Map<String, Value>>,
    },
    /// A field that gets another name and keeps its values, before every other step. With it change the
    /// settings of collections and relations that name it, see [`crate::renames`].
    #[serde(rename = "field.rename")]
    FieldRename {
        /// The collection.
        collection: String,
        /// The name on the target.
        field: String,
        /// The new name.
        to: String,
    },
    /// A field that goes, with its values.
    #[serde(rename = "field.delete")]
    FieldDelete {
        /// The collection.
        collection: String,
        /// Name.
        field: String,
    },
    /// An index on a system field that is added or dropped.
    #[serde(rename = "systemField.update")]
    SystemFieldUpdate {
        /// The system collection.
        collection: String,
        /// Name.
        field: String,
        /// Whether it shall be indexed.
        indexed: bool,
    },
    /// A new relation.
    #[serde(rename = "relation.create")]
    RelationCreate {
        /// The collection that holds the foreign key.
        collection: String,
        /// The field that holds the foreign key.
        field: String,
        /// `{collection, field, related_collection, meta, schema}`.
        payload: Map<String, Value>,
    },
    /// A changed relation.
    #[serde(rename = "relation.update")]
    RelationUpdate {
        /// The collection that holds the foreign key.
        collection: String,
        /// The field that holds the foreign key.
        field: String,
        /// The whole desired relation, as for `relation.create`.
        payload: Map<String, Value>,
        /// The relation as it is on the target.
        before: Map<String, Value>,
    },
    /// A relation that goes.
    #[serde(rename = "relation.delete")]
    RelationDelete {
        /// The collection that holds the foreign key.
        collection: String,
        /// The field that holds the foreign key.
        field: String,
    },
    /// New rows of one entry.
    #[serde(rename = "items.create")]
    ItemsCreate {
        /// The entry's id.
        entry: String,
        /// The collection.
        collection: String,
        /// The rows in database form, in the order they are inserted.
        rows: Vec<RowText>,
        /// A label per row for people, in the order of `rows`.
        #[serde(default)]
        labels: Vec<String>,
        /// What the entry asks for beside the rows.
        #[serde(default, skip_serializing_if = "Effects::are_none")]
        effects: Effects,
        /// What other rows of the plan call the rows, in the order of `rows`, where the target makes
        /// their primary keys and others may refer to them.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        names: Vec<String>,
        /// Fields that may hold `{"$created": <name>}` in place of the primary key of a row that the
        /// plan creates, in this step or before.
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        links: BTreeSet<String>,
    },
    /// Changed rows of one entry, or references set once both rows exist.
    #[serde(rename = "items.update")]
    ItemsUpdate {
        /// The entry's id.
        entry: String,
        /// The collection.
        collection: String,
        /// Why it stands apart from the main update: `cycle` sets references that had to wait,
        /// `unique` and `delete` set null what would collide or still refer.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        reason: Option<String>,
        /// The rows that change.
        changes: Vec<RowChange>,
        /// What the entry asks for beside the rows.
        #[serde(default, skip_serializing_if = "Effects::are_none")]
        effects: Effects,
        /// As for new rows.
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        links: BTreeSet<String>,
    },
    /// Rows of one entry that go.
    #[serde(rename = "items.delete")]
    ItemsDelete {
        /// The entry's id.
        entry: String,
        /// The collection.
        collection: String,
        /// Primary keys on the target.
        keys: Vec<Value>,
        /// A label per row for people, in the order of `keys`.
        labels: Vec<String>,
        /// What the entry asks for beside the rows.
        #[serde(default, skip_serializing_if = "Effects::are_none")]
        effects: Effects,
    },
}

impl Step {
    /// The id of the entry whose rows it concerns; `None` for a step of the schema.
    pub fn entry(&self) -> Option<&str> {
        match self {
            Self::ItemsCreate { entry, .. }
            | Self::ItemsUpdate { entry, .. }
            | Self::ItemsDelete { entry, .. } => Some(entry),
            _ => None,
        }
    }
}

/// The change of one row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RowChange {
    /// The primary key on the target: `{"$created": <name>}` where the plan creates the row and the
    /// target makes its key, null where a singleton has no row yet.
    pub key: Value,
    /// A label for people: the key across instances.
    pub label: String,
    /// The changed fields with their new values.
    pub set: Row,
    /// The same fields as they are on the target.
    #[serde(skip_serializing_if = "Map::is_empty", default)]
    pub before: Row,
}
