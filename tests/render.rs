//! What rendered plans keep to whatever they hold.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use schema_sync_core::plan::Plan;
use schema_sync_core::render::{html, markdown};
use serde_json::{Value, json};

/// What GitHub takes in a comment.
const COMMENT: usize = 65_536;

/// A plan that changes `rows` rows in each of `entries`, with labels of `width` characters.
fn plan(entries: usize, rows: usize, width: usize) -> Plan {
    let change = |row| json!({ "key": row, "label": "|".repeat(width), "set": { "a": row } });
    let changes: Vec<Value> = (0..rows).map(change).collect();
    let names: Vec<String> = (0..entries).map(|entry| format!("entry_{entry:03}")).collect();
    let step = |entry: &String| json!({ "type": "items.update", "entry": entry, "collection": "x", "changes": changes });
    let counts = json!({ "create": 0, "update": rows, "delete": 0, "unchanged": 0, "kept": 0 });
    let items: serde_json::Map<_, _> =
        names.iter().map(|entry| (entry.clone(), counts.clone())).collect();
    let plan = json!({
        "formatVersion": 1,
        "mode": "merge",
        "steps": names.iter().map(step).collect::<Vec<_>>(),
        "warnings": [],
        "summary": { "schema": {}, "items": items },
        "digest": "",
    });
    serde_json::from_value(plan).unwrap()
}

/// How many changes a comment shows, and how many it says to have left out.
fn counted(comment: &str) -> (usize, usize) {
    let shown = comment.lines().filter(|line| line.starts_with("| `~`")).count();
    let left_out = comment.lines().filter_map(|line| line.strip_prefix("… and "));
    let left_out = left_out.map(|line| line.split_once(' ').unwrap().0.parse::<usize>().unwrap());
    (shown, left_out.sum())
}

#[test]
fn a_comment_fits_and_counts_what_it_leaves_out() {
    for (entries, rows, width) in
        [(1, 5, 3), (1, 500, 3), (40, 90, 3), (300, 1, 300), (2, 2, 90_000)]
    {
        let comment = markdown(&plan(entries, rows, width));
        let (shown, left_out) = counted(&comment);
        assert!(comment.chars().count() <= COMMENT);
        assert_eq!(shown + left_out, entries * rows, "{entries} entries of {rows} rows");
        let opened = comment.matches("<details").count();
        assert_eq!(opened, comment.matches("</details>").count());
    }
}

#[test]
fn a_page_has_no_tags_but_its_own() {
    let own = [
        "b", "body", "code", "dd", "details", "div", "dl", "dt", "footer", "h1", "h2", "head",
        "html", "main", "mark", "meta", "p", "pre", "section", "span", "style", "summary", "table",
        "tbody", "td", "th", "thead", "title", "tr", "!doctype", "!--",
    ];
    let case = include_str!("cases/render_html/hostile/input.json");
    let case: Value = serde_json::from_str(case).unwrap();
    let page = html(&serde_json::from_value(case["plan"].clone()).unwrap());
    for tag in page.split('<').skip(1) {
        let name: &str = tag.trim_start_matches('/').split([' ', '>', '\n']).next().unwrap();
        assert!(own.contains(&name), "<{tag}");
    }
}
