//! Properties of references by key: whatever ids instances have, the files are the same, and an import
//! leads to the same content.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod content;
mod instance;

use content::{Content, content};
use instance::Instance;
use proptest::prelude::*;
use schema_sync_core::plan::{CREATED, Step};
use serde_json::{Value, json};

proptest! {
    #[test]
    fn files_do_not_depend_on_ids(content in content(), seeds in any::<[u64; 2]>()) {
        let [one, other] = seeds.map(|seed| Instance::new(&content, seed).export());
        prop_assert_eq!(one, other);
    }

    #[test]
    fn an_import_leads_to_the_content_of_the_files(
        desired in content(),
        current in content(),
        seeds in any::<[u64; 2]>(),
    ) {
        let files = Instance::new(&desired, seeds[0]).export();
        let mut target = Instance::new(&current, seeds[1]);
        let plan = target.plan(&files);
        target.apply(&plan.steps);
        prop_assert_eq!(target.plan(&files).steps, vec![]);
        prop_assert_eq!(target.export(), files);
    }

    #[test]
    fn nothing_is_planned_where_only_ids_differ(content in content(), seeds in any::<[u64; 2]>()) {
        let files = Instance::new(&content, seeds[0]).export();
        prop_assert_eq!(Instance::new(&content, seeds[1]).plan(&files).steps, vec![]);
    }
}

/// A tree whose leaves come first, and a ring.
#[test]
fn many_new_rows_that_refer_to_each_other() {
    const TREE: usize = 20_000;
    const RING: usize = 1_000;
    let parent = |node: usize| (node > 1).then(|| format!("t{}", node / 2));
    let tree = (1..=TREE).rev().map(|node| (format!("t{node}"), parent(node)));
    let ring = (0..RING).map(|node| (format!("r{node}"), Some(format!("r{}", (node + 1) % RING))));
    let row = |(slug, parent): (String, Option<String>)| json!({ "slug": slug, "parent": parent });
    let rows: Vec<Value> = tree.chain(ring).map(row).collect();
    let files = [("data/categories.json".to_owned(), Value::from(rows).to_string())];
    let mut target = Instance::new(&Content::default(), 1);
    let plan = target.plan(&files.into());
    assert_eq!(waiting(&plan.steps), 1, "one row opens the ring");
    target.apply(&plan.steps);
    assert_eq!(target.rows("categories").len(), TREE + RING);
}

/// How many references are set once both rows exist.
fn waiting(steps: &[Step]) -> usize {
    let change = |step: &Step| match step {
        Step::ItemsUpdate { changes, .. } => {
            assert!(changes.iter().all(|change| change.key.get(CREATED).is_some()));
            changes.len()
        }
        _ => 0,
    };
    steps.iter().map(change).sum()
}
