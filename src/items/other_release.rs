//! Files that another release of Directus wrote: its own tables have other fields there.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::ItemExport;
use super::folder::rows_of;
use crate::error::Result;
use crate::model::{FieldFacts, FileText, Row};
use crate::row_text::RowText;
use crate::value;

impl ItemExport {
    /// Keeps what the folder's `files` say to another release, once all rows are added: fields that this
    /// instance does not know stay in the rows with the same key, and fields that no row of the files has
    /// are only written where they hold more than their default.
    pub fn follow_release(&mut self, files: &[FileText]) -> Result<()> {
        let folder = rows_of(files)?;
        if folder.is_empty() {
            return Ok(());
        }
        let told: BTreeSet<&String> = folder.iter().flat_map(Row::keys).collect();
        let facts = self.facts.fields.clone();
        let unknown = self.unknown_fields(&folder);
        let rows = std::mem::take(&mut self.rows).into_iter().map(|exported| {
            let mut row = exported.row();
            row.retain(|name, value| {
                told.contains(name) || !facts.get(name).is_some_and(|own| is_default(own, value))
            });
            let key = self.place_of(&exported.row);
            row.extend(unknown.get(&key).cloned().unwrap_or_default());
            self.exported(&exported.id(&self.entry.primary_key), row)
        });
        let rows = rows.collect();
        self.rows = rows;
        Ok(())
    }

    /// By key, the fields of rows of the files that this instance does not know.
    fn unknown_fields(&self, folder: &[Row]) -> BTreeMap<String, Row> {
        let unknown = folder.iter().map(|row| {
            let fields = row.iter().filter(|(name, _)| !self.facts.fields.contains_key(*name));
            let fields = fields.map(|(name, value)| (name.clone(), value.clone())).collect();
            let given = RowText::from(row.clone());
            (self.place_of(&self.file_form_of(&given.text())), fields)
        });
        unknown.collect()
    }

    /// What a row is known by in the files.
    fn place_of(&self, row: &RowText) -> String {
        if self.entry.singleton { String::new() } else { self.key_or_all(row) }
    }
}

fn is_default(field: &FieldFacts, value: &Value) -> bool {
    value.is_null() || value::equal(&field.kind, &field.special, value, &field.default_value)
}
