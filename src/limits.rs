//! Limits of a Directus licence, checked before anything is written.
//!
//! Directus counts active collections that have a table, active flows and seats, and may forbid
//! permissions with rules of their own. Deletes come last in a plan, so they make no room.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::error::Diagnostic;
use crate::model::{Limit, Limits, Row};
use crate::plan::Step;
use crate::rows;
use crate::snapshot::Snapshot;

/// A row that the plan creates or updates.
#[derive(Debug, Clone)]
pub struct WrittenRow<'a> {
    /// The collection.
    pub collection: &'a str,
    /// The row as the folder wants it.
    pub row: Row,
    /// The fields that change, as they are on the target; `None` for a new row.
    pub before: Option<&'a Row>,
    /// Where it stands in the folder.
    pub place: String,
}

/// Everything in the plan that the licence of the target does not allow.
pub fn check(
    limits: &Limits,
    schema_steps: &[Step],
    current: Option<&Snapshot>,
    written: &[WrittenRow<'_>],
) -> Vec<Diagnostic> {
    let collections = schema_steps.iter().filter(|step| activates_collection(step, current));
    let flows = of(written, "directus_flows").filter(|row| becomes_active(row));
    let mut found = Vec::new();
    found.extend(exceeds(limits.collections, "active collections", collections.count()));
    found.extend(exceeds(limits.flows, "active flows", flows.count()));
    found.extend(exceeds(limits.seats, "seats", new_seats(written)));
    if limits.custom_permission_rules == Some(false) {
        let custom = of(written, "directus_permissions").filter(|row| is_custom_rule(&row.row));
        found.extend(custom.map(rule_not_allowed));
    }
    found
}

fn of<'w>(
    written: &'w [WrittenRow<'w>],
    collection: &str,
) -> impl Iterator<Item = &'w WrittenRow<'w>> {
    written.iter().filter(move |row| row.collection == collection)
}

/// A problem if `adding` more would exceed the limit.
fn exceeds(limit: Option<Limit>, what: &str, adding: usize) -> Option<Diagnostic> {
    let Limit { limit, used } = limit?;
    let adding = adding as u64;
    (adding > 0 && used + adding > limit).then(|| {
        let message = format!(
            "The licence of the target allows {limit} {what}. It has {used}, and this import would add \
             {adding}. Take some out of the folder or off the target, or get a licence that allows \
             more. Nothing was written."
        );
        Diagnostic::error("LICENSE_LIMIT", message, what)
    })
}

fn activates_collection(step: &Step, current: Option<&Snapshot>) -> bool {
    match step {
        Step::CollectionCreate { payload, .. } => {
            let meta = payload.get("meta").filter(|meta| !meta.is_null());
            let has_table = payload.get("schema").is_some_and(|schema| !schema.is_null());
            has_table && meta.is_some_and(|meta| is_active(meta.get("status")))
        }
        Step::CollectionUpdate { collection, meta, before } => {
            let table = current.and_then(|current| current.collection(collection));
            meta.contains_key("status")
                && is_active(meta.get("status"))
                && !is_active(before.get("status"))
                && table.is_some_and(|found| found.schema.is_some())
        }
        _ => false,
    }
}

/// Collections and flows are active unless they say otherwise.
fn is_active(status: Option<&Value>) -> bool {
    status.is_none_or(|status| status.as_str() == Some("active"))
}

fn becomes_active(row: &WrittenRow<'_>) -> bool {
    match row.before {
        None => is_active(row.row.get("status")),
        Some(before) => {
            is_active(row.row.get("status"))
                && before.contains_key("status")
                && !is_active(before.get("status"))
        }
    }
}

/// Users that become active with a role; those without one get no access by this import.
fn new_seats(written: &[WrittenRow<'_>]) -> usize {
    let has_role = |row: &&WrittenRow<'_>| !rows::value_of(&row.row, "role").is_null();
    of(written, "directus_users").filter(has_role).filter(|row| becomes_active(row)).count()
}

/// A rule is custom if it is anything but full access to a collection or what Directus recommends for
/// access to the app.
fn is_custom_rule(row: &Row) -> bool {
    let all_fields = match rows::value_of(row, "fields") {
        Value::Array(fields) => fields.iter().any(|field| field == "*"),
        _ => false,
    };
    let restricted =
        ["permissions", "validation", "presets"].iter().any(|part| has_content(row.get(*part)));
    (!all_fields || restricted) && !is_recommended(row)
}

fn has_content(part: Option<&Value>) -> bool {
    part.and_then(Value::as_object).is_some_and(|part| !part.is_empty())
}

/// Rules that Directus recommends for access to the app and allows under every licence: collection,
/// action, rule, fields. Those that are no custom rules anyway are left out.
const RECOMMENDED: &[(&str, &str, &str, &[&str])] = &[
    (
        "directus_files",
        "update",
        r#"{"uploaded_by":{"_eq":"$CURRENT_USER"}}"#,
        &[
            "description",
            "filename_download",
            "focal_point_x",
            "focal_point_y",
            "folder",
            "location",
            "tags",
            "title",
        ],
    ),
    ("directus_files", "delete", r#"{"uploaded_by":{"_eq":"$CURRENT_USER"}}"#, &["*"]),
    ("directus_folders", "delete", "{}", &[]),
    (
        "directus_users",
        "update",
        r#"{"id":{"_eq":"$CURRENT_USER"}}"#,
        &[
            "appearance",
            "avatar",
            "description",
            "email",
            "first_name",
            "language",
            "last_name",
            "location",
            "password",
            "tfa_secret",
            "theme_dark",
            "theme_dark_overrides",
            "theme_light",
            "theme_light_overrides",
            "title",
        ],
    ),
    (
        "directus_shares",
        "read",
        r#"{"_or":[{"role":{"_eq":"$CURRENT_ROLE"}},{"role":{"_null":true}}]}"#,
        &["*"],
    ),
    (
        "directus_shares",
        "update",
        r#"{"user_created":{"_eq":"$CURRENT_USER"}}"#,
        &[
            "collection",
            "date_end",
            "date_start",
            "item",
            "max_uses",
            "name",
            "password",
            "role",
            "times_used",
        ],
    ),
    ("directus_shares", "delete", r#"{"user_created":{"_eq":"$CURRENT_USER"}}"#, &["*"]),
    (
        "directus_flows",
        "read",
        r#"{"trigger":{"_eq":"manual"}}"#,
        &["color", "icon", "id", "name", "options", "status", "trigger"],
    ),
];

fn is_recommended(row: &Row) -> bool {
    let is = |field: &str, text: &str| rows::value_of(row, field).as_str() == Some(text);
    let no_more = ["validation", "presets"].iter().all(|part| rows::value_of(row, part).is_null());
    let same = |(collection, action, rule, fields): &(&str, &str, &str, &[&str])| {
        is("collection", collection)
            && is("action", action)
            && serde_json::from_str(rule).ok().as_ref() == row.get("permissions")
            && names(rows::value_of(row, "fields")) == fields.iter().copied().collect()
    };
    no_more && RECOMMENDED.iter().any(same)
}

fn names(fields: &Value) -> BTreeSet<&str> {
    fields.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

fn rule_not_allowed(row: &WrittenRow<'_>) -> Diagnostic {
    let text = |field: &str| rows::plain(rows::value_of(&row.row, field));
    let message = format!(
        "The licence of the target does not allow permissions with rules of their own (a filter, \
         validation, presets or a list of fields), but the permission to {} {} has one. Take it out of \
         the folder, or get a licence that allows it. Nothing was written.",
        text("action"),
        text("collection"),
    );
    Diagnostic::error("LICENSE_LIMIT", message, &row.place)
}
