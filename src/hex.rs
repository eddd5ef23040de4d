//! Hexadecimal encoding.

/// Encodes bytes as lower-case hexadecimal digits.
pub(crate) fn to_hex(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect()
}

/// Decodes hexadecimal digits of either case. Returns `None` for any other text.
pub(crate) fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16);
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    let bytes = pairs.iter().map(|[high, low]| u8::try_from(digit(high)? << 4 | digit(low)?).ok());
    bytes.collect::<Option<_>>().filter(|_| rest.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_survive_the_encoding() {
        let bytes = [0, 1, 171, 255];
        assert_eq!(to_hex(&bytes), "0001abff");
        assert_eq!(from_hex("0001aBFF").as_deref(), Some(bytes.as_slice()));
        assert_eq!([from_hex("0"), from_hex("0g"), from_hex("é")], [const { None }; 3]);
    }
}
