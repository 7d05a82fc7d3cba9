//! Fields that were renamed: which of the declared renames can be carried out.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{RawConfig, Rename};
use crate::error::Diagnostic;
use crate::json::to_compact;
use crate::model::Facts;
use crate::snapshot::is_system_collection;

/// How a rename is written.
const EXAMPLE: &str = "`renames = {'posts.title': 'posts.headline'}`";

/// The renames of all config files, in the order of their old names. Every problem is reported.
pub(super) fn evaluate(
    raw: &RawConfig,
    facts: &Facts,
    report: &mut Vec<Diagnostic>,
) -> Vec<Rename> {
    let mut renames = Vec::new();
    for source in &raw.sources {
        match &source.renames {
            Value::Null => {}
            Value::Object(declared) => {
                for (old, new) in declared {
                    let place = format!("{}: renames['{old}']", source.file);
                    match one(old, new, facts) {
                        Ok(names) => renames.push(Rename::new(names, place)),
                        Err(message) => report.push(invalid(message, &place)),
                    }
                }
            }
            other => report.push(no_object(other, &format!("{}: renames", source.file))),
        }
    }
    report.extend(renames.iter().filter_map(|rename| unknown(rename, facts)));
    report.extend(together(&renames));
    renames.sort_by_key(Rename::old_path);
    renames
}

/// Collection, old name and new name; or what is wrong with them.
fn one<'a>(old: &'a str, new: &'a Value, facts: &Facts) -> Result<[&'a str; 3], String> {
    let new = new.as_str().ok_or_else(|| {
        format!("The new name of {old} is {}, which is no text. Write {EXAMPLE}.", to_compact(new))
    })?;
    let ((collection, field), (to_collection, to)) = (path(old)?, path(new)?);
    if collection != to_collection {
        return Err(format!(
            "{old} cannot become {new}: a field stays in its collection. Write {EXAMPLE}."
        ));
    }
    if field == to {
        return Err(format!("{old} is renamed to itself. Remove the line."));
    }
    if is_system_collection(collection) {
        return Err(format!(
            "{old} cannot be renamed: {collection} belongs to Directus. Add a field of the new name, \
             and move the values by hand."
        ));
    }
    let primary = facts.collections.get(collection).map(|facts| facts.primary.as_str());
    if primary.is_some_and(|primary| primary == field || primary == to) {
        return Err(format!(
            "{old} cannot become {new}: Directus cannot change the primary key of a collection. \
             Create the collection anew, or keep the name."
        ));
    }
    Ok([collection, field, to])
}

/// Collection and field of `posts.title`.
fn path(name: &str) -> Result<(&str, &str), String> {
    let whole = |(collection, field): &(&str, &str)| {
        !collection.is_empty() && !field.is_empty() && !field.contains('.')
    };
    match name.split_once('.') {
        Some(path) if whole(&path) => Ok(path),
        Some(_) => Err(format!("\"{name}\" is no field of a collection. Write {EXAMPLE}.")),
        None => Err(format!(
            "\"{name}\" names a whole collection. Only fields can be renamed, as in {EXAMPLE}: too much \
             outside of the folder may name a collection. Create it under the new name, move its rows, \
             and drop the old one."
        )),
    }
}

/// A rename that nobody can mean, because there is neither the old field nor the new one.
fn unknown(rename: &Rename, facts: &Facts) -> Option<Diagnostic> {
    let fields = facts.collections.get(&rename.collection).map(|facts| &facts.fields);
    let is_known = |name: &String| fields.is_some_and(|fields| fields.contains_key(name));
    (!is_known(&rename.field) && !is_known(&rename.to)).then(|| {
        let message = format!(
            "There is neither a field {} nor {}, so nothing is renamed. Correct the names, or remove \
             the line.",
            rename.old_path(),
            rename.new_path()
        );
        Diagnostic::warning("CONFIG_UNKNOWN_FIELD", message, &rename.place)
    })
}

/// Renames that cannot stand beside each other. Several old names may become one, since an instance may
/// have any of the names that a field had in the course of time.
fn together(renames: &[Rename]) -> Vec<Diagnostic> {
    let mut old: BTreeMap<String, &Rename> = BTreeMap::new();
    let mut problems = Vec::new();
    for rename in renames {
        if let Some(other) = old.insert(rename.old_path(), rename) {
            problems.push(twice(rename, other));
        }
    }
    let chained = renames.iter().filter_map(|first| Some((first, *old.get(&first.new_path())?)));
    problems.extend(chained.map(|(first, second)| chain(first, second)));
    problems
}

fn twice(rename: &Rename, other: &Rename) -> Diagnostic {
    let message =
        format!("{} renames {} as well. Keep one of both.", other.place, rename.old_path());
    invalid(message, &rename.place)
}

fn chain(first: &Rename, second: &Rename) -> Diagnostic {
    let (old, last) = (first.old_path(), second.new_path());
    let message = format!(
        "{old} becomes {}, which becomes {last}. Name the last name for both: `'{old}': '{last}'`.",
        first.new_path()
    );
    invalid(message, &first.place)
}

fn no_object(value: &Value, place: &str) -> Diagnostic {
    let message = format!("`renames` is {}, not an object. Write {EXAMPLE}.", to_compact(value));
    invalid(message, place)
}

fn invalid(message: String, place: &str) -> Diagnostic {
    Diagnostic::error("CONFIG_INVALID", message, place)
}
