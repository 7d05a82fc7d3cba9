//! A row as text, for rows that nobody needs the values of: most of a plan's are only handed on.

use std::borrow::Cow;
use std::rc::Rc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::json;
use crate::model::Row;
use crate::record::{Columns, Fields, Record, Tokens};

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
        Self(Source::Text(text(fields, 0).into()))
    }

    /// All fields of a record.
    pub fn of_record(columns: &Rc<Columns>, record: &Record) -> Self {
        Self(Source::Record(columns.clone(), record.clone()))
    }

    /// The compact canonical JSON of the row.
    pub fn text(&self) -> Cow<'_, str> {
        match &self.0 {
            Source::Text(text) => Cow::Borrowed(text),
            Source::Record(columns, record) => {
                let Tokens(tokens) = record.tokens();
                text(record.tokens().of(columns).iter(), 2 * tokens.len()).into()
            }
        }
    }

    /// The fields where they need not be searched for in a text.
    pub fn fields(&self) -> Option<Fields<'_>> {
        match &self.0 {
            Source::Text(_) => None,
            Source::Record(columns, record) => Some(record.tokens().of(columns)),
        }
    }

    /// The value of a field; `None` where the row has no such field.
    pub fn value(&self, field: &str) -> Option<Value> {
        match self.fields() {
            Some(fields) => fields.get(field),
            None => self.row().remove(field),
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

/// The text of an object, which may be `long`.
fn text<'a>(fields: impl Iterator<Item = (&'a str, &'a str)>, long: usize) -> String {
    let mut text = String::with_capacity(long);
    text.push('{');
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::record::Column;
    use crate::value::Form;

    fn of_record(tokens: [Option<&str>; 3]) -> RowText {
        let column = |name| Column::new(name, Form::of(None), None);
        let columns = Columns::new(["id", "my \"field\"", "text"].map(column).into());
        RowText::of_record(&Rc::new(columns), &Record::of(tokens.into_iter()))
    }

    #[test]
    fn a_record_has_the_text_of_its_fields() {
        let row = of_record([Some("1"), Some("[\"a\"]"), Some("\"b\"")]);
        assert_eq!(row.text(), r#"{"id":1,"my \"field\"":["a"],"text":"b"}"#);
        assert_eq!(Value::from(row.row()), json!({ "id": 1, "my \"field\"": ["a"], "text": "b" }));
        assert_eq!(row, RowText::from(row.row()));
    }

    #[test]
    fn what_a_record_does_not_have_is_not_in_its_text() {
        assert_eq!(of_record([None, None, Some("null")]).text(), r#"{"text":null}"#);
        assert_eq!(of_record([Some("1"), None, None]).text(), r#"{"id":1}"#);
        assert_eq!(of_record([None, None, None]).text(), "{}");
    }
}
