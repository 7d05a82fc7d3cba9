//! Rows that are written as they come make the same file as rows that are held until all are there.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use proptest::prelude::*;
use schema_sync_core::config::{Entry, resolve};
use schema_sync_core::items::{Arrangement, ItemExport};
use schema_sync_core::model::Facts;
use serde_json::{Value, json};

fn facts() -> Facts {
    let fields = json!({
        "id": { "type": "integer" },
        "title": { "type": "string", "nullable": true },
    });
    serde_json::from_value(json!({
        "directus": "12.4.0",
        "vendor": "sqlite",
        "collections": { "posts": { "primary": "id", "fields": fields } },
        "relations": [],
    }))
    .unwrap()
}

fn entry(options: Value) -> Entry {
    let custom = json!({ "posts": options });
    let raw = json!({ "mode": "mirror", "sources": [{ "file": "config.js", "custom": custom }] });
    resolve(&serde_json::from_value(raw).unwrap(), &facts()).entries.remove(0)
}

/// The file, and how many ranges it was made of.
fn arranged(text: &str, arrangement: &Arrangement) -> (String, usize) {
    let Arrangement { begin, between, end, ranges, .. } = arrangement;
    let part = |(start, length): &(u64, u64)| {
        let (start, length) = (*start as usize, *length as usize);
        text.get(start..start + length).unwrap()
    };
    let parts: Vec<&str> = ranges.iter().map(part).collect();
    match ranges.len() {
        // What was written stays as it is.
        0 | 1 => (format!("{text}{end}"), ranges.len()),
        count => (format!("{begin}{}{end}", parts.join(between)), count),
    }
}

fn ahead(entry: Entry, pages: &[&[Value]]) -> (String, usize) {
    let mut export = ItemExport::new(entry, &facts());
    assert!(export.goes_ahead());
    let mut text = String::new();
    for page in pages {
        export.add_rows(serde_json::to_string(page).unwrap().as_bytes(), None).unwrap();
        text += &export.ahead();
    }
    let arrangement = export.finish_ahead();
    assert_eq!(arrangement.path, "data/posts.json");
    arranged(&text, &arrangement)
}

fn held(entry: Entry, rows: &[Value]) -> String {
    let mut export = ItemExport::new(entry, &facts());
    export.add_rows(serde_json::to_string(rows).unwrap().as_bytes(), None).unwrap();
    let [file] = export.files().unwrap().try_into().unwrap();
    file.text
}

/// Rows with keys of their own, in any order.
fn rows() -> impl Strategy<Value = Vec<Value>> {
    let keys = prop::collection::btree_set(-50i64..50, 0..20).prop_map(Vec::from_iter);
    let title = prop_oneof![Just(Value::Null), "[a-cä]{0,3}".prop_map(Value::from)];
    (keys.prop_shuffle(), prop::collection::vec(title, 20)).prop_map(|(keys, titles)| {
        let row = |(id, title): (i64, Value)| json!({ "id": id, "title": title });
        keys.into_iter().zip(titles).map(row).collect()
    })
}

proptest! {
    #[test]
    fn the_file_does_not_depend_on_the_order_of_rows(rows in rows(), size in 1usize..7) {
        let pages: Vec<&[Value]> = rows.chunks(size).collect();
        for options in [json!({}), json!({ "sort": ["-title"] })] {
            let (file, _) = ahead(entry(options.clone()), &pages);
            prop_assert_eq!(file, held(entry(options), &rows));
        }
    }

    #[test]
    fn what_comes_in_order_is_not_moved(rows in rows(), size in 1usize..7) {
        let mut rows = rows;
        rows.sort_by_key(|row| row["id"].as_i64());
        let pages: Vec<&[Value]> = rows.chunks(size).collect();
        prop_assert_eq!(ahead(entry(json!({})), &pages).1, usize::from(!rows.is_empty()));
    }
}

#[test]
fn rows_wait_for_each_other_where_they_have_to() {
    let waits = |options: Value| !ItemExport::new(entry(options), &facts()).goes_ahead();
    assert!(!waits(json!({ "sort": ["title"] })));
    assert!(waits(json!({ "groupBy": ["title"] })));
    assert!(waits(json!({ "key": ["title"] })));
    assert!(waits(json!({ "env": { "title": "TITLE" } })));
}
