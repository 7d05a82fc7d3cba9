//! One row on its way to a file, as text.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::error::{Error, Result};
use crate::json;
use crate::json::scan::{self, Keys};
use crate::model::Row;
use crate::record::Record;
use crate::row_text::push_name;

/// A row that will be written.
#[derive(Debug)]
pub struct Exported {
    /// The text of its primary key on the instance; empty for a row that the folder holds.
    pub id: Box<str>,
    /// Its values in file form, as compact JSON with sorted names.
    pub text: Box<str>,
    /// What it is ordered by.
    pub order: Record,
}

/// The fields of a row by name: the canonical texts of their values.
pub type Fields<'a> = Vec<(Cow<'a, str>, Cow<'a, str>)>;

impl Exported {
    /// A row of `fields`, ordered by some of them.
    pub fn new<'f>(id: String, fields: &Fields<'_>, order: impl Iterator<Item = &'f str>) -> Self {
        let place = |name: &str| fields.binary_search_by(|(other, _)| (**other).cmp(name)).ok();
        let order = order.map(|name| fields.get(place(name)?).map(|(_, token)| token));
        Self { id: id.into(), order: Record::of(order), text: text(fields).into() }
    }

    /// A row that is given as values.
    pub fn of_row<'f>(id: String, row: Row, order: impl Iterator<Item = &'f str>) -> Self {
        let fields =
            row.into_iter().map(|(name, value)| (name.into(), json::to_compact(&value).into()));
        Self::new(id, &fields.collect(), order)
    }

    /// Its values.
    pub fn row(&self) -> Row {
        serde_json::from_str(&self.text).unwrap_or_default()
    }
}

/// The texts of some fields' values.
pub fn tokens<'a, 'f>(row: &'a str, fields: impl Iterator<Item = &'f str>) -> Vec<Option<&'a str>> {
    let mut slots: Vec<(&str, Option<&'a str>)> = fields.map(|field| (field, None)).collect();
    let read = scan::fields(row, |name, token| {
        let asked = slots.iter_mut().filter(|(field, _)| *field == name);
        asked.for_each(|(_, slot)| *slot = Some(token));
    });
    debug_assert!(read.is_some(), "a row was checked before");
    slots.into_iter().map(|(_, token)| token).collect()
}

/// An object of fields in their final order.
pub fn text(fields: &Fields<'_>) -> String {
    let length = fields.iter().map(|(name, token)| name.len() + token.len() + 4).sum();
    let mut text = String::with_capacity(length);
    for (name, token) in fields {
        text.push(if text.is_empty() { '{' } else { ',' });
        push_name(&mut text, name);
        text.push_str(token);
    }
    text.push_str(if text.is_empty() { "{}" } else { "}" });
    text
}

/// The text of a row that is given as values.
pub fn text_of(row: Map<String, Value>) -> String {
    json::to_compact(&Value::Object(row))
}

/// A page of rows: a JSON array of objects. `null` stands for a row that a user function dropped.
pub fn page<'a>(bytes: &'a [u8], name: &str) -> Result<Vec<Option<&'a str>>> {
    let invalid = |message: String| Error::at("ROW_INVALID", message, name);
    let mut items = Vec::new();
    let text = core::str::from_utf8(bytes).unwrap_or_default();
    if scan::items(text, Keys::Any, |_, item| items.push(item)).is_none() {
        json::parse(bytes, name)?;
        return Err(invalid("The rows are not a JSON array.".to_owned()));
    }
    let row = |item: &'a str| match item.as_bytes() {
        b"null" => Ok(None),
        [b'{', ..] => Ok(Some(item)),
        _ => Err(invalid(format!("A row is not an object but {item}."))),
    };
    items.into_iter().map(row).collect()
}
