//! Corpora for tests.

use std::collections::HashSet;
use std::sync::Arc;

use uuid::Uuid;

use super::corpus::Corpus;
use crate::types::signature::Signature;

/// Creates a signature outside of conversations.
pub fn signature(row: u128, time: i64, terms: &[u32]) -> Signature {
    Signature {
        row: Uuid::from_u128(row),
        time,
        conversation: 0,
        asks: false,
        channel: 0,
        terms: terms.to_vec(),
    }
}

/// Creates the signatures of a conversation, one a minute.
pub fn conversation(hash: u32, first_row: u128, start: i64, turns: &[&[u32]]) -> Vec<Signature> {
    let turns = turns.iter().zip(0_u32..);
    let turn = |(terms, place): (&&[u32], u32)| Signature {
        conversation: hash,
        ..signature(first_row + u128::from(place), start + 60_000 * i64::from(place), terms)
    };
    turns.map(turn).collect()
}

/// Creates a block.
pub fn block(signatures: &[Signature]) -> Arc<[u8]> {
    let mut buffer = Vec::new();
    signatures.iter().for_each(|signature| signature.encode(&mut buffer));
    buffer.into()
}

/// Creates a corpus of one block.
pub fn corpus(signatures: &[Signature]) -> Corpus {
    Corpus::new(&[block(signatures)], &HashSet::new())
}
