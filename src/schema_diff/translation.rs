//! What the target's database cannot hold as the files say it, though Directus would try.

use serde_json::Value;

use super::SchemaChange;
use super::column::{self, creating_kind};
use crate::error::Diagnostic;
use crate::snapshot::{Field, Relation, Snapshot};
use crate::value;

/// PostgreSQL as Directus names it. It checks what SQLite takes as it comes.
const POSTGRES: &str = "postgres";

/// MySQL and MariaDB as Directus names them.
const MYSQL: &str = "mysql";

/// Types of which Directus makes columns there that hold less than those of other databases.
const SHORTER_ON_MYSQL: [(&str, &str); 2] =
    [("float", "keeps with five digits behind the point"), ("timestamp", "keeps in whole seconds")];

/// The function that Directus allows as a default. Only PostgreSQL has it.
const RANDOM_UUID: &str = "gen_random_uuid()";

/// Everything of the changes that a database of that vendor cannot hold.
pub(super) fn refused(
    changes: &[SchemaChange],
    desired: &Snapshot,
    vendor: Option<&str>,
) -> Vec<Diagnostic> {
    let is_foreign = desired.vendor.as_deref() != vendor;
    let columns = changes.iter().flat_map(made_columns).filter_map(|(field, before)| {
        let is_short = is_foreign && vendor == Some(MYSQL);
        of_column(field, before, vendor).or_else(|| is_short.then(|| shorter(field))?)
    });
    let relations = changes.iter().filter_map(made_relation);
    let relations = relations.filter_map(|relation| of_relation(relation, desired, vendor));
    columns.chain(relations).collect()
}

/// Fields that get another column, with the one that they have.
fn made_columns(change: &SchemaChange) -> Vec<(&Field, Option<&Field>)> {
    match change {
        SchemaChange::CollectionCreate { fields, .. } => {
            fields.iter().map(|field| (field, None)).collect()
        }
        SchemaChange::FieldCreate { after } | SchemaChange::FieldReplace { after, .. } => {
            vec![(after, None)]
        }
        SchemaChange::FieldUpdate { before, after } if before.schema != after.schema => {
            vec![(after, Some(before))]
        }
        _ => Vec::new(),
    }
}

/// A relation that gets a foreign key.
fn made_relation(change: &SchemaChange) -> Option<&Relation> {
    let (SchemaChange::RelationCreate { after }
    | SchemaChange::RelationReplace { after, .. }
    | SchemaChange::RelationUpdate { after, .. }) = change
    else {
        return None;
    };
    after.schema.is_some().then_some(after)
}

fn of_column(field: &Field, before: Option<&Field>, vendor: Option<&str>) -> Option<Diagnostic> {
    if column::is_counted_key(field) {
        return None;
    }
    let is_kept = |key| before.is_some_and(|before| property(before, key) == property(field, key));
    let generated = property(field, "generation_expression").filter(|value| !value.is_null());
    if let Some(expression) = generated.filter(|_| !is_kept("generation_expression")) {
        let what = format!("is computed by {expression}, and Directus cannot make such a column");
        return Some(refusal(field.path(), &what, "make it by a migration of the database first"));
    }
    let default = property(field, "default_value").filter(|value| !value.is_null())?;
    if is_kept("default_value") && before.is_some_and(|before| before.kind == field.kind) {
        return None;
    }
    let problem = unknown_function(default, vendor).or_else(|| misfit(field, default, vendor))?;
    let what = format!("has the default {default}, {problem}");
    Some(refusal(field.path(), &what, "give it another default in the files"))
}

/// A column whose values would come back as others.
fn shorter(field: &Field) -> Option<Diagnostic> {
    let (kind, how) = SHORTER_ON_MYSQL.iter().find(|(kind, _)| field.kind == *kind)?;
    let what = format!("is of the type {kind}, which Directus on {MYSQL} {how}");
    Some(refusal(field.path(), &what, "use a target of the kind that the folder comes from"))
}

fn property<'a>(field: &'a Field, key: &str) -> Option<&'a Value> {
    field.schema.as_ref()?.get(key)
}

/// Why a default that another database computes is not to be had.
fn unknown_function(default: &Value, vendor: Option<&str>) -> Option<String> {
    let text = default.as_str()?;
    if text.starts_with("nextval(") {
        return Some("which counts by a sequence that only its own database has".to_owned());
    }
    let is_missing = text == RANDOM_UUID && vendor.is_some_and(|vendor| vendor != POSTGRES);
    is_missing.then(|| format!("a function that {} does not have", vendor.unwrap_or_default()))
}

/// Why the database would not take the default.
fn misfit(field: &Field, default: &Value, vendor: Option<&str>) -> Option<String> {
    if field.kind == "json" && default.to_string().contains('\'') {
        return Some("and Directus cannot write JSON with a single quote as a default".to_owned());
    }
    let is_known = column::is_now(default) || default.as_str() == Some(RANDOM_UUID);
    let fits = is_known || vendor != Some(POSTGRES) || is_value(&field.kind, default);
    (!fits).then(|| format!("which is no value of the type {}", field.kind))
}

/// Whether the value is one of the type, as far as a database would ask.
fn is_value(kind: &str, given: &Value) -> bool {
    let form = value::canonical(kind, &[], given);
    let text = form.as_str();
    match kind {
        "integer" | "float" => form.is_number(),
        "bigInteger" | "decimal" => text.is_some_and(|text| text.parse::<f64>().is_ok()),
        "boolean" => form.is_boolean(),
        "uuid" => text.is_some_and(is_uuid),
        _ => true,
    }
}

fn is_uuid(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_hexdigit).count();
    digits == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit() || b"-{}".contains(&byte))
}

/// PostgreSQL compares the types of both sides of a foreign key.
fn of_relation(
    relation: &Relation,
    desired: &Snapshot,
    vendor: Option<&str>,
) -> Option<Diagnostic> {
    let related = relation.related.as_deref().filter(|_| vendor == Some(POSTGRES))?;
    let key = desired.fields_of(related).find(|field| field.is_primary_key())?;
    let own = desired.fields_of(&relation.collection);
    let own = own.into_iter().find(|field| field.name == relation.field)?;
    let (from, to) = (creating_kind(own), creating_kind(key));
    (family(from) != family(to)).then(|| {
        let what = format!(
            "is of the type {from}, and refers to {related}.{} of the type {to}, which \
             {POSTGRES} does not take for one",
            key.name
        );
        refusal(relation.path(), &what, "give it the type of the key")
    })
}

/// Types of which PostgreSQL lets one refer to another.
fn family(kind: &str) -> &str {
    match kind {
        "integer" | "bigInteger" | "float" | "decimal" => "number",
        "string" | "text" | "hash" | "csv" => "text",
        "date" | "dateTime" | "timestamp" => "moment",
        other => other,
    }
}

fn refusal((collection, field): (&str, &str), what: &str, advice: &str) -> Diagnostic {
    let path = format!("{collection}.{field}");
    let message = format!("The field {path} {what}: {advice}.");
    Diagnostic::error("SCHEMA_UNTRANSLATABLE", message, path)
}
