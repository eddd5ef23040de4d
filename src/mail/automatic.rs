//! Which mails must not be answered by a machine (RFC 3834): answering them makes loops.

use crate::mail::incoming::IncomingMail;

/// Local parts behind which nobody reads.
const NOBODY: [&str; 10] = [
    "noreply",
    "no-reply",
    "no_reply",
    "donotreply",
    "do-not-reply",
    "do_not_reply",
    "mailer-daemon",
    "postmaster",
    "bounce",
    "bounces",
];

impl IncomingMail {
    /// Why no machine may answer it; `None` when one may.
    pub fn unanswerable(&self) -> Option<&'static str> {
        let header = |name: &str| self.header(name).map(str::to_lowercase);
        let says =
            |name: &str, words: &[&str]| header(name).is_some_and(|value| words.contains(&value.trim()));
        if header("auto-submitted").is_some_and(|value| !value.is_empty() && !value.starts_with("no"))
            || ["x-autoreply", "x-autorespond", "x-auto-response-suppress", "x-failed-recipients", "x-loop"]
                .iter()
                .any(|name| {
                    header(name).is_some_and(|value| !value.is_empty() && value != "none" && value != "no")
                })
            || says("precedence", &["auto_reply", "auto-reply"])
            || says("return-path", &["<>"])
            || header("content-type").is_some_and(|kind| kind.starts_with("multipart/report"))
        {
            return Some("automatic");
        }
        if says("precedence", &["bulk", "list", "junk"])
            || ["list-id", "list-unsubscribe", "list-post", "feedback-id"]
                .iter()
                .any(|name| header(name).is_some())
        {
            return Some("bulk");
        }
        let address = self.from.key();
        let local = address.rsplit_once('@').map_or("", |(local, _)| local);
        let local = local.split('+').next().unwrap_or_default();
        if NOBODY.contains(&local) {
            return Some("no_reply");
        }
        let spam = says("x-spam-flag", &["yes", "true"])
            || header("x-spam-status").is_some_and(|value| value.starts_with("yes"));
        spam.then_some("spam")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn reason(from: &str, header: (&str, &str)) -> Option<&'static str> {
        let payload = json!({ "From": from, "Headers": [{ "Name": header.0, "Value": header.1 }] });
        IncomingMail::read(&payload.to_string()).unwrap().unanswerable()
    }

    #[test]
    fn machines_are_recognised() {
        for (name, value, expected) in [
            ("Auto-Submitted", "auto-replied", "automatic"),
            ("Auto-Submitted", "auto-generated; x=y", "automatic"),
            ("X-Auto-Response-Suppress", "All", "automatic"),
            ("Return-Path", "<>", "automatic"),
            ("Content-Type", "multipart/report; report-type=delivery-status", "automatic"),
            ("Precedence", "Bulk", "bulk"),
            ("List-Id", "<x.example>", "bulk"),
            ("X-Spam-Status", "Yes, score=9", "spam"),
        ] {
            assert_eq!(reason("ann@example.com", (name, value)), Some(expected), "{name}: {value}");
        }
        for from in ["no-reply@x.y", "MAILER-DAEMON@x.y", "bounces+123@x.y"] {
            assert_eq!(reason(from, ("X", "y")), Some("no_reply"), "{from}");
        }
    }

    #[test]
    fn people_are_answered() {
        for (name, value) in [
            ("Auto-Submitted", "no"),
            ("Precedence", "normal"),
            ("X-Spam-Status", "No, score=0"),
            ("X-Loop", ""),
        ] {
            assert_eq!(reason("noreplyman@example.com", (name, value)), None, "{name}: {value}");
        }
    }
}
