//! Properties of canonical form and hashing, over values that nobody thought of.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod kinds;

use std::collections::BTreeMap;

use kinds::KINDS;
use proptest::prelude::*;
use schema_sync_core::json::{parse, to_compact, to_text};
use schema_sync_core::manifest::{framed, root, text, verify};
use schema_sync_core::value::{canonical, equal};
use serde_json::{Number, Value};

/// Numbers in every spelling that JSON allows.
fn number() -> impl Strategy<Value = Value> {
    "-?(0|[1-9][0-9]{0,24})([.][0-9]{1,8})?([eE][+-]?[0-9]{1,2})?"
        .prop_map(|text| Value::Number(text.parse::<Number>().unwrap()))
}

/// Texts that look like what databases and people write, and any other text.
fn text_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<String>(),
        "[+-]?[0-9]{0,12}[.]?[0-9]{0,6}(e-?[0-9]{1,3})?",
        "[0-9]{4}-[0-1][0-9]-[0-3][0-9]([T ][0-2][0-9]:[0-5][0-9](:[0-5][0-9]([.][0-9]{1,9})?)?)?(Z|[+-][01][0-9]:?[0-5][0-9])?",
        "[0-2][0-9]:[0-5][0-9](:[0-5][0-9])?",
        "[a-c,]{0,6}",
        r#"\{"a":[0-9]\.0\}|\[1\.0\]"#,
    ]
    .prop_map(Value::from)
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf =
        prop_oneof![Just(Value::Null), any::<bool>().prop_map(Value::from), number(), text_value()];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(any::<String>(), inner, 0..6)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

fn specials() -> impl Strategy<Value = Vec<String>> {
    let flags = ["cast-json", "cast-csv", "cast-boolean", "uuid"].map(String::from).to_vec();
    prop::sample::subsequence(flags, 0..=2)
}

fn files() -> impl Strategy<Value = BTreeMap<String, String>> {
    prop::collection::btree_map("data/[^\u{0}]{1,12}", "[0-9a-f]{64}", 0..8)
}

proptest! {
    #[test]
    fn reading_what_was_written_gives_the_same_text(value in any_json()) {
        let text = to_text(&value);
        let again = parse(text.as_bytes(), "data/x.json").unwrap();
        prop_assert_eq!(to_text(&again), text);
        prop_assert_eq!(to_compact(&again), to_compact(&value));
    }

    #[test]
    fn layout_of_the_source_does_not_matter(value in any_json()) {
        let crlf = format!("\u{feff}{}", to_text(&value).replace('\n', "\r\n"));
        let again = parse(crlf.as_bytes(), "data/x.json").unwrap();
        prop_assert_eq!(to_compact(&again), to_compact(&value));
    }

    #[test]
    fn canonical_form_is_its_own(
        kind in prop::sample::select(KINDS), special in specials(), value in any_json(),
    ) {
        let form = canonical(kind, &special, &value);
        prop_assert_eq!(canonical(kind, &special, &form), form.clone());
        prop_assert!(equal(kind, &special, &form, &value));
    }

    #[test]
    fn canonical_form_survives_the_file(
        kind in prop::sample::select(KINDS), special in specials(), value in any_json(),
    ) {
        let form = canonical(kind, &special, &value);
        let read = parse(to_text(&form).as_bytes(), "data/x.json").unwrap();
        prop_assert_eq!(canonical(kind, &special, &read), form);
    }

    #[test]
    fn a_fresh_manifest_is_clean(files in files()) {
        let owned: Vec<String> = files.keys().cloned().collect();
        let found = verify(&text(&files), &files, &owned).unwrap();
        prop_assert!(found.missing.is_empty() && found.changed.is_empty());
        prop_assert!(found.unlisted.is_empty() && found.ignored.is_empty());
        prop_assert_eq!(found.root, root(&files));
    }

    #[test]
    fn any_change_of_a_file_is_named(files in files(), hash in "[0-9a-f]{64}") {
        let Some((path, _)) = files.first_key_value() else { return Ok(()) };
        let mut now = files.clone();
        now.insert(path.clone(), hash.clone());
        let found = verify(&text(&files), &now, &[]).unwrap();
        let changed = files.get(path) != Some(&hash);
        prop_assert_eq!(found.changed.contains(path), changed);
        prop_assert_eq!(root(&now) != root(&files), changed);
    }

    #[test]
    fn framing_keeps_parts_apart(a in "[ab]{0,4}", b in "[ab]{0,4}", c in "[ab]{0,4}", d in "[ab]{0,4}") {
        let left = framed(&[(&a, b.as_bytes())]);
        let right = framed(&[(&c, d.as_bytes())]);
        prop_assert_eq!(left == right, (&a, &b) == (&c, &d));
    }
}

#[test]
fn framing_counts_parts() {
    assert_ne!(framed(&[("ab", b"c")]), framed(&[("a", b"bc")]));
    assert_ne!(framed(&[]), framed(&[("", b"")]));
    assert_ne!(framed(&[("", b""), ("", b"")]), framed(&[("", b"")]));
}

#[test]
fn the_manifest_ignores_the_order_of_listing() {
    let forward = [("data/a.json", "1"), ("data/b.json", "2")];
    let collect = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
        pairs.iter().map(|(path, hash)| (String::from(*path), String::from(*hash))).collect()
    };
    let mut backward = forward;
    backward.reverse();
    assert_eq!(root(&collect(&forward)), root(&collect(&backward)));
    assert_eq!(text(&collect(&forward)), text(&collect(&backward)));
}
