//! One entry of the config: its collection, key, fields and query, checked against the instance.

use std::collections::BTreeSet;

use serde_json::Value;

use super::collection::known_collection;
use super::fields::{Fields, Stays};
use super::options::{self, Options};
use super::query;
use super::suggest::did_you_mean;
use super::{Declared, Entry};
use crate::error::Diagnostic;
use crate::model::{CollectionFacts, Effects, Facts};
use crate::system::{self, SystemCollection};

/// Evaluates one entry; `None` when there is no such collection to sync. `synced` names the collections of
/// Directus that the config has entries for.
pub fn evaluate(
    declared: &Declared<'_>,
    facts: &Facts,
    synced: &BTreeSet<&str>,
    report: &mut Vec<Diagnostic>,
) -> Option<Entry> {
    let options = options::read(declared.collection, declared.options, &declared.place, report);
    let collection = match known_collection(declared, facts) {
        Ok(collection) => collection,
        Err(problem) => {
            report.push(problem);
            return None;
        }
    };
    let mut check = Check { declared, collection, options: &options, report };
    Some(check.entry(facts, synced))
}

/// What is needed to check the options of one entry, and where problems go.
pub(super) struct Check<'a> {
    pub(super) declared: &'a Declared<'a>,
    collection: &'a CollectionFacts,
    pub(super) options: &'a Options,
    report: &'a mut Vec<Diagnostic>,
}

impl Check<'_> {
    fn entry(&mut self, facts: &Facts, synced: &BTreeSet<&str>) -> Entry {
        let system = system::of(self.declared.collection);
        let singleton = self.collection.singleton || system.is_some_and(|system| system.singleton);
        let key = self.key(system, singleton);
        let fields = Fields::new(
            (self.declared.collection, self.collection),
            facts,
            system,
            &self.options.exclude_fields,
            &key,
            synced,
        )
        .with_contents(self.options.files)
        .with_hashes(self.options.passwords);
        self.check_key(&key, &fields);
        self.check_fields(&fields, singleton);
        self.check_environment(&key, &fields);
        self.check_query(facts);
        let filter = match singleton {
            true => Value::Null,
            false => query::filter(&self.options.filter, system),
        };
        Entry {
            fields: fields.travelling(),
            withheld: fields.withheld(),
            primary_key: self.collection.primary.clone(),
            key,
            key_function: self.options.get_key && !singleton,
            multiset: system.is_some_and(|system| system.multiset),
            singleton,
            deletes: !singleton && self.deletes(&filter),
            filter,
            ..self.as_given()
        }
    }

    /// What the entry takes from its options as they are. The id comes once all entries are known.
    fn as_given(&self) -> Entry {
        Entry {
            collection: self.declared.collection.into(),
            prefix: self.options.prefix.clone(),
            place: self.declared.place.clone(),
            source: self.declared.source,
            group_by: self.options.group_by.clone(),
            sort: self.options.sort.clone(),
            limit: self.options.limit,
            mode: self.options.mode,
            on_drift: self.options.on_drift,
            on_missing: self.options.on_missing.unwrap_or_default(),
            on_export: self.options.on_export,
            on_import: self.options.on_import,
            watch: self.options.watch.clone(),
            admin: self.options.admin.clone(),
            effects: self.effects(),
            env: self.options.env.clone(),
            password_hashes: self.options.passwords,
            ..Entry::default()
        }
    }

    fn effects(&self) -> Effects {
        let Options { emit_events, track, files, .. } = *self.options;
        Effects { emit_events, track, files }
    }

    /// The fields of the key: those of the config, else none where a function gives it, else the
    /// natural key that is known of a system collection, else the primary key.
    fn key(&self, system: Option<&SystemCollection>, singleton: bool) -> Vec<String> {
        match (&self.options.key, system) {
            _ if singleton => Vec::new(),
            (Some(key), _) => key.clone(),
            (None, _) if self.options.get_key => Vec::new(),
            (None, Some(system)) => system.key.iter().map(|field| String::from(*field)).collect(),
            (None, None) => vec![self.collection.primary.clone()],
        }
    }

    fn check_key(&mut self, key: &[String], fields: &Fields<'_>) {
        if self.options.key.is_some() && self.options.get_key {
            self.error("CONFIG_KEY_INVALID", "key", "Give `key` or `getKey`, not both.".into());
        }
        if self.options.key.as_ref().is_some_and(Vec::is_empty) {
            let message = "`key` names no field. Name the fields that identify a row.".into();
            self.error("CONFIG_KEY_INVALID", "key", message);
        }
        self.check_key_of_contents(key);
        for field in key {
            match fields.stays(field) {
                Some(_) if !self.exists("key", field) => {}
                Some(stays) => self.key_stays(field, stays),
                None => {}
            }
        }
    }

    fn check_key_of_contents(&mut self, key: &[String]) {
        let is_by_id = matches!(key, [only] if *only == self.collection.primary);
        if self.options.files && self.declared.collection == system::FILES && !is_by_id {
            let message = "With `files: true` rows are known by their id, which the contents are named after. \
                           Remove `key` and `getKey`.";
            self.error("CONFIG_KEY_INVALID", "key", message.into());
        }
    }

    fn key_stays(&mut self, field: &str, stays: Stays) {
        let message = if *field == self.collection.primary && self.options.key.is_none() {
            format!(
                "The primary key \"{field}\" {}, so rows have no key. Give `key: ['…']` or `getKey`, or \
                 leave it in.",
                stays.reason()
            )
        } else {
            format!("\"{field}\" is part of the key and {}. Use another field.", stays.reason())
        };
        self.error("CONFIG_KEY_INVALID", "key", message);
    }

    fn check_fields(&mut self, fields: &Fields<'_>, singleton: bool) {
        self.check_group_by(fields, singleton);
        if system::is_system(self.declared.collection) {
            return;
        }
        self.warn_of_unknown_exclusions();
        self.warn_of_users(&fields.staying(Stays::User));
    }

    /// A filter or sort by a field that does not exist would fail, or select nothing.
    fn check_query(&mut self, facts: &Facts) {
        for field in &self.options.sort {
            self.exists("query.sort", query::sorted_field(field));
        }
        for (collection, field) in
            query::unknown_fields(&self.options.filter, self.declared.collection, facts)
        {
            let message = no_such_field(collection, facts.collections.get(collection), field);
            self.error("CONFIG_UNKNOWN_FIELD", "query.filter", message);
        }
    }

    fn check_group_by(&mut self, fields: &Fields<'_>, singleton: bool) {
        if singleton && !self.options.group_by.is_empty() {
            let message =
                "A singleton has one row, so `groupBy` cannot group it. Remove it.".into();
            self.error("CONFIG_INVALID", "groupBy", message);
        }
        for field in &self.options.group_by {
            let Some(stays) = fields.stays(field) else { continue };
            if self.exists("groupBy", field) {
                let message = format!(
                    "`groupBy` names \"{field}\", which {}. Use another field.",
                    stays.reason()
                );
                self.error("CONFIG_INVALID", "groupBy", message);
            }
        }
    }

    /// Configs of other tools exclude fields of many versions, so an unknown one is no error.
    fn warn_of_unknown_exclusions(&mut self) {
        for field in &self.options.exclude_fields {
            if !self.collection.fields.contains_key(field) {
                let message = format!("{} It excludes nothing.", self.no_such_field(field));
                self.warning("CONFIG_UNKNOWN_FIELD", "excludeFields", message);
            }
        }
    }

    fn warn_of_users(&mut self, fields: &[&str]) {
        if fields.is_empty() {
            return;
        }
        let message = format!(
            "Users are not synced, so these fields of {} stay as they are on each instance: {}. \
             Name them in `excludeFields` to say so yourself, or sync directus_users.",
            self.declared.collection,
            fields.join(", ")
        );
        let warning = Diagnostic::warning("REFERENCE_NOT_SYNCED", message, &self.declared.place);
        self.report.push(warning);
    }

    /// Rows that a moving or limited query does not show may still be wanted.
    fn deletes(&mut self, filter: &Value) -> bool {
        let Some(cause) = query::uncertain(filter, self.options.limit) else { return true };
        let message = format!(
            "Nothing of {} is deleted under any mode, since {cause}: a row that the query does not \
             show may still be wanted.",
            self.declared.collection
        );
        self.warning("DELETION_OFF", "query", message);
        false
    }

    /// Whether the collection has `field`; reports it at `option` where it does not.
    pub(super) fn exists(&mut self, option: &str, field: &str) -> bool {
        let exists = self.collection.fields.contains_key(field);
        if !exists {
            self.error("CONFIG_UNKNOWN_FIELD", option, self.no_such_field(field));
        }
        exists
    }

    fn no_such_field(&self, field: &str) -> String {
        no_such_field(self.declared.collection, Some(self.collection), field)
    }

    fn warning(&mut self, code: &str, option: &str, message: String) {
        let place = format!("{}.{option}", self.declared.place);
        self.report.push(Diagnostic::warning(code, message, place));
    }

    pub(super) fn error(&mut self, code: &str, option: &str, message: String) {
        let place = format!("{}.{option}", self.declared.place);
        self.report.push(Diagnostic::error(code, message, place));
    }
}

fn no_such_field(name: &str, collection: Option<&CollectionFacts>, field: &str) -> String {
    let known = collection.into_iter().flat_map(|facts| facts.fields.keys()).map(String::as_str);
    format!("{name} has no field \"{field}\".{}", did_you_mean(field, known))
}
