//! A row as text, for rows that nobody needs the values of: most of a plan's are only handed on.

use std::rc::Rc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::json;
use crate::model::Row;

/// The compact canonical JSON of a row. Copies share it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowText(Rc<str>);

impl RowText {
    /// A row of fields in the order of their names, with the canonical texts of their values.
    pub fn of<'a>(fields: impl Iterator<Item = (&'a str, &'a str)>) -> Self {
        let mut text = String::from("{");
        for (name, token) in fields {
            push_name(&mut text, name);
            text.extend([token, ","]);
        }
        text.truncate(text.trim_end_matches(',').len());
        text.push('}');
        Self(text.into())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The values.
    pub fn row(&self) -> Row {
        serde_json::from_str(&self.0).unwrap_or_default()
    }
}

/// Writes the name of a field, with the colon behind it.
pub fn push_name(text: &mut String, name: &str) {
    match name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
        true => text.extend(["\"", name, "\":"]),
        false => text.extend([Value::from(name).to_string().as_str(), ":"]),
    }
}

impl From<Row> for RowText {
    fn from(row: Row) -> Self {
        Self(json::to_compact(&Value::Object(row)).into())
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
