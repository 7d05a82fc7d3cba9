//! Names of files: the same on every disk, and never a way out of the folder.

use std::collections::{BTreeMap, BTreeSet};

use crate::manifest::sha256_hex;

/// Device names, which Windows refuses as files with any extension.
const WINDOWS_DEVICES: &[&str] = &["con", "prn", "aux", "nul"];

/// Characters that some disk refuses, or that would leave the folder.
const FORBIDDEN: &[char] = &['/', '\\', ':', '*', '?', '"', '<', '>', '|'];

/// Long enough for every collection, short enough for every disk once suffix and extension follow.
const MAX_BYTES: usize = 180;

/// `exact` where every disk takes it as a file's stem, else a safe form of it with a hash of the
/// exact name behind, so that two names never become one.
pub fn safe_name(exact: &str) -> String {
    if is_safe(exact) { exact.into() } else { with_hash(exact) }
}

/// A stem for each name. Of names that differ by case alone only an all-lower-case one stays plain,
/// since a disk that ignores case would take them for one.
pub fn stems<'a>(names: impl IntoIterator<Item = &'a str>) -> BTreeMap<&'a str, String> {
    let names: BTreeSet<&str> = names.into_iter().collect();
    let mut folded: BTreeMap<String, usize> = BTreeMap::new();
    for name in &names {
        *folded.entry(name.to_lowercase()).or_default() += 1;
    }
    let stem = |name: &str| {
        let lower = name.to_lowercase();
        let collides = name != lower && folded.get(&lower).is_some_and(|count| *count > 1);
        if collides { with_hash(name) } else { safe_name(name) }
    };
    names.iter().map(|name| (*name, stem(name))).collect()
}

/// A safe form of the name with a hash of the exact one behind.
pub fn with_hash(exact: &str) -> String {
    let mut safe: String =
        exact.chars().map(|char| if is_forbidden(char) { '_' } else { char }).collect();
    safe = safe.replace("..", "_");
    while safe.len() > MAX_BYTES {
        safe.pop();
    }
    let hash: String = sha256_hex(exact.as_bytes()).chars().take(8).collect();
    format!("{}-{hash}", safe.trim_matches(['.', ' ']))
}

fn is_safe(name: &str) -> bool {
    let trimmed = name.trim_matches(['.', ' ']);
    let stem = name.split('.').next().unwrap_or_default();
    name == trimmed
        && !name.is_empty()
        && name.len() <= MAX_BYTES
        && !name.contains("..")
        && !name.contains(is_forbidden)
        && !is_device(&stem.to_lowercase())
}

fn is_forbidden(char: char) -> bool {
    char.is_control() || FORBIDDEN.contains(&char)
}

fn is_device(stem: &str) -> bool {
    let numbered = stem.strip_prefix("com").or_else(|| stem.strip_prefix("lpt"));
    WINDOWS_DEVICES.contains(&stem)
        || numbered.is_some_and(|rest| matches!(rest.as_bytes(), [b'0'..=b'9']))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::stems;

    fn stem(name: &str) -> String {
        stems([name, "other"])[name].clone()
    }

    #[test]
    fn plain_names_stay() {
        for name in ["posts", "Posts", "blog-posts_2", "größe", "日本", "v1.2"] {
            assert_eq!(stem(name), name);
        }
    }

    #[test]
    fn names_that_differ_by_case_alone_get_different_files() {
        let stems = stems(["posts", "Posts", "POSTS"]);
        let folded: BTreeSet<String> = stems.values().map(|stem| stem.to_lowercase()).collect();
        assert_eq!(stems["posts"], "posts");
        assert_eq!(folded.len(), 3);
    }

    #[test]
    fn names_that_leave_the_folder_or_that_a_disk_refuses_are_replaced() {
        let long = "x".repeat(300);
        for name in
            ["../x", "a/b", "a\\b", "..", ".", "", "con", "LPT1", "Aux.x", "a:b", "x ", &long]
        {
            let stem = stem(name);
            assert_ne!(stem, *name);
            assert!(stem.len() < 200 && !stem.contains(['/', '\\', ':']), "{stem}");
            assert!(!stem.contains("..") && stem.trim_matches(['.', ' ']) == stem, "{stem}");
        }
    }
}
