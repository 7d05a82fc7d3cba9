//! Values that the importing environment gives: `{"$env": "NAME"}` in a file stands for a variable.
//!
//! What a placeholder stands for is known while rows are compared, and again when a plan is written.
//! Everything that people or files see in between holds the placeholder.

mod filling;

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::{Value, json};

pub use self::filling::Filling;
use crate::model::FieldFacts;
use crate::value;

/// The only member of a placeholder.
const MEMBER: &str = "$env";

/// Variables by name. An empty one counts as not set, as compose files and CI systems write it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Environment(BTreeMap<String, String>);

/// Why a placeholder stands for nothing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unresolved {
    /// The variable of that name is not set.
    Missing(String),
    /// The variable of that name holds nothing of that type.
    Unfit(String, &'static str),
}

/// Whether a text of JSON can hold a placeholder. Most texts cannot, which costs them next to nothing.
pub fn may_stand_in(text: &str) -> bool {
    memchr::memmem::find(text.as_bytes(), b"\"$env\"").is_some()
}

/// The variable that a value stands for as a whole.
pub fn name_of(value: &Value) -> Option<&str> {
    let members = value.as_object().filter(|members| members.len() == 1)?;
    members.get(MEMBER)?.as_str()
}

/// What stands for a variable.
pub fn placeholder(name: &str) -> Value {
    json!({ MEMBER: name })
}

/// Whether a value is a placeholder, or holds one.
pub fn stands_in(value: &Value) -> bool {
    name_of(value).is_some()
        || match value {
            Value::Array(items) => items.iter().any(stands_in),
            Value::Object(members) => members.values().any(stands_in),
            _ => false,
        }
}

impl Environment {
    /// Variables by name.
    pub fn new(variables: BTreeMap<String, String>) -> Self {
        Self(variables)
    }

    /// The value of a variable; `None` where it is not set.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// `value` with what its placeholders stand for: of the type of `field` where it is one as a whole,
    /// else texts. Those that stand for nothing stay, and are noted in `problems`.
    pub fn resolve(
        &self,
        field: Option<&FieldFacts>,
        value: &Value,
        problems: &mut BTreeSet<Unresolved>,
    ) -> Value {
        let Some(name) = name_of(value) else { return self.inside(value, problems) };
        match self.typed(field, name) {
            Ok(resolved) => resolved,
            Err(problem) => {
                problems.insert(problem);
                value.clone()
            }
        }
    }

    fn inside(&self, value: &Value, problems: &mut BTreeSet<Unresolved>) -> Value {
        match value {
            Value::Array(items) => {
                items.iter().map(|item| self.resolve(None, item, problems)).collect()
            }
            Value::Object(members) => {
                let members = members.iter();
                members.map(|(key, it)| (key.clone(), self.resolve(None, it, problems))).collect()
            }
            _ => value.clone(),
        }
    }

    fn typed(&self, field: Option<&FieldFacts>, name: &str) -> Result<Value, Unresolved> {
        let missing = || Unresolved::Missing(name.to_owned());
        let text = self.get(name).ok_or_else(missing)?;
        let Some(field) = field else { return Ok(text.into()) };
        let unfit = |what| Unresolved::Unfit(name.to_owned(), what);
        if is_json(field) {
            return serde_json::from_str(text).map_err(|_| unfit("JSON"));
        }
        let value = value::canonical(&field.kind, &field.special, &text.into());
        match field.kind.as_str() {
            "boolean" if !value.is_boolean() => Err(unfit("boolean")),
            "integer" if !(value.is_number() || value.is_boolean()) => Err(unfit("number")),
            "float" if !value.is_number() => Err(unfit("number")),
            _ => Ok(value),
        }
    }
}

fn is_json(field: &FieldFacts) -> bool {
    field.kind == "json" || field.special.iter().any(|flag| flag == "cast-json")
}

/// Whether `value` is what `pattern` says, whatever its placeholders stand for.
pub fn fits(pattern: &Value, value: &Value) -> bool {
    match (pattern, value) {
        _ if name_of(pattern).is_some() => true,
        (Value::Array(patterns), Value::Array(values)) => {
            patterns.len() == values.len() && patterns.iter().zip(values).all(|(p, v)| fits(p, v))
        }
        (Value::Object(patterns), Value::Object(values)) => {
            patterns.len() == values.len()
                && patterns.iter().all(|(key, p)| values.get(key).is_some_and(|v| fits(p, v)))
        }
        _ => pattern == value,
    }
}

/// `value` with something else at the places where `pattern` has placeholders: what `put` makes of the
/// placeholder and of the value there.
pub fn lay_over(
    pattern: &Value,
    value: &Value,
    put: &mut dyn FnMut(&Value, &Value) -> Value,
) -> Value {
    let mut result = value.clone();
    match (pattern, &mut result) {
        _ if name_of(pattern).is_some() => return put(pattern, value),
        (Value::Array(patterns), Value::Array(items)) => {
            for (index, inner) in patterns.iter().enumerate().filter(|(_, it)| stands_in(it)) {
                if let Some(item) = counterpart(items, inner, index) {
                    *item = lay_over(inner, item, put);
                }
            }
        }
        (Value::Object(patterns), Value::Object(members)) => {
            for (key, inner) in patterns.iter().filter(|(_, it)| stands_in(it)) {
                if let Some(member) = members.get_mut(key) {
                    *member = lay_over(inner, member, put);
                }
            }
        }
        _ => {}
    }
    result
}

/// The item that `pattern` means: the one in its place, unless only another one looks like it, since
/// lists get items in between.
fn counterpart<'a>(items: &'a mut [Value], pattern: &Value, index: usize) -> Option<&'a mut Value> {
    let is_here = items.get(index).is_some_and(|item| fits(pattern, item));
    let moved = || items.iter().position(|item| fits(pattern, item));
    let index = if is_here { index } else { moved().unwrap_or(index) };
    items.get_mut(index)
}

/// `pattern` with what stands in `value` at the places of its placeholders; `None` where `value` lacks
/// one of these places.
pub fn follow(pattern: &Value, value: &Value) -> Option<Value> {
    let mut found = Vec::new();
    lay_over(pattern, value, &mut |_, there| {
        found.push(there.clone());
        Value::Null
    });
    let is_whole = found.len() == count(pattern);
    let mut found = found.into_iter();
    is_whole.then(|| put_each(pattern, &mut || found.next()))
}

/// `value` with `mask` wherever `pattern` has a placeholder; `mask` alone where that cannot be told.
pub fn hide(pattern: &Value, value: &Value, mask: &str) -> Value {
    let mut hidden = 0;
    let masked = lay_over(pattern, value, &mut |_, _| {
        hidden += 1;
        mask.into()
    });
    if hidden == count(pattern) { masked } else { mask.into() }
}

/// `pattern` with its placeholders replaced one after the other, as long as there is something.
fn put_each(pattern: &Value, next: &mut dyn FnMut() -> Option<Value>) -> Value {
    match pattern {
        _ if name_of(pattern).is_some() => next().unwrap_or_else(|| pattern.clone()),
        Value::Array(items) => items.iter().map(|item| put_each(item, next)).collect(),
        Value::Object(members) => {
            members.iter().map(|(key, member)| (key.clone(), put_each(member, next))).collect()
        }
        _ => pattern.clone(),
    }
}

/// How many placeholders a value holds.
pub fn count(value: &Value) -> usize {
    let mut count = 0;
    put_each(value, &mut || {
        count += 1;
        None
    });
    count
}
