//! Schemas that nobody thought of.

use proptest::prelude::*;
use proptest::sample::{Index, subsequence};
use schema_sync_core::snapshot::{
    Collection, Field, Name, Object, Relation, Snapshot, SystemField,
};
use serde_json::{Value, json};

const COLLECTIONS: [&str; 5] = ["authors", "Authors", "posts", "a/b", "pages"];
const FIELDS: [&str; 4] = ["title", "body", "parent", "notes"];

fn object(value: Value) -> Object {
    let Value::Object(object) = value else { panic!("not an object: {value}") };
    object
}

/// Every collection keeps one nature and one group, so that any two schemas can become each other.
fn collection(name: &'static str) -> impl Strategy<Value = Collection> {
    ("[a-c]{1,3}", any::<bool>()).prop_map(move |(icon, hidden)| Collection {
        name: name.into(),
        meta: object(json!({ "collection": name, "icon": icon, "hidden": hidden })),
        schema: Some(object(json!({ "name": name }))),
        extra: Object::new(),
    })
}

fn field(collection: &'static str, name: &'static str) -> impl Strategy<Value = Field> {
    let column = (proptest::option::of(1..200u64), any::<bool>(), any::<bool>());
    let options = proptest::option::of(proptest::collection::btree_map("[ab]", 0..3i64, 0..3));
    (any::<bool>(), column, options).prop_map(move |(alias, (length, nullable, indexed), options)| {
        let schema = json!({
            "max_length": length, "is_nullable": nullable, "is_indexed": indexed, "is_unique": false,
            "default_value": null, "is_primary_key": false, "has_auto_increment": false,
        });
        Field {
            collection: collection.into(),
            name: name.into(),
            kind: if alias { "alias" } else { "string" }.into(),
            meta: object(json!({ "field": name, "options": options })),
            schema: (!alias).then(|| object(schema)),
            extra: Object::new(),
        }
    })
}

fn relation(field: &Field, to: &Collection, constraint: bool, rule: &str) -> Relation {
    Relation {
        collection: field.collection.clone(),
        field: field.name.clone(),
        related: Some(to.name.clone()),
        meta: Some(object(json!({ "one_field": rule }))),
        schema: constraint.then(|| object(json!({ "on_delete": rule, "on_update": "NO ACTION" }))),
        extra: Object::new(),
    }
}

pub fn snapshot() -> impl Strategy<Value = Snapshot> {
    let names = subsequence(COLLECTIONS.to_vec(), 1..=COLLECTIONS.len());
    let collections =
        names.prop_flat_map(|names| names.into_iter().map(collection).collect::<Vec<_>>());
    let fields = subsequence(pairs(), 0..=pairs().len())
        .prop_flat_map(|pairs| pairs.into_iter().map(|(c, f)| field(c, f)).collect::<Vec<_>>());
    let links = proptest::collection::vec((any::<Index>(), any::<bool>(), "CASCADE|SET NULL"), 20);
    let indexes = subsequence(vec!["email", "title", "location"], 0..=3);
    (collections, fields, links, indexes).prop_map(|(collections, fields, links, indexes)| {
        let has = |name: &str| collections.iter().any(|collection| collection.name == name);
        let fields: Vec<Field> =
            fields.into_iter().filter(|field| has(&field.collection)).collect();
        let columns = fields.iter().filter(|field| field.schema.is_some());
        let relations = columns.zip(links).filter(|(field, _)| field.name == "parent");
        let relations = relations.map(|(field, (to, constraint, rule))| {
            relation(field, to.get(&collections), constraint, &rule)
        });
        let relations = relations.collect();
        let index = |name: &str| SystemField {
            collection: "directus_users".into(),
            name: name.into(),
            indexed: true,
        };
        let system_fields = Some(indexes.into_iter().map(index).collect());
        let (version, directus) = (1, "12.4.0".into());
        let vendor = Some("sqlite".into());
        let extra = Object::new();
        let made = Snapshot {
            version,
            directus,
            vendor,
            collections,
            fields,
            system_fields,
            relations,
            extra,
        };
        reread(&made)
    })
}

fn pairs() -> Vec<(&'static str, &'static str)> {
    COLLECTIONS
        .iter()
        .flat_map(|collection| FIELDS.iter().map(|field| (*collection, *field)))
        .collect()
}

/// The snapshot in canonical order.
pub fn reread(snapshot: &Snapshot) -> Snapshot {
    Snapshot::try_from(Value::from(snapshot.clone())).unwrap()
}

/// A schema whose parts name each other: collections and fields stand in groups, relations have an
/// other side, and collections are sorted by a field. No two of them need be as they can be made of
/// one another, so that groups of both may form a circle.
pub fn tangled() -> impl Strategy<Value = Snapshot> {
    let picks = proptest::collection::vec(any::<Index>(), 40);
    (snapshot(), picks, any::<bool>()).prop_map(|(mut snapshot, picks, backwards)| {
        let mut picks = picks.into_iter().cycle();
        let names: Vec<String> = snapshot.collections.iter().map(|it| it.name.clone()).collect();
        let fields: Vec<Field> = snapshot.fields.clone();
        for collection in &mut snapshot.collections {
            let above = names.iter().filter(|name| (**name < collection.name) != backwards);
            let group = pick(above.filter(|name| **name != collection.name), picks.next());
            collection.meta.insert("group".into(), json!(group));
            let own = fields.iter().filter(|field| field.collection == collection.name);
            let sort = pick(own.filter(|field| !field.is_alias()), picks.next());
            collection.meta.insert("sort_field".into(), json!(sort.map(|field| &field.name)));
        }
        for field in &mut snapshot.fields {
            let beside = fields.iter().filter(|it| it.collection == field.collection);
            let above =
                beside.filter(|it| it.name != field.name && (it.name < field.name) != backwards);
            let group = pick(above, picks.next()).map(|group| &group.name);
            field.meta.insert("group".into(), json!(group));
        }
        for relation in &mut snapshot.relations {
            let aliases = fields.iter().filter(|it| it.is_alias());
            let there = aliases.filter(|it| Some(&it.collection) == relation.related.as_ref());
            let other = pick(there, picks.next()).map(|alias| &alias.name);
            let meta = relation.meta.get_or_insert_default();
            meta.insert("one_field".into(), json!(other));
        }
        reread(&snapshot)
    })
}

/// One of the things, or none.
fn pick<'a, T>(things: impl Iterator<Item = &'a T>, index: Option<Index>) -> Option<&'a T> {
    let things: Vec<_> = things.collect();
    things.get(index?.index(things.len() + 1)).copied()
}

/// A small change: what is done, and to which of the things.
#[derive(Debug, Clone)]
pub enum Edit {
    AddField(Index),
    ChangeField(Index),
    RemoveField(Index),
    ChangeCollection(Index),
    MoveCollection(Index),
    RemoveCollection(Index),
}

/// A few changes, as a person makes them between two syncs.
pub fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let edit = (0..10_u8, any::<Index>()).prop_map(|(kind, index)| match kind {
        0 => Edit::RemoveCollection(index),
        1 => Edit::ChangeCollection(index),
        8 | 9 => Edit::MoveCollection(index),
        2 | 3 => Edit::RemoveField(index),
        4 | 5 => Edit::AddField(index),
        _ => Edit::ChangeField(index),
    });
    proptest::collection::vec(edit, 0..4)
}

/// The schema with the changes made, whole as an export has it: nothing names what is not there.
pub fn edited(schema: &Snapshot, edits: &[Edit]) -> Snapshot {
    let mut schema = schema.clone();
    edits.iter().for_each(|edit| make(&mut schema, edit));
    reread(&schema)
}

fn make(schema: &mut Snapshot, edit: &Edit) {
    match edit {
        Edit::AddField(index) => {
            let Some(at) = place(&schema.collections, *index) else { return };
            let (collection, name) = (schema.collections[at].name.clone(), format!("new_{at}"));
            let group = schema.fields_of(&collection).next().map(|field| field.name.clone());
            let meta = object(json!({ "field": name, "group": group, "options": null }));
            let kind = "alias".to_owned();
            if !schema.fields.iter().any(|it| it.path() == (&collection, &name)) {
                schema.fields.push(Field { collection, name, kind, meta, ..Field::default() });
            }
        }
        Edit::ChangeField(index) => {
            let Some(at) = place(&schema.fields, *index) else { return };
            schema.fields[at].meta.insert("options".into(), json!({ "changed": true }));
        }
        Edit::ChangeCollection(index) => {
            let Some(at) = place(&schema.collections, *index) else { return };
            schema.collections[at].meta.insert("icon".into(), json!("changed"));
        }
        Edit::MoveCollection(index) => {
            let Some(at) = place(&schema.collections, *index) else { return };
            let (child, below) = (&schema.collections[at], &schema.collections);
            let is_free = |it: &&Collection| it.name != child.name && it.group().is_none();
            let free = below.iter().find(is_free).map(|it| it.name.clone());
            schema.collections[at].meta.insert("group".into(), json!(free));
        }
        Edit::RemoveField(index) => {
            let Some(at) = place(&schema.fields, *index) else { return };
            let gone = schema.fields.remove(at);
            remove(schema, Name::Field(&gone.collection, &gone.name));
        }
        Edit::RemoveCollection(index) => {
            let Some(at) = place(&schema.collections, *index) else { return };
            let gone = schema.collections.remove(at);
            remove(schema, Name::Collection(&gone.name));
        }
    }
}

fn place<T>(things: &[T], index: Index) -> Option<usize> {
    (!things.is_empty()).then(|| index.index(things.len()))
}

/// Removes what cannot be without `gone`, and every mention of it.
fn remove(schema: &mut Snapshot, gone: Name<'_>) {
    let needs = |relation: &Relation| {
        let (collection, field) = relation.path();
        gone == Name::Field(collection, field)
            || gone == Name::Collection(collection)
            || relation.related.as_deref().is_some_and(|to| gone == Name::Collection(to))
    };
    schema.relations.retain(|relation| !needs(relation));
    schema.fields.retain(|field| gone != Name::Collection(&field.collection));
    schema.collections.iter_mut().for_each(|it| it.forget(|name| name == gone));
    schema.fields.iter_mut().for_each(|it| it.forget(|name| name == gone));
    schema.relations.iter_mut().for_each(|it| it.forget(|name| name == gone));
}
