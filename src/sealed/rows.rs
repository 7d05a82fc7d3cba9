//! Which rows a plan creates, changes and deletes otherwise than a sealed one.

use std::collections::{BTreeMap, BTreeSet};

use super::compact::{ChangedField, CompactStep, RowStep};
use super::sentences::{NAMED, listed, shown};

/// What is done to the rows of one entry, each step's rows by their names.
#[derive(Default)]
struct Rows<'a> {
    /// With the hashes of their contents; rows without an own key may share a name.
    created: BTreeMap<&'a str, Vec<&'a str>>,
    updated: BTreeMap<&'a str, BTreeMap<&'a str, &'a ChangedField>>,
    deleted: BTreeMap<&'a str, ()>,
}

/// What is done to rows now that was not to be done, and the other way round.
pub(super) fn changes(sealed: &[CompactStep], now: &[CompactStep]) -> Vec<String> {
    let (sealed, now) = (by_entry(sealed), by_entry(now));
    let entries: BTreeSet<&str> = sealed.keys().chain(now.keys()).copied().collect();
    let none = Rows::default();
    let pairs = entries
        .into_iter()
        .map(|entry| (entry, sealed.get(entry).unwrap_or(&none), now.get(entry).unwrap_or(&none)));
    pairs.flat_map(|(entry, then, now)| of_entry(entry, then, now)).collect()
}

/// Updates with a reason only complete other steps of the same rows.
fn by_entry(steps: &[CompactStep]) -> BTreeMap<&str, Rows<'_>> {
    let mut entries: BTreeMap<&str, Rows<'_>> = BTreeMap::new();
    for step in steps {
        match step {
            CompactStep::Rows(RowStep::Create { entry, rows, .. }) => {
                let created = &mut entries.entry(entry).or_default().created;
                for (hash, name) in rows.iter().filter_map(|row| row.split_once(' ')) {
                    created.entry(name).or_default().push(hash);
                }
            }
            CompactStep::Rows(RowStep::Update { entry, reason: None, rows, .. }) => {
                let fields = rows.iter().map(|row| {
                    (
                        row.row.as_str(),
                        row.set.iter().map(|(name, it)| (name.as_str(), it)).collect(),
                    )
                });
                entries.entry(entry).or_default().updated.extend(fields);
            }
            CompactStep::Rows(RowStep::Delete { entry, rows, .. }) => {
                let names = rows.iter().map(|row| (row.as_str(), ()));
                entries.entry(entry).or_default().deleted.extend(names);
            }
            _ => {}
        }
    }
    entries
}

fn of_entry(entry: &str, then: &Rows<'_>, now: &Rows<'_>) -> Vec<String> {
    let mut changes = came_and_went(entry, ("create", "created"), &then.created, &now.created);
    changes.extend(other_content(entry, &then.created, &now.created));
    changes.extend(came_and_went(entry, ("change", "changed"), &then.updated, &now.updated));
    changes.extend(other_fields(entry, &then.updated, &now.updated));
    changes.extend(came_and_went(entry, ("delete", "deleted"), &then.deleted, &now.deleted));
    changes
}

/// Rows that only one of both plans does something to.
fn came_and_went<T>(
    entry: &str,
    (does, done): (&str, &str),
    then: &BTreeMap<&str, T>,
    now: &BTreeMap<&str, T>,
) -> Vec<String> {
    let gone = names(then.keys().filter(|name| !now.contains_key(*name))).map(|(rows, are, list)| {
        format!("{entry}: {rows} that the plan would {does} {are} not to be {done} any more: {list}.")
    });
    let came = names(now.keys().filter(|name| !then.contains_key(*name)))
        .map(|(rows, are, list)| format!("{entry}: {rows} more {are} to be {done}: {list}."));
    gone.into_iter().chain(came).collect()
}

fn other_content(
    entry: &str,
    then: &BTreeMap<&str, Vec<&str>>,
    now: &BTreeMap<&str, Vec<&str>>,
) -> Option<String> {
    let differs = |name: &&&str| then.get(*name).is_some_and(|then| now.get(*name) != Some(then));
    let (rows, are, list) = names(now.keys().filter(differs))?;
    Some(format!("{entry}: {rows} {are} to be created with other values: {list}."))
}

/// `3 rows`, `are`, and their names; `None` where there are no rows.
fn names<'a>(names: impl Iterator<Item = &'a &'a str>) -> Option<(String, &'static str, String)> {
    let names: Vec<&str> = names.copied().collect();
    match names.len() {
        0 => None,
        1 => Some(("1 row".into(), "is", listed(&names))),
        count => Some((format!("{count} rows"), "are", listed(&names))),
    }
}

type Fields<'a> = BTreeMap<&'a str, &'a ChangedField>;

/// Fields of rows that both plans change.
fn other_fields(
    entry: &str,
    then: &BTreeMap<&str, Fields<'_>>,
    now: &BTreeMap<&str, Fields<'_>>,
) -> Vec<String> {
    let both = then.iter().filter_map(|(row, then)| Some((row, then, now.get(row)?)));
    let changed = both.flat_map(|(row, then, now)| fields_of_row(entry, row, then, now));
    let mut sentences: Vec<String> = changed.collect();
    let more = sentences.len().saturating_sub(NAMED);
    if more > 0 {
        sentences.truncate(NAMED);
        sentences.push(format!("{entry}: {more} more values differ."));
    }
    sentences
}

fn fields_of_row(entry: &str, row: &str, then: &Fields<'_>, now: &Fields<'_>) -> Vec<String> {
    let names: BTreeSet<&str> = then.keys().chain(now.keys()).copied().collect();
    let changed = names.into_iter().filter_map(|field| {
        let what = field_of_row(then.get(field).copied(), now.get(field).copied())?;
        Some(format!("{entry}.{field} of row {row} {what}."))
    });
    changed.collect()
}

fn field_of_row(then: Option<&ChangedField>, now: Option<&ChangedField>) -> Option<String> {
    match (then, now) {
        (Some(then), Some(now)) if then.to != now.to => {
            Some(format!("is to become {}, not {}", shown(&now.to), shown(&then.to)))
        }
        (Some(then), Some(now)) if then.from != now.from => {
            Some(format!("is {} on the target, not {}", shown(&now.from), shown(&then.from)))
        }
        (Some(_), None) => Some("is not to be changed any more".into()),
        (None, Some(now)) => Some(format!("is to become {}, too", shown(&now.to))),
        _ => None,
    }
}
