//! `{steps, written?, installed?, directus, geometry?}`: the parts of extensions that a plan brings into use, and what
//! of its needs the target does not have.

use schema_sync_core::limits::WrittenRow;
use schema_sync_core::model::Row;
use schema_sync_core::plan::Step;
use schema_sync_core::requirements::{Installed, geometry, missing, uses};
use serde::Deserialize;
use serde_json::{Value, json};

use super::member;

#[derive(Deserialize)]
struct Written {
    collection: String,
    row: Row,
    before: Option<Row>,
    place: String,
}

pub fn answer(input: &Value) -> Value {
    let steps: Vec<Step> = member(input, "steps");
    let written: Vec<Written> = member(input, "written");
    let rows: Vec<WrittenRow<'_>> = written.iter().map(row).collect();
    let (installed, directus): (Vec<Installed>, String) =
        (member(input, "installed"), member(input, "directus"));
    let uses = uses(&steps, &rows);
    json!({
        "uses": uses.iter().map(|(part, places)| json!([part, places])).collect::<Vec<_>>(),
        "missing": missing(&uses, &installed, &directus),
        "geometry": geometry(&steps, member(input, "geometry")),
    })
}

fn row(written: &Written) -> WrittenRow<'_> {
    let Written { collection, row, before, place } = written;
    WrittenRow { collection, row: row.clone(), before: before.as_ref(), place: place.clone() }
}
