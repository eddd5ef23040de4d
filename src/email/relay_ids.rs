//! Support for relays that replace the `Message-ID`: ids in their SMTP replies, and the lookup of
//! customer replies that name such an id.

use crate::email::message_id::bare_id;

/// Minimum length of a word in an SMTP reply that counts as the relay's own id, in bytes.
const MIN_ID_BYTES: usize = 8;
/// Maximum length of such a word, in bytes.
const MAX_ID_BYTES: usize = 200;
/// Maximum number of ids recorded from one reply.
const MAX_IDS: usize = 3;
/// Suffix of the local part of an anchor: the id in `References` of an e-mail that starts a thread.
const ANCHOR_SUFFIX: &str = ".thread";

/// Returns the ids by which replies may refer to an e-mail, from the relay's SMTP reply:
/// `250 Ok 0100019…-000000` (Amazon SES, whose `Message-ID` has this local part),
/// `250 2.0.0 OK <id@host> [Hostname=…]` (Exchange Online), `queued as …`.
pub(crate) fn ids_in_reply<'a>(lines: impl Iterator<Item = &'a str>, own: &str) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    let words = lines.flat_map(|line| {
        line.split(|c: char| c.is_whitespace() || matches!(c, '[' | ']' | ',' | ';' | '(' | ')' | '"'))
    });
    for word in words {
        let word = word.rsplit_once('=').map_or(word, |(_, value)| value);
        let id = bare_id(word.trim_end_matches('.'));
        if is_id(&id) && id != own && !ids.contains(&id) {
            ids.push(id);
        }
        if ids.len() == MAX_IDS {
            break;
        }
    }
    ids
}

/// Returns `true` if a word looks like an id and not like a natural word, a host or a reply code.
fn is_id(word: &str) -> bool {
    let local = word.split_once('@').map_or(word, |(local, _)| local);
    let fits = (MIN_ID_BYTES..=MAX_ID_BYTES).contains(&local.len()) && word.len() <= MAX_ID_BYTES;
    let is_host = !word.contains('@')
        && word.split('.').count() > 2
        && word.bytes().any(|byte| byte.is_ascii_alphabetic());
    fits && !is_host
        && word.bytes().any(|byte| byte.is_ascii_digit())
        && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.+/@$~".contains(&byte))
}

/// Returns the anchor for the `References` header of an e-mail that starts a thread. Mail programs
/// pass it on beside the id that a relay gave the e-mail.
pub(crate) fn thread_anchor(message_id: &str) -> Option<String> {
    let (local, domain) = message_id.split_once('@')?;
    Some(format!("{local}{ANCHOR_SUFFIX}@{domain}"))
}

/// Returns the alternative ids of an e-mail that a reply refers to by this id: the id behind an
/// anchor, or the local part without the host that a relay appended.
pub(super) fn alternative_ids(message_id: &str) -> Vec<String> {
    let Some((local, domain)) = message_id.rsplit_once('@') else { return Vec::new() };
    match local.strip_suffix(ANCHOR_SUFFIX) {
        Some(local) => vec![format!("{local}@{domain}")],
        None if is_id(local) => vec![local.to_owned()],
        None => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extracts_ids_from_smtp_replies() {
        let ses = "0100019f2c3b4a5d-6f1c2b3a-1111-2222-3333-444455556666-000000";
        for (reply, ids) in [
            // Amazon SES (docs.aws.amazon.com/ses): "Ok" and the id that precedes
            // "@email.amazonses.com" in Message-ID
            (format!("Ok {ses}"), vec![ses]),
            // Exchange Online and Outlook.com
            (
                "2.0.0 OK <AM0PR04MB1234.eurprd04.prod.outlook.com@host> [Hostname=AM0PR04MB1234.eurprd04.prod.outlook.com]".into(),
                vec!["AM0PR04MB1234.eurprd04.prod.outlook.com@host"],
            ),
            // Brevo
            ("2.0.0 OK: queued as <202603040912.12345678901@smtp-relay.mailin.fr>".into(), vec!["202603040912.12345678901@smtp-relay.mailin.fr"]),
            // Mandrill, SendGrid, Postfix, Mailjet
            ("2.0.0 Ok: queued as 0C2D9F11A3".into(), vec!["0C2D9F11A3"]),
            ("Ok: queued as VtT5oRJ5TMyXt8kd7pVNQg".into(), vec!["VtT5oRJ5TMyXt8kd7pVNQg"]),
            ("2.0.0 Ok: queued as 4Ts9Xj5DXzz1234".into(), vec!["4Ts9Xj5DXzz1234"]),
            ("OK queued as 1b2c3d4e-aaaa-bbbb-cccc-0123456789ab".into(), vec!["1b2c3d4e-aaaa-bbbb-cccc-0123456789ab"]),
            // Exim, Sendmail, Haraka
            ("OK id=1rABCd-0001Xy-Zz".into(), vec!["1rABCd-0001Xy-Zz"]),
            ("2.0.0 4249C1Ab012345 Message accepted for delivery".into(), vec!["4249C1Ab012345"]),
            // Gmail, Mailgun, Zoho, Postmark
            ("2.0.0 OK  1709543520 gsmtp".into(), vec!["1709543520"]),
            ("Great success".into(), vec![]),
            ("Message received".into(), vec![]),
            ("2.0.0 queued".into(), vec![]),
            ("OK <own1234567@acme.example>".into(), vec![]),
        ] {
            assert_eq!(ids_in_reply(reply.lines(), "own1234567@acme.example"), ids, "{reply}");
        }
        assert!(ids_in_reply(std::iter::once("a1234567 b1234567 c1234567 d1234567"), "").len() <= MAX_IDS);
    }

    #[test]
    fn resolves_anchors_to_the_email() {
        let thread_anchor = thread_anchor("4f@acme.example").unwrap();
        assert_eq!(thread_anchor, "4f.thread@acme.example");
        assert_eq!(alternative_ids(&thread_anchor), ["4f@acme.example"]);
        assert_eq!(alternative_ids("0100019f-000000@eu-west-1.amazonses.com"), ["0100019f-000000"]);
        assert_eq!(alternative_ids("ann@example.com"), Vec::<String>::new());
    }
}
