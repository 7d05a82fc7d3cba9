//! What instances hold, told by keys alone.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::sample::Index;

/// Rows that refer to each other by their keys.
#[derive(Debug, Clone, Default)]
pub struct Content {
    /// Parents by slug, in circles or not.
    pub categories: BTreeMap<String, Option<String>>,
    /// Categories by SKU.
    pub products: BTreeMap<String, Option<String>>,
    /// Titles by product and language.
    pub translations: BTreeMap<(String, String), String>,
    /// Texts by number.
    pub headings: BTreeMap<u8, String>,
    /// By product and place: the number of a heading, or nothing for the only quote.
    pub blocks: BTreeMap<(String, u8), Option<u8>>,
    /// Translations by note.
    pub notes: BTreeMap<u8, Option<(String, String)>>,
}

/// A choice among keys; `None` chooses nothing.
type Pick = Option<Index>;

fn pick() -> impl Strategy<Value = Pick> {
    proptest::option::weighted(0.8, any::<Index>())
}

fn picked<T: Clone>(from: &[T], pick: Pick) -> Option<T> {
    pick.filter(|_| !from.is_empty()).map(|pick| pick.get(from).clone())
}

/// Keys that look like ids of other rows, and others.
fn rows<T: std::fmt::Debug>(
    of: impl Strategy<Value = T>,
) -> impl Strategy<Value = BTreeMap<u8, T>> {
    proptest::collection::btree_map(0..8_u8, of, 0..7)
}

/// Any content whose references lead somewhere.
pub fn content() -> impl Strategy<Value = Content> {
    let categories = rows(pick());
    let products = rows(pick());
    let translations = rows((pick(), 0..3_u8));
    let headings = rows("[a-c]{0,2}");
    let blocks = rows((pick(), pick()));
    let notes = rows(pick());
    (categories, products, translations, headings, blocks, notes).prop_map(
        |(categories, products, translations, headings, blocks, notes)| {
            let slugs: Vec<String> = categories.keys().map(u8::to_string).collect();
            let skus: Vec<String> = products.keys().map(|sku| format!("sku {sku}")).collect();
            let translations: BTreeMap<_, _> = translations
                .into_iter()
                .filter_map(|(title, (product, language))| {
                    let key = (picked(&skus, product)?, format!("l{language}"));
                    Some((key, title.to_string()))
                })
                .collect();
            let numbers: Vec<u8> = headings.keys().copied().collect();
            let named: Vec<_> = translations.keys().cloned().collect();
            let block = |(sort, (product, heading)): (u8, (Pick, Pick))| {
                Some(((picked(&skus, product)?, sort), picked(&numbers, heading)))
            };
            Content {
                categories: slugs
                    .iter()
                    .zip(categories.values())
                    .map(|(slug, parent)| (slug.clone(), picked(&slugs, *parent)))
                    .collect(),
                products: skus
                    .iter()
                    .zip(products.values())
                    .map(|(sku, category)| (sku.clone(), picked(&slugs, *category)))
                    .collect(),
                blocks: blocks.into_iter().filter_map(block).collect(),
                notes: notes.into_iter().map(|(note, pick)| (note, picked(&named, pick))).collect(),
                translations,
                headings,
            }
        },
    )
}

/// Distinct ids for `keys`, others for every seed.
pub fn ids<K: Ord + Clone>(keys: impl Iterator<Item = K>, seed: u64) -> BTreeMap<K, u64> {
    let mut taken = BTreeSet::new();
    let mut last = seed;
    let mut next = || {
        last = last.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        last >> 58
    };
    keys.map(|key| {
        let free = std::iter::repeat_with(&mut next).find(|id| taken.insert(*id));
        (key, free.unwrap_or_default())
    })
    .collect()
}
