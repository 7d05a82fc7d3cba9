use schema_sync_core::error::Result;
use schema_sync_core::identity::{Identity, Places, recognise};
use schema_sync_core::model::{AdminIds, Row};
use serde_json::{Value, json};

use super::{facts, member, outcome};

/// `{facts, collection, rows, admin}` gives the rows in the folder and back on the instance, and
/// `{roles, policies, access}` gives the Administrator of a folder that another tool wrote.
pub fn answer(input: &Value) -> Value {
    match input.get("roles") {
        Some(_) => outcome(recognised(input)),
        None => mapped(input),
    }
}

fn recognised(input: &Value) -> Result<Option<AdminIds>> {
    let rows = |name: &str| member::<Vec<Row>>(input, name);
    recognise(&rows("roles"), &rows("policies"), &rows("access"))
}

fn mapped(input: &Value) -> Value {
    let admin: AdminIds = member(input, "admin");
    let legacy: Option<AdminIds> = member(input, "legacy");
    let places = Places::of(&facts(input), input["collection"].as_str().unwrap());
    let map = |identity: &Identity, rows: &[Row]| {
        let mut rows = rows.to_vec();
        rows.iter_mut().for_each(|row| identity.map(&places, row));
        rows
    };
    let folder = map(&Identity::to_folder(Some(&admin)), &member::<Vec<_>>(input, "rows"));
    let instance = map(&Identity::to_instance(Some(&admin), legacy.as_ref()), &folder);
    json!({ "folder": folder, "instance": instance })
}
