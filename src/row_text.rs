//! A row as text, for rows that nobody needs the values of: most of a plan's are only handed on.

use std::borrow::Cow;
use std::rc::Rc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::json;
use crate::model::Row;
use crate::record::{Columns, Fields, Record};

/// A row whose text can be had. Copies share what it is made of.
#[derive(Debug, Clone)]
pub struct RowText(Source);

#[derive(Debug, Clone)]
enum Source {
    /// The compact canonical JSON.
    Text(Rc<str>),
    /// The record that the planner has anyway, of which the text is made when it is asked for.
    Record(Rc<Columns>, Record),
}

impl RowText {
    /// A row of fields in the order of their names, with the canonical texts of their values.
    pub fn of<'a>(fields: impl Iterator<Item = (&'a str, &'a str)>) -> Self {
        Self(Source::Text(text(fields).into()))
    }

    /// All fields of a record.
    pub fn of_record(columns: &Rc<Columns>, record: &Record) -> Self {
        Self(Source::Record(columns.clone(), record.clone()))
    }

    /// The compact canonical JSON of the row.
    pub fn text(&self) -> Cow<'_, str> {
        match &self.0 {
            Source::Text(text) => Cow::Borrowed(text),
            Source::Record(columns, record) => text(record.tokens().of(columns).iter()).into(),
        }
    }

    /// The fields where they need not be searched for in a text.
    pub fn fields(&self) -> Option<Fields<'_>> {
        match &self.0 {
            Source::Text(_) => None,
            Source::Record(columns, record) => Some(record.tokens().of(columns)),
        }
    }

    /// The values.
    pub fn row(&self) -> Row {
        match &self.0 {
            Source::Text(text) => serde_json::from_str(text).unwrap_or_default(),
            Source::Record(columns, record) => record.tokens().of(columns).row(),
        }
    }
}

fn text<'a>(fields: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut text = String::from("{");
    for (name, token) in fields {
        push_name(&mut text, name);
        text.extend([token, ","]);
    }
    text.truncate(text.trim_end_matches(',').len());
    text.push('}');
    text
}

/// Writes the name of a field, with the colon behind it.
pub fn push_name(text: &mut String, name: &str) {
    match name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
        true => text.extend(["\"", name, "\":"]),
        false => text.extend([Value::from(name).to_string().as_str(), ":"]),
    }
}

impl PartialEq for RowText {
    fn eq(&self, other: &Self) -> bool {
        self.text() == other.text()
    }
}

impl From<Row> for RowText {
    fn from(row: Row) -> Self {
        Self(Source::Text(json::to_compact(&Value::Object(row)).into()))
    }
}

impl Serialize for RowText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.row().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for RowText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Row::deserialize(deserializer).map(Self::from)
    }
}
