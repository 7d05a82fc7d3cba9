//! The base in planning: taken in before the rows, given back as it is once the plan is applied.

use std::collections::BTreeMap;

use crate::base::{Base, Hasher, Things};
use crate::error::{Error, Result};
use crate::merge::OnDrift;
use crate::naming::outside;

use super::Planner;
use super::agreement::Agreement;
use super::changes::Changes;
use super::entry::EntryRows;

/// The base before and after an import.
#[derive(Debug, Default)]
pub struct Bases {
    /// Makes hashes; `None` where nobody keeps a base.
    pub hasher: Option<Hasher>,
    /// What was agreed on.
    pub before: Base,
    /// What the plan leads to, of what it concerns.
    pub after: Base,
    /// Whether there is a plan.
    pub planned: bool,
    /// Whether there is a plan of an export with conflicts.
    pub undecided: bool,
}

/// What happens where the target changed since the base.
#[derive(Debug, Default)]
pub struct Drift {
    /// For everything that says nothing else.
    pub default: OnDrift,
    /// For single entries, before what their config says.
    pub entries: BTreeMap<String, OnDrift>,
}

impl Drift {
    fn of(&self, rows: &EntryRows) -> OnDrift {
        let asked = self.entries.get(&rows.entry.id).copied();
        asked.or(rows.entry.on_drift).unwrap_or(self.default)
    }
}

impl Planner {
    /// Takes what was agreed on, or `None` at a first import, and from now on keeps track of it.
    /// `secret` is the instance's, and keys the hashes. To be called before files and rows.
    ///
    /// Fails with `BASE_INVALID` where the base is damaged or of another secret.
    pub fn set_base(&mut self, secret: &[u8], base: Option<&[u8]>) -> Result<()> {
        let hasher = Hasher::new(secret);
        self.base.before = match base {
            Some(bytes) => Base::decode(bytes, &hasher)?,
            None => Base::default(),
        };
        self.base.hasher = Some(hasher);
        self.settle_entries();
        Ok(())
    }

    /// Says what happens where the target changed: `entries` wins over the config, which wins over
    /// `default`. The schema goes by `default`. To be called before files and rows.
    pub fn set_drift(&mut self, default: OnDrift, entries: BTreeMap<String, OnDrift>) {
        self.drift = Drift { default, entries };
        self.settle_entries();
    }

    /// The base as it is once the plan is applied, encoded. What the run did not concern stays in it.
    pub fn base(&self) -> Result<Vec<u8>> {
        let (Some(hasher), true) = (&self.base.hasher, self.base.planned) else {
            let message = "The base is asked for without `setBase` and `plan` before.";
            return Err(Error::new("INTERNAL", message));
        };
        Ok(self.base.before.encode_with(&self.base.after, hasher))
    }

    /// The fields of the target's rows that an entry needs: its own, and those of its base, by the names
    /// that they have on the target.
    pub fn fields_to_read(&mut self, entry: &str) -> Result<Vec<String>> {
        let rows = self.entry(entry)?;
        let before = rows.agreement.iter().flat_map(Agreement::fields_before);
        let fields = rows.entry.fields.iter().chain(before).cloned().collect();
        let collection = rows.entry.collection.clone();
        let mut fields = self.names_on_target(&collection, fields);
        fields.sort();
        fields.dedup();
        Ok(fields)
    }

    /// Tells every entry its mode, and what it is to do about drift and the base.
    pub(super) fn settle_entries(&mut self) {
        let renamed = self.renamed_since();
        for (id, rows) in &mut self.entries {
            rows.mode = self.mode.of_part(rows.entry.mode);
            rows.on_drift = self.drift.of(rows);
            rows.exports = self.exports;
            rows.environment.clone_from(&self.environment);
            let target = self.facts.collections.get(&rows.entry.collection).cloned();
            let target = target.map(|target| outside(target, &rows.entry.by_key));
            rows.agreement = self.base.hasher.as_ref().map(|hasher| {
                let before = self.base.before.entries.get(id);
                Agreement::new(hasher, before, &rows.entry, target.unwrap_or_default(), &renamed)
            });
            if let (true, Some(agreement)) = (self.exports, &mut rows.agreement) {
                agreement.set_exported(&rows.entry);
            }
        }
    }
}

/// The next base of every entry whose files were read.
pub fn entries_after(
    entries: &BTreeMap<String, EntryRows>,
    changes: &Changes<'_>,
) -> BTreeMap<String, Things> {
    let read = entries.iter().filter(|(_, rows)| rows.has_files);
    let next =
        read.filter_map(|(id, rows)| Some((id.clone(), rows.next_base(&changes.kept_others(id))?)));
    next.collect()
}
