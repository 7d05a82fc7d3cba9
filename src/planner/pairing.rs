//! Which row of the target is which row of the files, where several share a key.
//!
//! Rows of one key are told apart by nothing but their content. Equal ones are pairs. Of the others
//! the base knows some by their content: a desired row that it does not know replaces a row of the
//! target that it knows, and the other way round. Rows that nobody agreed on are no pair: one is new,
//! the other is the target's own. Without a base the rest are pairs in canonical order.

use crate::base::Hash;
use crate::merge::Agreed;

/// One side of the rows of a key, in canonical order: what stands for the row, and its content as the
/// base has contents.
pub type Side<T> = Vec<(T, Hash)>;

/// Rows that became pairs, and rows that stayed alone, each with what was agreed on.
#[derive(Debug, PartialEq, Eq)]
pub struct Pairing<D, C> {
    /// A row of the files and one of the target.
    pub pairs: Vec<(D, C, Agreed<Hash>)>,
    /// Rows that only the files have.
    pub desired: Vec<(D, Agreed<Hash>)>,
    /// Rows that only the target has.
    pub current: Vec<(C, Agreed<Hash>)>,
}

/// Pairs unequal rows of one key; `agreed` is what the base holds of the key beyond equal pairs.
pub fn pair<D, C>(desired: Side<D>, current: Side<C>, mut agreed: Vec<Hash>) -> Pairing<D, C> {
    let (left, mine) = known(current, &mut agreed);
    let (gone, new) = known(desired, &mut agreed);
    let mut pairing = Pairing { pairs: Vec::new(), desired: Vec::new(), current: Vec::new() };
    let (new, left) = pairing.zip(new, left, |_, current| Some(Agreed::On(current)));
    let (gone, mine) = pairing.zip(gone, mine, |desired, _| Some(Agreed::On(desired)));
    let mut rest = agreed.into_iter();
    let (new, mine) = pairing.zip(new, mine, |_, _| rest.next().map(Agreed::On));
    pairing.desired.extend(gone.into_iter().map(|(row, hash)| (row, Agreed::On(hash))));
    pairing.current.extend(left.into_iter().map(|(row, hash)| (row, Agreed::On(hash))));
    let mut known = || rest.next().map_or(Agreed::Never, Agreed::On);
    pairing.desired.extend(new.into_iter().map(|(row, _)| (row, known())));
    pairing.current.extend(mine.into_iter().map(|(row, _)| (row, known())));
    pairing
}

/// Splits a side into rows that the base knows, each of which takes a place in it, and the others.
fn known<T>(side: Side<T>, agreed: &mut Vec<Hash>) -> (Side<T>, Side<T>) {
    side.into_iter().partition(|(_, hash)| take(agreed, *hash))
}

/// Takes one occurrence of `hash` out of what was agreed on.
pub fn take(agreed: &mut Vec<Hash>, hash: Hash) -> bool {
    let place = agreed.iter().position(|other| *other == hash);
    place.map(|place| agreed.remove(place)).is_some()
}

impl<D, C> Pairing<D, C> {
    /// Pairs rows in order, as long as both sides have one and `agreed` allows it. Gives the rest.
    fn zip(
        &mut self,
        desired: Side<D>,
        current: Side<C>,
        mut agreed: impl FnMut(Hash, Hash) -> Option<Agreed<Hash>>,
    ) -> (Side<D>, Side<C>) {
        let mut desired = desired.into_iter().peekable();
        let mut current = current.into_iter().peekable();
        while let (Some((_, wanted)), Some((_, now))) = (desired.peek(), current.peek()) {
            let Some(agreed) = agreed(*wanted, *now) else { break };
            if let (Some((wanted, _)), Some((now, _))) = (desired.next(), current.next()) {
                self.pairs.push((wanted, now, agreed));
            }
        }
        (desired.collect(), current.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Hasher;

    fn hash(content: &str) -> Hash {
        Hasher::new(b"secret").content(content)
    }

    fn side(contents: &str) -> Side<char> {
        contents.chars().map(|letter| (letter, hash(&letter.to_string()))).collect()
    }

    fn paired(desired: &str, current: &str, agreed: &str) -> Pairing<char, char> {
        let agreed = side(agreed).into_iter().map(|(_, hash)| hash).collect();
        pair(side(desired), side(current), agreed)
    }

    fn on(letter: char) -> Agreed<Hash> {
        Agreed::On(hash(&letter.to_string()))
    }

    #[test]
    fn a_new_row_replaces_one_that_was_agreed_on() {
        let found = paired("n", "a", "a");
        assert_eq!(found.pairs, [('n', 'a', on('a'))]);
    }

    #[test]
    fn a_row_that_was_agreed_on_was_changed_on_the_target() {
        assert_eq!(paired("a", "t", "a").pairs, [('a', 't', on('a'))]);
    }

    #[test]
    fn both_changed_what_was_agreed_on() {
        assert_eq!(paired("n", "t", "a").pairs, [('n', 't', on('a'))]);
    }

    #[test]
    fn rows_that_nobody_agreed_on_are_no_pair() {
        let found = paired("n", "t", "");
        assert_eq!(found.pairs, []);
        assert_eq!(found.desired, [('n', Agreed::Never)]);
        assert_eq!(found.current, [('t', Agreed::Never)]);
    }

    #[test]
    fn rows_that_one_side_lost_stay_alone() {
        let found = paired("a", "b", "ab");
        assert_eq!(found.pairs, []);
        assert_eq!(found.desired, [('a', on('a'))]);
        assert_eq!(found.current, [('b', on('b'))]);
    }

    #[test]
    fn a_removed_row_that_changed_is_known_by_what_is_left() {
        assert_eq!(paired("", "tu", "a").current, [('t', on('a')), ('u', Agreed::Never)]);
        assert_eq!(paired("tu", "", "a").desired, [('t', on('a')), ('u', Agreed::Never)]);
    }
}
