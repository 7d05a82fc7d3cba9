//! What the changes of a schema would lose, and what stands in their way.
//!
//! | change | what is counted |
//! |---|---|
//! | a collection with a table goes | its rows |
//! | a column goes, or becomes an alias | its values |
//! | a column gets another type or less room | values that do not fit or are converted (`conversion.rs`) |
//! | a column takes null no more | its nulls |
//! | a new column takes no null and has no default | the rows of its collection |
//! | a column becomes unique | values that occur more than once |
//!
//! A folder or an alias holds nothing. The last three stand in the way, since Directus neither fills
//! nulls with a default nor chooses among repeated values: the database refuses the change.

use serde_json::Value;

use super::conversion::{self, Fate};
use super::{SchemaChange, column};
use crate::loss::{self, Loss, Quantity, Wording};
use crate::snapshot::{Collection, Field};

/// What each of the changes would lose, in their order, in a database of that vendor.
pub fn losses(changes: &[SchemaChange], vendor: Option<&str>) -> Vec<Loss> {
    let losses = changes.iter().flat_map(|change| of_change(change, vendor));
    losses.map(|loss| with_advice(loss, changes)).collect()
}

fn of_change(change: &SchemaChange, vendor: Option<&str>) -> Vec<Loss> {
    let found = match change {
        SchemaChange::CollectionDelete { before, .. } => vec![dropped_collection(before)],
        SchemaChange::FieldDelete { before } => vec![dropped_field(before)],
        SchemaChange::FieldReplace { before, after } => {
            vec![dropped_field(before), unfilled(after)]
        }
        SchemaChange::FieldCreate { after } => vec![unfilled(after)],
        SchemaChange::FieldUpdate { before, after } => {
            vec![converted(before, after, vendor), nulls(before, after), repeats(before, after)]
        }
        _ => Vec::new(),
    };
    found.into_iter().flatten().collect()
}

fn dropped_collection(before: &Collection) -> Option<Loss> {
    (!before.is_folder()).then(|| Loss {
        wording: &loss::DROPPED_COLLECTION,
        change: format!("Drops {}", before.name),
        quantity: Quantity::Rows,
        collection: before.name.clone(),
        field: None,
        advice: String::new(),
    })
}

fn dropped_field(before: &Field) -> Option<Loss> {
    let change = format!("Drops {}", dotted(before));
    let drop = of_field(before, &loss::DROPPED_FIELD, Quantity::Values, change);
    (!before.is_alias()).then_some(drop)
}

fn converted(before: &Field, after: &Field, vendor: Option<&str>) -> Option<Loss> {
    let (wording, quantity) = match conversion::fate(before, after, vendor) {
        Fate::Kept => return None,
        Fate::Longer(limit) => (&loss::SHORTENED, Quantity::Longer { limit }),
        Fate::Outside(min, max) => (&loss::OUT_OF_RANGE, Quantity::Outside { min, max }),
        Fate::Converted => (&loss::CONVERTED, Quantity::Values),
    };
    let change = format!(
        "Changes {} from {} to {}",
        dotted(before),
        conversion::described(before),
        conversion::described(after)
    );
    Some(of_field(before, wording, quantity, change))
}

fn nulls(before: &Field, after: &Field) -> Option<Loss> {
    let change = format!("Makes {} required", dotted(before));
    let nulls = of_field(before, &loss::NULLS, Quantity::Nulls, change);
    (column::takes_null(before) && !column::takes_null(after)).then_some(nulls)
}

fn repeats(before: &Field, after: &Field) -> Option<Loss> {
    let change = format!("Makes {} unique", dotted(before));
    let repeats = of_field(before, &loss::REPEATS, Quantity::Repeats, change);
    (!column::is_unique(before) && column::is_unique(after)).then_some(repeats)
}

/// A new column that no row of the target could have a value in.
fn unfilled(after: &Field) -> Option<Loss> {
    let default = after.schema.as_ref().and_then(|column| column.get("default_value"));
    let is_filled = default.is_some_and(|default| *default != Value::Null);
    let is_required = !after.is_alias() && !column::takes_null(after) && !is_filled;
    let change = format!("Adds the required field {}", dotted(after));
    let unfilled = of_field(after, &loss::UNFILLED, Quantity::Rows, change);
    (is_required && !after.is_auto_increment()).then_some(unfilled)
}

fn of_field(field: &Field, wording: &'static Wording, quantity: Quantity, change: String) -> Loss {
    let (collection, name) = (field.collection.clone(), field.name.clone());
    Loss { wording, change, quantity, collection, field: Some(name), advice: String::new() }
}

fn dotted(field: &Field) -> String {
    format!("{}.{}", field.collection, field.name)
}

/// A field that goes may be one that comes, by another name. Nothing that can be compared tells for
/// sure, since two fields may be alike and hold different things, so a person has to say it.
fn with_advice(loss: Loss, changes: &[SchemaChange]) -> Loss {
    let Some(before) = changes.iter().find_map(|change| going(change, &loss)) else { return loss };
    let old = dotted(before);
    let lines = changes.iter().filter_map(|change| match change {
        SchemaChange::FieldCreate { after }
            if (&after.collection, &after.kind) == (&before.collection, &before.kind) =>
        {
            Some(format!("`renames = {{'{old}': '{}'}}`", dotted(after)))
        }
        _ => None,
    });
    let lines: Vec<String> = lines.collect();
    match lines.is_empty() {
        true => loss,
        false => {
            let advice = format!(
                " If it only has another name now, export {} from the config.",
                lines.join(" or ")
            );
            Loss { advice, ..loss }
        }
    }
}

/// The field that the loss is about, where it goes.
fn going<'a>(change: &'a SchemaChange, loss: &Loss) -> Option<&'a Field> {
    let SchemaChange::FieldDelete { before } = change else { return None };
    (loss.field.as_ref() == Some(&before.name) && loss.collection == before.collection)
        .then_some(before)
}
