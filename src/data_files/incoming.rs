//! A data file that comes in parts, so that a large one never exists twice.

use super::items::{Items, Piece};
use super::{Content, DataFile};
use crate::error::Result;
use crate::json;
use crate::json::scan::{self, Keys, Place};

/// How much text is looked through at once, in bytes.
const PIECE: usize = 1 << 20;

const BYTE_ORDER_MARK: char = '\u{feff}';

/// How many bytes of a character can be missing.
const CUT: usize = 3;

/// A data file while it comes. Its parts may end anywhere, even within a character.
#[derive(Debug)]
pub struct Incoming {
    path: String,
    /// The items that are whole, with everything between them.
    items: Items,
    /// Where the rest begins.
    place: Place,
    /// The text behind the items.
    rest: String,
    /// How long the rest has to be before it is looked through again.
    enough: usize,
    /// What is not text yet: the beginning of a character. If there is more, it will not become text.
    bytes: Vec<u8>,
}

impl Incoming {
    /// The file `path`, of which nothing came so far.
    pub fn new(path: &str) -> Self {
        Self {
            path: path.to_owned(),
            items: Items::default(),
            place: Place::default(),
            rest: String::new(),
            enough: PIECE,
            bytes: Vec::new(),
        }
    }

    /// Takes the next part.
    pub fn add(&mut self, part: &[u8]) {
        for part in part.chunks(PIECE) {
            self.add_text(part);
            if self.rest.len() >= self.enough {
                self.take_items();
            }
        }
    }

    fn add_text(&mut self, part: &[u8]) {
        let is_broken = self.bytes.len() > CUT;
        self.bytes.extend_from_slice(if is_broken || !self.bytes.is_empty() { part } else { &[] });
        if is_broken {
            return;
        }
        let joined = std::mem::take(&mut self.bytes);
        let part = if joined.is_empty() { part } else { &joined };
        match core::str::from_utf8(part) {
            Ok(text) => self.rest.push_str(text),
            Err(error) => {
                let (text, bytes) = part.split_at(error.valid_up_to());
                self.rest.push_str(core::str::from_utf8(text).unwrap_or_default());
                self.bytes = bytes.to_vec();
            }
        }
    }

    /// Moves the items that are whole by now out of the rest.
    fn take_items(&mut self) {
        if let (Place::Start, Some(text)) = (self.place, self.rest.strip_prefix(BYTE_ORDER_MARK)) {
            self.rest = text.to_owned();
        }
        let mut ranges = Vec::new();
        let (end, place) =
            scan::whole_items(&self.rest, Keys::Unique, self.place, |start, item| {
                ranges.push((start as u32, item.len() as u32));
            });
        self.enough = PIECE.max(if end == 0 { 2 * self.rest.len() } else { 0 });
        if end > 0 {
            let rest = self.rest.split_off(end);
            let mut text = std::mem::replace(&mut self.rest, rest);
            text.shrink_to_fit();
            self.items.push(Piece::new(text, ranges));
            self.place = place;
        }
    }

    /// The file, once all of it came. Fails as [`json::parse`] does.
    pub fn end(mut self) -> Result<DataFile> {
        self.take_items();
        let is_space = |byte: u8| matches!(byte, b' ' | b'\n' | b'\r' | b'\t');
        let is_array = self.place == Place::End && self.rest.bytes().all(is_space);
        let content = match is_array && self.bytes.is_empty() {
            true => Content::Rows(self.items),
            false => Content::of(json::parse(&self.whole(), &self.path)?),
        };
        Ok(DataFile { path: self.path, content })
    }

    /// All of the file, for what only that can tell, such as the line of a mistake.
    fn whole(&self) -> Vec<u8> {
        let pieces = self.items.pieces().iter().map(Piece::text).chain([self.rest.as_str()]);
        let bytes = pieces.map(str::as_bytes).chain([self.bytes.as_slice()]);
        bytes.collect::<Vec<_>>().concat()
    }
}

#[cfg(test)]
mod tests {
    use super::super::assemble;
    use super::*;
    use crate::error::Error;

    fn read(parts: &[&[u8]]) -> Result<DataFile> {
        let mut file = Incoming::new("data/posts.json");
        parts.iter().for_each(|part| file.add(part));
        file.end()
    }

    fn rows(parts: &[&[u8]]) -> String {
        let (rows, found) = assemble(vec![read(parts).unwrap()]);
        assert_eq!(found, []);
        rows.to_json(0, usize::MAX)
    }

    fn problem(parts: &[&[u8]]) -> Error {
        read(parts).unwrap_err()
    }

    #[test]
    fn parts_may_end_anywhere() {
        let text =
            "\u{feff}[\n  {\"id\": 1, \"a\": \"ä😀\\n\"} ,\r\n{\"b\": [12, {}]}\n]\n".as_bytes();
        let expected = "[{\"id\": 1, \"a\": \"ä😀\\n\"},{\"b\": [12, {}]}]";
        for at in 0..=text.len() {
            let (before, behind) = text.split_at(at);
            assert_eq!(rows(&[before, behind]), expected, "cut at {at}");
        }
        let each: Vec<&[u8]> = text.chunks(1).collect();
        assert_eq!(rows(&each), expected);
    }

    #[test]
    fn many_pieces_are_one_array() {
        let row = |index: usize| format!("{{\"id\":{index},\"text\":\"{}\"}}", "é".repeat(40_000));
        let all: Vec<String> = (0..50).map(row).collect();
        let text = format!("[{}]", all.join(","));
        assert!(text.len() > 3 * PIECE);
        assert_eq!(rows(&[text.as_bytes()]), text);
        let parts: Vec<&[u8]> = text.as_bytes().chunks(70_001).collect();
        assert_eq!(rows(&parts), text);
    }

    #[test]
    fn a_row_may_be_larger_than_a_piece() {
        let text = format!("[{{\"id\":1,\"text\":\"{}\"}},{{\"id\":2}}]", "x".repeat(5 * PIECE));
        assert_eq!(rows(&[text.as_bytes()]), text);
    }

    #[test]
    fn a_file_may_hold_one_row_or_none() {
        assert_eq!(rows(&[b"{\"id\"", b":1}"]), "[{\"id\":1}]");
        assert_eq!(rows(&[b"[", b"", b"]"]), "[]");
    }

    #[test]
    fn mistakes_are_where_they_stand_in_the_file() {
        let long = format!("[\n{{\"a\":\"{}\"}},\n", "x".repeat(2 * PIECE));
        let place = |end: &str| problem(&[long.as_bytes(), end.as_bytes()]).path.unwrap();
        assert_eq!(place("{\"b\":}]"), "data/posts.json:3:6");
        assert_eq!(place("{\"b\":1}"), "data/posts.json:3:7");
        assert_eq!(place("{\"b\":1}] x"), "data/posts.json:3:10");
        assert_eq!(place("<<<<<<< HEAD\n{}]"), "data/posts.json:3:1");
        assert_eq!(place("{\"b\":1,\n\"b\":2}]"), "data/posts.json:4:3");
    }

    #[test]
    fn what_is_not_utf8_is_refused_where_it_stands() {
        for parts in
            [&[&b"[\n{\"a\":\"\xff\"}]"[..]][..], &[b"[\n{\"a\":\"\xff", b"\"}]", b" ", b" "]]
        {
            let error = problem(parts);
            assert_eq!(error.path.unwrap(), "data/posts.json:2:7");
            assert!(error.message.contains("UTF-8"), "{}", error.message);
        }
        assert!(problem(&[b"[]\xc3"]).message.contains("UTF-8"));
    }

    #[test]
    fn nothing_is_no_file() {
        assert!(problem(&[]).message.contains("is empty"));
    }
}
