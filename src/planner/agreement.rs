//! What an entry's rows have to do with the base: their contents as hashes, and what the base holds
//! of them.

use std::borrow::Cow;
use std::cell::Cell;
use std::collections::BTreeSet;

use serde_json::Value;

use crate::base::{self, Hash, Hasher, Things};
use crate::config::Entry;
use crate::merge::Agreed;
use crate::model::CollectionFacts;
use crate::record::{Columns, Slots, Tokens, is_mask};
use crate::renames::Renames;
use crate::value::Form;

/// How much longer than the one before the text of a content may be before it is moved.
const COLUMN: usize = 64;

/// The base of one entry, while a plan is made.
#[derive(Debug, Clone)]
pub struct Agreement {
    hasher: Hasher,
    /// What was agreed on; `None` where nothing was, or under another key or filter.
    agreed: Option<Things>,
    /// The fields of the base, as they are called in it and now.
    named: Vec<(String, String)>,
    /// The collection as it is on the target: the base's contents are of these types.
    target: CollectionFacts,
    scope: String,
    /// The fields that the files know, of which the next base is made.
    fields: Vec<String>,
    /// What the hashes over `named` are made of.
    before: Parts,
    /// What the hashes over `fields` are made of.
    after: Parts,
    /// How long the text of the next content may be: rows of a table are alike.
    length: Cell<usize>,
}

/// What a hash is made of, in the order of names.
type Parts = Vec<Part>;

/// One field of a content.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Part {
    /// Its name in the content, as JSON with a colon.
    name: String,
    /// The place of its column.
    place: Option<usize>,
    /// What its values on the target look like.
    form: Form,
}

impl Agreement {
    /// The agreement on the rows of `entry`, some of whose fields were `renamed` since, or are now.
    pub fn new(
        hasher: &Hasher,
        base: Option<&Things>,
        entry: &Entry,
        target: CollectionFacts,
        renamed: &Renames,
    ) -> Self {
        let scope = base::scope(entry);
        let scopes = [base::scope(&renamed.entry_before(entry)), scope.clone()];
        let agreed = base.filter(|base| scopes.contains(&base.scope)).cloned();
        let fields = agreed.iter().flat_map(|base| &base.fields);
        let now = |was: &String| renamed.new_name(&entry.collection, was).to_owned();
        let named = fields.map(|was| (was.clone(), now(was))).collect();
        let (before, after) = (Parts::new(), Parts::new());
        let (hasher, fields) = (hasher.clone(), Vec::new());
        let length = Cell::default();
        Self { hasher, agreed, named, target, scope, fields, before, after, length }
    }

    /// The names that the fields of the base have now.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.named.iter().map(|(_, now)| now.as_str())
    }

    /// Takes the columns of the rows that hashes are asked for.
    pub fn set_columns(&mut self, columns: &Columns) {
        self.before = self.named.iter().map(|(was, now)| self.part(columns, was, now)).collect();
        self.after = self.fields.iter().map(|name| self.part(columns, name, name)).collect();
    }

    fn part(&self, columns: &Columns, name: &str, field: &str) -> Part {
        let form = Form::of(self.target.fields.get(field));
        Part { name: format!("{}:", Value::from(name)), place: columns.place(field), form }
    }

    /// Takes the fields that rows of the files have, which the next base is made of. The primary key is
    /// no content: it is the key, or differs between instances.
    pub fn set_files(&mut self, known: &BTreeSet<&str>, entry: &Entry, columns: &Columns) {
        let own =
            entry.fields.iter().filter(|field| known.is_empty() || known.contains(field.as_str()));
        let own: BTreeSet<&String> = own.filter(|field| **field != entry.primary_key).collect();
        self.fields = own.into_iter().cloned().collect();
        self.set_columns(columns);
    }

    /// Takes the fields of an entry whose rows are exported, of which the next base is made as far as
    /// the target has them.
    pub fn set_exported(&mut self, entry: &Entry) {
        let own = entry.fields.iter().filter(|field| **field != entry.primary_key);
        let own = own.filter(|field| self.target.fields.contains_key(*field));
        self.fields = own.cloned().collect();
    }

    /// Whether there is a base to compare with.
    pub fn has_base(&self) -> bool {
        self.agreed.is_some()
    }

    /// Whether the target has the collection.
    pub fn is_on_target(&self) -> bool {
        !self.target.fields.is_empty()
    }

    /// Whether the base was made of that field, too.
    pub fn covers(&self, field: &str) -> bool {
        self.named.iter().any(|(_, now)| now == field)
    }

    /// The fields that the base was made of, as far as the target has them.
    pub fn fields_before(&self) -> impl Iterator<Item = &String> {
        let fields = self.named.iter().map(|(_, now)| now);
        fields.filter(|field| self.target.fields.contains_key(*field))
    }

    /// What was agreed on of the row with that key, which no other row has.
    pub fn of(&self, key: &str) -> Agreed<Hash> {
        match &self.agreed {
            None => Agreed::Unknown,
            Some(things) => things.of(self.hasher.key(key)),
        }
    }

    /// Everything that was agreed on of rows that share that key; `None` without a base.
    pub fn all_of(&self, key: &str) -> Option<Vec<Hash>> {
        let pairs = self.agreed.as_ref()?.rows.of(self.hasher.key(key));
        Some(pairs.iter().map(|(_, content)| *content).collect())
    }

    /// The content of a row of the target over the base's fields, as Directus gives it.
    pub fn content_before(&self, row: &Slots<'_>) -> Hash {
        self.content_of(&self.before, row)
    }

    /// The content of a row of the target over the fields of the next base, as Directus gives it.
    pub fn content_now(&self, row: &Slots<'_>) -> Hash {
        self.content_of(&self.after, row)
    }

    fn content_of(&self, parts: &Parts, row: &Slots<'_>) -> Hash {
        self.hash(parts, |part| {
            let token = row.get(part.place?).filter(|token| !is_mask(token));
            token.map(|token| part.form.token(token))
        })
    }

    /// The content of a desired row over the base's fields; what it leaves open is as in `current`.
    pub fn desired_before(&self, desired: Tokens<'_>, current: Tokens<'_>) -> Hash {
        self.content_over(&self.before, desired, current)
    }

    /// The content of a row over the fields of the next base: `desired` laid over `current`.
    pub fn content_after(&self, desired: Tokens<'_>, current: Tokens<'_>) -> Hash {
        self.content_over(&self.after, desired, current)
    }

    fn content_over(&self, parts: &Parts, desired: Tokens<'_>, current: Tokens<'_>) -> Hash {
        let sides = desired.iter().zip(current.iter());
        let places = parts.iter().filter_map(|part| part.place).max().map_or(0, |last| last + 1);
        let tokens: Vec<_> = sides.map(|(own, other)| own.or(other)).take(places).collect();
        self.hash(parts, |part| tokens.get(part.place?).copied().flatten().map(Cow::Borrowed))
    }

    /// The hash of the canonical text of an object.
    fn hash<'a>(&self, parts: &Parts, token: impl Fn(&Part) -> Option<Cow<'a, str>>) -> Hash {
        let mut text = String::with_capacity(self.length.get());
        text.push('{');
        for part in parts {
            text.push_str(&part.name);
            text.push_str(token(part).as_deref().unwrap_or("null"));
            text.push(',');
        }
        text.truncate(text.trim_end_matches(',').len());
        text.push('}');
        self.length.set(text.len() + COLUMN);
        self.hasher.content(&text)
    }

    /// What the next base holds of a row.
    pub fn pair(&self, key: &str, content: Hash) -> (Hash, Hash) {
        (self.hasher.key(key), content)
    }

    /// The next base of the entry.
    pub fn next(&self, pairs: impl Iterator<Item = (Hash, Hash)>) -> Things {
        let rows = pairs.collect();
        Things { scope: self.scope.clone(), fields: self.fields.clone(), rows }
    }
}
