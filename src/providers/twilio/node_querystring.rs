//! Query strings as Node's old `querystring` module parses and serializes them. Some of Twilio's
//! servers sign that spelling.

/// Maximum number of pairs that Node parses.
const MAX_PAIRS: usize = 1000;

/// Returns the URL with its query parsed and serialized again.
pub(crate) fn reencode(url: &str) -> String {
    match url.split_once('?') {
        None | Some((_, "")) => url.to_owned(),
        Some((address, query)) => format!("{address}?{}", write(&read(query))),
    }
}

/// Returns the names with their values, in the order of JavaScript object keys.
fn read(query: &str) -> Vec<(String, Vec<String>)> {
    let mut pairs: Vec<(String, Vec<String>)> = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()).take(MAX_PAIRS) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (name, value) = (unescaped(name), unescaped(value));
        match pairs.iter_mut().find(|(known, _)| *known == name) {
            Some((_, values)) => values.push(value),
            None => pairs.push((name, vec![value])),
        }
    }
    // Names that are array indices come first, in numeric order.
    pairs.sort_by_key(|(name, _)| array_index(name).map_or((true, 0), |index| (false, index)));
    pairs
}

fn array_index(name: &str) -> Option<u32> {
    let index: u32 = name.parse().ok()?;
    (index < u32::MAX && index.to_string() == name).then_some(index)
}

fn unescaped(text: &str) -> String {
    let form = text.replace('+', " ");
    let bytes = form.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escaped = (bytes[at] == b'%').then(|| hex(bytes.get(at + 1..at + 3)?)).flatten();
        out.push(escaped.unwrap_or(bytes[at]));
        at += if escaped.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn hex(digits: &[u8]) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    u8::try_from(digit(*digits.first()?)? * 16 + digit(*digits.get(1)?)?).ok()
}

fn write(pairs: &[(String, Vec<String>)]) -> String {
    let mut query = String::new();
    for (name, values) in pairs {
        for value in values {
            if !query.is_empty() {
                query.push('&');
            }
            escape(name, &mut query);
            query.push('=');
            escape(value, &mut query);
        }
    }
    query
}

fn escape(text: &str, out: &mut String) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"!'()*-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serializes_queries_as_node_does() {
        for (query, written) in [
            ("a=1&b=%27x%27", "a=1&b='x'"),
            ("a=1+2%203", "a=1%202%203"),
            ("b=1&a=2&b=3", "b=1&b=3&a=2"),
            ("x=1&10=a&2=b", "2=b&10=a&x=1"),
            ("a&=b&&c==d", "a=&=b&c=%3Dd"),
            ("e=%C3%A9&f=%zz&g=%", "e=%C3%A9&f=%25zz&g=%25"),
        ] {
            assert_eq!(reencode(&format!("https://a.com/?{query}")), format!("https://a.com/?{written}"));
        }
        assert_eq!(reencode("https://a.com/?"), "https://a.com/?");
    }
}
