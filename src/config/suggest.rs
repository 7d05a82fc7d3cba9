//! "Did you mean …": the known name nearest to one that was mistyped.

/// ` Did you mean "…"?` for the nearest of `known`, or nothing where none is near.
pub fn did_you_mean<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let nearest = known
        .into_iter()
        .map(|name| (distance(&given.to_lowercase(), &name.to_lowercase()), name))
        .min_by_key(|(distance, _)| *distance);
    match nearest {
        Some((distance, name)) if distance <= tolerance(given) => {
            format!(" Did you mean \"{name}\"?")
        }
        _ => String::new(),
    }
}

/// A third of the letters may be wrong.
fn tolerance(given: &str) -> usize {
    (given.chars().count() / 3).max(1)
}

/// How many letters to insert, delete or replace to come from `a` to `b`.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (index, left) in a.chars().enumerate() {
        let mut next = vec![index + 1];
        for ((right, above), diagonal) in b.iter().zip(row.iter().skip(1)).zip(&row) {
            let replaced = diagonal + usize::from(left != *right);
            let beside = next.last().copied().unwrap_or_default();
            next.push(replaced.min(above + 1).min(beside + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}
