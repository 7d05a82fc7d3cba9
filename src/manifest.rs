//! The manifest `hash.txt`: one SHA-256 per file, in the format of `sha256sum`.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::json::conflict_line;

/// The manifest's path in the folder.
const PATH: &str = "hash.txt";

/// What a check of the folder against its manifest found. Every list is sorted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verified {
    /// [`root`] of the files that the manifest lists; of the files on disk for a legacy one.
    pub root: String,
    /// Whether the manifest has the older form `hash@timestamp`, which lists no files.
    pub legacy: bool,
    /// Listed, but not on disk.
    pub missing: Vec<String>,
    /// Listed with another hash.
    pub changed: Vec<String>,
    /// On disk, not listed, and a loaded entry would read it.
    pub unlisted: Vec<String>,
    /// On disk, not listed, and nobody reads it.
    pub ignored: Vec<String>,
}

/// SHA-256 over parts that follow each other.
#[derive(Debug, Default)]
pub struct Hashing(Sha256);

impl Hashing {
    /// Adds the next part.
    pub fn add(&mut self, part: &str) {
        self.0.update(part.as_bytes());
    }

    /// The hash of all parts in hex.
    pub fn hex(self) -> String {
        hex(&self.0.finalize())
    }
}

/// The SHA-256 of `bytes` in hex.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// The SHA-256 (hex) over named parts, each framed by its length, so that `ab` + `c` is not
/// `a` + `bc`.
pub fn framed(parts: &[(&str, &[u8])]) -> String {
    let mut hash = Sha256::new();
    for piece in parts.iter().flat_map(|(name, bytes)| [name.as_bytes(), bytes]) {
        hash.update((piece.len() as u64).to_le_bytes());
        hash.update(piece);
    }
    hex(&hash.finalize())
}

/// One hash (hex) for a set of files given as path to SHA-256.
pub fn root(files: &BTreeMap<String, String>) -> String {
    let parts: Vec<_> = files.iter().map(|(path, hash)| (path.as_str(), hash.as_bytes())).collect();
    framed(&parts)
}

/// The text of the manifest for files given as path to SHA-256: what `sha256sum` prints for them,
/// sorted by path.
pub fn text(files: &BTreeMap<String, String>) -> String {
    files.iter().map(|(path, hash)| line(path, hash)).collect()
}

/// Compares the manifest `text` with `files` (path to SHA-256, all that are on disk). `owned` names
/// the files that a loaded entry would read.
///
/// Fails with `CONFLICT_MARKER` or `MANIFEST_INVALID` where the text itself is broken.
pub fn verify(text: &str, files: &BTreeMap<String, String>, owned: &[String]) -> Result<Verified> {
    if is_legacy(text) {
        return Ok(Verified { root: root(files), legacy: true, ..Verified::default() });
    }
    let listed = parse(text)?;
    let owned: BTreeSet<&String> = owned.iter().collect();
    let (unlisted, ignored) = files
        .keys()
        .filter(|path| !listed.contains_key(*path))
        .cloned()
        .partition(|path| owned.contains(path));
    let missing = |path: &&String| !files.contains_key(*path);
    let changed =
        |(path, hash): &(&String, &String)| files.get(*path).is_some_and(|now| now != *hash);
    Ok(Verified {
        root: root(&listed),
        legacy: false,
        missing: listed.keys().filter(missing).cloned().collect(),
        changed: listed.iter().filter(changed).map(|(path, _)| path.clone()).collect(),
        unlisted,
        ignored,
    })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// `sha256sum` marks a line whose name is escaped by a backslash in front.
fn line(path: &str, hash: &str) -> String {
    let escaped = path.replace('\\', "\\\\").replace('\n', "\\n").replace('\r', "\\r");
    let mark = if escaped == path { "" } else { "\\" };
    format!("{mark}{hash}  {escaped}\n")
}

/// The community extension wrote `<hash>@<UTC time>` and nothing else, with a blank or a `T` inside the
/// time.
fn is_legacy(text: &str) -> bool {
    let text = text.trim();
    let parts = text.split_once('@').filter(|_| !text.contains('\n'));
    parts.is_some_and(|(hash, time)| {
        let is_hash = !hash.is_empty() && hash.bytes().all(|byte| byte.is_ascii_alphanumeric());
        is_hash && time.starts_with(|first: char| first.is_ascii_digit())
    })
}

fn parse(text: &str) -> Result<BTreeMap<String, String>> {
    if let Some(line) = conflict_line(text) {
        let message = "hash.txt holds a merge conflict of git. Resolve the conflicts in the data \
                       files, then run `schema-sync hash`.";
        return Err(Error::at("CONFLICT_MARKER", message, format!("{PATH}:{line}:1")));
    }
    let mut listed = BTreeMap::new();
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let place = format!("{PATH}:{}", index + 1);
        let (path, hash) = parse_line(line).ok_or_else(|| unreadable(&place))?;
        if listed.insert(path.clone(), hash.clone()).is_some_and(|other| other != hash) {
            return Err(listed_twice(&path, &place));
        }
    }
    Ok(listed)
}

/// Path and hash of `<hash>  <path>`, or of the `*` form that `sha256sum --binary` writes.
fn parse_line(line: &str) -> Option<(String, String)> {
    let (escaped, line) = match line.strip_prefix('\\') {
        Some(rest) => (true, rest),
        None => (false, line),
    };
    let (hash, rest) = line.split_at_checked(64)?;
    let path = rest.strip_prefix("  ").or_else(|| rest.strip_prefix(" *"))?;
    let is_hash = hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    let path = if escaped { unescape(path) } else { path.to_owned() };
    (is_hash && !path.is_empty()).then(|| (path, hash.to_lowercase()))
}

fn unescape(path: &str) -> String {
    let mut plain = String::with_capacity(path.len());
    let mut chars = path.chars();
    while let Some(char) = chars.next() {
        match (char, (char == '\\').then(|| chars.next()).flatten()) {
            ('\\', Some('n')) => plain.push('\n'),
            ('\\', Some('r')) => plain.push('\r'),
            ('\\', Some(other)) => plain.push(other),
            (other, _) => plain.push(other),
        }
    }
    plain
}

fn unreadable(place: &str) -> Error {
    let message = "A line of hash.txt is not `<sha256>  <path>`. Run `schema-sync hash` to write the \
                   manifest anew.";
    Error::at("MANIFEST_INVALID", message, place)
}

fn listed_twice(path: &str, place: &str) -> Error {
    let message = format!(
        "hash.txt lists {path} twice with different hashes, as a merge can leave it. Run \
         `schema-sync hash` to write the manifest anew."
    );
    Error::at("MANIFEST_INVALID", message, place)
}
