//! The options of one entry: which there are, what they take, and what was given.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::OnMissing;
use super::suggest::did_you_mean;
use crate::error::Diagnostic;
use crate::json::to_compact;
use crate::merge::OnDrift;
use crate::model::Mode;
use crate::system::{self, USERS};

/// What an option takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Takes {
    Strings,
    StringOrStrings,
    String,
    Function,
    Boolean,
    Object,
    Limit,
    Mode,
    OnDrift,
    Variables,
    Passwords,
    OnMissing,
}

const ENTRY: &[(&str, Takes)] = &[
    ("admin", Takes::String),
    ("emitEvents", Takes::Boolean),
    ("env", Takes::Variables),
    ("excludeFields", Takes::Strings),
    ("files", Takes::Boolean),
    ("getKey", Takes::Function),
    ("groupBy", Takes::StringOrStrings),
    ("key", Takes::StringOrStrings),
    ("linkedFields", Takes::Strings),
    ("mode", Takes::Mode),
    ("onDrift", Takes::OnDrift),
    ("onExport", Takes::Function),
    ("onImport", Takes::Function),
    ("onMissing", Takes::OnMissing),
    ("passwords", Takes::Passwords),
    ("prefix", Takes::String),
    ("query", Takes::Object),
    ("track", Takes::Boolean),
    ("watch", Takes::Strings),
];

const QUERY: &[(&str, Takes)] =
    &[("filter", Takes::Object), ("limit", Takes::Limit), ("sort", Takes::StringOrStrings)];

/// Collections that have a bootstrap Administrator.
const WITH_ADMINISTRATOR: &[&str] = &["directus_roles", "directus_policies"];

/// The options of one entry, each of the right type. What was not given, or given wrongly, has its
/// default.
#[derive(Debug, Default)]
pub struct Options {
    pub admin: Option<String>,
    pub emit_events: bool,
    /// Variables by the place in a row.
    pub env: BTreeMap<String, String>,
    pub exclude_fields: Vec<String>,
    pub files: bool,
    pub get_key: bool,
    pub group_by: Vec<String>,
    pub key: Option<Vec<String>>,
    pub on_export: bool,
    pub on_import: bool,
    pub passwords: bool,
    pub prefix: String,
    pub track: bool,
    pub watch: Vec<String>,
    /// `query.filter`, or null.
    pub filter: Value,
    /// `query.limit`; `-1` and `0` mean all rows.
    pub limit: Option<u64>,
    pub mode: Option<Mode>,
    pub on_drift: Option<OnDrift>,
    pub on_missing: Option<OnMissing>,
    /// `query.sort`.
    pub sort: Vec<String>,
}

/// Reads the options that `raw` gives at `place`, reporting every unknown or ill-typed one.
pub fn read(collection: &str, raw: &Value, place: &str, report: &mut Vec<Diagnostic>) -> Options {
    let Value::Object(given) = raw else {
        report.push(wrong_type(place, raw, "an object with options"));
        return Options::default();
    };
    let given = checked(given, ENTRY, place, report);
    let query = match given.get("query") {
        Some(Value::Object(query)) => checked(query, QUERY, &format!("{place}.query"), report),
        _ => Map::new(),
    };
    if given.contains_key("admin") && !WITH_ADMINISTRATOR.contains(&collection) {
        report.push(misplaced_admin(place));
    }
    if given.contains_key("passwords") && collection != USERS {
        report.push(misplaced_passwords(place));
    }
    let options = collect(&given, &query);
    if options.files && collection != system::FILES {
        report.push(misplaced_files(place));
    }
    options
}

fn collect(given: &Map<String, Value>, query: &Map<String, Value>) -> Options {
    Options {
        admin: text(given, "admin"),
        emit_events: is_on(given, "emitEvents"),
        env: given.get("env").map(variables).unwrap_or_default(),
        exclude_fields: strings(given, "excludeFields").unwrap_or_default(),
        files: is_on(given, "files"),
        get_key: given.contains_key("getKey"),
        group_by: strings(given, "groupBy").unwrap_or_default(),
        key: strings(given, "key"),
        on_export: given.contains_key("onExport"),
        on_import: given.contains_key("onImport"),
        passwords: given.contains_key("passwords"),
        prefix: text(given, "prefix").unwrap_or_default(),
        track: is_on(given, "track"),
        watch: strings(given, "watch").unwrap_or_default(),
        filter: filter(query),
        limit: query.get("limit").and_then(Value::as_u64).filter(|limit| *limit > 0),
        mode: named(given, "mode"),
        on_drift: named(given, "onDrift"),
        on_missing: named(given, "onMissing"),
        sort: strings(query, "sort").unwrap_or_default(),
    }
}

/// The options of `given` that are known and of the right type; null counts as not given.
fn checked(
    given: &Map<String, Value>,
    known: &[(&str, Takes)],
    place: &str,
    report: &mut Vec<Diagnostic>,
) -> Map<String, Value> {
    let mut good = Map::new();
    for (name, value) in given.iter().filter(|(_, value)| !value.is_null()) {
        match problem(name, value, known, place) {
            Some(problem) => report.push(problem),
            None => drop(good.insert(name.clone(), value.clone())),
        }
    }
    good
}

fn problem(name: &str, value: &Value, known: &[(&str, Takes)], place: &str) -> Option<Diagnostic> {
    let path = format!("{place}.{name}");
    match known.iter().find(|(known, _)| *known == name) {
        None => Some(unknown_option(name, known, &path)),
        Some((_, takes)) if takes.accepts(value) => None,
        Some((_, takes)) => Some(wrong_type(&path, value, takes.describe())),
    }
}

impl Takes {
    fn accepts(self, value: &Value) -> bool {
        match self {
            Self::Strings => is_strings(value),
            Self::StringOrStrings => value.is_string() || is_strings(value),
            Self::String => value.is_string(),
            Self::Function => is_function(value),
            Self::Boolean => value.is_boolean(),
            Self::Object => value.is_object() && !is_function(value),
            Self::Limit => value.as_i64().is_some_and(|limit| limit >= -1),
            Self::Mode => Mode::deserialize(value).is_ok(),
            Self::OnDrift => OnDrift::deserialize(value).is_ok(),
            Self::Variables => value
                .as_object()
                .is_some_and(|places| places.values().all(|name| is_variable(name.as_str()))),
            Self::Passwords => value == "hash",
            Self::OnMissing => OnMissing::deserialize(value).is_ok(),
        }
    }

    fn describe(self) -> &'static str {
        match self {
            Self::Strings => "an array of strings",
            Self::StringOrStrings => "a string or an array of strings",
            Self::String => "a string",
            Self::Function => "a function",
            Self::Boolean => "true or false",
            Self::Object => "an object",
            Self::Limit => "a whole number, or -1 for all rows",
            Self::Mode => "\"sync\", \"merge\", \"mirror\" or \"create\"",
            Self::OnDrift => "\"overwrite\", \"keep\" or \"fail\"",
            Self::Variables => {
                "an object of variables by field, such as {'options/url': 'SHOP_URL'}"
            }
            Self::Passwords => "\"hash\"",
            Self::OnMissing => "\"error\" or \"null\"",
        }
    }
}

fn is_strings(value: &Value) -> bool {
    value.as_array().is_some_and(|items| items.iter().all(Value::is_string))
}

/// JavaScript's functions cross as a marker, since they stay on its side.
fn is_function(value: &Value) -> bool {
    value.get("$function") == Some(&Value::Bool(true))
}

fn is_variable(name: Option<&str>) -> bool {
    let is_named = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    name.is_some_and(|name| !name.is_empty() && name.bytes().all(is_named))
}

fn variables(places: &Value) -> BTreeMap<String, String> {
    let places = places.as_object().into_iter().flatten();
    places.filter_map(|(place, name)| Some((place.clone(), name.as_str()?.to_owned()))).collect()
}

fn text(given: &Map<String, Value>, name: &str) -> Option<String> {
    given.get(name).and_then(Value::as_str).map(String::from)
}

fn is_on(given: &Map<String, Value>, name: &str) -> bool {
    given.get(name) == Some(&Value::Bool(true))
}

fn named<T: DeserializeOwned>(given: &Map<String, Value>, name: &str) -> Option<T> {
    T::deserialize(given.get(name)?).ok()
}

fn strings(given: &Map<String, Value>, name: &str) -> Option<Vec<String>> {
    match given.get(name)? {
        Value::String(one) => Some(vec![one.clone()]),
        Value::Array(items) => {
            Some(items.iter().filter_map(Value::as_str).map(String::from).collect())
        }
        _ => None,
    }
}

/// An empty filter selects everything, as no filter does.
fn filter(query: &Map<String, Value>) -> Value {
    match query.get("filter") {
        Some(Value::Object(filter)) if !filter.is_empty() => Value::Object(filter.clone()),
        _ => Value::Null,
    }
}

fn unknown_option(name: &str, known: &[(&str, Takes)], path: &str) -> Diagnostic {
    let supported = || known.iter().map(|(name, _)| *name);
    let message = match did_you_mean(name, supported()) {
        hint if hint.is_empty() => {
            let names: Vec<_> = supported().collect();
            format!("There is no option \"{name}\". The options are {}.", names.join(", "))
        }
        hint => format!("There is no option \"{name}\".{hint}"),
    };
    Diagnostic::error("CONFIG_UNKNOWN_OPTION", message, path)
}

fn wrong_type(path: &str, value: &Value, expected: &str) -> Diagnostic {
    let message = format!("{path} is {}. It must be {expected}.", describe(value));
    Diagnostic::error("CONFIG_INVALID", message, path)
}

fn misplaced_admin(place: &str) -> Diagnostic {
    let message = "The option \"admin\" names the Administrator, so it belongs to directus_roles and \
                   directus_policies alone. Remove it here.";
    Diagnostic::error("CONFIG_INVALID", message, format!("{place}.admin"))
}

fn misplaced_files(place: &str) -> Diagnostic {
    let message = "The option \"files\" carries the contents of files, so it belongs to directus_files \
                   alone. Remove it here.";
    Diagnostic::error("CONFIG_INVALID", message, format!("{place}.files"))
}

fn misplaced_passwords(place: &str) -> Diagnostic {
    let message = "The option \"passwords\" says what becomes of the passwords of users, so it belongs to \
                   directus_users alone. Remove it here.";
    Diagnostic::error("CONFIG_INVALID", message, format!("{place}.passwords"))
}

fn describe(value: &Value) -> String {
    match value {
        Value::Null => "null".into(),
        Value::Bool(flag) => format!("the boolean {flag}"),
        Value::Number(_) => format!("the number {}", to_compact(value)),
        Value::String(_) => format!("the string {}", to_compact(value)),
        Value::Array(_) if is_strings(value) => "an array of strings".into(),
        Value::Array(_) => "an array that holds more than strings".into(),
        Value::Object(_) if is_function(value) => "a function".into(),
        Value::Object(_) => "an object".into(),
    }
}
