//! The table of system collections against the schemas of real instances.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests read files")]

use std::collections::BTreeSet;

use schema_sync_core::model::Facts;
use schema_sync_core::system::{self, Sync, TABLE};

fn facts() -> Vec<Facts> {
    ["11.17.4", "12.4.0"]
        .map(|version| {
            let root = env!("CARGO_MANIFEST_DIR");
            let path = format!("{root}/tests/cases/_facts/shop-{version}.json");
            serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
        })
        .into()
}

#[test]
fn knows_every_collection_of_directus() {
    for facts in facts() {
        let names = facts.collections.keys().filter(|name| system::is_system(name));
        let unknown: Vec<_> = names.filter(|name| system::of(name).is_none()).collect();
        assert!(unknown.is_empty(), "{}: {unknown:?}", facts.directus);
    }
}

#[test]
fn names_each_collection_once() {
    let names: BTreeSet<_> = TABLE.iter().map(|collection| collection.name).collect();
    assert_eq!(names.len(), TABLE.len());
}

/// Columns that only versions before 11.17.4 have.
const GONE: &[&str] = &["accepted_terms"];

#[test]
fn names_only_fields_that_exist() {
    let facts = facts();
    let exists = |collection: &str, field: &str| {
        let known = |facts: &Facts| facts.collections[collection].fields.contains_key(field);
        GONE.contains(&field) || facts.iter().any(known)
    };
    for one in TABLE.iter().filter(|one| one.travels()) {
        let soft = one.soft.iter().map(|(field, _)| field);
        for field in one.key.iter().chain(one.never_export).chain(one.unique).chain(soft) {
            assert!(exists(one.name, field), "{}.{field}", one.name);
        }
    }
}

#[test]
fn keeps_every_secret_and_user_at_home() {
    for facts in facts() {
        for one in TABLE.iter().filter(|one| one.travels()) {
            let users = facts.relations.iter().filter(|relation| {
                relation.collection == one.name
                    && relation.related.as_deref() == Some(system::USERS)
            });
            for relation in users {
                assert!(one.keeps_home(&relation.field), "{}.{}", one.name, relation.field);
            }
            let secret =
                |special: &String| ["hash", "conceal", "encrypt"].contains(&special.as_str());
            for (name, field) in &facts.collections[one.name].fields {
                let is_secret = field.special.iter().any(secret);
                assert!(!is_secret || one.keeps_home(name), "{}.{name}", one.name);
            }
        }
    }
}

#[test]
fn names_every_unique_field() {
    for facts in facts() {
        for one in TABLE.iter().filter(|one| one.travels()) {
            let collection = &facts.collections[one.name];
            let expected = collection.fields.iter().filter(|(name, field)| {
                field.unique && **name != collection.primary && !one.keeps_home(name)
            });
            for (name, _) in expected {
                assert!(one.unique.contains(&name.as_str()), "{}.{name}", one.name);
            }
        }
    }
}

#[test]
fn keeps_its_own_columns_at_home() {
    let settings = system::of(system::SETTINGS).unwrap();
    assert!(settings.keeps_home("mv_hash") && settings.keeps_home("mv_any_later_one"));
    assert!(!system::of("directus_roles").unwrap().keeps_home("mv_hash"));
}

#[test]
fn imports_what_is_referred_to_first() {
    let rank = |name: &str| TABLE.iter().position(|one| one.name == name).unwrap();
    let travels = |name: &str| system::of(name).is_some_and(system::SystemCollection::travels);
    for relation in facts().into_iter().flat_map(|facts| facts.relations) {
        let Some(one) = system::of(&relation.collection).filter(|one| one.travels()) else {
            continue;
        };
        let Some(related) = relation.related.as_deref().filter(|name| travels(name)) else {
            continue;
        };
        let field = relation.field.as_str();
        let later = one.keeps_home(field) || one.soft.contains(&(field, related));
        assert!(later || rank(related) <= rank(one.name), "{}.{field}", one.name);
    }
}

#[test]
fn every_filter_is_json() {
    for one in TABLE {
        let parsed = one.filter.map(serde_json::from_str::<serde_json::Value>);
        assert!(parsed.is_none_or(|filter| filter.unwrap().is_object()), "{}", one.name);
    }
}

#[test]
fn turns_on_what_a_project_is_made_of() {
    let on: Vec<_> = TABLE.iter().filter(|one| one.sync == Sync::On).map(|one| one.name).collect();
    let expected = [
        "folders",
        "roles",
        "policies",
        "access",
        "permissions",
        "settings",
        "flows",
        "operations",
        "dashboards",
        "panels",
        "presets",
        "translations",
    ];
    assert_eq!(on, expected.map(|name| format!("directus_{name}")));
}
