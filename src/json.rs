//! Canonical JSON: one text for one value, on every machine.
//!
//! Keys are sorted by code point, lines end with LF, numbers look as ECMAScript prints them. Integers
//! keep all their digits, however long they are.

mod duplicates;
pub(crate) mod number;
pub mod pretty;
pub mod scan;

use std::io::{self, Write};

use serde::Serialize;
use serde_json::error::Category;
use serde_json::ser::{Formatter, PrettyFormatter, Serializer};
use serde_json::{Number, Value};

use crate::error::{Error, Result};

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// What git writes at the start of a line where it could not merge.
const CONFLICT_MARKERS: &[&str] = &["<<<<<<<", "|||||||", "=======", ">>>>>>>"];

/// Reads the JSON file `path`; a byte order mark and CRLF are tolerated.
///
/// Fails with `CONFLICT_MARKER` where git left one, else with `JSON_INVALID`; the error's path holds
/// line and column, as in `data/posts.json:12:3`.
pub fn parse(bytes: &[u8], path: &str) -> Result<Value> {
    let bytes = without_mark(bytes);
    let text = core::str::from_utf8(bytes).map_err(|cause| not_utf8(bytes, &cause, path))?;
    duplicates::check(text)
        .and_then(|()| serde_json::from_str(text))
        .map_err(|cause| not_json(text, &cause, path))
}

/// What stands behind a byte order mark.
pub fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes)
}

/// The canonical text of a file: two spaces per level and a final newline.
pub fn to_text(value: &Value) -> String {
    let mut text = write(value, Pretty(PrettyFormatter::with_indent(b"  ")), 0);
    text.push('\n');
    text
}

/// The canonical text without white space, for hashing and comparing. Of anything else than a value or a
/// map of values the keys have to be in order already.
pub fn to_compact<T: Serialize + ?Sized>(value: &T) -> String {
    to_compact_within(0, value)
}

/// The same, where the text is expected to have no more than `room` bytes.
pub fn to_compact_within<T: Serialize + ?Sized>(room: usize, value: &T) -> String {
    write(value, Compact, room)
}

/// A number as ECMAScript prints it (`1.0` is `1`, `-0` is `0`, `1e21` is `1e+21`), except that a
/// number written as an integer keeps all its digits.
pub fn number_text(number: &Number) -> String {
    canonical_number(number.as_str())
}

/// The line (from 1) of the first conflict marker of git in `text`.
pub fn conflict_line(text: &str) -> Option<usize> {
    let marked = |line: &str| CONFLICT_MARKERS.iter().any(|marker| line.starts_with(marker));
    text.lines().position(marked).map(|index| index + 1)
}

fn canonical_number(text: &str) -> String {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return if digits == "0" { digits.into() } else { text.into() };
    }
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() => ryu_js::Buffer::new().format_finite(number).into(),
        // Beyond the range of a double there is no ECMAScript form, so the text stands for itself.
        _ => text.into(),
    }
}

fn write<T: Serialize + ?Sized>(value: &T, formatter: impl Formatter, room: usize) -> String {
    let mut bytes = Vec::with_capacity(room);
    let written = value.serialize(&mut Serializer::with_formatter(&mut bytes, formatter));
    debug_assert!(written.is_ok(), "writing JSON to memory cannot fail");
    String::from_utf8(bytes).unwrap_or_default()
}

/// Writes no white space.
struct Compact;

impl Formatter for Compact {
    fn write_number_str<W: ?Sized + Write>(&mut self, out: &mut W, text: &str) -> io::Result<()> {
        out.write_all(canonical_number(text).as_bytes())
    }
}

/// Writes one value per line, indented by two spaces per level.
struct Pretty(PrettyFormatter<'static>);

impl Formatter for Pretty {
    fn write_number_str<W: ?Sized + Write>(&mut self, out: &mut W, text: &str) -> io::Result<()> {
        Compact.write_number_str(out, text)
    }

    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_array(out)
    }

    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array(out)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(out, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array_value(out)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object(out)
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object(out)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(out, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object_value(out)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object_value(out)
    }
}

fn not_utf8(bytes: &[u8], cause: &core::str::Utf8Error, path: &str) -> Error {
    let valid = bytes.get(..cause.valid_up_to()).unwrap_or_default();
    let line = valid.iter().filter(|byte| **byte == b'\n').count() + 1;
    let column = valid.iter().rev().take_while(|byte| **byte != b'\n').count() + 1;
    let message = format!("{path} is not UTF-8. Save it in that encoding.");
    Error::at("JSON_INVALID", message, format!("{path}:{line}:{column}"))
}

fn not_json(text: &str, cause: &serde_json::Error, path: &str) -> Error {
    if text.trim().is_empty() {
        let message = format!("{path} is empty. Restore it, or export again.");
        return Error::at("JSON_INVALID", message, path);
    }
    match conflict_line(text) {
        Some(line) => conflict(path, line),
        None => {
            // The column is 0 where a line ended before anything was read from it.
            let place = format!("{path}:{}:{}", cause.line(), cause.column().max(1));
            Error::at("JSON_INVALID", explain(cause, path), place)
        }
    }
}

fn conflict(path: &str, line: usize) -> Error {
    let message =
        format!("{path} holds a merge conflict of git. Resolve it, then run `schema-sync hash`.");
    Error::at("CONFLICT_MARKER", message, format!("{path}:{line}:1"))
}

fn explain(cause: &serde_json::Error, path: &str) -> String {
    let place = format!(" at line {} column {}", cause.line(), cause.column());
    let reason = cause.to_string().replace(&place, "");
    if reason.contains("surrogate") || reason.contains("hex escape") {
        return format!(
            "{path} holds half of a character: a `\\u` escape of a surrogate pair without its other \
             half. Write the whole character."
        );
    }
    match cause.classify() {
        Category::Eof => format!("{path} ends too early ({reason}). Restore the rest of it."),
        _ => format!("{path} is not valid JSON: {reason}. Correct it there."),
    }
}
