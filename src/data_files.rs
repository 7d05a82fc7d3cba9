//! From the data files of an entry to its rows: one array, or a header and a file per group.

use serde_json::Value;

use crate::environment;
use crate::error::{Diagnostic, Error, Result};
use crate::json;
use crate::json::scan::{self, Keys};
use crate::model::Row;

/// A data file that was read.
#[derive(Debug)]
pub struct DataFile {
    /// Path relative to the folder.
    pub path: String,
    content: Content,
}

#[derive(Debug)]
enum Content {
    Rows(Items),
    /// A header, or something that is no row.
    Other(Value),
}

/// The text of a file, and where its items stand in it.
#[derive(Debug, Default)]
struct Items {
    text: String,
    /// Start and length of each item.
    ranges: Vec<(u32, u32)>,
}

/// Where a row stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Origin {
    file: u32,
    /// Its place in the file, from 0.
    row: u32,
}

/// The rows of an entry as its files have them, each a text.
#[derive(Debug, Default)]
pub struct RawRows {
    paths: Vec<String>,
    files: Vec<Items>,
}

impl DataFile {
    /// Reads the file `path`. Fails as [`json::parse`] does.
    pub fn read(path: &str, bytes: &[u8]) -> Result<Self> {
        let content = match Items::of_array(bytes) {
            Some(items) => Content::Rows(items),
            None => Content::of(json::parse(bytes, path)?),
        };
        Ok(Self { path: path.to_owned(), content })
    }

    fn header(&self) -> Option<&Value> {
        match &self.content {
            Content::Other(value) if value.get("partial") == Some(&Value::Bool(true)) => {
                Some(value)
            }
            _ => None,
        }
    }
}

impl Content {
    fn of(value: Value) -> Self {
        match &value {
            Value::Object(row) if row.get("partial") != Some(&Value::Bool(true)) => {
                Self::Rows(Items::of_one(value.to_string()))
            }
            _ => Self::Other(value),
        }
    }
}

/// The extension gave something else than rows.
pub fn not_understood() -> Error {
    Error::new("INTERNAL", "The core was given rows that are no JSON array of objects.")
}

impl Items {
    /// `None` where the text is no array or not JSON.
    fn of_array(bytes: &[u8]) -> Option<Self> {
        let text = core::str::from_utf8(json::without_mark(bytes)).ok()?;
        let mut ranges = Vec::new();
        scan::items(text, Keys::Unique, |start, item| {
            ranges.push((start as u32, item.len() as u32));
        })?;
        u32::try_from(text.len()).ok()?;
        Some(Self { text: text.to_owned(), ranges })
    }

    fn of_one(text: String) -> Self {
        Self { ranges: vec![(0, text.len() as u32)], text }
    }

    fn iter(&self) -> impl Iterator<Item = &str> {
        self.ranges.iter().map(|(start, length)| {
            let (start, length) = (*start as usize, *length as usize);
            self.text.get(start..start + length).unwrap_or_default()
        })
    }
}

impl RawRows {
    /// Every row with its place, in the order of the files.
    pub fn iter(&self) -> impl Iterator<Item = (Origin, &str)> {
        let all = self.files.iter().zip(0..).flat_map(|(items, file)| {
            items.iter().zip(0..).map(move |(text, row)| (Origin { file, row }, text))
        });
        all.filter(|(_, text)| text.starts_with('{'))
    }

    /// Whether any row can take a value from the environment.
    pub fn may_hold_placeholders(&self) -> bool {
        self.files.iter().any(|items| environment::may_stand_in(&items.text))
    }

    /// Every row as a value.
    pub fn parsed(&self) -> impl Iterator<Item = Row> {
        self.iter().filter_map(|(_, text)| serde_json::from_str(text).ok())
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.iter().count()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.iter().next().is_none()
    }

    /// The same rows, each changed by `change`.
    pub fn change(&mut self, mut change: impl FnMut(Origin, &mut Row)) {
        for (items, file) in self.files.iter_mut().zip(0..) {
            let mut changed = Items::default();
            for (text, row) in items.iter().zip(0..) {
                let mut fields: Row = serde_json::from_str(text).unwrap_or_default();
                change(Origin { file, row }, &mut fields);
                changed.push(&Value::Object(fields).to_string());
            }
            *items = changed;
        }
    }

    /// The place of a row for people, counted from 1: `data/posts.json: row 3`. `None` for a row that
    /// stands in no file.
    pub fn place(&self, origin: Origin) -> Option<String> {
        let path = self.paths.get(origin.file as usize)?;
        Some(format!("{path}: row {}", origin.number()))
    }

    /// All rows as the text of one array.
    pub fn to_json(&self) -> String {
        let mut text = String::from("[");
        for (_, row) in self.iter() {
            text.extend([row, ","]);
        }
        text.truncate(text.trim_end_matches(',').len());
        text + "]"
    }

    /// The rows that a function returned, an array of objects, and for each whether it is one: it is
    /// `null` where a row was dropped.
    pub fn returned(rows: &[u8]) -> Result<(Self, Vec<bool>)> {
        let mut kept = Vec::new();
        let mut items = Items::of_array(rows).ok_or_else(not_understood)?;
        kept.extend(items.iter().map(|item| item != "null"));
        let mut is_kept = kept.iter();
        items.ranges.retain(|_| is_kept.next() == Some(&true));
        Ok((Self { paths: Vec::new(), files: vec![items] }, kept))
    }

    /// Takes other rows in place of its own. The places of its own stay known.
    pub fn replace(&mut self, other: Self) {
        self.files = other.files;
    }

    /// Lets go of the rows. Their places stay known.
    pub fn take(&mut self) -> Self {
        let files = std::mem::take(&mut self.files);
        Self { paths: self.paths.clone(), files }
    }
}

impl Origin {
    /// The place of a row that `onImport` added, from 0.
    pub fn made(row: usize) -> Self {
        Self { file: u32::MAX, row: row as u32 }
    }

    /// Which row of its file, or of the function, it is, from 1.
    pub fn number(self) -> u32 {
        self.row + 1
    }
}

impl Items {
    fn push(&mut self, text: &str) {
        self.ranges.push((self.text.len() as u32, text.len() as u32));
        self.text.push_str(text);
    }
}

/// The rows of an entry's files in the order of their paths, and everything wrong with the files.
pub fn assemble(mut files: Vec<DataFile>) -> (RawRows, Vec<Diagnostic>) {
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let (headers, data): (Vec<_>, Vec<_>) =
        files.into_iter().partition(|file| file.header().is_some());
    let mut found = Vec::new();
    let mut rows = RawRows::default();
    for file in data {
        match file.content {
            Content::Rows(items) => {
                found.extend(no_objects(&file.path, &items));
                rows.paths.push(file.path);
                rows.files.push(items);
            }
            Content::Other(_) => {
                let message = "The file holds neither an array of rows nor a row. Export it again.";
                found.push(Diagnostic::error("ROW_INVALID", message, file.path));
            }
        }
    }
    found.extend(check_groups(headers.first(), &rows));
    (rows, found)
}

fn no_objects(path: &str, items: &Items) -> Vec<Diagnostic> {
    let invalid = items.iter().zip(1..).filter(|(item, _)| !item.starts_with('{'));
    let diagnostic = |(_, row)| {
        let message = "This row is not an object. Correct it, or export the collection again.";
        Diagnostic::error("ROW_INVALID", message, format!("{path}: row {row}"))
    };
    invalid.map(diagnostic).collect()
}

/// Group files need their header, whose count proves that none of them is missing.
fn check_groups(header: Option<&DataFile>, rows: &RawRows) -> Option<Diagnostic> {
    let Some((header, content)) = header.and_then(|file| Some((file, file.header()?))) else {
        let group = rows.paths.iter().find(|path| path.matches('/').count() > 1)?;
        let message = "The file of a group has no header file beside its folder. Restore the header, \
                       or export the collection again.";
        return Some(Diagnostic::error("GROUP_FILE_INVALID", message, group));
    };
    let count = content.get("count")?;
    let rows = rows.len();
    let matches = count.as_u64() == Some(rows as u64);
    (!matches).then(|| {
        let message = format!(
            "The header counts {count} rows, but the files of its groups hold {rows}. A file is \
             missing or was edited: restore it, or set `count` to {rows} if the rows are right."
        );
        Diagnostic::error("GROUP_COUNT_MISMATCH", message, &header.path)
    })
}
