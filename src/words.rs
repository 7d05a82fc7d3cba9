//! Bytes, eight at a time: WebAssembly has no instruction that compares or searches many of them.

use std::cmp::Ordering;

/// A byte in each place of a word.
const ONES: u64 = u64::MAX / 0xff;

/// Whether two texts are the same.
pub fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && order(a, b) == Ordering::Equal
}

/// The order of two texts, byte by byte.
pub fn order(a: &[u8], b: &[u8]) -> Ordering {
    let ((words, rest), (others, other_rest)) = (a.as_chunks::<8>(), b.as_chunks::<8>());
    for (word, other) in words.iter().zip(others) {
        if u64::from_ne_bytes(*word) != u64::from_ne_bytes(*other) {
            return word.iter().cmp(other);
        }
    }
    match words.len().cmp(&others.len()) {
        Ordering::Equal => rest.iter().cmp(other_rest),
        Ordering::Less => rest.iter().cmp(b.iter().skip(words.len() * 8)),
        Ordering::Greater => a.iter().skip(others.len() * 8).cmp(other_rest),
    }
}

/// Where a byte stands first.
pub fn find(byte: u8, bytes: &[u8]) -> Option<usize> {
    let (words, rest) = bytes.as_chunks::<8>();
    for (index, word) in words.iter().enumerate() {
        let differing = u64::from_le_bytes(*word) ^ (ONES * u64::from(byte));
        let found = differing.wrapping_sub(ONES) & !differing & (ONES << 7);
        if found != 0 {
            return Some(index * 8 + found.trailing_zeros() as usize / 8);
        }
    }
    rest.iter().position(|other| *other == byte).map(|place| words.len() * 8 + place)
}

/// A text that is put in order by many others, as the key of a map.
#[derive(Debug, Clone)]
pub struct KeyText(Box<str>);

impl From<String> for KeyText {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl PartialEq for KeyText {
    fn eq(&self, other: &Self) -> bool {
        same(self.0.as_bytes(), other.0.as_bytes())
    }
}

impl Eq for KeyText {}

impl PartialOrd for KeyText {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for KeyText {
    fn cmp(&self, other: &Self) -> Ordering {
        order(self.0.as_bytes(), other.0.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Bytes of two kinds, so that long beginnings are the same.
    fn bytes() -> impl Strategy<Value = Vec<u8>> {
        proptest::collection::vec(prop_oneof![9 => Just(b'a'), 1 => any::<u8>()], 0..40)
    }

    proptest! {
        #[test]
        fn texts_are_in_the_order_of_their_bytes(a in bytes(), b in bytes()) {
            prop_assert_eq!(order(&a, &b), a.cmp(&b));
            prop_assert_eq!(same(&a, &b), a == b);
            prop_assert!(same(&a, &a.clone()));
        }

        #[test]
        fn the_first_such_byte_is_found(bytes in bytes(), byte in any::<u8>()) {
            for byte in [byte, b'a', byte.wrapping_sub(1)] {
                let expected = bytes.iter().position(|other| *other == byte);
                prop_assert_eq!(find(byte, &bytes), expected);
            }
        }
    }
}
