//! Decoding of text whose charset is not declared, or declared wrongly.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{
    BIG5, EUC_JP, EUC_KR, Encoding, GB18030, GBK, IBM866, ISO_2022_JP, ISO_8859_2, ISO_8859_5, ISO_8859_7,
    ISO_8859_13, ISO_8859_15, KOI8_R, KOI8_U, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_874,
    WINDOWS_1250, WINDOWS_1251, WINDOWS_1252, WINDOWS_1253, WINDOWS_1254, WINDOWS_1255, WINDOWS_1256,
    WINDOWS_1257,
};

/// Maximum number of bytes used to detect a charset.
const MAX_GUESSED_BYTES: usize = 64 * 1024;
/// Minimum number of non-ASCII bytes for a reliable detection. Shorter text also needs its country.
const SHORT_TEXT_BYTES: usize = 24;
/// Charsets of the e-mails of a country, by top-level domains, the most frequent first. Source: the
/// fallback encodings of the HTML Standard.
const CHARSETS_OF_COUNTRIES: [(&str, &[&Encoding]); 14] = [
    (" ru su by kz ", &[WINDOWS_1251, KOI8_U, KOI8_R, ISO_8859_5, IBM866]),
    (" ua bg mk rs ", &[WINDOWS_1251, KOI8_U, KOI8_R, ISO_8859_5, WINDOWS_1250]),
    (" cn ", &[GBK, GB18030]),
    (" tw hk mo ", &[BIG5, GBK]),
    (" jp ", &[SHIFT_JIS, EUC_JP]),
    (" kr ", &[EUC_KR]),
    (" gr cy ", &[WINDOWS_1253, ISO_8859_7]),
    (" il ", &[WINDOWS_1255]),
    (" tr az ", &[WINDOWS_1254]),
    (" th ", &[WINDOWS_874]),
    (" pl cz sk hu ro si hr ba ", &[WINDOWS_1250, ISO_8859_2]),
    (" lt lv ee ", &[WINDOWS_1257, ISO_8859_13]),
    (" sa eg ae ir jo ma dz iq sy kw qa ", &[WINDOWS_1256]),
    (" de at ch fr be nl lu es pt br it dk no se fi is uk ie us ca au nz mx ar cl co ", &[WINDOWS_1252]),
];
/// Charset names that mail programs use and the Encoding Standard does not know.
const CHARSET_ALIASES: [(&str, &Encoding); 9] = [
    ("cp932", encoding_rs::SHIFT_JIS),
    ("cp936", encoding_rs::GBK),
    ("cp949", EUC_KR),
    ("cp950", encoding_rs::BIG5),
    ("gb_18030", GB18030),
    ("utf_8", UTF_8),
    ("cp50220", ISO_2022_JP),
    ("iso-2022-jp-1", ISO_2022_JP),
    ("iso-2022-jp-ms", ISO_2022_JP),
];

/// Decodes bytes by the charset `label`, if it is given and the bytes are valid in it. Otherwise
/// the charset is detected, with the country of `host` as a hint.
pub(crate) fn decode(bytes: &[u8], label: Option<&str>, host: &str) -> String {
    // Text with charset escapes is not in an eight-bit charset, whatever its label says.
    let switches = bytes.contains(&0x1b) || bytes.contains(&0);
    let is_wide = |encoding: &Encoding| encoding == UTF_16LE || encoding == UTF_16BE;
    let declared = label.and_then(named).filter(|_| !is_default_label(label));
    let declared = declared.filter(|encoding| !switches || *encoding == ISO_2022_JP || is_wide(encoding));
    if let Some(encoding) = declared.filter(|encoding| *encoding != ISO_2022_JP)
        && let Some(text) = encoding.decode_without_bom_handling_and_without_replacement(without_bom(bytes))
    {
        return text.into_owned();
    }
    detect(bytes, declared, host)
}

/// Returns `true` if text must be decoded again here because its label is missing, unknown, or a
/// default that programs give to any text.
pub(crate) fn is_doubtful(label: Option<&str>, decoded: &str) -> bool {
    let encoding = label.and_then(named);
    encoding.is_none() || is_default_label(label) || decoded.contains(['\u{fffd}', '\u{1b}', '\0'])
}

fn named(label: &str) -> Option<&'static Encoding> {
    let label = label.trim().trim_matches(['"', '\'']);
    let known = Encoding::for_label_no_replacement(label.as_bytes());
    known.or_else(|| {
        let other = CHARSET_ALIASES.iter().find(|(name, _)| name.eq_ignore_ascii_case(label));
        other.map(|(_, encoding)| *encoding)
    })
}

/// Returns `true` if a label is a default that programs give to any text.
fn is_default_label(label: Option<&str>) -> bool {
    label.is_some_and(|label| {
        let label = label.trim().to_ascii_lowercase();
        ["us-ascii", "ascii", "ansi_x3.4-1968"].contains(&label.as_str())
    })
}

fn without_bom(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

/// Decodes bytes in the charset that they most likely have.
fn detect(bytes: &[u8], declared: Option<&'static Encoding>, host: &str) -> String {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return encoding.decode(bytes).0.into_owned();
    }
    if let Some(encoding) = utf_16(bytes) {
        return encoding.decode_without_bom_handling(bytes).0.into_owned();
    }
    if has_escape(bytes, b"$)C") {
        return EUC_KR.decode_without_bom_handling(&shifted(bytes, Shift::Korean)).0.into_owned();
    }
    if declared == Some(ISO_2022_JP)
        || [&b"$B"[..], b"$@", b"(J", b"(I"].iter().any(|set| has_escape(bytes, set))
    {
        return ISO_2022_JP.decode_without_bom_handling(bytes).0.into_owned();
    }
    if bytes.is_ascii()
        && bytes.windows(2).any(|two| two == b"~{")
        && bytes.windows(2).any(|two| two == b"~}")
    {
        return GB18030.decode_without_bom_handling(&shifted(bytes, Shift::Chinese)).0.into_owned();
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.to_owned();
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(&bytes[..bytes.len().min(MAX_GUESSED_BYTES)], true);
    // The charsets of Turkey and Iceland use the same bytes, so the detector needs the domain.
    let domain = host.rsplit('.').next().map(str::to_ascii_lowercase).unwrap_or_default();
    let domain = Some(domain)
        .filter(|domain| !domain.is_empty() && domain.bytes().all(|byte| byte.is_ascii_lowercase()));
    let detected = detector.guess(domain.as_ref().map(String::as_bytes), Utf8Detection::Allow);
    let encoding = adjust_for_country(bytes, detected, domain.as_deref().unwrap_or_default());
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}

/// Returns the likely charset of text that was detected as `detected` and comes from a country.
fn adjust_for_country(bytes: &[u8], detected: &'static Encoding, domain: &str) -> &'static Encoding {
    let short = bytes.iter().filter(|byte| !byte.is_ascii()).count() < SHORT_TEXT_BYTES;
    let of_country =
        CHARSETS_OF_COUNTRIES.iter().find(|(domains, _)| domains.contains(&format!(" {domain} ")));
    let likely = match of_country {
        Some((_, charsets)) if short && !charsets.contains(&detected) => charsets
            .iter()
            .copied()
            .find(|charset| charset.decode_without_bom_handling_and_without_replacement(bytes).is_some())
            .unwrap_or(detected),
        // Nordic letters have the same bytes as Baltic ones.
        None if short && detected == WINDOWS_1257 => WINDOWS_1252,
        _ => detected,
    };
    // The generic currency sign has the byte of the euro in ISO-8859-15, and nobody writes it.
    let is_latin_9 = likely == WINDOWS_1252
        && bytes.contains(&0xa4)
        && !bytes.iter().any(|byte| (0x80..0xa0).contains(byte));
    if is_latin_9 { ISO_8859_15 } else { likely }
}

/// Returns `true` if a charset is a seven-bit one that mail decoders do not know.
pub(crate) fn is_seven_bit(label: &str) -> bool {
    ["iso-2022-kr", "hz-gb-2312", "hz"].iter().any(|known| known.eq_ignore_ascii_case(label))
}

/// Returns the charset that HTML names in its head, if any.
pub(crate) fn of_html(html: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&html[..html.len().min(2048)]).to_ascii_lowercase();
    let (_, rest) = head.split_once("charset=")?;
    let rest = rest.trim_start_matches(['"', '\'', ' ']);
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && !"-_:.".contains(c)).unwrap_or(rest.len());
    let name = rest.get(..end)?;
    // Text that is readable as ASCII is not in UTF-16.
    (!name.is_empty() && !name.starts_with("utf-16")).then(|| name.to_owned())
}

/// Returns the charset of the first encoded word (RFC 2047) in headers.
pub(crate) fn of_encoded_word(header: &str) -> Option<&str> {
    let (_, rest) = header.split_once("=?")?;
    let (charset, _) = rest.split_once('?')?;
    charset.split('*').next().filter(|charset| named(charset).is_some())
}

/// Detects UTF-16 without a byte order mark: every other byte of Latin text is zero.
fn utf_16(bytes: &[u8]) -> Option<&'static Encoding> {
    let start = &bytes[..bytes.len().min(512)];
    let zeros = |odd: usize| start.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd, half) = (zeros(0), zeros(1), start.len() / 2);
    (half >= 4 && even.max(odd) * 10 >= half * 7).then_some(if odd > even { UTF_16LE } else { UTF_16BE })
}

fn has_escape(bytes: &[u8], set: &[u8]) -> bool {
    bytes.windows(set.len() + 1).any(|window| window[0] == 0x1b && &window[1..] == set)
}

/// Seven-bit charsets that switch between ASCII and the characters of another charset, whose high
/// bits they omit.
#[derive(Clone, Copy)]
enum Shift {
    /// ISO-2022-KR, between SO and SI.
    Korean,
    /// HZ-GB-2312, between `~{` and `~}`.
    Chinese,
}

fn shifted(bytes: &[u8], shift: Shift) -> Cow<'_, [u8]> {
    let mut out = Vec::with_capacity(bytes.len());
    let (mut high, mut at) = (false, 0);
    while let Some(byte) = bytes.get(at) {
        let rest = &bytes[at..];
        let (mark, skipped) = match shift {
            Shift::Korean if rest.starts_with(b"\x1b$)C") => (None, 4),
            Shift::Korean if *byte == 0x0e => (Some(true), 1),
            Shift::Korean if *byte == 0x0f => (Some(false), 1),
            Shift::Chinese if rest.starts_with(b"~{") => (Some(true), 2),
            Shift::Chinese if rest.starts_with(b"~}") => (Some(false), 2),
            _ => (None, 0),
        };
        high = mark.unwrap_or(high);
        if skipped > 0 {
            at += skipped;
            continue;
        }
        // A line break ends the shift.
        high &= *byte != b'\n';
        out.push(if high && (0x21..0x7f).contains(byte) { byte | 0x80 } else { *byte });
        at += 1;
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Encodes text in a charset of the Encoding Standard.
    fn bytes(label: &str, text: &str) -> Vec<u8> {
        Encoding::for_label(label.as_bytes()).unwrap().encode(text).0.into_owned()
    }

    #[test]
    fn detects_charsets() {
        let japanese =
            "お世話になっております。来週の火曜日に十名で予約できますでしょうか。よろしくお願いいたします。";
        let russian = "Здравствуйте! Можно ли забронировать столик на двенадцать человек в субботу вечером?";
        for (label, text) in [
            ("iso-2022-jp", japanese),
            ("shift_jis", japanese),
            ("euc-jp", japanese),
            ("gb18030", "您好，请问下周二晚上可以预订十二个人的桌子吗？谢谢您的帮助。"),
            ("big5", "您好，請問下週二晚上可以預訂十二個人的桌子嗎？謝謝您的幫助。"),
            ("euc-kr", "안녕하세요. 다음 주 화요일 저녁에 열두 명 자리를 예약할 수 있을까요? 감사합니다."),
            ("koi8-r", russian),
            ("windows-1251", russian),
            (
                "windows-1252",
                "Grüße aus München, könnten wir für zwölf Gäste einen Tisch reservieren? Das wäre schön – danke!",
            ),
            (
                "windows-1250",
                "Dobrý den, můžeme si prosím zarezervovat stůl pro dvanáct hostů? Děkuji, těším se příště.",
            ),
            (
                "windows-1253",
                "Καλημέρα σας, μπορούμε να κλείσουμε ένα τραπέζι για δώδεκα άτομα; Ευχαριστώ πολύ.",
            ),
            (
                "windows-1254",
                "Günaydın, on iki kişilik bir masa ayırtabilir miyiz acaba? Şimdiden çok teşekkür ederiz, iyi günler.",
            ),
            ("windows-1255", "שלום, האם אפשר להזמין שולחן לשנים עשר אנשים ביום שלישי בערב? תודה רבה מראש."),
            ("windows-1256", "صباح الخير، هل يمكننا حجز طاولة لاثني عشر شخصا مساء الثلاثاء؟ شكرا جزيلا لكم."),
            ("windows-874", "สวัสดีครับ ขอจองโต๊ะสำหรับสิบสองคนในวันอังคารหน้าตอนเย็นได้ไหมครับ ขอบคุณมากครับ"),
            ("utf-8", "Grüße 👋"),
        ] {
            for declared in [None, Some("x-unknown"), Some("us-ascii")] {
                let host = if label == "windows-1254" { "posta.example.tr" } else { "mail.example.com" };
                assert_eq!(decode(&bytes(label, text), declared, host), text, "{label}, told {declared:?}");
            }
        }
        assert_eq!(decode(b"\x1b$)C\x0e>H3g\x0f!\n", None, ""), "안녕!\n");
        assert_eq!(decode(b"~{Dc:C~}!", None, ""), "你好!");
        assert_eq!(decode(b"\xff\xfeh\0i\0", None, ""), "hi");
        assert_eq!(decode(b"h\0e\0l\0l\0o\0 \0y\0o\0u\0", None, ""), "hello you");
    }

    #[test]
    fn uses_the_declared_charset_if_valid() {
        assert_eq!(decode(&bytes("koi8-r", "Привет"), Some("KOI8-R"), ""), "Привет");
        assert_eq!(decode(&bytes("shift_jis", "予約"), Some("cp932"), ""), "予約");
        assert_eq!(decode("Grüße".as_bytes(), Some("ascii"), ""), "Grüße");
        assert!(
            is_doubtful(None, "x")
                && is_doubtful(Some("utf-8"), "\u{fffd}")
                && is_doubtful(Some("ascii"), "x")
        );
        assert!(!is_doubtful(Some("iso-8859-1"), "x"));
    }

    #[test]
    fn decodes_short_texts_by_country() {
        for (label, host, text) in [
            ("windows-1251", "mail.example.ru", "Да"),
            ("koi8-r", "mail.example.ru", "Спасибо"),
            ("gbk", "example.cn", "好的"),
            ("big5", "example.tw", "謝謝"),
            ("shift_jis", "example.jp", "はい"),
            ("euc-kr", "example.kr", "네"),
            ("windows-1253", "example.gr", "Ναι"),
            ("windows-1250", "example.cz", "Děkuji"),
            ("windows-1257", "example.lt", "Ačiū, iki rytojaus"),
            ("windows-1252", "example.no", "Bødø"),
            ("windows-1252", "example.com", "Bødø"),
            ("iso-8859-15", "example.de", "100 € für Käse"),
        ] {
            assert_eq!(decode(&bytes(label, text), None, host), text, "{label}, {host}");
        }
    }

    #[test]
    fn finds_charsets_named_elsewhere() {
        assert_eq!(decode(b"\x1b$B$O$$\x1b(B", Some("utf-8"), ""), "はい");
        assert_eq!(decode(b"h\0e\0l\0l\0o\0 \0y\0o\0u\0", Some("utf-8"), ""), "hello you");
        for html in [
            "<html><head><meta charset='big5'></head>",
            "<META http-equiv=\"Content-Type\" content=\"text/html; charset=Big5\">",
        ] {
            assert_eq!(of_html(html.as_bytes()).as_deref(), Some("big5"), "{html}");
        }
        assert_eq!(of_html(b"<p>charset</p>"), None);
        assert_eq!(of_encoded_word("Ann =?ISO-2022-JP*ja?B?GyRC?= x"), Some("ISO-2022-JP"));
        assert_eq!(of_encoded_word("=?nothing?B?x?="), None);
    }
}
