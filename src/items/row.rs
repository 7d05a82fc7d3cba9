//! One row on its way to a file.

use std::borrow::Cow;

use crate::json::scan;
use crate::model::Row;
use crate::row_text::RowText;

/// A row that will be written.
#[derive(Debug)]
pub struct Exported {
    /// The text of its primary key on the instance where the row does not say it; empty for a row that
    /// the folder holds.
    id: Option<Box<str>>,
    /// Its values in file form.
    pub row: RowText,
}

impl Exported {
    /// A row with the text of its primary key, which it may hold as `primary`.
    pub fn new(id: String, row: RowText, primary: &str) -> Self {
        let own = row.fields().and_then(|fields| fields.token(primary));
        let id = (own != Some(&id)).then(|| id.into());
        Self { id, row }
    }

    /// The text of its primary key, which it may hold as `primary`.
    pub fn id(&self, primary: &str) -> Cow<'_, str> {
        let own = || self.row.fields().and_then(|fields| fields.token(primary));
        Cow::Borrowed(self.id.as_deref().or_else(own).unwrap_or_default())
    }

    /// Its values.
    pub fn row(&self) -> Row {
        self.row.row()
    }

    /// The texts of some fields' values.
    pub fn tokens<'f>(&self, fields: impl Iterator<Item = &'f str>) -> Vec<Option<String>> {
        tokens(&self.row, fields)
    }
}

/// The texts of some fields' values.
pub fn tokens<'f>(row: &RowText, fields: impl Iterator<Item = &'f str>) -> Vec<Option<String>> {
    if let Some(own) = row.fields() {
        return fields.map(|field| own.token(field).map(str::to_owned)).collect();
    }
    let mut slots: Vec<(&str, Option<String>)> = fields.map(|field| (field, None)).collect();
    let read = scan::fields(&row.text(), |name, token| {
        let asked = slots.iter_mut().filter(|(field, _)| *field == name);
        asked.for_each(|(_, slot)| *slot = Some(token.to_owned()));
    });
    debug_assert!(read.is_some(), "a row was checked before");
    slots.into_iter().map(|(_, token)| token).collect()
}
