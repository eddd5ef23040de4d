//! Signatures of memories: the terms of a text as hashes, and the few facts that scoring needs beside them.
//!
//! A record is 27 bytes, the number of terms as LEB128, and 4 bytes a term. All numbers are little-endian.

mod of_memory;
mod scope;

pub use of_memory::signature_of;
pub use scope::{Scope, scopes_of, visible_scopes};

use std::collections::HashSet;
use std::sync::Arc;

use twox_hash::{XxHash3_64, XxHash3_128};
use uuid::Uuid;

use crate::types::message::Channel;

/// Version of the record format. Records of another version are ignored and rebuilt.
pub const SIGNATURE_FORMAT: u32 = 1;
/// Maximum number of terms of a record. The terms after it are not found.
pub const MAX_TERMS: usize = 10_000;

const ROW_BYTES: usize = 16;
const TIME_BYTES: usize = 6;
/// Latest time that a record can hold, in the year 6429. Later ones are stored as this one.
const MAX_TIME: i64 = (1 << (8 * TIME_BYTES - 1)) - 1;
const HEAD_BYTES: usize = ROW_BYTES + TIME_BYTES + 4 + 1;
const TERM_BYTES: usize = 4;
const ASKS: u8 = 1;
const CHANNEL_SHIFT: u8 = 1;
const CHANNEL_MASK: u8 = 0b111;

/// A signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// Id of the memory's row.
    pub row: Uuid,
    /// Time of the memory, in milliseconds since 1970.
    pub time: i64,
    /// Hash of the conversation's id, 0 without one.
    pub conversation: u32,
    /// `true` if the text ends with a question mark.
    pub asks: bool,
    /// Code of the channel, see [`channel_code`].
    pub channel: u8,
    /// Hashes of the terms, in order and with repetitions.
    pub terms: Vec<u32>,
}

/// The signatures in some scopes.
#[derive(Debug, Clone, Default)]
pub struct Signatures {
    /// Buffers of records. A row may be in several.
    pub blocks: Vec<Arc<[u8]>>,
    /// Rows that do not count. The buffers may still hold them.
    pub deleted: HashSet<Uuid>,
}

/// A signature in a buffer.
#[derive(Debug, Clone, Copy)]
pub struct SignatureRef<'a> {
    head: &'a [u8; HEAD_BYTES],
    terms: &'a [[u8; TERM_BYTES]],
}

impl Signature {
    /// Appends the record to a buffer. Terms after the first [`MAX_TERMS`] are left out.
    pub fn encode(&self, buffer: &mut Vec<u8>) {
        let terms = &self.terms[..self.terms.len().min(MAX_TERMS)];
        buffer.extend_from_slice(self.row.as_bytes());
        let time = self.time.clamp(-MAX_TIME, MAX_TIME);
        buffer.extend_from_slice(&time.to_le_bytes()[..TIME_BYTES]);
        buffer.extend_from_slice(&self.conversation.to_le_bytes());
        buffer.push((u8::from(self.asks) * ASKS) | ((self.channel & CHANNEL_MASK) << CHANNEL_SHIFT));
        let mut count = terms.len();
        while count >= 0x80 {
            buffer.push((count & 0x7f) as u8 | 0x80);
            count >>= 7;
        }
        buffer.push(count as u8);
        terms.iter().for_each(|term| buffer.extend_from_slice(&term.to_le_bytes()));
    }
}

impl<'a> SignatureRef<'a> {
    /// Splits the first record off a buffer. Returns `None` at the end, and where the buffer holds no
    /// whole record.
    pub fn split_first(buffer: &mut &'a [u8]) -> Option<Self> {
        let (head, mut rest) = buffer.split_first_chunk::<HEAD_BYTES>()?;
        let (mut count, mut shift) = (0_usize, 0);
        loop {
            let (byte, after) = rest.split_first()?;
            rest = after;
            count |= usize::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                break;
            }
            shift += 7;
            if shift > 14 {
                return None;
            }
        }
        let (terms, rest) = rest.split_at_checked(count * TERM_BYTES)?;
        *buffer = rest;
        let (terms, _) = terms.as_chunks::<TERM_BYTES>();
        Some(Self { head, terms })
    }

    /// Returns the id of the memory's row.
    pub fn row(&self) -> Uuid {
        let mut row = [0; ROW_BYTES];
        row.copy_from_slice(&self.head[..ROW_BYTES]);
        Uuid::from_bytes(row)
    }

    /// Returns the time of the memory, in milliseconds since 1970.
    pub fn time(&self) -> i64 {
        let mut time = [0; 8];
        time[2..].copy_from_slice(&self.head[ROW_BYTES..ROW_BYTES + TIME_BYTES]);
        // The shift back restores the sign.
        i64::from_le_bytes(time) >> 16
    }

    /// Returns the hash of the conversation's id, 0 without one.
    pub fn conversation(&self) -> u32 {
        let mut conversation = [0; 4];
        conversation.copy_from_slice(&self.head[ROW_BYTES + TIME_BYTES..HEAD_BYTES - 1]);
        u32::from_le_bytes(conversation)
    }

    /// Returns `true` if the text ends with a question mark.
    pub fn asks(&self) -> bool {
        self.head[HEAD_BYTES - 1] & ASKS != 0
    }

    /// Returns the code of the channel.
    pub fn channel(&self) -> u8 {
        (self.head[HEAD_BYTES - 1] >> CHANNEL_SHIFT) & CHANNEL_MASK
    }

    /// Returns the number of terms, with repetitions.
    pub fn len(&self) -> usize {
        self.terms.len()
    }

    /// Returns `true` if the text has no terms.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Returns the hashes of the terms, in order and with repetitions.
    pub fn terms(&self) -> impl Iterator<Item = u32> + use<'a> {
        self.terms.iter().map(|term| u32::from_le_bytes(*term))
    }

    /// Copies the signature out of the buffer.
    pub fn to_owned(&self) -> Signature {
        Signature {
            row: self.row(),
            time: self.time(),
            conversation: self.conversation(),
            asks: self.asks(),
            channel: self.channel(),
            terms: self.terms().collect(),
        }
    }
}

/// Returns the row of a memory that is in no database.
pub fn row_of(id: &str) -> Uuid {
    Uuid::from_u128(XxHash3_128::oneshot(id.as_bytes()))
}

/// Returns the hash of a term.
pub fn hash_term(term: &str) -> u32 {
    XxHash3_64::oneshot(term.as_bytes()) as u32
}

/// Returns the hash of a conversation's id, never 0.
pub fn hash_conversation(id: &str) -> u32 {
    (XxHash3_64::oneshot(id.as_bytes()) as u32).max(1)
}

/// Returns the code of a channel: 0 without one, 7 for an unknown one.
pub fn channel_code(channel: Option<&Channel>) -> u8 {
    let Some(channel) = channel else { return 0 };
    let place = Channel::VALUES.iter().position(|value| *value == channel.as_str());
    place.map_or(CHANNEL_MASK, |place| (place as u8 + 1).min(CHANNEL_MASK))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signature(terms: usize, time: i64) -> Signature {
        Signature {
            row: Uuid::from_u128(7),
            time,
            conversation: 0xdead_beef,
            asks: true,
            channel: 2,
            terms: (0..terms as u32).map(|term| term.wrapping_mul(0x0101_0101)).collect(),
        }
    }

    #[test]
    fn records_are_read_as_they_were_written() {
        let mut buffer = Vec::new();
        let written: Vec<Signature> =
            [(0, -62_135_596_800_000), (1, -1), (127, 0), (128, 1), (10_000, MAX_TIME)]
                .map(|(terms, time)| signature(terms, time))
                .into();
        written.iter().for_each(|signature| signature.encode(&mut buffer));
        let mut rest = buffer.as_slice();
        let read: Vec<Signature> =
            std::iter::from_fn(|| SignatureRef::split_first(&mut rest)).map(|one| one.to_owned()).collect();
        assert_eq!(read, written);
        assert!(rest.is_empty());
    }

    #[test]
    fn far_times_are_stored_as_the_farthest() {
        let mut buffer = Vec::new();
        signature(0, 253_402_300_799_999).encode(&mut buffer);
        let read = SignatureRef::split_first(&mut buffer.as_slice()).map(|one| one.time());
        assert_eq!(read, Some(MAX_TIME));
    }

    #[test]
    fn long_texts_are_cut() {
        let mut buffer = Vec::new();
        signature(MAX_TERMS + 1, 0).encode(&mut buffer);
        assert_eq!(SignatureRef::split_first(&mut buffer.as_slice()).map(|one| one.len()), Some(MAX_TERMS));
    }

    #[test]
    fn broken_records_are_not_read() {
        let mut buffer = Vec::new();
        signature(300, 5).encode(&mut buffer);
        for end in 0..buffer.len() {
            assert!(SignatureRef::split_first(&mut &buffer[..end]).is_none(), "{end}");
        }
        buffer[HEAD_BYTES..HEAD_BYTES + 4].fill(0xff);
        assert!(SignatureRef::split_first(&mut buffer.as_slice()).is_none());
    }

    #[test]
    fn channels_have_codes() {
        assert_eq!(channel_code(None), 0);
        let codes: Vec<u8> =
            Channel::VALUES.iter().map(|value| channel_code(Some(&Channel::from(*value)))).collect();
        assert_eq!(codes, (1..=Channel::VALUES.len() as u8).collect::<Vec<_>>());
        assert_eq!(channel_code(Some(&Channel::from("fax"))), CHANNEL_MASK);
    }
}
