//! What a person should know before agreeing to the changes of rows.

use std::collections::BTreeMap;

use crate::error::Diagnostic;
use crate::findings::Findings;
use crate::plan::Warning;

use super::changes::{Changes, Unwanted};
use super::entry::EntryRows;

/// Collections with fewer rows may be emptied without consent.
const SMALL: u64 = 20;

/// Warnings about rows, and `found` as warnings.
pub fn of(
    changes: &Changes<'_>,
    entries: &BTreeMap<String, EntryRows>,
    found: &[Diagnostic],
) -> Vec<Warning> {
    let own = found.iter().map(|found| Warning {
        code: found.code.clone(),
        message: found.message.clone(),
        path: found.path.clone().unwrap_or_default(),
        ..Warning::default()
    });
    let deleted = entries.values().filter_map(|entry| deletes(changes, entry));
    let protected = changes.protected.iter().map(protected);
    own.chain(protected).chain(deleted).chain(findings(changes)).collect()
}

fn deletes(changes: &Changes<'_>, entry: &EntryRows) -> Option<Warning> {
    let id = &entry.entry.id;
    let count = changes.deletes.iter().filter(|row| row.entry.entry.id == *id).count() as u64;
    (count > 0).then(|| Warning {
        code: "DELETE_ROWS".to_owned(),
        message: format!("Deletes {count} of {} rows of {}.", entry.seen, entry.entry.collection),
        path: id.clone(),
        destructive: entry.seen > SMALL && count * 2 > entry.seen,
        ..Warning::default()
    })
}

fn protected(row: &Unwanted<'_>) -> Warning {
    Warning {
        code: "ADMIN_KEPT".to_owned(),
        message: format!(
            "The row {} of {} is not in the folder. It stays, since nobody could log in without it, or \
             Directus needs it.",
            row.label(),
            row.collection()
        ),
        path: row.collection().to_owned(),
        ..Warning::default()
    }
}

fn findings(changes: &Changes<'_>) -> Vec<Warning> {
    let mut findings = Findings::default();
    for (entry, label, decision) in &changes.findings {
        findings.add(*decision, &entry.entry.id, "row", label.clone());
    }
    findings.warnings()
}
