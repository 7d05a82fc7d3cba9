//! Memory for what is about to come, taken at once: WebAssembly's grows by a few pages at a time
//! otherwise, which takes longer than what is done with it.

use std::hint::black_box;

/// The least that is taken at once, in bytes.
const LEAST: usize = 16 << 20;

/// The most that is taken at once, in bytes: what is too much lies idle.
const MOST: usize = 64 << 20;

/// Makes sure that the next `bytes` need no more memory, as far as that can be had. What stays unused
/// takes none of the machine's.
fn make(bytes: usize) {
    let mut room = Vec::<u8>::new();
    // Where there is not that much, what comes may still fit.
    let _ = room.try_reserve_exact(bytes);
    black_box(&room);
}

/// Room for something that grows by parts of unknown number.
#[derive(Debug, Default)]
pub struct Growing {
    /// How many bytes came so far.
    size: usize,
    /// For how many there is room.
    room: usize,
}

impl Growing {
    /// Notes that `bytes` come.
    pub fn add(&mut self, bytes: usize) {
        self.size += bytes;
        if self.size > self.room {
            let more = (self.size / 4).clamp(LEAST, MOST);
            self.room = self.size + more;
            make(more);
        }
    }
}
