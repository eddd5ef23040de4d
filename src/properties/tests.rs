use std::fs;
use std::path::Path;

use proptest::collection::vec;
use proptest::prelude::*;

use super::{ALL, Property};

/// Reads the seed inputs of a property. `fuzz/corpus/` has one folder per property, including
/// inputs that once found a bug.
fn corpus(name: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(name);
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    files.iter().map(|file| fs::read(file).unwrap()).collect()
}

/// Generates arbitrary bytes, arbitrary text, and mutated seed inputs.
fn inputs(name: &str) -> impl Strategy<Value = Vec<u8>> {
    let noise = prop_oneof![vec(any::<u8>(), 0..64), ".{0,40}".prop_map(String::into_bytes)];
    let samples = corpus(name);
    assert!(!samples.is_empty(), "{name}");
    let changed = (proptest::sample::select(samples), any::<(u16, u8)>(), noise.clone());
    let changed = changed.prop_map(|(mut sample, (at, length), by)| {
        let at = usize::from(at) % (sample.len() + 1);
        let end = (at + usize::from(length) % 32).min(sample.len());
        sample.splice(at..end, by);
        sample
    });
    prop_oneof![1 => noise, 4 => changed]
}

fn holds(name: &str, property: Property) {
    for sample in corpus(name) {
        property(&sample);
    }
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    let mut runner = proptest::test_runner::TestRunner::new(config);
    let outcome = runner.run(&inputs(name), |bytes| {
        property(&bytes);
        Ok(())
    });
    assert!(outcome.is_ok(), "{name}: {outcome:?}");
}

#[test]
fn properties_hold_for_untrusted_input() {
    for (name, property) in ALL {
        holds(name, property);
    }
}
