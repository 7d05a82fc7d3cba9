//! References that lead nowhere, where the config lets them be null.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::error::Diagnostic;
use crate::model::Facts;

use super::changes::Wanted;
use super::entry::EntryRows;
use super::links::{self, Keys, There};
use super::remap;

/// A field of a desired row: the row's place among them, and the field.
type Place = (usize, String);

/// Makes null what leads nowhere, in entries whose config says so, and gives a warning for each.
pub fn references(
    entries: &mut BTreeMap<String, EntryRows>,
    facts: &Facts,
    there: There<'_>,
) -> Vec<Diagnostic> {
    let asks = |rows: &EntryRows| rows.references.iter().any(|field| rows.takes_null(field));
    if !entries.values().any(asks) {
        return Vec::new();
    }
    let unknown = links::unknown(entries, facts, there);
    let mut warnings = Vec::new();
    for rows in entries.values_mut().filter(|rows| asks(rows)) {
        for ((index, field), warning) in missing(rows, facts, &unknown) {
            let EntryRows { desired, columns, .. } = rows;
            let row = desired.get_mut(index);
            row.into_iter().for_each(|row| remap::replace(row, columns, &field, &Value::Null));
            warnings.push(warning);
        }
        rows.decide();
    }
    warnings
}

fn missing(rows: &EntryRows, facts: &Facts, unknown: &Keys) -> Vec<(Place, Diagnostic)> {
    let is_unknown = |to: &str, id: &str| unknown.get(to).is_some_and(|ids: &_| ids.contains(id));
    let desired = rows.desired.iter().enumerate().filter(|(_, row)| !row.shadowed);
    let found = desired.flat_map(|(index, row)| {
        let wanted = Wanted { entry: rows, row };
        let broken = links::new_targets(wanted, facts)
            .filter(|(reference, (to, id))| rows.takes_null(reference) && is_unknown(to, id));
        broken.map(move |(reference, (to, id))| {
            ((index, reference.field.clone()), nulled(wanted, &reference.field, &to, &id))
        })
    });
    found.collect()
}

fn nulled(wanted: Wanted<'_>, field: &str, to: &str, id: &str) -> Diagnostic {
    let message = format!(
        "The row {} of {} refers to the row {} of {to} by its field {field}, and there is no such row in \
         the folder or on the target. The field becomes null, as `onMissing` says.",
        wanted.label(),
        wanted.collection(),
        id.trim_matches('"'),
    );
    Diagnostic::warning("REFERENCE_NULLED", message, links::at_field(wanted, field))
}
