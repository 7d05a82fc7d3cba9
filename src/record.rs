//! Rows as text: the canonical tokens of a table's columns, without names and without values.
//!
//! A row of a thousand bytes is one allocation, is compared as one piece of memory, and gives single
//! values to whoever asks.

use std::rc::Rc;

use serde_json::Value;

use crate::identity::Place;
use crate::json::scan;
use crate::model::Row;
use crate::rows;
use crate::value::Form;
use crate::words;

/// Between two tokens; compact JSON has no line break.
const SEPARATOR: char = '\n';

/// The columns of a table, sorted by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Columns(Vec<Column>);

/// One column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its field.
    pub name: String,
    /// What its values look like.
    pub form: Form,
    /// Whether it can hold an id of the Administrator's.
    pub admin: Option<Place>,
    /// Whether rows of the files may have it.
    pub is_own: bool,
    /// Whether rows of the target are compared in it, known by it, or may refer by it.
    pub is_read: bool,
    /// Whether the schema knows it, or the system table.
    pub is_known: bool,
    /// Whether it refers to other rows, or its values are unique.
    pub links: bool,
    /// Whether its values travel only as placeholders for the environment's.
    pub is_withheld: bool,
}

impl Column {
    /// A column that rows have and that nothing else is known of.
    pub fn new(name: &str, form: Form, admin: Option<Place>) -> Self {
        let name = name.to_owned();
        let (is_own, is_read, is_known, links, is_withheld) = (true, true, true, false, false);
        Self { name, form, admin, is_own, is_read, is_known, links, is_withheld }
    }
}

impl Columns {
    /// The columns in the order of their names.
    pub fn new(mut columns: Vec<Column>) -> Self {
        columns.sort_by(|a, b| a.name.cmp(&b.name));
        Self(columns)
    }

    /// All of them, in the order of tokens.
    pub fn iter(&self) -> std::slice::Iter<'_, Column> {
        self.0.iter()
    }

    /// The place of a field among the tokens.
    pub fn place(&self, name: &str) -> Option<usize> {
        self.0.binary_search_by(|column| column.name.as_str().cmp(name)).ok()
    }

    /// Whether rows of the target have the same columns as those of the files.
    pub fn are_shared(&self) -> bool {
        self.0.iter().all(|column| column.is_own == column.is_read)
    }

    /// The column at a place.
    pub fn get(&self, place: usize) -> Option<&Column> {
        self.0.get(place)
    }
}

/// What one row has in the columns, as it stands in its text.
#[derive(Debug, Clone)]
pub struct Slots<'a> {
    tokens: Vec<Option<&'a str>>,
    /// The columns of the last row's fields, in the order in which it had them: most rows are alike.
    guesses: Vec<usize>,
    /// How many fields the row had so far.
    count: usize,
}

impl<'a> Slots<'a> {
    /// Slots for rows of a table.
    pub fn of(columns: &Columns) -> Self {
        Self { tokens: vec![None; columns.0.len()], guesses: Vec::new(), count: 0 }
    }

    /// Takes the next row, an object that [`scan::items`] gave. Fields without a column go to `other`.
    pub fn read(
        &mut self,
        columns: &Columns,
        row: &'a str,
        mut other: impl FnMut(&str, &'a str),
    ) -> Option<()> {
        self.clear();
        scan::fields(row, |name, token| {
            if !self.put(columns, &name, token) {
                other(&name, token);
            }
        })
    }

    /// Makes room for the next row.
    pub fn clear(&mut self) {
        self.tokens.fill(None);
        self.count = 0;
    }

    /// Takes the next field of a row. False where there is no column for it.
    pub fn put(&mut self, columns: &Columns, name: &str, token: &'a str) -> bool {
        let place = self.find(columns, name);
        self.count += 1;
        let slot = place.and_then(|place| self.tokens.get_mut(place));
        slot.map(|slot| *slot = Some(token)).is_some()
    }

    fn find(&mut self, columns: &Columns, name: &str) -> Option<usize> {
        let count = self.count;
        let guess = self.guesses.get(count).copied();
        if guess.and_then(|place| columns.get(place)).is_some_and(|column| column.name == name) {
            return guess;
        }
        let place = columns.place(name)?;
        self.guesses.resize(self.guesses.len().max(count + 1), usize::MAX);
        if let Some(guess) = self.guesses.get_mut(count) {
            *guess = place;
        }
        Some(place)
    }

    /// The text of the value at a place.
    pub fn get(&self, place: usize) -> Option<&'a str> {
        self.tokens.get(place).copied().flatten()
    }

    /// What is there, by column; nothing where a secret was masked.
    pub fn by_column<'c>(
        &'c self,
        columns: &'c Columns,
    ) -> impl Iterator<Item = (&'c Column, Option<&'a str>)> {
        let known = self.tokens.iter().map(|token| token.filter(|token| !is_mask(token)));
        columns.iter().zip(known)
    }
}

/// Whether a token is the mask of a secret.
pub fn is_mask(token: &str) -> bool {
    token.len() == rows::MASK.len() + 2
        && token.strip_prefix('"').and_then(|text| text.strip_suffix('"')) == Some(rows::MASK)
}

/// The canonical tokens of a row, in the order of the columns. Copies share them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Record(Rc<str>);

impl Record {
    /// The record of `tokens`, one for each column.
    pub fn of<T: AsRef<str>>(tokens: impl Iterator<Item = Option<T>>) -> Self {
        let mut text = String::new();
        write(&mut text, tokens);
        Self(text.into())
    }

    /// Its tokens.
    pub fn tokens(&self) -> Tokens<'_> {
        Tokens(&self.0)
    }

    /// The same row with another token at a place.
    pub fn with(&self, columns: &Columns, place: usize, token: &str) -> Self {
        let tokens = self.tokens().iter().take(columns.0.len()).enumerate();
        Self::of(tokens.map(|(index, own)| if index == place { Some(token) } else { own }))
    }
}

/// Writes the tokens of a record. Absent ones at the end leave no trace.
pub fn write<T: AsRef<str>>(text: &mut String, tokens: impl Iterator<Item = Option<T>>) {
    text.clear();
    for token in tokens {
        token.iter().for_each(|token| text.push_str(token.as_ref()));
        text.push(SEPARATOR);
    }
    text.truncate(text.trim_end_matches(SEPARATOR).len());
}

/// The tokens of a record, wherever it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tokens<'a>(pub &'a str);

impl<'a> Tokens<'a> {
    /// A token per column, without end: `None` where the row has no such field.
    pub fn iter(self) -> impl Iterator<Item = Option<&'a str>> {
        let mut rest = self.0;
        std::iter::repeat_with(move || {
            let end = words::find(SEPARATOR as u8, rest.as_bytes()).unwrap_or(rest.len());
            let token = rest.get(..end).filter(|token| !token.is_empty());
            rest = rest.get(end + 1..).unwrap_or_default();
            token
        })
    }

    /// Whether these are the tokens, one for each column.
    pub fn are<T: AsRef<str>>(self, tokens: impl Iterator<Item = Option<T>>) -> bool {
        let mut cursor = self.cursor();
        let mut tokens = tokens;
        tokens.all(|token| cursor.pass(token.as_ref().map_or("", |token| token.as_ref())))
            && cursor.is_at_end()
    }

    /// A place before the first token.
    pub fn cursor(self) -> Cursor<'a> {
        Cursor(Some(self.0))
    }

    /// The token at a place.
    pub fn get(self, place: usize) -> Option<&'a str> {
        self.iter().nth(place).flatten()
    }

    /// A record of its own.
    pub fn to_record(self) -> Record {
        Record(self.0.into())
    }

    /// Together with the columns that say what the tokens are.
    pub fn of(self, columns: &'a Columns) -> Fields<'a> {
        Fields { columns, tokens: self }
    }
}

/// The fields of a row.
#[derive(Debug, Clone, Copy)]
pub struct Fields<'a> {
    columns: &'a Columns,
    tokens: Tokens<'a>,
}

impl<'a> Fields<'a> {
    /// The text of a field's value; `None` where the row has no such field.
    pub fn token(self, field: &str) -> Option<&'a str> {
        self.tokens.get(self.columns.place(field)?)
    }

    /// The value of a field; `None` where the row has no such field.
    pub fn get(self, field: &str) -> Option<Value> {
        self.token(field).map(value)
    }

    /// The value of a field, null where the row has none.
    pub fn value(self, field: &str) -> Value {
        self.get(field).unwrap_or_default()
    }

    /// What the row has, by name.
    pub fn iter(self) -> impl Iterator<Item = (&'a str, &'a str)> {
        let fields = self.columns.iter().zip(self.tokens.iter());
        fields.filter_map(|(column, token)| Some((column.name.as_str(), token?)))
    }

    /// The row with all its values.
    pub fn row(self) -> Row {
        self.iter().map(|(name, token)| (name.to_owned(), value(token))).collect()
    }
}

/// A place between two tokens of a record; what is behind it, `None` behind the last token.
#[derive(Debug)]
pub struct Cursor<'a>(Option<&'a str>);

impl Cursor<'_> {
    /// Goes behind the next token if it is this one; the empty one stands for none.
    pub fn pass(&mut self, token: &str) -> bool {
        let rest = self.0.unwrap_or_default();
        let Some((own, behind)) = rest.as_bytes().split_at_checked(token.len()) else {
            return false;
        };
        if !words::same(own, token.as_bytes()) {
            return false;
        }
        match behind {
            [] => self.0 = None,
            [b'\n', ..] => self.0 = rest.get(own.len() + 1..),
            _ => return false,
        }
        true
    }

    /// Whether there is no token left.
    pub fn is_at_end(&self) -> bool {
        self.0.is_none_or(str::is_empty)
    }
}

/// The value that a token stands for.
pub fn value(token: &str) -> Value {
    let string = token.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    if let Some(plain) = string.filter(|text| !text.contains('\\')) {
        return Value::from(plain);
    }
    serde_json::from_str(token).unwrap_or_default()
}
