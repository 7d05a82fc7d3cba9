//! What an export writes so that changes which wait in the folder stay there.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::model::{AdminIds, Row};
use crate::plan::Warning;
use crate::snapshot::Snapshot;

/// How the state of an instance and the folder's own changes become the next folder.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ExportPlan {
    /// The snapshot to write; `None` where the schema was not given.
    pub schema: Option<Snapshot>,
    /// By entry id, for every entry of the export.
    pub entries: BTreeMap<String, EntryExport>,
    /// Changes of the files that an import has yet to bring, which is why they stay.
    pub pending: Vec<Warning>,
    /// What files and instance both changed. Nothing may be written while there is any.
    pub conflicts: Vec<Warning>,
}

/// How the files of one entry differ from the rows of the instance. Rows of the files are named by
/// how many rows stand before them, rows of the instance by their primary key.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct EntryExport {
    /// Rows of the files that are written besides those of the instance.
    pub keep: Vec<usize>,
    /// Rows of the files that `onImport` drops on this instance: they are written unless the
    /// instance's own rows hold one with the same key.
    pub left_out: Vec<usize>,
    /// Rows of the instance that are not written.
    pub omit: Vec<Value>,
    /// Rows of the instance, and the rows of the files that are written in their place.
    pub replace: Vec<(Value, usize)>,
    /// Ids that differ between files and instance, by row of the files: fields with the values that
    /// the instance's rows go by.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub ids: BTreeMap<usize, Row>,
    /// Fields that the schema which is written does not have, though one side has them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub gone: Vec<String>,
    /// The Administrator as files call it that another tool wrote.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub admin: Option<AdminIds>,
}

impl EntryExport {
    /// Whether rows of the files are written.
    pub fn has_rows_of_files(&self) -> bool {
        self.keep.len() + self.left_out.len() + self.replace.len() > 0
    }
}
