use schema_sync_core::config::resolve;
use schema_sync_core::error::{Error, Result};
use schema_sync_core::items::ItemExport;
use schema_sync_core::model::FileText;
use serde_json::Value;

use super::{facts, member, outcome};

/// `{facts, raw, pages}` gives the files of the only entry of the config.
pub fn answer(input: &Value) -> Value {
    outcome(files(input))
}

fn files(input: &Value) -> Result<Vec<FileText>> {
    let facts = facts(input);
    let config = resolve(&member(input, "raw"), &facts);
    Error::check(&config.diagnostics)?;
    let [entry] = config.entries.as_slice() else { panic!("one entry per case") };
    let mut export = ItemExport::new(entry.clone(), &facts);
    for page in member::<Vec<Value>>(input, "pages") {
        export.add_rows(page.to_string().as_bytes(), None)?;
    }
    export.files()
}
