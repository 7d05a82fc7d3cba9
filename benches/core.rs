//! What the core does with rows of 600 bytes, natively: `cargo bench`. `npm run bench:core` measures the
//! same through WebAssembly.
#![allow(missing_docs, clippy::unwrap_used, reason = "a benchmark fails by panicking")]

use std::hint::black_box;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use schema_sync_core::base::Hasher;
use schema_sync_core::config::{Config, resolve};
use schema_sync_core::items::ItemExport;
use schema_sync_core::json::scan::{self, Keys};
use schema_sync_core::merge::{self, OnDrift, State};
use schema_sync_core::model::{Facts, Mode};
use schema_sync_core::order::{self, Node, Reference};
use schema_sync_core::planner::Planner;
use serde_json::{Value, json};

const ENTRY: &str = "products";
const ROWS: usize = 5000;

fn facts() -> Facts {
    let field = |kind: &str| json!({ "type": kind, "nullable": true });
    serde_json::from_value(json!({
        "directus": "12.4.0",
        "vendor": "postgres",
        "collections": { ENTRY: { "primary": "id", "fields": {
            "id": { "type": "uuid", "special": ["uuid"] },
            "name": field("string"),
            "description": field("text"),
            "price": field("float"),
            "stock": field("integer"),
            "active": field("boolean"),
            "tags": { "type": "json", "special": ["cast-json"], "nullable": true },
            "created": field("timestamp"),
        } } },
        "relations": [],
    }))
    .unwrap()
}

fn config() -> Config {
    let raw =
        json!({ "mode": "mirror", "sources": [{ "file": "config.js", "custom": { ENTRY: {} } }] });
    resolve(&serde_json::from_value(raw).unwrap(), &facts())
}

fn rows() -> String {
    let row = |index: usize| {
        json!({
            "id": format!("5f0c1d2e-0000-4000-8000-{index:012}"),
            "name": format!("Product number {index}"),
            "description": format!("Lorem ipsum dolor sit amet {index} ").repeat(13),
            "price": index as f64 * 1.5,
            "stock": index % 97,
            "active": index.is_multiple_of(3),
            "tags": ["a", "b", (index % 7).to_string()],
            "created": "2026-01-01T00:00:00.000Z",
        })
    };
    (0..ROWS).map(row).collect::<Value>().to_string()
}

/// A planner that knows the files.
fn fed(rows: &str) -> Planner {
    let mut planner = Planner::new(config(), facts());
    planner.set_base(b"secret", None).unwrap();
    planner.add_file(ENTRY, "data/products.json", rows.as_bytes()).unwrap();
    planner.finish_files().unwrap();
    planner
}

fn scanning(criterion: &mut Criterion) {
    let rows = rows();
    let mut group = criterion.benchmark_group("bytes");
    group.throughput(Throughput::Bytes(rows.len() as u64));
    group.bench_function("scan", |bench| {
        bench.iter(|| {
            let mut count = 0;
            scan::items(&rows, Keys::Unique, |_, item| count += item.len()).unwrap();
            count
        });
    });
    group.bench_function("read a file", |bench| bench.iter(|| fed(&rows)));
    group.bench_function("compare equal rows", |bench| {
        bench.iter_batched(
            || fed(&rows),
            |mut planner| planner.add_current(ENTRY, rows.as_bytes(), None).map(|()| planner),
            BatchSize::LargeInput,
        );
    });
    group.bench_function("hash", |bench| {
        let hasher = Hasher::new(b"secret");
        bench.iter(|| hasher.content(black_box(&rows)));
    });
    group.bench_function("export", |bench| {
        bench.iter(|| {
            let mut export = ItemExport::new(config().entries.remove(0), &facts());
            export.add_rows(rows.as_bytes(), None).unwrap();
            export.files().unwrap()
        });
    });
    group.finish();
}

/// A tree: every row refers to one whose place is a tenth of its own.
fn ordering(criterion: &mut Criterion) {
    let parent = |target| Reference { field: "parent".to_owned(), target, breakable: true };
    let node = |index: usize| Node {
        rank: 0,
        references: (index > 0).then(|| parent(index / 10)).into_iter().collect(),
    };
    let nodes: Vec<Node> = (0..20_000).map(node).collect();
    criterion.bench_function("order 20000 rows", |bench| bench.iter(|| order::sort(&nodes)));
}

fn merging(criterion: &mut Criterion) {
    criterion.bench_function("merge", |bench| {
        bench.iter(|| {
            State::ALL.map(|state| merge::decide(black_box(state), Mode::Sync, OnDrift::Overwrite))
        });
    });
}

criterion_group!(benches, scanning, ordering, merging);
criterion_main!(benches);
