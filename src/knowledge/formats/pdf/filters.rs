//! Filters of PDF streams.

use crate::knowledge::formats::limits::{Limits, Unreadable};
use crate::knowledge::formats::pdf::object::{Object, is_space};

/// Maximum number of filters of a stream.
const MAX_FILTERS: usize = 4;

/// Decodes the data of a stream. Returns `None` for an unsupported filter, as images have.
pub(super) fn decode(
    data: &[u8],
    filter: &Object,
    limits: &mut Limits,
) -> Result<Option<Vec<u8>>, Unreadable> {
    let filters: Vec<&[u8]> = match filter {
        Object::Name(name) => vec![name],
        Object::List(list) => list.iter().filter_map(Object::name).collect(),
        _ => Vec::new(),
    };
    if filters.len() > MAX_FILTERS {
        return Ok(None);
    }
    let mut decoded: Option<Vec<u8>> = None;
    for filter in filters {
        let input = decoded.as_deref().unwrap_or(data);
        decoded = Some(match filter {
            b"FlateDecode" | b"Fl" => limits.inflate(input, true)?,
            b"ASCIIHexDecode" | b"AHx" => limits.copy(&ascii_hex(input))?,
            b"ASCII85Decode" | b"A85" => limits.copy(&ascii85(input))?,
            _ => return Ok(None),
        });
    }
    match decoded {
        Some(decoded) => Ok(Some(decoded)),
        None => limits.copy(data).map(Some),
    }
}

fn ascii_hex(data: &[u8]) -> Vec<u8> {
    let digits = data.iter().take_while(|byte| **byte != b'>');
    let digits: Vec<u8> =
        digits.filter_map(|byte| (*byte as char).to_digit(16)).map(|digit| digit as u8).collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair.get(1).copied().unwrap_or_default()).collect()
}

fn ascii85(data: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(data.len() / 5 * 4);
    let mut group: Vec<u8> = Vec::with_capacity(5);
    for byte in data.iter().copied().filter(|byte| !is_space(*byte)) {
        match byte {
            b'z' if group.is_empty() => out.extend([0; 4]),
            b'!'..=b'u' => {
                group.push(byte - b'!');
                if group.len() == 5 {
                    out.extend(ascii85_group(&group));
                    group.clear();
                }
            }
            _ => break,
        }
    }
    if group.len() > 1 {
        let count = group.len() - 1;
        group.resize(5, 84);
        out.extend(&ascii85_group(&group)[..count]);
    }
    out
}

fn ascii85_group(group: &[u8]) -> [u8; 4] {
    let number =
        group.iter().fold(0_u32, |number, digit| number.wrapping_mul(85).wrapping_add(u32::from(*digit)));
    number.to_be_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_text_filters() {
        assert_eq!(ascii85(b"87cUR D]i,\"Ebo80~>"), b"Hello World!");
        assert_eq!(ascii_hex(b"48 65 6C>zz"), b"Hel");
        let list = Object::List(vec![Object::Name(b"AHx".to_vec()), Object::Name(b"DCTDecode".to_vec())]);
        assert_eq!(decode(b"48", &list, &mut Limits::new()), Ok(None));
    }
}
