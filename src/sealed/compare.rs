//! What changed since a plan was sealed.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::{Map, Value};

use super::compact::CompactStep;
use super::{Sealed, Target, rows, sentences};
use crate::json;
use crate::plan::Warning;

/// Whether a plan is what was sealed, and what differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// Whether it may be applied in its place.
    pub same: bool,
    /// What changed, in full sentences. Empty when it is the same.
    pub changes: Vec<String>,
}

/// Compares what was sealed with the same plan as it is now.
///
/// Counts of rows that stay, and warnings of them, may differ: rows of a living target come and go. The
/// files, the target, the steps and what would be lost may not.
pub fn compare(sealed: &Sealed, now: &Sealed) -> Comparison {
    let mut changes = Vec::new();
    changes.extend(source(&sealed.source, &now.source));
    changes.extend(target(&sealed.target, &now.target));
    changes.extend(scope(&sealed.scope, &now.scope));
    changes.extend(losses(&sealed.warnings, &now.warnings));
    changes.extend(schema(&sealed.steps, &now.steps));
    changes.extend(rows::changes(&sealed.steps, &now.steps));
    if changes.is_empty() && sealed.digest != now.digest {
        changes.push("The same things are to be done, but in another order or way.".into());
    }
    Comparison { same: changes.is_empty(), changes }
}

fn source(sealed: &str, now: &str) -> Option<String> {
    let (then, current) = (sentences::first_digits(sealed), sentences::first_digits(now));
    (sealed != now).then(|| {
        format!("The files changed: the hash of the folder was {then} then, and is {current} now.")
    })
}

fn target(sealed: &Target, now: &Target) -> Vec<String> {
    let parts = [
        (&sealed.id, &now.id, "The plan was made for another instance"),
        (&sealed.directus, &now.directus, "The target runs another version of Directus"),
        (&sealed.vendor, &now.vendor, "The target has another database"),
    ];
    let changed = parts.into_iter().filter(|(then, now, _)| then != now);
    changed.map(|(then, now, what)| format!("{what}: {then} then, {now} now.")).collect()
}

fn scope(sealed: &Map<String, Value>, now: &Map<String, Value>) -> Vec<String> {
    let names: BTreeSet<&String> = sealed.keys().chain(now.keys()).collect();
    let value = |scope: &Map<String, Value>, name: &str| {
        json::to_compact(scope.get(name).unwrap_or(&Value::Null))
    };
    let pairs = names.into_iter().map(|name| (name, value(sealed, name), value(now, name)));
    let changed = pairs.filter(|(_, then, now)| then != now);
    changed
        .map(|(name, then, now)| format!("The option {name} was {then} then, and is {now} now."))
        .collect()
}

/// What would be lost: the one part of the warnings that somebody agreed to.
fn losses(sealed: &[Warning], now: &[Warning]) -> Vec<String> {
    let agreed: BTreeMap<_, _> = of_losses(sealed).collect();
    let changed = of_losses(now).filter(|(at, message)| agreed.get(at) != Some(message));
    changed
        .map(|(at, message)| match agreed.get(&at) {
            Some(then) => {
                format!("More or less is lost than agreed to. Then: {then} Now: {message}")
            }
            None => format!("Something is lost that was not agreed to: {message}"),
        })
        .collect()
}

fn of_losses(warnings: &[Warning]) -> impl Iterator<Item = ((&str, &str), &str)> {
    let losses = warnings.iter().filter(|warning| warning.destructive);
    losses.map(|loss| ((loss.code.as_str(), loss.path.as_str()), loss.message.as_str()))
}

fn schema(sealed: &[CompactStep], now: &[CompactStep]) -> Vec<String> {
    let (then, now) = (schema_steps(sealed), schema_steps(now));
    let gone = then.iter().filter(|(name, _)| !now.contains_key(*name));
    let gone = gone.map(|((thing, done), _)| format!("{thing} is not to be {done} any more."));
    let came = now.iter().filter_map(|(name, steps)| {
        let (thing, done) = name;
        match then.get(name) {
            None => Some(format!("{thing} is to be {done}, too.")),
            Some(then) if then != steps => Some(format!("{thing} is to be {done} in another way.")),
            Some(_) => None,
        }
    });
    gone.chain(came).collect()
}

/// The steps of the schema by what they do.
fn schema_steps(
    steps: &[CompactStep],
) -> BTreeMap<(String, &'static str), Vec<&Map<String, Value>>> {
    let mut named: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for step in steps {
        let CompactStep::Schema(step) = step else { continue };
        if let Some(name) = sentences::named(step) {
            named.entry(name).or_default().push(step);
        }
    }
    named
}
