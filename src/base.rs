//! The base: what files and target last agreed on, kept in the target's database.
//!
//! Contents are kept as hashes, 16 bytes a row: one of the key, one of the content. The hashes are
//! SipHash-2-4, keyed with a secret of the instance, so that the base gives away nothing of short or
//! guessable values: it is made for that, and keeps up with reading the rows. A whole base is one JSON
//! document:
//!
//! ```json
//! {
//!   "version": 2,
//!   "check": "<16 hex digits>",
//!   "entries": { "posts": { "scope": "…", "fields": ["id", "title"], "rows": "<base64>" } },
//!   "schema": { "collections": { "fields": ["folder", "meta.note"], "rows": "<base64>" }, … }
//! }
//! ```

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use siphasher::sip::SipHasher24;

use crate::config::Entry;
use crate::error::{Error, Result};
use crate::json;
use crate::merge::Agreed;

/// The version of the document. Version 1 had other hashes, so that nothing can be compared with it.
pub const VERSION: u64 = 2;

/// The bytes of a key's hash and a content's hash.
const PAIR: usize = 16;

/// How many pairs are encoded at once: a multiple of three, so that no padding comes in between.
const ENCODED_AT_ONCE: usize = 3 << 10;

/// How long everything in a document besides the pairs mostly is, in bytes.
const OTHERS: usize = 1 << 16;

/// A keyed hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hash([u8; 8]);

impl Ord for Hash {
    fn cmp(&self, other: &Self) -> Ordering {
        u64::from_be_bytes(self.0).cmp(&u64::from_be_bytes(other.0))
    }
}

impl PartialOrd for Hash {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Makes hashes that only one instance can make.
#[derive(Debug, Clone)]
pub struct Hasher {
    secret: Vec<u8>,
    keys: SipHasher24,
    contents: SipHasher24,
}

impl Hasher {
    /// A hasher keyed with the instance's secret.
    pub fn new(secret: &[u8]) -> Self {
        let keyed = |purpose| keyed(secret, purpose);
        Self { secret: secret.to_owned(), keys: keyed("key"), contents: keyed("content") }
    }

    /// The hash of `text`, which is different for every `purpose`.
    pub fn hash(&self, purpose: &str, text: &str) -> Hash {
        hashed(&keyed(&self.secret, purpose), text)
    }

    /// The hash of a thing's key.
    pub fn key(&self, key: &str) -> Hash {
        hashed(&self.keys, key)
    }

    /// The hash of a thing's content.
    pub fn content(&self, content: &str) -> Hash {
        hashed(&self.contents, content)
    }
}

/// A hash function for one purpose: its key comes from the secret and the name of the purpose, each
/// with its length in front, so that `ab` + `c` is not `a` + `bc`.
fn keyed(secret: &[u8], purpose: &str) -> SipHasher24 {
    let mut seed = Sha256::new();
    for part in [secret, purpose.as_bytes()] {
        seed.update((part.len() as u64).to_le_bytes());
        seed.update(part);
    }
    let mut key = [0; 16];
    key.iter_mut().zip(seed.finalize()).for_each(|(to, from)| *to = from);
    SipHasher24::new_with_key(&key)
}

fn hashed(function: &SipHasher24, text: &str) -> Hash {
    Hash(function.hash(text.as_bytes()).to_le_bytes())
}

/// What the target and the files last agreed on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Base {
    /// By entry id.
    pub entries: BTreeMap<String, Things>,
    /// The schema; `None` where it was never agreed on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<SchemaBase>,
}

/// How much a base holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Extent {
    /// How many rows were agreed on, by entry id.
    pub entries: BTreeMap<String, usize>,
    /// Whether the schema was agreed on.
    pub schema: bool,
}

/// What was agreed on of the schema.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SchemaBase {
    /// Collections by name.
    pub collections: Things,
    /// Fields by collection and name.
    pub fields: Things,
    /// Relations by collection and field.
    pub relations: Things,
    /// Indexed fields of system collections, by collection and name.
    pub system_fields: Things,
}

/// Things of one kind: keys and contents as hashes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Things {
    /// The fields that the contents are made of, sorted.
    pub fields: Vec<String>,
    /// The hashes.
    pub rows: Hashes,
    /// What tells the things from others: key and filter of an entry. With another scope there is
    /// nothing to compare, so the base counts as none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub scope: String,
}

/// What is written of a base. Names are in order here and in what it holds, since its check is made of
/// the canonical text.
#[derive(Serialize)]
struct Content<'a> {
    entries: BTreeMap<&'a String, &'a Things>,
    #[serde(skip_serializing_if = "Option::is_none")]
    schema: Option<&'a SchemaBase>,
}

impl Things {
    /// What was agreed on of the thing with that key, whose key no other thing has.
    pub fn of(&self, key: Hash) -> Agreed<Hash> {
        self.rows.of(key).first().map_or(Agreed::Never, |(_, content)| Agreed::On(*content))
    }
}

/// What the base of an entry depends on: its collection, key and filter, and which fields refer by key.
pub fn scope(entry: &Entry) -> String {
    let key = if entry.key_function { json!("getKey") } else { json!(entry.key) };
    json::to_compact(&match entry.by_key.is_empty() {
        true => json!([entry.collection, key, entry.filter]),
        false => json!([entry.collection, key, entry.filter, entry.by_key]),
    })
}

/// Pairs of key hash and content hash, sorted. Rows that share a key, as permissions do, have a pair
/// each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hashes(Vec<(Hash, Hash)>);

impl Hashes {
    /// The pairs with that key.
    pub fn of(&self, key: Hash) -> &[(Hash, Hash)] {
        let start = self.0.partition_point(|(other, _)| *other < key);
        let end = self.0.partition_point(|(other, _)| *other <= key);
        self.0.get(start..end).unwrap_or_default()
    }

    /// Every pair.
    pub fn pairs(&self) -> &[(Hash, Hash)] {
        &self.0
    }

    /// How many pairs there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no pair.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How long their text is.
    fn length(&self) -> usize {
        self.0.len() * PAIR * 4 / 3 + 4
    }

    fn from_base64(text: &str) -> core::result::Result<Self, String> {
        let bytes = STANDARD.decode(text).map_err(|error| error.to_string())?;
        let (pairs, rest) = bytes.as_chunks::<PAIR>();
        if !rest.is_empty() {
            return Err(format!("{} bytes are no whole number of pairs", bytes.len()));
        }
        Ok(pairs.iter().map(pair).collect())
    }
}

/// As base64, of which there is never more than a part besides where it is written.
impl fmt::Display for Hashes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chunks(ENCODED_AT_ONCE).try_for_each(|pairs| {
            let bytes = pairs.iter().flat_map(|(key, content)| key.0.into_iter().chain(content.0));
            formatter.write_str(&STANDARD.encode(bytes.collect::<Vec<u8>>()))
        })
    }
}

fn pair(bytes: &[u8; PAIR]) -> (Hash, Hash) {
    let (mut key, mut content) = ([0; 8], [0; 8]);
    let halves = key.iter_mut().chain(&mut content);
    halves.zip(bytes).for_each(|(to, from)| *to = *from);
    (Hash(key), Hash(content))
}

impl FromIterator<(Hash, Hash)> for Hashes {
    fn from_iter<I: IntoIterator<Item = (Hash, Hash)>>(pairs: I) -> Self {
        let pairs = pairs.into_iter();
        // Growing would take twice the memory for a moment.
        let mut all = Vec::with_capacity(pairs.size_hint().1.unwrap_or_default());
        all.extend(pairs);
        all.sort_unstable();
        Self(all)
    }
}

impl Serialize for Hashes {
    fn serialize<S: Serializer>(&self, serializer: S) -> core::result::Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Hashes {
    fn deserialize<D: Deserializer<'de>>(given: D) -> core::result::Result<Self, D::Error> {
        Self::from_base64(&String::deserialize(given)?).map_err(de::Error::custom)
    }
}

impl Base {
    /// The document, as it is kept in the database.
    pub fn encode(&self, hasher: &Hasher) -> Vec<u8> {
        self.encode_with(&Self::default(), hasher)
    }

    /// The same with everything that `newer` has in place of its own.
    pub fn encode_with(&self, newer: &Self, hasher: &Hasher) -> Vec<u8> {
        let mut document = self.content_with(newer);
        let check = check(hasher, &document);
        // The names are in order as they stand: check, entries, schema, version.
        document.replace_range(..1, &format!("{{\"check\":\"{check}\","));
        document.truncate(document.len() - 1);
        document.push_str(&format!(",\"version\":{VERSION}}}"));
        document.into_bytes()
    }

    /// Reads a document that [`Self::encode`] wrote with the same secret. One of an older version counts
    /// as none.
    pub fn decode(bytes: &[u8], hasher: &Hasher) -> Result<Self> {
        let document: Value =
            serde_json::from_slice(bytes).map_err(|error| damaged(&error.to_string()))?;
        if check_version(&document)? < VERSION {
            return Ok(Self::default());
        }
        let base: Self =
            Self::deserialize(&document).map_err(|error| damaged(&error.to_string()))?;
        let expected = check(hasher, &base.content_with(&Self::default()));
        match document.get("check").and_then(Value::as_str) == Some(expected.as_str()) {
            true => Ok(base),
            false => Err(damaged("its check does not fit its content and the secret")),
        }
    }

    /// How much was agreed on.
    pub fn extent(&self) -> Extent {
        let entries = self.entries.iter().map(|(id, things)| (id.clone(), things.rows.len()));
        Extent { entries: entries.collect(), schema: self.schema.is_some() }
    }

    fn content_with(&self, newer: &Self) -> String {
        let entries: BTreeMap<_, _> = self.entries.iter().chain(&newer.entries).collect();
        let rows: usize = entries.values().map(|things| things.rows.length()).sum();
        let schema = newer.schema.as_ref().or(self.schema.as_ref());
        json::to_compact_within(rows + OTHERS, &Content { entries, schema })
    }
}

fn check(hasher: &Hasher, content: &str) -> String {
    let Hash(bytes) = hasher.hash("document", content);
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn check_version(document: &Value) -> Result<u64> {
    match document.get("version").and_then(Value::as_u64) {
        None => Err(damaged("it has no version")),
        Some(version) if version <= VERSION => Ok(version),
        Some(version) => Err(Error::new(
            "FORMAT_TOO_NEW",
            format!(
                "The base of the last sync, kept in the target's database, has version {version}; this \
                 Schema Sync knows {VERSION}. Update it."
            ),
        )),
    }
}

fn damaged(why: &str) -> Error {
    let message = format!(
        "The base of the last sync, kept in the target's database, is damaged: {why}. Remove it there; \
         the next import then counts as a first one, which deletes nothing in the mode sync, and makes \
         a new base."
    );
    Error::new("BASE_INVALID", message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hasher() -> Hasher {
        Hasher::new(b"secret of the instance")
    }

    fn sample() -> Base {
        let of = |key: &str, content: &str| (hasher().key(key), hasher().content(content));
        let rows = [of("[2]", "b"), of("[1]", "a"), of("[2]", "a")].into_iter().collect();
        let things =
            Things { scope: "[\"posts\"]".into(), fields: vec!["id".into(), "title".into()], rows };
        let schema = SchemaBase { collections: things.clone(), ..SchemaBase::default() };
        Base { entries: [("posts".to_owned(), things)].into(), schema: Some(schema) }
    }

    fn refused(bytes: &[u8], hasher: &Hasher) -> Error {
        Base::decode(bytes, hasher).unwrap_err()
    }

    #[test]
    fn what_was_written_is_read_again() {
        let bytes = sample().encode(&hasher());
        assert_eq!(Base::decode(&bytes, &hasher()).unwrap(), sample());
        let empty = Base::default().encode(&hasher());
        assert_eq!(Base::decode(&empty, &hasher()).unwrap(), Base::default());
    }

    #[test]
    fn a_document_is_canonical() {
        for base in [sample(), Base::default()] {
            let bytes = base.encode(&hasher());
            let value: Value = serde_json::from_slice(&bytes).unwrap();
            assert_eq!(value["version"], VERSION);
            assert_eq!(json::to_compact(&value).as_bytes(), bytes);
        }
    }

    #[test]
    fn its_extent_counts_rows() {
        let entries = [("posts".to_owned(), 3)].into();
        assert_eq!(sample().extent(), Extent { entries, schema: true });
        assert!(!Base::default().extent().schema);
    }

    #[test]
    fn the_order_of_rows_does_not_matter() {
        let pairs = [("a", "1"), ("b", "2"), ("a", "2")]
            .map(|(key, content)| (hasher().key(key), hasher().content(content)));
        let forward: Hashes = pairs.into_iter().collect();
        let backward: Hashes = pairs.into_iter().rev().collect();
        assert_eq!(forward, backward);
        assert_eq!(forward.of(hasher().key("a")).len(), 2);
        assert_eq!(forward.of(hasher().key("c")), []);
    }

    #[test]
    fn many_rows_are_one_text() {
        for count in [0, 1, ENCODED_AT_ONCE as u32, 2 * ENCODED_AT_ONCE as u32 + 1] {
            let hash = |number: u32| hasher().key(&number.to_string());
            let rows: Hashes = (0..count).map(|number| (hash(number), hash(number))).collect();
            assert_eq!(Hashes::from_base64(&rows.to_string()).unwrap(), rows);
            assert!(rows.to_string().len() <= rows.length());
        }
    }

    #[test]
    fn a_row_takes_sixteen_bytes() {
        let hash = |number: u32| hasher().key(&number.to_string());
        let rows: Hashes = (0..300).map(|number| (hash(number), hash(number))).collect();
        assert_eq!(rows.len(), 300);
        assert_eq!(rows.to_string().len(), 300 * PAIR / 3 * 4);
    }

    #[test]
    fn hashes_depend_on_secret_purpose_and_text() {
        let one = hasher();
        assert_eq!(one.key("a"), hasher().key("a"));
        assert_ne!(one.key("a"), one.key("b"));
        assert_ne!(one.key("a"), one.content("a"));
        assert_ne!(one.key("a"), Hasher::new(b"another").key("a"));
        assert_ne!(one.hash("ab", "c"), one.hash("a", "bc"));
    }

    #[test]
    fn every_damage_is_refused() {
        let text = String::from_utf8(sample().encode(&hasher())).unwrap();
        let damaged = [
            String::new(),
            "null".to_owned(),
            "{}".to_owned(),
            text.replace("title", "titel"),
            text.replace("\"rows\":\"", "\"rows\":\"AAAA"),
            text.replace("\"rows\":\"", "\"rows\":\"?"),
            text.replace("\"schema\"", "\"schemas\""),
            text.chars().take(text.len() / 2).collect(),
        ];
        for text in damaged {
            assert_eq!(refused(text.as_bytes(), &hasher()).code, "BASE_INVALID", "{text}");
        }
    }

    #[test]
    fn the_base_of_another_instance_is_refused() {
        let bytes = sample().encode(&hasher());
        assert_eq!(refused(&bytes, &Hasher::new(b"another")).code, "BASE_INVALID");
    }

    #[test]
    fn a_newer_version_is_refused_as_such() {
        assert_eq!(refused(br#"{"version": 3}"#, &hasher()).code, "FORMAT_TOO_NEW");
    }

    #[test]
    fn an_older_version_counts_as_none() {
        let older = br#"{"version": 1, "check": "0123456789abcdef", "entries": {}}"#;
        assert_eq!(Base::decode(older, &hasher()).unwrap(), Base::default());
    }
}
