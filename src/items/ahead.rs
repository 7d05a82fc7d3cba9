//! Rows that are written while others are still on their way, so that an export holds of them only what
//! they are ordered by.

use std::ops::Range;

use serde::Serialize;

use super::ItemExport;
use super::row::Exported;
use super::writing::push_row;
use crate::record::Record;

/// How long many rows are in a file, in bytes.
const ROW: usize = 1 << 10;

const BEGIN: &str = "[";
const BETWEEN: &str = ",";

/// What was written so far.
#[derive(Debug, Default)]
pub struct Ahead {
    /// What each row is ordered by, with the bytes of the file that hold it.
    rows: Vec<(Record, Range<u64>)>,
    /// How long the text is.
    length: u64,
}

/// How the text that was written becomes a file.
#[derive(Debug, Serialize)]
pub struct Arrangement {
    /// Where the file belongs.
    pub path: String,
    /// What stands before the first row.
    pub begin: &'static str,
    /// What stands between two ranges.
    pub between: &'static str,
    /// What stands behind the last row.
    pub end: &'static str,
    /// The bytes of the text in the order in which they belong, as start and length. Rows that stand
    /// beside each other in both come together: all of them are one range where they came in order.
    pub ranges: Vec<(u64, u64)>,
}

impl ItemExport {
    /// Whether rows may be written before all of them are there: the file is one array of them, and no
    /// two can have one key.
    pub fn goes_ahead(&self) -> bool {
        let entry = &self.entry;
        let has_own_rows = !entry.multiset && !entry.on_export && entry.env.is_empty();
        entry.keyed_by_primary_key() && !entry.key_function && !entry.grouped() && has_own_rows
    }

    /// The text of the rows that were added since it was last asked for, to be written behind what was
    /// given before.
    pub fn ahead(&mut self) -> String {
        let rows = std::mem::take(&mut self.rows);
        let mut text = String::with_capacity(rows.len() * ROW);
        for row in &rows {
            self.write_ahead(&mut text, row);
        }
        self.ahead.length += text.len() as u64;
        text
    }

    fn write_ahead(&mut self, text: &mut String, row: &Exported) {
        text.push_str(if self.ahead.rows.is_empty() { BEGIN } else { BETWEEN });
        let start = self.ahead.length + text.len() as u64;
        push_row(text, row);
        let order = self.order_of(row);
        self.ahead.rows.push((order, start..self.ahead.length + text.len() as u64));
    }

    /// What becomes of the text of all rows, whatever the order in which they came.
    pub fn finish_ahead(&mut self) -> Arrangement {
        let mut rows = std::mem::take(&mut self.ahead).rows;
        let end = if rows.is_empty() { "[]\n" } else { "\n]\n" };
        rows.sort_by(|(a, _), (b, _)| self.compare_keys(a, b));
        let mut ranges: Vec<Range<u64>> = Vec::new();
        for (_, range) in rows {
            match ranges.last_mut() {
                Some(last) if last.end + BETWEEN.len() as u64 == range.start => {
                    last.end = range.end
                }
                _ => ranges.push(range),
            }
        }
        let ranges = ranges.into_iter().map(|range| (range.start, range.end - range.start));
        let ranges = ranges.collect();
        Arrangement { path: self.path(), begin: BEGIN, between: BETWEEN, end, ranges }
    }
}
