//! The bootstrap Administrator: its role and policy have other ids on every instance and fixed ones
//! in the folder. Here ids are mapped in both directions, by value.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::error::{Error, Result};
use crate::model::{AdminIds, Facts, Row};
use crate::system::{ADMIN_POLICY, ADMIN_ROLE};

const ROLES: &str = "directus_roles";
const POLICIES: &str = "directus_policies";

/// The fields of a collection that can hold the id of a role or a policy.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Places {
    /// Fields whose whole value is an id: relations, the items of an m2a, primary keys.
    ids: BTreeSet<String>,
    /// Fields of type JSON, which are searched deeply.
    json: BTreeSet<String>,
}

/// How an id of a role or a policy can stand in a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// As the whole value.
    Id,
    /// Anywhere in the value.
    Json,
}

impl Places {
    /// What the field can hold, if it can hold an id.
    pub fn place(&self, field: &str) -> Option<Place> {
        match self.ids.contains(field) {
            true => Some(Place::Id),
            false => self.json.contains(field).then_some(Place::Json),
        }
    }

    /// The places in `collection`.
    pub fn of(facts: &Facts, collection: &str) -> Self {
        let mut ids: BTreeSet<String> = facts
            .relations
            .iter()
            .filter(|relation| relation.collection == collection)
            .filter(|relation| may_be_admin(relation.related.as_deref()))
            .map(|relation| relation.field.clone())
            .collect();
        let found = facts.collections.get(collection);
        if may_be_admin(Some(collection)) {
            ids.extend(found.map(|found| found.primary.clone()));
        }
        let fields = found.into_iter().flat_map(|found| &found.fields);
        let json = fields.filter(|(_, field)| field.kind == "json");
        Self { ids, json: json.map(|(name, _)| name.clone()).collect() }
    }
}

/// A relation that names its collection per row may mean a role, too.
fn may_be_admin(related: Option<&str>) -> bool {
    related.is_none_or(|name| name == ROLES || name == POLICIES)
}

/// A mapping of ids, applied to rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Identity {
    pairs: Vec<(String, String)>,
}

impl Identity {
    /// From an instance to the folder: its ids become the fixed ones.
    pub fn to_folder(admin: Option<&AdminIds>) -> Self {
        Self::new(admin, ADMIN_ROLE, ADMIN_POLICY)
    }

    /// From the folder to an instance: the fixed ids, and those of a `legacy` folder's own instance,
    /// become the ids of the instance.
    pub fn to_instance(admin: Option<&AdminIds>, legacy: Option<&AdminIds>) -> Self {
        let admin = admin.cloned().unwrap_or_default();
        let legacy = legacy.cloned().unwrap_or_default();
        let role = [Some(ADMIN_ROLE.to_owned()), legacy.role].into_iter().flatten();
        let policy = [Some(ADMIN_POLICY.to_owned()), legacy.policy].into_iter().flatten();
        let roles = role.zip(std::iter::repeat(admin.role));
        let policies = policy.zip(std::iter::repeat(admin.policy));
        let pairs = roles.chain(policies).filter_map(|(from, to)| Some((from, to?)));
        Self { pairs: pairs.collect() }
    }

    /// Maps every place of `row`.
    pub fn map(&self, places: &Places, row: &mut Row) {
        if self.pairs.is_empty() {
            return;
        }
        for (name, value) in row.iter_mut() {
            if places.ids.contains(name) {
                self.map_id(value);
            } else if places.json.contains(name) {
                self.map_json(value);
            }
        }
    }

    /// Maps a value that stands as JSON text; `None` where it stays as it is.
    pub fn map_token(&self, place: Place, token: &str) -> Option<String> {
        let is_escaped = place == Place::Json && token.contains('\\') && token.contains("\\u");
        let stands = |id: &str| match place {
            Place::Id => token.len() == id.len() + 2,
            Place::Json => is_escaped || token.len() > id.len() && token.contains(id),
        };
        if !self.pairs.iter().any(|(from, _)| stands(from)) {
            return None;
        }
        let given: Value = serde_json::from_str(token).ok()?;
        let mut mapped = given.clone();
        match place {
            Place::Id => self.map_id(&mut mapped),
            Place::Json => self.map_json(&mut mapped),
        }
        (mapped != given).then(|| mapped.to_string())
    }

    fn fixed() -> Self {
        let fixed = [ADMIN_ROLE, ADMIN_POLICY];
        Self { pairs: fixed.map(|id| (id.to_owned(), String::new())).to_vec() }
    }

    fn new(admin: Option<&AdminIds>, role: &str, policy: &str) -> Self {
        let admin = admin.cloned().unwrap_or_default();
        let role = admin.role.map(|id| (id, role.to_owned()));
        let policy = admin.policy.map(|id| (id, policy.to_owned()));
        Self { pairs: role.into_iter().chain(policy).collect() }
    }

    fn map_id(&self, value: &mut Value) {
        let Value::String(id) = value else { return };
        if let Some((_, to)) = self.pairs.iter().find(|(from, _)| id.eq_ignore_ascii_case(from)) {
            *id = to.clone();
        }
    }

    fn map_json(&self, value: &mut Value) {
        match value {
            Value::String(text) => self.map_text(text),
            Value::Array(items) => items.iter_mut().for_each(|item| self.map_json(item)),
            Value::Object(fields) => fields.values_mut().for_each(|field| self.map_json(field)),
            _ => {}
        }
    }

    fn map_text(&self, text: &mut String) {
        if self.pairs.iter().any(|(from, _)| text.contains(from.as_str())) {
            *text = outside_templates(text, |part| self.replace(part));
        }
    }

    /// Replaces all ids in one pass, so that a result is never mapped again.
    fn replace(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((at, from, to)) = self.first_in(rest) {
            out.push_str(rest.get(..at).unwrap_or_default());
            out.push_str(to);
            rest = rest.get(at + from.len()..).unwrap_or_default();
        }
        out + rest
    }

    fn first_in(&self, text: &str) -> Option<(usize, &str, &str)> {
        self.pairs
            .iter()
            .filter_map(|(from, to)| Some((text.find(from.as_str())?, from.as_str(), to.as_str())))
            .min_by_key(|(at, _, _)| *at)
    }
}

/// Maps the parts of `text` outside `{{…}}`. A template that never closes counts as text.
fn outside_templates(text: &str, map: impl Fn(&str) -> String) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{")
        && let Some((template, behind)) = after.split_once("}}")
    {
        out.push_str(&map(before));
        out.extend(["{{", template, "}}"]);
        rest = behind;
    }
    out + &map(rest)
}

/// Which of the fixed ids stand in `row` without being mapped, since the target's are unknown.
pub fn unmapped(places: &Places, row: &Row) -> BTreeSet<&'static str> {
    let mut emptied = row.clone();
    Identity::fixed().map(places, &mut emptied);
    match emptied == *row {
        true => BTreeSet::new(),
        false => fixed_in(&Value::Object(row.clone()).to_string()),
    }
}

/// The same for a single value that stands as JSON text.
pub fn unmapped_in(place: Place, token: &str) -> BTreeSet<&'static str> {
    let found = Identity::fixed().map_token(place, token);
    found.map_or_else(BTreeSet::new, |_| fixed_in(token))
}

fn fixed_in(text: &str) -> BTreeSet<&'static str> {
    let text = text.to_ascii_lowercase();
    [ADMIN_ROLE, ADMIN_POLICY].into_iter().filter(|id| text.contains(id)).collect()
}

/// The Administrator of a folder that another tool wrote: the role and the policy named
/// `Administrator`, the policy with admin access, joined by an access row where access rows exist.
pub fn recognise(roles: &[Row], policies: &[Row], access: &[Row]) -> Result<Option<AdminIds>> {
    let roles = ids(roles, is_named);
    let policies = ids(policies, |row| is_named(row) && is_true(row.get("admin_access")));
    let joined = |role: &str, policy: &str| {
        access.iter().any(|row| is(row, "role", role) && is(row, "policy", policy))
    };
    let pairs = roles.iter().flat_map(|role| policies.iter().map(move |policy| (role, policy)));
    let mut pairs = pairs.filter(|(role, policy)| access.is_empty() || joined(role, policy));
    let first = pairs.next();
    match pairs.next() {
        Some(_) => Err(ambiguous()),
        None => Ok(first.map(|(role, policy)| AdminIds {
            role: Some(role.clone()),
            policy: Some(policy.clone()),
        })),
    }
}

fn ids(rows: &[Row], matches: impl Fn(&Row) -> bool) -> Vec<String> {
    let rows = rows.iter().filter(|row| matches(row));
    rows.filter_map(|row| row.get("id")?.as_str().map(str::to_ascii_lowercase)).collect()
}

fn is_named(row: &Row) -> bool {
    row.get("name").and_then(Value::as_str) == Some("Administrator")
}

fn is(row: &Row, field: &str, id: &str) -> bool {
    let found = row.get(field).and_then(Value::as_str);
    found.is_some_and(|found| found.eq_ignore_ascii_case(id))
}

fn is_true(value: Option<&Value>) -> bool {
    matches!(value, Some(Value::Bool(true))) || value.and_then(Value::as_i64) == Some(1)
}

fn ambiguous() -> Error {
    Error::at(
        "ADMIN_AMBIGUOUS",
        "The folder holds more than one role and policy named Administrator with admin access. \
         Rename all but one, or export the folder again with this extension.",
        "data/directus_roles.json",
    )
}
