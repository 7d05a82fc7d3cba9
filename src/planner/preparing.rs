//! Rows of the files on their way to records in database form.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::rc::Rc;

use serde_json::Value;

use crate::data_files::{Origin, Piece};
use crate::error::Diagnostic;
use crate::identity::{self, Identity};
use crate::record::{Column, Columns, Record, Slots, Tokens, write};
use crate::rows;
use crate::value::Form;

use super::agreement::Agreement;
use super::check::{self, UnknownFields};
use super::entry::{Desired, EntryRows, Index};
use super::environment::{self, Obstacles, Taken};

/// Ids of the Administrator on their way to those of the target.
#[derive(Debug, Default)]
pub struct Mapping {
    /// The mapping.
    pub identity: Identity,
    /// Whether fixed ids may stay.
    pub is_partial: bool,
    /// The fixed ids that the target has nothing for, each with a place where it stands.
    pub unmapped: Vec<(&'static str, String)>,
}

/// What is known of the rows of an entry while they are prepared.
struct Preparing<'a> {
    /// What `getKey` gave.
    keys: Option<&'a [Value]>,
    mapping: &'a mut Mapping,
    /// How many rows came so far.
    number: usize,
    /// The record of the last row.
    text: String,
    unknown: UnknownFields,
    obstacles: Obstacles,
    misplaced: Vec<Diagnostic>,
    without_key: Vec<Diagnostic>,
}

impl<'a> Preparing<'a> {
    fn new(keys: Option<&'a [Value]>, mapping: &'a mut Mapping) -> Self {
        Self {
            keys,
            mapping,
            number: 0,
            text: String::new(),
            unknown: UnknownFields::default(),
            obstacles: Obstacles::new(),
            misplaced: Vec::new(),
            without_key: Vec::new(),
        }
    }

    /// Takes the rows of a piece, whose first item stands at `first`.
    fn take(&mut self, entry: &mut EntryRows, first: Origin, piece: &Piece) {
        let mut slots = Slots::of(&entry.columns);
        for (origin, text) in piece.rows(first) {
            let origin = entry.origin(self.number, origin);
            let news = entry.read(text, &mut slots, origin, &mut self.unknown);
            self.add(entry, &slots, origin, news);
            self.number += 1;
        }
    }

    fn add(&mut self, entry: &mut EntryRows, slots: &Slots<'_>, origin: Origin, news: bool) {
        let index = entry.index_of(self.number);
        let given = self.keys.and_then(|keys| keys.get(self.number));
        let taken = match entry.has_placeholders {
            true => entry.take(slots, &self.mapping.identity, origin, &mut self.obstacles),
            false => Taken::default(),
        };
        entry.write_record(&mut self.text, slots, origin, self.mapping, &taken.tokens);
        self.misplaced.extend(entry.show(index, taken, origin));
        let row = Tokens(&self.text);
        match entry.key_of(row, given) {
            Some(key) => entry.add_desired(row, &key, origin, index, news),
            None => self.without_key.push(check::no_key(&entry.entry, entry.place(origin))),
        }
    }
}

impl EntryRows {
    /// Brings the rows into database form, once. `keys` are those that `getKey` gave.
    pub fn prepare(&mut self, keys: Option<&[Value]>, mapping: &mut Mapping) -> Vec<Diagnostic> {
        if std::mem::replace(&mut self.prepared, true) {
            return Vec::new();
        }
        self.admit_withheld();
        self.settle_columns();
        let raw = self.raw.take();
        self.desired.reserve_exact(raw.len());
        let mut preparing = Preparing::new(keys, mapping);
        // Each piece is let go before the next one is looked at, whose records take its place.
        for (first, piece) in raw.into_pieces() {
            preparing.take(self, first, &piece);
        }
        let mut found = preparing.unknown.found;
        found.extend(preparing.misplaced);
        found.extend(environment::diagnostics(&preparing.obstacles).filter(|_| !self.exports));
        found.extend(preparing.without_key);
        self.index = Index::of(&self.desired);
        found.extend(check::repeated_keys(self));
        self.agree();
        found
    }

    /// Names the columns: everything that is compared, identifies a row, or was agreed on.
    fn settle_columns(&mut self) {
        let read = rows::columns(&self.entry);
        let before = self.agreement.iter().flat_map(Agreement::names);
        let mut names: Vec<&str> = read.iter().copied().chain(before).collect();
        names.sort_unstable();
        names.dedup();
        let column = |name: &str| Column {
            name: name.to_owned(),
            form: Form::of(self.facts.fields.get(name)),
            admin: self.places.place(name),
            is_own: self.entry.fields.iter().any(|field| field == name),
            is_read: read.contains(name),
            is_known: self.is_known(name),
            links: self.links(name),
            is_withheld: self.entry.withheld.iter().any(|field| field == name),
        };
        self.columns = Rc::new(Columns::new(names.into_iter().map(column).collect()));
        let default = |column: &Column| rows::text(&self.default_of(&column.name));
        let defaults = self.columns.iter().map(|column| column.is_own.then(|| default(column)));
        self.defaults = Record::of(defaults);
        if let Some(agreement) = &mut self.agreement {
            agreement.set_columns(&self.columns);
        }
    }

    fn origin(&self, number: usize, origin: Origin) -> Origin {
        let Some(returned) = &self.returned else { return origin };
        let index = self.index_of(number);
        returned.origins.get(index).copied().unwrap_or_else(|| Origin::made(index))
    }

    fn index_of(&self, number: usize) -> usize {
        let returned = self.returned.as_ref();
        returned.and_then(|returned| returned.indexes.get(number)).copied().unwrap_or(number)
    }

    /// Reads a row of the files, and says whether it has news.
    fn read<'a>(
        &self,
        text: &'a str,
        slots: &mut Slots<'a>,
        origin: Origin,
        unknown: &mut UnknownFields,
    ) -> bool {
        let mut news = false;
        let mut take = |name: &str, token: &str| match self.exports {
            _ if self.held_back.contains(name) || self.is_known(name) => {}
            true => news |= token != "null" && self.is_news(name),
            false => unknown.add(self, name, token, origin),
        };
        let read = slots.read(&self.columns, text, &mut take);
        debug_assert!(read.is_some(), "a row of a file was checked before");
        for (place, column) in self.columns.iter().enumerate().filter(|(_, it)| !it.is_known) {
            slots.get(place).into_iter().for_each(|token| take(&column.name, token));
        }
        news
    }

    /// Writes the record of a row of the files, with the columns of its key. `taken` is what it takes
    /// from the environment.
    fn write_record(
        &self,
        text: &mut String,
        slots: &Slots<'_>,
        origin: Origin,
        mapping: &mut Mapping,
        taken: &BTreeMap<usize, String>,
    ) {
        let tokens = slots.by_column(&self.columns).zip(0..).map(|((column, token), place)| {
            let token = match taken.get(&place) {
                Some(taken) => Some(taken.as_str()),
                None => token.filter(|_| !column.is_withheld),
            };
            let token = token.filter(|_| column.is_read)?;
            let Some(place) = column.admin else { return Some(self.token(column, token, slots)) };
            let mapped = mapping.identity.map_token(place, token);
            if mapping.is_partial {
                let left = identity::unmapped_in(place, mapped.as_deref().unwrap_or(token));
                mapping.unmapped.extend(left.into_iter().map(|id| (id, self.place(origin))));
            }
            Some(match mapped {
                Some(mapped) => self.token(column, &mapped, slots).into_owned().into(),
                None => self.token(column, token, slots),
            })
        });
        write(text, tokens);
    }

    /// The canonical text of a value of the files.
    fn token<'a>(&self, column: &Column, token: &'a str, slots: &Slots<'_>) -> Cow<'a, str> {
        match self.by_key.iter().find(|field| field.reference.field == column.name) {
            None => column.form.token(token),
            Some(field) => {
                let get = |name: &str| slots.get(self.columns.place(name)?);
                field.token(&self.naming, token, get)
            }
        }
    }

    fn add_desired(
        &mut self,
        row: Tokens<'_>,
        key: &str,
        origin: Origin,
        index: usize,
        news: bool,
    ) {
        let (record, key) = (self.own(row), Rc::from(key));
        self.desired.push(Desired { record, key, origin, index, news, ..Desired::default() });
    }

    /// Without the columns that only make up the key.
    fn own(&self, row: Tokens<'_>) -> Record {
        if self.columns.iter().all(|column| column.is_own || !column.is_read) {
            return row.to_record();
        }
        let tokens = self.columns.iter().zip(row.iter());
        Record::of(tokens.map(|(column, token)| token.filter(|_| column.is_own)))
    }
}
