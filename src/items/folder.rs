//! Rows that the folder holds already and that stay there, among those of the instance.

use std::collections::BTreeSet;

use super::ItemExport;
use super::row::{self, Exported};
use crate::data_files::{DataFile, assemble};
use crate::error::{Error, Result};
use crate::export_plan::EntryExport;
use crate::identity::Identity;
use crate::model::{FileText, Row};
use crate::row_text::RowText;

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
        let primary = &self.entry.primary_key;
        self.rows.retain(|exported| !leave.contains(&*exported.id(primary)));
        let mut take = |index: &usize| {
            let row =
                folder.get_mut(*index).and_then(Option::take).ok_or_else(|| self.no_row(*index));
            row.map(|row| self.staying(row, plan.ids.get(index), plan))
        };
        let places = plan.keep.iter().chain(plan.replace.iter().map(|(_, index)| index));
        let mut stay = places.map(&mut take).collect::<Result<Vec<Row>>>()?;
        let left_out = plan.left_out.iter().map(&mut take).collect::<Result<Vec<Row>>>()?;
        if !left_out.is_empty() {
            let own: BTreeSet<String> =
                self.rows.iter().map(|own| self.key_or_all(&own.row)).collect();
            let is_own = |row: &Row| {
                let given = RowText::from(row.clone());
                own.contains(&self.key_or_all(&self.file_form_of(&given.text())))
            };
            stay.extend(left_out.into_iter().filter(|row| !is_own(row)));
        }
        let stay = stay.into_iter().map(|row| self.exported("", row));
        let stay: Vec<Exported> = stay.collect();
        self.rows.extend(stay);
        self.leave_out(&plan.gone);
        Ok(())
    }

    /// Leaves fields out of all rows.
    fn leave_out(&mut self, gone: &[String]) {
        if gone.is_empty() {
            return;
        }
        for exported in std::mem::take(&mut self.rows) {
            let mut row = exported.row();
            row.retain(|name, _| !gone.contains(name));
            let less = self.exported(&exported.id(&self.entry.primary_key), row);
            self.rows.push(less);
        }
    }

    pub(super) fn exported(&self, id: &str, row: Row) -> Exported {
        Exported::new(id.to_owned(), row.into(), &self.entry.primary_key)
    }

    fn staying(&self, mut row: Row, ids: Option<&Row>, plan: &EntryExport) -> Row {
        Identity::to_folder(plan.admin.as_ref()).map(&self.places, &mut row);
        let mut ids = ids.cloned().unwrap_or_default();
        self.identity.map(&self.places, &mut ids);
        row.extend(ids);
        row
    }

    /// The text of a row's key, or the whole row where rows have no key of their own.
    pub(super) fn key_or_all(&self, row: &RowText) -> String {
        let key = super::key(&self.entry).iter().map(String::as_str);
        let tokens = row::tokens(row, key).into_iter();
        let tokens: Vec<String> = tokens.map(|token| token.unwrap_or("null".into())).collect();
        let is_known = !self.entry.multiset && tokens.iter().any(|token| *token != "null");
        if is_known { format!("[{}]", tokens.join(",")) } else { row.text().into_owned() }
    }

    fn no_row(&self, index: usize) -> Error {
        let message = format!("The files of {} have no row {}.", self.entry.id, index + 1);
        Error::new("INTERNAL", message)
    }
}

/// The rows of an entry's files, in the order in which a plan counts them.
pub(super) fn rows_of(files: &[FileText]) -> Result<Vec<Row>> {
    let read = |file: &FileText| DataFile::read(&file.path, file.text.as_bytes());
    let (rows, found) = assemble(files.iter().map(read).collect::<Result<_>>()?);
    Error::check(&found)?;
    Ok(rows.parsed().collect())
}
