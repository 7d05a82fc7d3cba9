//! What is decided on JSON as text is what is decided on parsed values.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod kinds;

use kinds::KINDS;
use proptest::prelude::*;
use schema_sync_core::json::scan::{self, Keys};
use schema_sync_core::json::{parse, pretty, to_compact, to_text};
use schema_sync_core::model::FieldFacts;
use schema_sync_core::record::Record;
use schema_sync_core::rows::{compare_tokens, compare_values};
use schema_sync_core::value::{Form, canonical, equal};
use serde_json::Value;

const FLAGS: &[&str] = &["cast-json", "cast-csv", "cast-boolean", "uuid"];

fn field() -> impl Strategy<Value = FieldFacts> {
    let special = proptest::sample::subsequence(FLAGS, 0..2);
    (proptest::sample::select(KINDS), special).prop_map(|(kind, special)| FieldFacts {
        kind: kind.to_owned(),
        special: special.into_iter().map(str::to_owned).collect(),
        ..FieldFacts::default()
    })
}

/// One value in some spelling: escapes, white space, zeros, exponents, keys in any order or twice.
fn spelled() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        Just("true".to_owned()),
        Just("false".to_owned()),
        "-?(0|[1-9][0-9]{0,20})([.][0-9]{1,8})?([eE][+-]?[0-9]{1,2})?",
        "-?[0-9]{1,3}[.][0-9]{1,3}",
        any::<String>().prop_map(|text| Value::from(text).to_string()),
        r#""[a-c ]{0,3}(\\u00e9|\\u0041|\\n|\\/|é|\\ud83d\\ude00|😀|,){0,2}[0-9]{0,3}""#,
        r#""-?[0-9]{1,20}([.][0-9]{1,3})?""#,
        r#""[0-9]{4}-[01][0-9]-[0-3][0-9](T[0-2][0-9]:[0-6][0-9]:[0-6][0-9]([.][0-9]{3}Z)?)?""#,
        r#""[0-2][0-9]:[0-6][0-9]:[0-6][0-9]""#,
        r#""[0-9A-Fa-f]{4}-[0-9a-f]{4}""#,
        r#""\{\\"b\\":[0-9][.]0,\\"a\\":[0-9]\}""#,
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        let space = "[ \n]{0,2}";
        let list = (space, proptest::collection::vec(inner.clone(), 0..4));
        let object = (space, proptest::collection::vec(("[a-c]{1,2}", inner), 0..4));
        prop_oneof![
            list.prop_map(|(space, items)| format!(
                "[{space}{}]",
                items.join(&format!("{space},"))
            )),
            object.prop_map(|(space, fields)| {
                let fields: Vec<String> = fields
                    .iter()
                    .map(|(name, value)| format!("\"{name}\":{space}{value}"))
                    .collect();
                format!("{{{}{space}}}", fields.join(","))
            }),
        ]
    })
}

/// Two values, which are often the same one.
fn pair() -> impl Strategy<Value = (String, String)> {
    (spelled(), spelled(), 0..3_u8).prop_map(|(a, b, how)| match (how, parsed(&a)) {
        (0, Some(value)) => (a, to_text(&value)),
        (1, Some(value)) => (a, value.to_string()),
        _ => (a, b),
    })
}

/// A file of rows, or something that is not quite one.
fn file() -> impl Strategy<Value = String> {
    let row = (proptest::collection::vec(("[a-d]{1,2}|\\\\u0061", spelled()), 0..5), "[ \n]{0,2}");
    let row = row.prop_map(|(fields, space)| {
        let fields: Vec<String> =
            fields.iter().map(|(name, value)| format!("{space}\"{name}\" :{value}")).collect();
        format!("{{{}{space}}}", fields.join(","))
    });
    let item = prop_oneof![4 => row, 1 => spelled()];
    let file =
        proptest::collection::vec(item, 0..4).prop_map(|rows| format!("[{}]", rows.join(" ,\n")));
    let noise = r#"[\[\]{}":,\\ \n\t\x01a0.eE+-]{0,3}"#;
    (file, any::<prop::sample::Index>(), 0..4_usize, noise, any::<bool>()).prop_map(
        |(file, at, length, noise, mutates)| match mutates {
            true => mutated(&file, at.index(file.len() + 1), length, &noise),
            false => file,
        },
    )
}

/// `text` with `length` characters replaced by `other`.
fn mutated(text: &str, at: usize, length: usize, other: &str) -> String {
    let before: String = text.chars().take(at).collect();
    let behind: String = text.chars().skip(at + length).collect();
    before + other + &behind
}

fn parsed(text: &str) -> Option<Value> {
    parse(text.as_bytes(), "data/x.json").ok()
}

fn items(text: &str) -> Option<Vec<&str>> {
    let mut items = Vec::new();
    scan::items(text, Keys::Unique, |start, item| {
        assert_eq!(text.get(start..start + item.len()), Some(item));
        items.push(item);
    })?;
    Some(items)
}

/// What a row has in a few columns.
fn tokens() -> impl Strategy<Value = Vec<Option<String>>> {
    let token = prop_oneof![Just("null"), Just("1"), Just("\"a\""), Just("\"longer than a word\"")];
    proptest::collection::vec(proptest::option::of(token.prop_map(str::to_owned)), 4)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn a_text_gets_the_form_of_its_value(field in field(), text in spelled()) {
        prop_assume!(parsed(&text).is_some());
        let value: Value = serde_json::from_str(&text).unwrap();
        let expected = to_compact(&canonical(&field.kind, &field.special, &value));
        let form = Form::of(Some(&field));
        prop_assert_eq!(&*form.token(&text), &expected);
        prop_assert_eq!(&*form.token(&expected), &expected);
    }

    #[test]
    fn texts_are_equal_as_their_values_are(field in field(), (a, b) in pair()) {
        let (Some(x), Some(y)) = (parsed(&a), parsed(&b)) else { return Ok(()) };
        let form = Form::of(Some(&field));
        let same = form.token(a.trim()) == form.token(b.trim());
        prop_assert_eq!(same, equal(&field.kind, &field.special, &x, &y));
    }

    #[test]
    fn texts_are_ordered_as_their_values_are(field in field(), (a, b) in pair()) {
        let (Some(x), Some(y)) = (parsed(&a), parsed(&b)) else { return Ok(()) };
        let [x, y] = [x, y].map(|value| canonical(&field.kind, &field.special, &value));
        let [a, b] = [&x, &y].map(to_compact);
        let order = compare_tokens(Some(&a), Some(&b), &field.kind);
        prop_assert_eq!(order, compare_values(&x, &y, &field.kind));
    }

    #[test]
    fn a_file_is_read_as_its_value_is(file in file()) {
        let expected = parsed(&file).and_then(|value| value.as_array().cloned());
        let found = items(&file);
        let values = |items: &Vec<&str>| {
            items.iter().map(|item| serde_json::from_str(item).unwrap()).collect::<Vec<Value>>()
        };
        prop_assert_eq!(found.as_ref().map(values), expected);
        for item in found.into_iter().flatten().filter(|item| item.starts_with('{')) {
            let mut row = serde_json::Map::new();
            scan::fields(item, |name, token| {
                row.insert(name.into_owned(), serde_json::from_str(token).unwrap());
            })
            .unwrap();
            prop_assert_eq!(Value::Object(row), serde_json::from_str::<Value>(item).unwrap());
        }
    }

    #[test]
    fn a_record_holds_its_tokens_and_is_compared_by_them(own in tokens(), other in tokens()) {
        let record = Record::of(own.iter().map(Option::as_deref));
        let held: Vec<_> = record.tokens().iter().take(own.len()).collect();
        prop_assert_eq!(held, own.iter().map(Option::as_deref).collect::<Vec<_>>());
        prop_assert!(record.tokens().are(own.iter().map(Option::as_deref)));
        prop_assert_eq!(record.tokens().are(other.iter().map(Option::as_deref)), own == other);
    }

    #[test]
    fn a_text_is_laid_out_as_its_value_is(text in spelled()) {
        let Some(value) = parsed(&text) else { return Ok(()) };
        let mut lines = String::new();
        pretty::write(&mut lines, &to_compact(&value), 0);
        prop_assert_eq!(lines + "\n", to_text(&value));
        let fields = [("\"", to_compact(&value)), ("a b", to_compact(&value))];
        for count in 0..=fields.len() {
            let fields = fields.iter().take(count).map(|(name, text)| (*name, text.as_str()));
            let mut lines = String::new();
            pretty::object(&mut lines, fields.clone(), 0);
            let object: Value = fields.map(|(name, _)| (name, value.clone())).collect();
            prop_assert_eq!(lines + "\n", to_text(&object));
        }
    }
}
