//! The items of an array, as text.

/// The items of a file, in pieces of its text, so that one after the other can be let go.
#[derive(Debug, Default)]
pub struct Items(Vec<Piece>);

/// A piece of the text of a file, which begins and ends between items.
#[derive(Debug, Default)]
pub struct Piece {
    text: String,
    /// Start and length of each item.
    ranges: Vec<(u32, u32)>,
}

impl Piece {
    /// A piece with items in these ranges: start and length.
    pub fn new(text: String, ranges: Vec<(u32, u32)>) -> Self {
        Self { text, ranges }
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How many items it has.
    pub fn count(&self) -> usize {
        self.ranges.len()
    }

    /// Its items.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.ranges.iter().map(|(start, length)| {
            let (start, length) = (*start as usize, *length as usize);
            self.text.get(start..start + length).unwrap_or_default()
        })
    }

    /// Each item changed by `change`.
    fn change(&mut self, mut change: impl FnMut(&str) -> String) {
        let mut changed = Self::default();
        for item in self.iter() {
            let item = change(item);
            changed.ranges.push((changed.text.len() as u32, item.len() as u32));
            changed.text.push_str(&item);
        }
        *self = changed;
    }
}

impl Items {
    /// One item that is all of the text.
    pub fn of_one(text: String) -> Self {
        let ranges = vec![(0, text.len() as u32)];
        Self(vec![Piece { text, ranges }])
    }

    /// Adds the next piece.
    pub fn push(&mut self, piece: Piece) {
        self.0.push(piece);
    }

    /// All pieces, one behind the other.
    pub fn pieces(&self) -> &[Piece] {
        &self.0
    }

    /// The same, to be kept by whoever takes them.
    pub fn into_pieces(self) -> impl Iterator<Item = Piece> {
        self.0.into_iter()
    }

    /// All items.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().flat_map(Piece::iter)
    }

    /// Each item changed by `change`.
    pub fn change(&mut self, mut change: impl FnMut(&str) -> String) {
        self.0.iter_mut().for_each(|piece| piece.change(&mut change));
    }

    /// Only the items that `keep` wants.
    pub fn retain(&mut self, mut keep: impl FnMut(&str) -> bool) {
        for piece in &mut self.0 {
            let kept: Vec<bool> = piece.iter().map(&mut keep).collect();
            let mut kept = kept.into_iter();
            piece.ranges.retain(|_| kept.next() == Some(true));
        }
    }
}
