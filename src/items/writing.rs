//! The texts of files, one part after the other, so that no file is ever held as a whole.

use std::collections::VecDeque;

use super::row::Exported;
use crate::json::pretty;

/// The size from which a part is given away, in bytes.
const PART: usize = 1 << 20;

/// How long many rows are, in bytes.
const ROW: usize = 1 << 10;

/// Files that wait to be written.
#[derive(Debug, Default)]
pub struct Writing {
    files: VecDeque<FileRows>,
}

/// A file that is written row by row.
#[derive(Debug)]
pub struct FileRows {
    /// Path relative to the folder.
    pub path: String,
    /// What stands before the next row.
    before: String,
    rows: std::vec::IntoIter<Exported>,
    /// What stands behind the last row.
    end: &'static str,
}

impl FileRows {
    /// A file that holds an array of rows.
    pub fn new(path: String, rows: Vec<Exported>) -> Self {
        let end = if rows.is_empty() { "]\n" } else { "\n]\n" };
        Self { path, before: "[".to_owned(), rows: rows.into_iter(), end }
    }

    /// A file with a text of its own.
    pub fn header(path: String, text: String) -> Self {
        Self { path, before: text, rows: Vec::new().into_iter(), end: "" }
    }

    fn part(&mut self) -> String {
        let mut part = String::with_capacity(PART.min(self.rows.len() * ROW) + ROW);
        while part.len() < PART
            && let Some(row) = self.rows.next()
        {
            part.push_str(&std::mem::replace(&mut self.before, ",".to_owned()));
            push_row(&mut part, &row);
        }
        if self.rows.len() == 0 {
            let rest = std::mem::take(&mut self.before);
            part.push_str(rest.trim_start_matches(','));
            part.push_str(std::mem::take(&mut self.end));
        }
        part
    }
}

/// Writes a row in lines of its own.
pub fn push_row(text: &mut String, row: &Exported) {
    pretty::break_line(text, 1);
    match row.row.fields() {
        Some(fields) => pretty::object(text, fields.iter(), 1),
        None => pretty::write(text, &row.row.text(), 1),
    }
}

impl Writing {
    /// Files in the order in which their texts are asked for.
    pub fn of(files: Vec<FileRows>) -> Self {
        Self { files: files.into() }
    }

    /// The next part of the first file, `None` behind its end, whereupon the next file is the first.
    pub fn chunk(&mut self) -> Option<String> {
        let part = self.files.front_mut()?.part();
        if part.is_empty() {
            self.files.pop_front();
            return None;
        }
        Some(part)
    }
}
