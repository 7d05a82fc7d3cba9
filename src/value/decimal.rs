//! Decimal numbers as text, since a double would lose digits.

/// The longest text that an exponent may expand to; beyond it the spelling is left alone.
const MAX_DIGITS: i64 = 400;

/// A decimal without exponent, leading or trailing zeros: `12.50` is `12.5`, `-0.0` is `0`, `1e3` is
/// `1000`. `None` when `text` is no decimal.
pub fn normal(text: &str) -> Option<String> {
    let (negative, unsigned) = sign(text.trim());
    let (mantissa, exponent) = split_exponent(unsigned)?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let point = i64::try_from(whole.len()).ok()?.checked_add(exponent)?;
    let unsigned = place_point(&digits, point)?;
    Some(if negative && unsigned != "0" { format!("-{unsigned}") } else { unsigned })
}

/// A whole number as digits: `007` is `7`, `5.0` is `5`. `None` when `text` is no whole number.
pub fn integer(text: &str) -> Option<String> {
    normal(text).filter(|number| !number.contains('.'))
}

fn sign(text: &str) -> (bool, &str) {
    match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    }
}

fn split_exponent(text: &str) -> Option<(&str, i64)> {
    match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => Some((mantissa, exponent.parse().ok()?)),
        None => Some((text, 0)),
    }
}

/// Sets the decimal point after `point` digits, adding the zeros that are missing on either side.
fn place_point(digits: &str, point: i64) -> Option<String> {
    if point.abs() > MAX_DIGITS {
        return None;
    }
    let before = usize::try_from(point.max(0)).ok()?;
    let missing = usize::try_from((-point).max(0)).ok()?;
    let padded = format!("{}{digits:0<before$}", "0".repeat(missing));
    let (whole, fraction) = padded.split_at_checked(before)?;
    let whole = whole.trim_start_matches('0');
    let fraction = fraction.trim_end_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    Some(if fraction.is_empty() { whole.into() } else { format!("{whole}.{fraction}") })
}
