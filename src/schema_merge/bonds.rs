//! What hangs together: things that need each other cannot be decided on one by one.
//!
//! A decision only ever changes to "the target stays as it is", so that this comes to an end.

use std::collections::BTreeSet;

use crate::merge::{Action, CONFLICT, Decision, STILL_NEEDED, State};
use crate::schema_diff::Terms;
use crate::snapshot::{Collection, Field, Name, Relation};

use super::cases::{Case, Cases, Part, STOPPED};
use super::thing::Key;

/// What becomes of things that hang on others.
pub(super) struct Bonds {
    /// Of a thing that is needed as the target has it.
    needed: Decision,
    /// Of a thing that the files change, but that hangs on one that stays as it is, by what was decided
    /// on that.
    beside: fn(Decision) -> Decision,
}

/// In an import the target stays as it is.
pub(super) const IMPORT: Bonds = Bonds {
    needed: Decision { action: Action::Keep, code: Some(STILL_NEEDED) },
    beside: beside_kept,
};

/// An export does not choose.
pub(super) const EXPORT: Bonds = Bonds { needed: STOPPED, beside: |_| STOPPED };

/// Settles what the decisions mean for each other.
pub(super) fn settle(cases: &mut Cases<'_>, terms: &Terms, bonds: &Bonds) {
    while hold_relations(cases, terms, bonds)
        | keep_columns(cases, terms, bonds)
        | keep_needed(cases, bonds)
    {}
}

/// A relation does not come, nor change, where it needs a thing that stays away, or a column of a type
/// that the target's is not.
fn hold_relations(cases: &mut Cases<'_>, terms: &Terms, bonds: &Bonds) -> bool {
    let held: Vec<_> = cases
        .relations
        .iter()
        .filter(|(_, case)| changes(case.decision))
        .filter_map(|(key, case)| Some((*key, obstacle(cases, *key, case.desired?, terms)?)))
        .collect();
    for (key, obstacle) in &held {
        if let Some(case) = cases.relations.get_mut(key) {
            case.decision = (bonds.beside)(*obstacle);
        }
    }
    !held.is_empty()
}

/// The decision that stands in the way of a relation.
fn obstacle(cases: &Cases<'_>, key: Key<'_>, wanted: &Relation, terms: &Terms) -> Option<Decision> {
    let field = cases.fields.get(&key);
    let field = field.filter(|case| case.is_held_back() || keeps_its_column(case, terms));
    let related = wanted.related.as_deref().and_then(|name| cases.collections.get(&(name, "")));
    let related = related.filter(|case| case.is_held_back());
    field.map(|case| case.decision).or(related.map(|case| case.decision))
}

/// Whether the field keeps a column of another type than the files want.
fn keeps_its_column(case: &Case<'_, Field>, terms: &Terms) -> bool {
    let sides = case.desired.zip(case.kept());
    sides.is_some_and(|(wanted, now)| !terms.same_kind(wanted, now))
}

/// As with the obstacle: a conflict, or nothing to talk about.
fn beside_kept(obstacle: Decision) -> Decision {
    let code = match obstacle.action {
        Action::Refuse => CONFLICT.refused,
        _ => CONFLICT.kept,
    };
    Decision { action: obstacle.action, code: obstacle.code.map(|_| code) }
}

fn changes(decision: Decision) -> bool {
    matches!(decision.action, Action::Create | Action::Update)
}

/// A column keeps its type where a relation stays on it that needs it.
fn keep_columns(cases: &mut Cases<'_>, terms: &Terms, bonds: &Bonds) -> bool {
    let relations = &cases.relations;
    let mut found = false;
    for (key, case) in &mut cases.fields {
        let stays = relations.get(key).is_some_and(|relation| apart(relation).is_some());
        let sides = case.desired.zip(case.current).filter(|_| stays && changes(case.decision));
        if sides.is_some_and(|(wanted, now)| !terms.same_kind(wanted, now)) {
            case.decision = bonds.needed;
            found = true;
        }
    }
    found
}

/// What stays on the target keeps what it needs.
fn keep_needed(cases: &mut Cases<'_>, bonds: &Bonds) -> bool {
    let mut found = false;
    for name in mentioned(cases) {
        found |= match name {
            Name::Collection(name) => keep_whole(cases, name, bonds),
            Name::Field(collection, field) => {
                keep_part(cases, (collection, field), |cases| &mut cases.fields, bonds)
            }
        };
    }
    for key in needed_relations(cases) {
        found |= keep_part(cases, key, |cases| &mut cases.relations, bonds);
    }
    found
}

/// Everything that is named by what stays on the target.
fn mentioned<'a>(cases: &Cases<'a>) -> BTreeSet<Name<'a>> {
    let collections = kept(&cases.collections).flat_map(Collection::mentions);
    let fields = kept(&cases.fields).flat_map(Field::mentions);
    let relations = kept(&cases.relations).flat_map(Relation::mentions);
    collections.chain(fields).chain(relations).map(|mention| mention.name).collect()
}

/// The relations of fields that stay: those that they hold, and those that they are the other side of.
/// An alias that the files do not speak of shows nothing without its relation, and loses nothing.
fn needed_relations<'a>(cases: &Cases<'a>) -> Vec<Key<'a>> {
    let field = |key: Key<'a>| cases.fields.get(&key).filter(|case| apart(case).is_some());
    let relations = cases.relations.iter().filter_map(|(key, case)| Some((*key, case.current?)));
    let needed = relations.filter(|(key, relation)| {
        let other = relation.other_side().and_then(field);
        field(*key).is_some() || other.is_some_and(|alias| alias.is_spoken_of)
    });
    needed.map(|(key, _)| key).collect()
}

fn kept<'b, 'a: 'b, T>(part: &'b Part<'a, T>) -> impl Iterator<Item = &'a T> + 'b {
    part.values().filter_map(apart)
}

/// The thing as it stays on the target, unless the files have it just so.
fn apart<'a, T>(case: &Case<'a, T>) -> Option<&'a T> {
    case.kept().filter(|_| case.state != State::Equal)
}

/// Keeps a field or relation that would go. Where its whole collection would, that stays.
fn keep_part<'a, T: 'a>(
    cases: &mut Cases<'a>,
    key: Key<'a>,
    part: for<'b> fn(&'b mut Cases<'a>) -> &'b mut Part<'a, T>,
    bonds: &Bonds,
) -> bool {
    keep_whole(cases, key.0, bonds) || keep(part(cases), key, bonds.needed)
}

/// Keeps a collection that would go, with everything in it.
fn keep_whole<'a>(cases: &mut Cases<'a>, name: &'a str, bonds: &Bonds) -> bool {
    let stays = keep(&mut cases.collections, (name, ""), bonds.needed);
    if stays {
        keep_all(&mut cases.fields, name);
        keep_all(&mut cases.relations, name);
    }
    stays
}

fn keep_all<T>(part: &mut Part<'_, T>, collection: &str) {
    let own = part.iter_mut().filter(|(key, case)| key.0 == collection && goes(case));
    own.for_each(|(_, case)| case.decision = Decision { action: Action::Keep, code: None });
}

/// Keeps a thing that would go. False where it does not.
fn keep<'a, T>(part: &mut Part<'a, T>, key: Key<'a>, decision: Decision) -> bool {
    let going = part.get_mut(&key).filter(|case| goes(case));
    going.map(|case| case.decision = decision).is_some()
}

fn goes<T>(case: &Case<'_, T>) -> bool {
    case.decision.action == Action::Delete
}
