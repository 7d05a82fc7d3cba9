//! Properties of placeholders: what stands for what, and what is shown of it.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use schema_sync_core::environment::{
    Environment, count, fits, follow, hide, lay_over, may_stand_in, name_of, placeholder, stands_in,
};
use serde_json::{Value, json};

const NAMES: [&str; 3] = ["A", "B", "C"];
const SECRET: &str = "s3cret-of-";

fn environment() -> Environment {
    Environment::new(NAMES.map(|name| (name.to_owned(), secret_of(name))).into())
}

fn secret_of(name: &str) -> String {
    format!("{SECRET}{name}")
}

/// JSON with placeholders in it.
fn pattern() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        any::<bool>().prop_map(Value::from),
        "[a-z$ {}\"]{0,6}".prop_map(Value::from),
        prop::sample::select(&NAMES[..]).prop_map(placeholder),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[a-d]", inner, 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn resolved(pattern: &Value) -> Value {
    let mut problems = BTreeSet::new();
    let value = environment().resolve(None, pattern, &mut problems);
    assert!(problems.is_empty());
    value
}

proptest! {
    #[test]
    fn what_stands_in_a_value_can_be_told_from_its_text(pattern in pattern()) {
        prop_assert_eq!(stands_in(&pattern), count(&pattern) > 0);
        prop_assert!(!stands_in(&pattern) || may_stand_in(&pattern.to_string()));
        prop_assert!(!stands_in(&resolved(&pattern)));
    }

    #[test]
    fn a_resolved_value_goes_back_to_its_pattern(pattern in pattern()) {
        let value = resolved(&pattern);
        prop_assert!(fits(&pattern, &value));
        prop_assert_eq!(follow(&pattern, &value), Some(value.clone()));
        prop_assert_eq!(lay_over(&pattern, &value, &mut |name, _| name.clone()), pattern);
    }

    #[test]
    fn a_hidden_value_holds_nothing_of_the_environment(pattern in pattern(), other in pattern()) {
        prop_assert!(!hide(&pattern, &resolved(&pattern), "***").to_string().contains(SECRET));
        let there = other.to_string();
        let without = serde_json::from_str(&there).unwrap();
        prop_assert_eq!(stands_in(&pattern), hide(&pattern, &without, "***") != without);
    }
}

#[test]
fn a_list_gets_items_in_between() {
    let header = |name: &str, value: Value| json!({ "header": name, "value": value });
    let pattern = json!([header("X-Key", placeholder("A"))]);
    let now = json!([header("Accept", "text".into()), header("X-Key", "own".into())]);
    let kept = lay_over(&pattern, &now, &mut |name, _| name.clone());
    assert_eq!(kept, json!([header("Accept", "text".into()), header("X-Key", placeholder("A"))]));
}

#[test]
fn what_is_no_placeholder() {
    for value in [json!({ "$env": 1 }), json!({ "$env": "A", "or": "B" }), json!("$env")] {
        assert_eq!(name_of(&value), None, "{value}");
    }
}

#[test]
fn an_empty_variable_is_none() {
    let variables = BTreeMap::from([("A".to_owned(), String::new())]);
    let mut problems = BTreeSet::new();
    Environment::new(variables).resolve(None, &placeholder("A"), &mut problems);
    assert_eq!(problems.len(), 1);
}
