//! Sealed plans: what holds for any of them, and how large they are.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use schema_sync_core::model::{Effects, Mode, Row};
use schema_sync_core::plan::{Plan, RowChange, Step, Summary};
use schema_sync_core::sealed::{Seal, Sealed, Target, compare, open};
use serde_json::{Map, Value, json};

fn seal() -> Seal {
    let target = Target { directus: "12.4.0".into(), vendor: "sqlite".into(), id: "a".into() };
    Seal { source: "5e".repeat(32), target, scope: Map::new() }
}

fn row(id: u64, content: &str) -> Row {
    let Value::Object(row) = json!({ "id": id, "body": content }) else { panic!("not an object") };
    row
}

fn created(rows: &BTreeMap<u64, String>) -> Step {
    Step::ItemsCreate {
        entry: "posts".into(),
        collection: "posts".into(),
        rows: rows.iter().map(|(id, content)| row(*id, content).into()).collect(),
        labels: rows.keys().map(u64::to_string).collect(),
        effects: Effects::default(),
        names: Vec::new(),
        links: BTreeSet::new(),
    }
}

fn updated(rows: &BTreeMap<u64, String>) -> Step {
    let change = |(id, content): (&u64, &String)| RowChange {
        key: (*id).into(),
        label: id.to_string(),
        set: row(*id, content),
        before: row(*id, "before"),
    };
    let changes = rows.iter().map(change).collect();
    Step::ItemsUpdate {
        entry: "posts".into(),
        collection: "posts".into(),
        reason: None,
        changes,
        effects: Effects::default(),
        links: BTreeSet::new(),
    }
}

fn deleted(rows: &BTreeMap<u64, String>) -> Step {
    Step::ItemsDelete {
        entry: "posts".into(),
        collection: "posts".into(),
        keys: rows.keys().map(|id| (*id).into()).collect(),
        labels: rows.keys().map(u64::to_string).collect(),
        effects: Effects::default(),
    }
}

fn sealed(steps: Vec<Step>) -> Sealed {
    Sealed::new(Plan::new(Mode::Sync, steps, Vec::new(), Summary::default()), seal())
}

fn rows() -> impl Strategy<Value = BTreeMap<u64, String>> {
    proptest::collection::btree_map(0..30u64, "[a-c]{0,2}|.{150,160}", 0..8)
}

fn any_sealed() -> impl Strategy<Value = Sealed> {
    let steps = (rows(), rows(), rows());
    steps.prop_map(|(new, changed, old)| {
        sealed(vec![created(&new), updated(&changed), deleted(&old)])
    })
}

proptest! {
    #[test]
    fn what_was_sealed_is_what_is_opened(plan in any_sealed()) {
        let text = plan.text().unwrap();
        let opened = open(&text).unwrap();
        prop_assert_eq!(&opened, &plan);
        prop_assert_eq!(opened.text().unwrap(), text);
    }

    #[test]
    fn plans_are_the_same_exactly_if_their_digests_are(a in any_sealed(), b in any_sealed()) {
        prop_assert!(compare(&a, &a).same);
        let found = compare(&a, &b);
        prop_assert_eq!(found.same, a.digest == b.digest);
        prop_assert_eq!(found.same, found.changes.is_empty());
    }

    #[test]
    fn no_edit_goes_unnoticed(plan in any_sealed(), at in any::<prop::sample::Index>()) {
        let text = plan.text().unwrap();
        let digits: Vec<_> = text.match_indices(|letter: char| letter.is_ascii_digit()).collect();
        let (at, digit) = *at.get(&digits);
        let other = if digit == "7" { "8" } else { "7" };
        let edited = format!("{}{other}{}", text.get(..at).unwrap(), text.get(at + 1..).unwrap());
        prop_assert_eq!(open(&edited).unwrap_err().code, "PLAN_INVALID");
    }
}

#[test]
fn new_rows_take_few_bytes_each_whatever_is_in_them() {
    let rows = (0..5_000).map(|id| (1_000_000_000_000 + id, "content ".repeat(100))).collect();
    let text = sealed(vec![created(&rows)]).text().unwrap();
    let bytes_per_row = text.len() / rows.len();
    assert!(bytes_per_row < 50, "{bytes_per_row} bytes a row");
}
