//! Steps of a plan on little space: rows are named, and their content is hashed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::json;
use crate::manifest;
use crate::plan::{RowChange, Step};
use crate::row_text::RowText;
use crate::rows;

/// How many characters the JSON of a value may have to stand in the file as it is.
const SHORT: usize = 120;

/// How many hex digits of a row's SHA-256 are kept. They only tell which of the rows differs; whether
/// one does is told by the digest of the plan, which has all of them.
const ROW_DIGITS: usize = 16;

/// A step of a sealed plan. Those of the schema stand as they are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum CompactStep {
    /// Rows.
    Rows(RowStep),
    /// A part of the schema, as the plan has it.
    Schema(Map<String, Value>),
}

/// A step that concerns rows of one entry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum RowStep {
    /// New rows.
    #[serde(rename = "items.create")]
    Create {
        /// The entry's id.
        entry: String,
        /// The collection.
        collection: String,
        /// `<first digits of the row's SHA-256> <label>`.
        rows: Vec<String>,
    },
    /// Changed rows.
    #[serde(rename = "items.update")]
    Update {
        /// The entry's id.
        entry: String,
        /// The collection.
        collection: String,
        /// As in [`Step::ItemsUpdate`].
        #[serde(skip_serializing_if = "Option::is_none", default)]
        reason: Option<String>,
        /// The rows.
        rows: Vec<ChangedRow>,
    },
    /// Rows that go.
    #[serde(rename = "items.delete")]
    Delete {
        /// The entry's id.
        entry: String,
        /// The collection.
        collection: String,
        /// Their names.
        rows: Vec<String>,
    },
}

/// A row with the fields that change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChangedRow {
    /// Its name.
    pub row: String,
    /// The fields.
    pub set: BTreeMap<String, ChangedField>,
}

/// A value and the one that takes its place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChangedField {
    /// As it is on the target. A long value is `{sha256}`.
    pub from: Value,
    /// As it will be.
    pub to: Value,
}

impl From<Step> for CompactStep {
    fn from(step: Step) -> Self {
        match step {
            Step::ItemsCreate { entry, collection, rows, labels, .. } => {
                let rows = rows.iter().zip(&labels).map(|(row, label)| created(row, label));
                Self::Rows(RowStep::Create { entry, collection, rows: rows.collect() })
            }
            Step::ItemsUpdate { entry, collection, reason, changes, .. } => {
                let rows = changes.iter().map(changed).collect();
                Self::Rows(RowStep::Update { entry, collection, reason, rows })
            }
            Step::ItemsDelete { entry, collection, keys, labels, .. } => {
                let rows = keys.iter().zip(&labels).map(|(key, label)| name(key, label));
                Self::Rows(RowStep::Delete { entry, collection, rows: rows.collect() })
            }
            schema => match serde_json::to_value(schema) {
                Ok(Value::Object(step)) => Self::Schema(step),
                _ => Self::Schema(Map::new()),
            },
        }
    }
}

fn created(row: &RowText, label: &str) -> String {
    let digits: String =
        manifest::sha256_hex(row.text().as_bytes()).chars().take(ROW_DIGITS).collect();
    format!("{digits} {label}")
}

fn changed(change: &RowChange) -> ChangedRow {
    let field = |(field, to): (&String, &Value)| {
        let from = rows::value_of(&change.before, field);
        (field.clone(), ChangedField { from: short(from), to: short(to) })
    };
    ChangedRow {
        row: name(&change.key, &change.label),
        set: change.set.iter().map(field).collect(),
    }
}

/// A row's label, with its key where that is another.
fn name(key: &Value, label: &str) -> String {
    match rows::plain(key) {
        key if key == label || key == "null" => label.to_owned(),
        key => format!("{label} ({key})"),
    }
}

fn short(value: &Value) -> Value {
    let text = json::to_compact(value);
    match text.chars().count() <= SHORT {
        true => value.clone(),
        false => serde_json::json!({ "sha256": manifest::sha256_hex(text.as_bytes()) }),
    }
}
