//! Rows that the folder holds already and that stay there, among those of the instance.

use std::collections::BTreeSet;

use serde_json::Value;

use super::ItemExport;
use crate::data_files::{DataFile, RawRow, assemble};
use crate::error::{Error, Result};
use crate::export_plan::EntryExport;
use crate::identity::Identity;
use crate::json;
use crate::model::{FileText, Row};
use crate::rows;

impl ItemExport {
    /// Takes what stays of the entry's `files`, once all rows of the instance are added. Values stay
    /// as they stand in the files, but for ids that the instance's rows go by now.
    pub fn take_folder(&mut self, files: &[FileText], plan: &EntryExport) -> Result<()> {
        let mut folder: Vec<Option<Row>> = match plan.has_rows_of_files() {
            true => rows_of(files)?.into_iter().map(Some).collect(),
            false => Vec::new(),
        };
        let replaced = plan.replace.iter().map(|(id, _)| id);
        let leave: BTreeSet<String> =
            plan.omit.iter().chain(replaced).map(|id| self.id_text(id)).collect();
        self.rows.retain(|exported| !leave.contains(&exported.id));
        let mut take = |index: &usize| {
            let row =
                folder.get_mut(*index).and_then(Option::take).ok_or_else(|| self.no_row(*index));
            row.map(|row| self.staying(row, plan.ids.get(index), plan))
        };
        let places = plan.keep.iter().chain(plan.replace.iter().map(|(_, index)| index));
        let mut stay = places.map(&mut take).collect::<Result<Vec<Row>>>()?;
        let left_out = plan.left_out.iter().map(&mut take).collect::<Result<Vec<Row>>>()?;
        let own: BTreeSet<String> = self.rows.iter().map(|own| self.key_or_all(&own.row)).collect();
        let is_own = |row: &Row| own.contains(&self.key_or_all(&self.file_form(row.clone())));
        stay.extend(left_out.into_iter().filter(|row| !is_own(row)));
        self.rows.extend(stay.into_iter().map(|row| super::Exported { id: String::new(), row }));
        let rows = self.rows.iter_mut().map(|exported| &mut exported.row);
        rows.for_each(|row| row.retain(|name, _| !plan.gone.contains(name)));
        Ok(())
    }

    fn staying(&self, mut row: Row, ids: Option<&Row>, plan: &EntryExport) -> Row {
        Identity::to_folder(plan.admin.as_ref()).map(&self.places, &mut row);
        let mut ids = ids.cloned().unwrap_or_default();
        self.identity.map(&self.places, &mut ids);
        row.extend(ids);
        row
    }

    /// The text of a row's key, or of the whole row where rows have no key of their own.
    fn key_or_all(&self, row: &Row) -> String {
        let key = (!self.entry.multiset).then(|| rows::key_text(row, &self.key())).flatten();
        key.unwrap_or_else(|| json::to_compact(&Value::Object(row.clone())))
    }

    fn no_row(&self, index: usize) -> Error {
        let message = format!("The files of {} have no row {}.", self.entry.id, index + 1);
        Error::new("INTERNAL", message)
    }
}

/// The rows of an entry's files, in the order in which a plan counts them.
fn rows_of(files: &[FileText]) -> Result<Vec<Row>> {
    let parse = |file: &FileText| -> Result<DataFile> {
        let value: Value = json::parse(file.text.as_bytes(), &file.path)?;
        Ok(DataFile { path: file.path.clone(), value })
    };
    let (rows, found) = assemble(files.iter().map(parse).collect::<Result<_>>()?);
    Error::check(&found)?;
    Ok(rows.into_iter().map(|RawRow { row, .. }| row).collect())
}
