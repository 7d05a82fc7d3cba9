//! Numbers as text that are canonical for sure.

/// The digits that a double holds whatever they are.
const EXACT_DIGITS: usize = 15;

/// Whether `text` is a whole number as ECMAScript prints it.
pub fn is_whole(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text).as_bytes();
    match digits {
        [b'0'] => text == "0",
        [b'1'..=b'9', rest @ ..] => {
            rest.len() < EXACT_DIGITS && rest.iter().all(u8::is_ascii_digit)
        }
        _ => false,
    }
}

/// Whether `text` is a number with a fraction as ECMAScript prints it; small ones look otherwise there,
/// so that few digits may stand behind the point.
pub fn is_short(text: &str) -> bool {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let Some((whole, fraction)) = unsigned.split_once('.') else { return false };
    whole.len() + fraction.len() <= EXACT_DIGITS
        && (1..=6).contains(&fraction.len())
        && is_whole(whole)
        && !whole.starts_with('-')
        && fraction.bytes().all(|byte| byte.is_ascii_digit())
        && !fraction.ends_with('0')
}
