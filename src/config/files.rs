//! Which file of the folder belongs to which entry.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Config, Entry};

/// The data files of a folder by what reads them. Every list is sorted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryFiles {
    /// `data/schema.json` and `data/schema/*.json`.
    pub schema: Vec<String>,
    /// The files of each entry, by its id; entries without files are not named.
    pub entries: BTreeMap<String, Vec<String>>,
    /// JSON under `data/` that no entry of the config reads.
    pub unowned: Vec<String>,
}

/// Sorts `paths` (relative to the folder, with `/`) to what reads them. Paths that are not JSON under
/// `data/` are left out, and so are `data/files/`, where the binaries of synced files stand.
///
/// An entry's file is `data/<id>.json`, its groups are `data/<id>/<group>.json`. Folders of the
/// community extension hold groups as `data/<collection>/<prefix>_<group>.json`, with `_` for no
/// prefix.
pub fn entry_files(config: &Config, paths: &[String]) -> EntryFiles {
    let names: BTreeSet<Name<'_>> = paths.iter().filter_map(|path| Name::of(path)).collect();
    let owners = Owners::new(&config.entries, &names);
    let mut files = EntryFiles::default();
    for name in names {
        match owners.of(&name) {
            _ if name.is_schema() => files.schema.push(name.path.into()),
            Some(id) => files.entries.entry(id.into()).or_default().push(name.path.into()),
            None => files.unowned.push(name.path.into()),
        }
    }
    files
}

/// A JSON file under `data/`: `data/<stem>.json` or `data/<folder>/<stem>.json`.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Name<'a> {
    path: &'a str,
    folder: Option<&'a str>,
    stem: &'a str,
}

impl<'a> Name<'a> {
    fn of(path: &'a str) -> Option<Self> {
        let inside = path.strip_prefix("data/")?.strip_suffix(".json")?;
        let (folder, stem) = match inside.split_once('/') {
            Some((folder, stem)) => (Some(folder), stem),
            None => (None, inside),
        };
        (folder != Some("files")).then_some(Self { path, folder, stem })
    }

    fn is_schema(&self) -> bool {
        let single = self.folder.is_none() && self.stem == "schema";
        single || (self.folder == Some("schema") && !self.is_nested())
    }

    /// Whether it lies deeper than any file that we write.
    fn is_nested(&self) -> bool {
        self.stem.contains('/')
    }
}

struct Owners<'a> {
    entries: &'a [Entry],
    /// Folders under `data/` that hold JSON.
    folders: BTreeSet<&'a str>,
}

impl<'a> Owners<'a> {
    fn new(entries: &'a [Entry], names: &BTreeSet<Name<'a>>) -> Self {
        Self { entries, folders: names.iter().filter_map(|name| name.folder).collect() }
    }

    /// The id of the entry that reads the file.
    fn of(&self, name: &Name<'_>) -> Option<&'a str> {
        if name.is_nested() {
            return None;
        }
        match name.folder {
            None => self.by_name(name.stem),
            Some(folder) => self.by_legacy_group(folder, name.stem).or_else(|| self.by_id(folder)),
        }
    }

    fn by_id(&self, id: &str) -> Option<&'a str> {
        self.entries.iter().map(|entry| entry.id.as_str()).find(|known| *known == id)
    }

    /// By id, else by the plain name that other tools give where ours has a hash behind it.
    fn by_name(&self, stem: &str) -> Option<&'a str> {
        let exact = || self.entries.iter().find(|entry| entry.exact_id() == stem);
        self.by_id(stem).or_else(|| exact().map(|entry| entry.id.as_str()))
    }

    /// By prefix, in the folder that all entries of a collection share; the longest prefix wins. An
    /// entry with a folder of its own has no groups in the shared one.
    fn by_legacy_group(&self, folder: &str, stem: &str) -> Option<&'a str> {
        self.entries
            .iter()
            .filter(|entry| entry.collection == folder && stem.starts_with(&legacy_start(entry)))
            .filter(|entry| entry.id == folder || !self.folders.contains(entry.id.as_str()))
            .max_by_key(|entry| entry.prefix.len())
            .map(|entry| entry.id.as_str())
    }
}

/// What the community extension puts before a group's name.
fn legacy_start(entry: &Entry) -> String {
    let prefix = if entry.prefix.is_empty() { "_" } else { &entry.prefix };
    format!("{prefix}_")
}
