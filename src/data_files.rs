//! From the data files of an entry to its rows: one array, or a header and a file per group.

mod incoming;
mod items;

use serde_json::Value;

pub use self::incoming::Incoming;
use self::items::Items;
pub use self::items::Piece;
use crate::environment;
use crate::error::{Diagnostic, Error, Result};
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
    /// Reads the file `path`. Fails as [`crate::json::parse`] does.
    pub fn read(path: &str, bytes: &[u8]) -> Result<Self> {
        let mut file = Incoming::new(path);
        file.add(bytes);
        file.end()
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
        let mut pieces = self.files.iter().flat_map(Items::pieces);
        pieces.any(|piece| environment::may_stand_in(piece.text()))
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
            let mut numbers = 0..;
            items.change(|text| {
                let mut fields: Row = serde_json::from_str(text).unwrap_or_default();
                let row = numbers.next().unwrap_or_default();
                change(Origin { file, row }, &mut fields);
                Value::Object(fields).to_string()
            });
        }
    }

    /// The place of a row for people, counted from 1: `data/posts.json: row 3`. `None` for a row that
    /// stands in no file.
    pub fn place(&self, origin: Origin) -> Option<String> {
        let path = self.paths.get(origin.file as usize)?;
        Some(format!("{path}: row {}", origin.number()))
    }

    /// `count` rows behind the first `start`, as the text of an array.
    pub fn to_json(&self, start: usize, count: usize) -> String {
        let mut text = String::from("[");
        for (_, row) in self.iter().skip(start).take(count) {
            text.extend([row, ","]);
        }
        text.truncate(text.trim_end_matches(',').len());
        text + "]"
    }

    /// The rows that a function returned, an array of objects, and for each whether it is one: it is
    /// `null` where a row was dropped.
    pub fn returned(rows: &[u8]) -> Result<(Self, Vec<bool>)> {
        let Ok(DataFile { content: Content::Rows(mut items), .. }) = DataFile::read("", rows)
        else {
            return Err(not_understood());
        };
        let mut kept = Vec::new();
        items.retain(|item| {
            let is_row = item != "null";
            kept.push(is_row);
            is_row
        });
        Ok((Self { paths: Vec::new(), files: vec![items] }, kept))
    }

    /// Takes other rows behind its own, which have no places.
    pub fn append(&mut self, other: Self) {
        self.files.extend(other.files);
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

impl RawRows {
    /// The pieces of all files, each with the place of its first item, to be let go one by one.
    pub fn into_pieces(self) -> impl Iterator<Item = (Origin, Piece)> {
        self.files.into_iter().zip(0..).flat_map(|(items, file)| {
            let mut row = 0;
            items.into_pieces().map(move |piece| {
                let first = Origin { file, row };
                row += piece.count() as u32;
                (first, piece)
            })
        })
    }
}

impl Piece {
    /// Its rows with their places, where `first` is that of its first item.
    pub fn rows(&self, first: Origin) -> impl Iterator<Item = (Origin, &str)> {
        let rows =
            self.iter().zip(first.row..).map(move |(text, row)| (Origin { row, ..first }, text));
        rows.filter(|(_, text)| text.starts_with('{'))
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
