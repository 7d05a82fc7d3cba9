use schema_sync_core::value::{canonical, equal};
use serde_json::Value;

use super::member;

/// `{kind, special, values}` gives the canonical form of each value, which must be its own.
pub fn answer(input: &Value) -> Value {
    let kind: String = member(input, "kind");
    let special: Vec<String> = member(input, "special");
    let values: Vec<Value> = member(input, "values");
    let form = |value: &Value| {
        let form = canonical(&kind, &special, value);
        assert!(equal(&kind, &special, &form, value), "{value} is not equal to its form {form}");
        form
    };
    values.iter().map(form).collect()
}
