//! Placeholders for values of the environment: those that stand in the folder, and those that the
//! config asks for.

use std::collections::BTreeMap;

use serde_json::Value;

use super::ItemExport;
use super::folder::rows_of;
use crate::environment::{self, lay_over};
use crate::error::Result;
use crate::model::{FileText, Row};

impl ItemExport {
    /// Keeps the placeholders of the folder's `files` in rows of the instance, once all of them are
    /// added. `places` says by primary key how many rows of the files stand before each.
    pub fn keep_placeholders(
        &mut self,
        files: &[FileText],
        places: &[(Value, usize)],
    ) -> Result<()> {
        let folder = rows_of(files)?;
        let patterns = places.iter().filter_map(|(id, index)| {
            let pattern = folder.get(*index).filter(|row| row.values().any(environment::stands_in));
            Some((self.id_text(id), pattern?))
        });
        let patterns: BTreeMap<String, &Row> = patterns.collect();
        let withheld = self.entry.withheld.clone();
        self.change_rows(|id, row| {
            if let Some(pattern) = patterns.get(id) {
                keep(pattern, row, &withheld);
            }
        });
        Ok(())
    }

    /// Writes placeholders where the config asks for them.
    pub(super) fn place_variables(&mut self) {
        let variables = std::mem::take(&mut self.entry.env);
        if !variables.is_empty() {
            self.change_rows(|_, row| {
                variables.iter().for_each(|(place, name)| put(row, place, name));
            });
        }
    }

    pub(super) fn change_rows(&mut self, change: impl Fn(&str, &mut Row)) {
        let rows = std::mem::take(&mut self.rows).into_iter().map(|exported| {
            let mut row = exported.row();
            let id = exported.id(&self.entry.primary_key);
            change(&id, &mut row);
            self.exported(&id, row)
        });
        self.rows = rows.collect();
    }
}

/// Puts the placeholders of `pattern` into a row. One that is `withheld` is not in the row so far, and a
/// field that is not there for another reason does not travel any more.
fn keep(pattern: &Row, row: &mut Row, withheld: &[String]) {
    for (name, pattern) in pattern.iter().filter(|(_, value)| environment::stands_in(value)) {
        let kept = match row.get(name) {
            Some(value) => lay_over(pattern, value, &mut |placeholder, _| placeholder.clone()),
            None if withheld.contains(name) => pattern.clone(),
            None => continue,
        };
        row.insert(name.clone(), kept);
    }
}

/// Puts one placeholder into a row: over a whole field, or inside of one where that has such a place.
fn put(row: &mut Row, place: &str, name: &str) {
    let placeholder = environment::placeholder(name);
    match place.split_once('/') {
        None => drop(row.insert(place.to_owned(), placeholder)),
        Some((field, path)) => {
            let inside =
                row.get_mut(field).and_then(|value| value.pointer_mut(&format!("/{path}")));
            inside.into_iter().for_each(|value| *value = placeholder.clone());
        }
    }
}
