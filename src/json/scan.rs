//! JSON that is looked at and not turned into values: the items of an array, the fields of an object.
//!
//! What is accepted here is what `serde_json` and the check for repeated keys accept. What is wrong
//! with another text is for [`super::parse`] to say.

use std::borrow::Cow;

use super::duplicates;
use super::number::{is_short, is_whole};

/// How deep arrays and objects may lie in each other; a little less than for `serde_json`.
const DEPTH: usize = 120;

/// What wants to see rows.
pub trait Rows<'a> {
    /// A field of the row that ends next.
    fn field(&mut self, name: Cow<'a, str>, value: &'a str);
    /// An item of the array, with the place at which it starts. Only objects have had fields.
    fn item(&mut self, start: usize, text: &'a str);
}

/// Whether objects may name a key twice, of which readers keep one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keys {
    /// Nobody may: a merge of two branches can leave such files behind.
    Unique,
    /// Nobody asks: a program wrote them.
    Any,
}

/// Shows every item of an array to `rows`. `None` where `text` is not JSON or no array, or where its
/// keys are not as they should be; items that were found before that were shown.
pub fn rows<'a>(text: &'a str, keys: Keys, rows: &mut impl Rows<'a>) -> Option<()> {
    let mut scanner = Scanner { text, at: 0, checks: true, keys, depth: 1 };
    scanner.list(b'[', b']', |scanner| {
        let start = scanner.at;
        let item = match scanner.peek()? {
            b'{' => scanner.unique_object(&mut |name, value| rows.field(name, value))?,
            _ => scanner.value()?,
        };
        rows.item(start, item);
        Some(())
    })?;
    scanner.end()
}

/// Hands the text of every item of an array to `take`, with the place at which it starts, as [`rows`]
/// does.
pub fn items<'a>(text: &'a str, keys: Keys, take: impl FnMut(usize, &'a str)) -> Option<()> {
    struct Items<F>(F);
    impl<'a, F: FnMut(usize, &'a str)> Rows<'a> for Items<F> {
        fn field(&mut self, _: Cow<'a, str>, _: &'a str) {}

        fn item(&mut self, start: usize, text: &'a str) {
            self.0(start, text);
        }
    }
    rows(text, keys, &mut Items(take))
}

/// A place between the items of an array whose text comes in parts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Place {
    /// Before the array.
    #[default]
    Start,
    /// Before its first item.
    First,
    /// Behind an item.
    Behind,
    /// Behind the array.
    End,
}

/// Hands the items of an array to `take` as [`items`] does, where `text` is a part of it that begins at
/// `place`. Gives where the last whole item ends, or the array, and the place there: behind that the text
/// goes on in the next part, or is not JSON.
pub fn whole_items<'a>(
    text: &'a str,
    keys: Keys,
    place: Place,
    mut take: impl FnMut(usize, &'a str),
) -> (usize, Place) {
    let mut scanner = Scanner { text, at: 0, checks: true, keys, depth: 1 };
    let mut reached = (0, place);
    while let Some(next) = scanner.step(reached.1, &mut take) {
        reached = (scanner.at, next);
    }
    reached
}

/// Hands name and value of every field of an object to `take`. The object has to be an item that
/// [`items`] gave, so that the texts of its values need not be checked again.
pub fn fields<'a>(object: &'a str, take: impl FnMut(Cow<'a, str>, &'a str)) -> Option<()> {
    let mut scanner = Scanner { text: object, at: 0, checks: false, keys: Keys::Any, depth: 1 };
    scanner.object(take)?;
    scanner.end()
}

/// The canonical compact text of an array or object; `None` where a string, a number or the order of
/// keys is such that only parsing can give it.
pub fn compact(nested: &str) -> Option<String> {
    let mut out = String::with_capacity(nested.len());
    let mut scanner = Scanner { text: nested, at: 0, checks: false, keys: Keys::Any, depth: 1 };
    scanner.compact(&mut out)?;
    scanner.end()?;
    Some(out)
}

struct Scanner<'a> {
    text: &'a str,
    /// The next byte.
    at: usize,
    /// Whether to find out if strings are as they should be.
    checks: bool,
    keys: Keys,
    /// How many arrays and objects are open.
    depth: usize,
}

impl<'a> Scanner<'a> {
    /// Goes behind the next bracket or item of an array.
    fn step(&mut self, place: Place, take: &mut impl FnMut(usize, &'a str)) -> Option<Place> {
        match place {
            Place::Start => return self.eat(b'[').map(|()| Place::First),
            Place::End => return None,
            _ if self.eat(b']').is_some() => return Some(Place::End),
            Place::First => self.skip_space(),
            Place::Behind => {
                self.eat(b',')?;
                self.skip_space();
            }
        }
        let start = self.at;
        let item = self.value()?;
        // A number at the end of a part may go on.
        self.peek()?;
        take(start, item);
        Some(Place::Behind)
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    fn eat(&mut self, byte: u8) -> Option<()> {
        self.skip_space();
        (self.peek() == Some(byte)).then(|| self.at += 1)
    }

    fn since(&self, start: usize) -> Option<&'a str> {
        self.text.get(start..self.at)
    }

    fn end(&mut self) -> Option<()> {
        self.skip_space();
        (self.at == self.text.len()).then_some(())
    }

    /// `one` for everything between the brackets, separated by commas.
    fn list(
        &mut self,
        open: u8,
        close: u8,
        mut one: impl FnMut(&mut Self) -> Option<()>,
    ) -> Option<()> {
        self.eat(open)?;
        if self.eat(close).is_some() {
            return Some(());
        }
        loop {
            self.skip_space();
            one(self)?;
            if self.eat(b',').is_none() {
                return self.eat(close);
            }
        }
    }

    fn object(&mut self, mut take: impl FnMut(Cow<'a, str>, &'a str)) -> Option<()> {
        self.list(b'{', b'}', |scanner| {
            let name = scanner.string()?;
            scanner.eat(b':')?;
            scanner.skip_space();
            take(unquoted(name)?, scanner.value()?);
            Some(())
        })
    }

    fn compact(&mut self, out: &mut String) -> Option<()> {
        let mut separator = "";
        match self.peek()? {
            b'[' => {
                out.push('[');
                self.list(b'[', b']', |scanner| {
                    out.push_str(std::mem::replace(&mut separator, ","));
                    scanner.compact(out)
                })?;
                out.push(']');
            }
            b'{' => {
                out.push('{');
                let mut last = None;
                self.list(b'{', b'}', |scanner| {
                    let name = scanner.string().filter(|name| is_simple(name))?;
                    let plain = name.trim_matches('"');
                    (last < Some(plain)).then(|| last = Some(plain))?;
                    out.push_str(std::mem::replace(&mut separator, ","));
                    out.push_str(name);
                    out.push(':');
                    scanner.eat(b':')?;
                    scanner.skip_space();
                    scanner.compact(out)
                })?;
                out.push('}');
            }
            _ => out.push_str(self.value().filter(|value| is_simple(value))?),
        }
        Some(())
    }

    fn value(&mut self) -> Option<&'a str> {
        match self.peek()? {
            b'"' => self.string(),
            b'{' => self.unique_object(&mut |_, _| {}),
            b'[' => self.array(),
            b't' => self.word("true"),
            b'f' => self.word("false"),
            b'n' => self.word("null"),
            _ => self.number(),
        }
    }

    fn word(&mut self, word: &str) -> Option<&'a str> {
        let start = self.at;
        self.at += word.len();
        self.since(start).filter(|found| *found == word)
    }

    /// A string with its quotes.
    fn string(&mut self) -> Option<&'a str> {
        let start = self.at;
        let escaped = self.pass_string()?;
        let string = self.since(start)?;
        (!self.checks || !escaped || duplicates::check(string).is_ok()).then_some(string)
    }

    /// Goes behind a string and says whether anything is escaped in it.
    fn pass_string(&mut self) -> Option<bool> {
        let mut escaped = false;
        (self.peek()? == b'"').then(|| self.at += 1)?;
        loop {
            self.at += plain_length(self.text.as_bytes().get(self.at..)?);
            match self.peek()? {
                b'"' => break,
                b'\\' => self.at += 2,
                _ => return None,
            }
            escaped = true;
        }
        self.at += 1;
        Some(escaped)
    }

    /// An array inside of an item.
    fn array(&mut self) -> Option<&'a str> {
        let start = self.at;
        self.deeper(|scanner| scanner.list(b'[', b']', |scanner| scanner.value().map(|_| ())))?;
        self.since(start)
    }

    /// An object. Names that come in order, as they do in exported files, repeat nowhere.
    fn unique_object(&mut self, take: &mut dyn FnMut(Cow<'a, str>, &'a str)) -> Option<&'a str> {
        let start = self.at;
        let (mut last, mut in_order) = (None, true);
        self.deeper(|scanner| {
            let asks = scanner.keys == Keys::Unique;
            scanner.object(|name, value| {
                if asks {
                    in_order &= last.as_ref().is_none_or(|last| *last < name);
                    last = Some(name.clone());
                }
                take(name, value);
            })
        })?;
        let object = self.since(start)?;
        (in_order || duplicates::check(object).is_ok()).then_some(object)
    }

    fn deeper(&mut self, inside: impl FnOnce(&mut Self) -> Option<()>) -> Option<()> {
        self.depth += 1;
        if self.depth > DEPTH {
            return None;
        }
        inside(self)?;
        self.depth -= 1;
        Some(())
    }

    fn number(&mut self) -> Option<&'a str> {
        let start = self.at;
        self.pass(b'-');
        if !self.pass(b'0') {
            self.digits()?;
        }
        if self.pass(b'.') {
            self.digits()?;
        }
        if self.pass(b'e') || self.pass(b'E') {
            let _ = self.pass(b'+') || self.pass(b'-');
            self.digits()?;
        }
        self.since(start)
    }

    fn pass(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        self.at += usize::from(is_next);
        is_next
    }

    fn digits(&mut self) -> Option<()> {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        (self.at > start).then_some(())
    }
}

fn unquoted(name: &str) -> Option<Cow<'_, str>> {
    match name.contains('\\') {
        true => serde_json::from_str(name).ok().map(Cow::Owned),
        false => name.get(1..name.len() - 1).map(Cow::Borrowed),
    }
}

/// Whether the text of a string, number or word is the canonical one.
fn is_simple(text: &str) -> bool {
    let is_number = |text: &str| is_whole(text) || is_short(text);
    match text.as_bytes().first() {
        Some(b'"') => !text.as_bytes().contains(&b'\\'),
        Some(b'-' | b'0'..=b'9') => is_number(text),
        _ => true,
    }
}

/// A byte in each place of a word.
const ONES: u64 = u64::MAX / 0xff;

/// How many bytes there are before the first that ends a string, escapes, or may not stand in one.
pub(super) fn plain_length(bytes: &[u8]) -> usize {
    let (words, rest) = bytes.as_chunks::<8>();
    for (index, word) in words.iter().enumerate() {
        let found = special(u64::from_le_bytes(*word));
        if found != 0 {
            return index * 8 + found.trailing_zeros() as usize / 8;
        }
    }
    let is_plain = |byte: &&u8| !matches!(byte, b'"' | b'\\' | 0..0x20);
    words.len() * 8 + rest.iter().take_while(is_plain).count()
}

/// The high bit of the first byte that is a quote, a backslash or a control character; bytes behind it
/// may be marked as well, by what the subtraction borrows.
fn special(word: u64) -> u64 {
    let is_zero = |word: u64| word.wrapping_sub(ONES) & !word;
    let quote = is_zero(word ^ (ONES * u64::from(b'"')));
    let backslash = is_zero(word ^ (ONES * u64::from(b'\\')));
    let control = word.wrapping_sub(ONES * 0x20) & !word;
    (quote | backslash | control) & (ONES << 7)
}
