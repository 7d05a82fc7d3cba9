//! From the data files of an entry to its rows: one array, or a header and a file per group.

use serde_json::Value;

use crate::error::Diagnostic;
use crate::model::Row;

/// A parsed data file.
#[derive(Debug)]
pub struct DataFile {
    /// Path relative to the folder.
    pub path: String,
    /// What it holds.
    pub value: Value,
}

/// A row as a file has it.
#[derive(Debug, Clone)]
pub struct RawRow {
    /// All its fields.
    pub row: Row,
    /// Where it stands: `data/posts.json: row 3`, counted from 1.
    pub place: String,
    /// How many rows of the entry stand before it, over all files.
    pub index: usize,
}

/// The rows of an entry's files in the order of their paths, and everything wrong with the files.
pub fn assemble(mut files: Vec<DataFile>) -> (Vec<RawRow>, Vec<Diagnostic>) {
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let (headers, data): (Vec<_>, Vec<_>) = files.into_iter().partition(is_header);
    let mut found = Vec::new();
    let mut rows = Vec::new();
    let paths: Vec<String> = data.iter().map(|file| file.path.clone()).collect();
    for file in data {
        rows_of(file, &mut rows, &mut found);
    }
    found.extend(check_groups(&headers, &paths, rows.len()));
    (rows, found)
}

fn is_header(file: &DataFile) -> bool {
    file.value.get("partial") == Some(&Value::Bool(true))
}

/// An array of rows, or the one row of a singleton.
fn rows_of(file: DataFile, rows: &mut Vec<RawRow>, found: &mut Vec<Diagnostic>) {
    let items = match file.value {
        Value::Array(items) => items,
        row @ Value::Object(_) => vec![row],
        _ => {
            let message = "The file holds neither an array of rows nor a row. Export it again.";
            found.push(Diagnostic::error("ROW_INVALID", message, file.path));
            return;
        }
    };
    for (index, item) in items.into_iter().enumerate() {
        let place = format!("{}: row {}", file.path, index + 1);
        match item {
            Value::Object(row) => rows.push(RawRow { row, place, index: rows.len() }),
            _ => found.push(Diagnostic::error(
                "ROW_INVALID",
                "This row is not an object. Correct it, or export the collection again.",
                place,
            )),
        }
    }
}

/// Group files need their header, whose count proves that none of them is missing.
fn check_groups(headers: &[DataFile], paths: &[String], rows: usize) -> Option<Diagnostic> {
    let Some(header) = headers.first() else {
        let group = paths.iter().find(|path| path.matches('/').count() > 1)?;
        let message = "The file of a group has no header file beside its folder. Restore the header, \
                       or export the collection again.";
        return Some(Diagnostic::error("GROUP_FILE_INVALID", message, group));
    };
    let count = header.value.get("count")?;
    let matches = count.as_u64() == Some(rows as u64);
    (!matches).then(|| {
        let message = format!(
            "The header counts {count} rows, but the files of its groups hold {rows}. A file is \
             missing or was edited: restore it, or set `count` to {rows} if the rows are right."
        );
        Diagnostic::error("GROUP_COUNT_MISMATCH", message, &header.path)
    })
}
