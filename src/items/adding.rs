//! Rows on their way into an export: each is scanned once, and kept as the texts of its values.

use std::borrow::Cow;
use std::rc::Rc;

use serde_json::Value;

use super::ItemExport;
use super::row::Exported;
use crate::error::{Error, Result};
use crate::json;
use crate::json::scan::{self, Keys, Rows};
use crate::record::{Columns, Slots, Tokens, is_mask, write};
use crate::row_text::RowText;
use crate::value::Form;

/// Fields of a row by name, with the texts of their values.
type Fields<'a> = Vec<(Cow<'a, str>, &'a str)>;

/// Adds a page of rows: a JSON array of objects. `null` stands for a row that a user function dropped.
pub fn page(export: &mut ItemExport, bytes: &[u8], keys: Option<&[Value]>) -> Result<()> {
    let name = export.entry.id.clone();
    let mut adding = Adding {
        columns: export.columns.clone(),
        slots: Slots::of(&export.columns),
        export,
        keys,
        others: Fields::new(),
        text: String::new(),
        count: 0,
        no_row: None,
    };
    let text = core::str::from_utf8(bytes).unwrap_or_default();
    let read = scan::rows(text, Keys::Any, &mut adding);
    let invalid = |message: String| Err(Error::at("ROW_INVALID", message, &name));
    match (read, adding.no_row) {
        (Some(()), None) => Ok(()),
        (Some(()), Some(item)) => invalid(format!("A row is not an object but {item}.")),
        (None, _) => {
            json::parse(bytes, &name)?;
            invalid("The rows are not a JSON array.".to_owned())
        }
    }
}

/// A page while it is added.
struct Adding<'e, 'p> {
    export: &'e mut ItemExport,
    columns: Rc<Columns>,
    /// The primary keys of its rows, where `onExport` may have changed them.
    keys: Option<&'e [Value]>,
    slots: Slots<'p>,
    /// The fields of the row that are no columns.
    others: Fields<'p>,
    /// The last row's record.
    text: String,
    /// How many rows came so far.
    count: usize,
    /// The first item that is no row.
    no_row: Option<&'p str>,
}

impl<'p> Rows<'p> for Adding<'_, 'p> {
    fn field(&mut self, name: Cow<'p, str>, value: &'p str) {
        if !self.slots.put(&self.columns, &name, value) {
            self.others.push((name, value));
        }
    }

    fn item(&mut self, _: usize, text: &'p str) {
        match text.as_bytes() {
            b"null" => {}
            [b'{', ..] => self.add(),
            _ => self.no_row = self.no_row.or(Some(text)),
        }
        self.slots.clear();
        self.others.clear();
        self.count += 1;
    }
}

impl Adding<'_, '_> {
    fn add(&mut self) {
        let Self { export, slots, others, text, .. } = self;
        let given = self.keys.and_then(|keys| keys.get(self.count)).map(|key| export.id_text(key));
        let row = export.file_form(slots, others, text);
        let id = given.unwrap_or_else(|| {
            let name = &export.entry.primary_key;
            let own = self.columns.place(name).and_then(|place| slots.get(place));
            let other = || others.iter().find(|(other, _)| other == name).map(|(_, token)| *token);
            export.id_form.token(own.or_else(other).unwrap_or("null")).into_owned()
        });
        let exported = Exported::new(id, row, &export.entry.primary_key);
        export.rows.push(exported);
    }
}

impl ItemExport {
    /// A row in file form: canonical values, without what does not travel. What `onExport` added stays.
    fn file_form(&self, slots: &Slots<'_>, others: &Fields<'_>, text: &mut String) -> RowText {
        write(text, self.file_tokens(slots));
        let record = Tokens(text).to_record();
        let is_added = |name: &str| !self.facts.fields.contains_key(name);
        let form = Form::of(None);
        let others = others.iter().filter(|_| self.entry.on_export);
        let others = others.filter(|(name, token)| is_added(name) && !is_mask(token));
        let added: Vec<_> = others.map(|(name, token)| (&**name, form.token(token))).collect();
        if added.is_empty() {
            return RowText::of_record(&self.columns, &record);
        }
        let own = record.tokens().of(&self.columns).iter();
        let mut fields: Vec<(&str, &str)> =
            own.chain(added.iter().map(|(name, token)| (*name, &**token))).collect();
        fields.sort_unstable_by_key(|(name, _)| *name);
        RowText::of(fields.into_iter())
    }

    fn file_tokens<'s>(
        &'s self,
        slots: &'s Slots<'_>,
    ) -> impl Iterator<Item = Option<Cow<'s, str>>> {
        slots.by_column(&self.columns).map(|(column, token)| {
            let token = token?;
            let mapped = column.admin.and_then(|place| self.identity.map_token(place, token));
            Some(match mapped {
                Some(mapped) => column.form.token(&mapped).into_owned().into(),
                None => column.form.token(token),
            })
        })
    }

    /// The file form of one row, an object.
    pub(super) fn file_form_of(&self, row: &str) -> RowText {
        let (mut slots, mut others) = (Slots::of(&self.columns), Fields::new());
        let read = scan::fields(row, |name, token| {
            if !slots.put(&self.columns, &name, token) {
                others.push((name, token));
            }
        });
        debug_assert!(read.is_some(), "a row was checked before");
        self.file_form(&slots, &others, &mut String::new())
    }
}
