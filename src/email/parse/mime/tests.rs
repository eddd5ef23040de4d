use super::*;
use crate::email::parse::InboundEmail;

fn read(bytes: &[u8]) -> Result<InboundEmail> {
    InboundEmail::from_mime(bytes)
}

#[test]
fn decodes_charsets_encodings_and_attachments() {
    let mut bytes = b"From: =?iso-8859-1?Q?J=FCrgen?= <jurgen@example.de>\r\nTo: office@acme.example\r\n\
        Subject: =?utf-8?B?8J+Riw==?= =?iso-2022-jp?B?GyRCJDMkcyRLJEEkTxsoQg==?=\r\nMessage-ID: <1@example.de>\r\n\
        In-Reply-To: <0@acme.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n\
        --b\r\nContent-Type: text/plain; charset=windows-1252\r\nContent-Transfer-Encoding: 8bit\r\n\r\nGr\xfc\xdfe \x80\r\n"
        .to_vec();
    bytes.extend_from_slice(
        b"--b\r\nContent-Type: text/plain; charset=gb2312\r\n\r\n\xc4\xe3\xba\xc3\r\n--b\r\n\
        Content-Type: application/pdf; name=a.pdf\r\nContent-Disposition: attachment; filename=a.pdf\r\n\
        Content-Transfer-Encoding: base64\r\n\r\nAAAA\r\n--b--\r\n",
    );
    let mail = read(&bytes).unwrap();
    assert_eq!(mail.from.name.as_deref(), Some("Jürgen"));
    assert_eq!(mail.subject, "👋こんにちは");
    assert!(mail.text.contains("Grüße €") && mail.text.contains("你好"), "{:?}", mail.text);
    assert_eq!(
        (mail.message_id.as_str(), mail.references.as_slice()),
        ("1@example.de", &["0@acme.example".to_owned()][..])
    );
    let note = &mail.attachments[0];
    assert_eq!((note.name.as_str(), note.content_type.as_str(), note.size), ("a.pdf", "application/pdf", 3));
}

/// Returns the text of an e-mail with these headers and body.
fn text(rest: &[u8]) -> String {
    read(&[b"From: ann@example.com\r\nMIME-Version: 1.0\r\n", rest].concat()).unwrap().text.trim().to_owned()
}

#[test]
fn reads_malformed_structures() {
    let multipart = |kind: &str, parts: &[&str], end: &str| {
        let parts: String = parts.iter().map(|part| format!("--b\r\n{part}\r\n")).collect();
        format!("Content-Type: multipart/{kind}; boundary=\"b\"\r\n\r\n{parts}{end}").into_bytes()
    };
    let plain = |text: &str| format!("Content-Type: text/plain; charset=utf-8\r\n\r\n{text}");
    let html = |text: &str| format!("Content-Type: text/html; charset=utf-8\r\n\r\n{text}");
    let base64 =
        "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\nTXkgd29yZHM=";
    let quoted = "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nMy=20words";
    for (what, rest) in [
        ("blank text", multipart("alternative", &[&plain(" \r\n"), &html("<p>My words</p>")], "--b--\r\n")),
        (
            "invisible text",
            multipart("alternative", &[&plain("\u{a0}\u{200b}"), &html("My words")], "--b--\r\n"),
        ),
        ("no text", multipart("alternative", &[&html("<div>My words</div>")], "--b--\r\n")),
        ("HTML in a related part", multipart("related", &[&html("My words")], "--b--\r\n")),
        (
            "text before HTML that says the same",
            multipart("mixed", &[&plain("My words"), &html("My words")], "--b--\r\n"),
        ),
        ("no last boundary", multipart("mixed", &[&plain("My words")], "")),
        ("no last boundary, base64", multipart("mixed", &[base64], "")),
        ("no last boundary, quoted-printable", multipart("mixed", &[quoted], "")),
        ("no last boundary, HTML", multipart("alternative", &[&plain(""), &html("My words")], "")),
        ("half a last boundary", multipart("mixed", &[&plain("My words")], "--b")),
        ("no boundaries at all", b"Content-Type: multipart/mixed; boundary=b\r\n\r\nMy words".to_vec()),
        ("no boundary parameter", b"Content-Type: multipart/mixed\r\n\r\nMy words".to_vec()),
        (
            "an inner and an outer boundary missing",
            multipart(
                "mixed",
                &["Content-Type: multipart/alternative; boundary=c\r\n\r\n--c\r\n\r\nMy words"],
                "",
            ),
        ),
        ("no type", b"\r\nMy words".to_vec()),
        ("a text that names a boundary", b"\r\nMy words".to_vec()),
    ] {
        assert_eq!(text(&rest), "My words", "{what}");
    }
    let footer = multipart(
        "mixed",
        &[
            "Content-Type: multipart/alternative; boundary=c\r\n\r\n--c\r\n\r\n \r\n--c\r\nContent-Type: text/html\r\n\r\nMy words\r\n--c--",
            &plain("Checked for viruses"),
        ],
        "--b--",
    );
    assert!(text(&footer).contains("My words"), "{}", text(&footer));
}

#[test]
fn detects_undeclared_charsets() {
    let encoded = |label: &str, text: &str| {
        encoding_rs::Encoding::for_label(label.as_bytes()).unwrap().encode(text).0.into_owned()
    };
    let japanese = "お世話になっております。予約をお願いいたします。";
    for label in ["iso-2022-jp", "shift_jis", "euc-jp"] {
        let body = encoded(label, japanese);
        assert_eq!(text(&[b"\r\n", body.as_slice()].concat()), japanese, "{label}");
        let typed = [b"Content-Type: text/plain\r\n\r\n", body.as_slice()].concat();
        assert_eq!(text(&typed), japanese, "{label}");
        let unknown = [b"Content-Type: text/plain; charset=x-unknown\r\n\r\n", body.as_slice()].concat();
        assert_eq!(text(&unknown), japanese, "{label}");
        let base64 = base64::Engine::encode(&base64::prelude::BASE64_STANDARD, &body);
        let head = b"Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n";
        assert_eq!(text(&[head, base64.as_bytes()].concat()), japanese, "{label}");
    }
    let latin = encoded("windows-1252", "Grüße aus München für zwölf Gäste – schön");
    let told = [b"Content-Type: text/plain; charset=utf-8\r\n\r\n", latin.as_slice()].concat();
    assert_eq!(text(&told), "Grüße aus München für zwölf Gäste – schön");
    let html = [
        b"Content-Type: text/html\r\n\r\n<p>",
        encoded("koi8-r", "Здравствуйте, спасибо за ответ").as_slice(),
    ]
    .concat();
    assert_eq!(text(&html), "Здравствуйте, спасибо за ответ");
}

#[test]
fn decodes_split_and_raw_headers() {
    let subject = |header: &[u8]| {
        read(&[b"From: ann@example.com\r\nSubject: ", header, b"\r\n\r\nx"].concat()).unwrap().subject
    };
    let bytes = "ÄNDERUNG€".as_bytes();
    let base64 = |bytes: &[u8]| base64::Engine::encode(&base64::prelude::BASE64_STANDARD, bytes);
    for gap in [" ", "\r\n ", "\r\n\t", ""] {
        let words = format!("=?UTF-8?B?{}?={gap}=?utf-8?B?{}?=", base64(&bytes[..11]), base64(&bytes[11..]));
        assert_eq!(subject(words.as_bytes()), "ÄNDERUNG€", "{words}");
    }
    assert_eq!(subject(b"=?utf-8?Q?f=C3?= =?utf-8?Q?=BCr_uns?= and =?utf-8?q?more?="), "für uns and more");
    assert_eq!(subject(b"=?utf-8?Q?f=C3?= =?utf-8?B?vHI=?="), "für");
    let japanese = encoding_rs::ISO_2022_JP.encode("予約のお願い").0.into_owned();
    assert_eq!(subject(&japanese), "予約のお願い");
    let (start, end) = japanese.split_at(7);
    let words = format!("=?ISO-2022-JP?B?{}?= =?ISO-2022-JP?B?{}?=", base64(start), base64(end));
    assert_eq!(subject(words.as_bytes()), "予約のお願い");
    assert_eq!(subject(encoding_rs::SHIFT_JIS.encode("予約のお願いです").0.as_ref()), "予約のお願いです");
    assert_eq!(subject("Grüße".as_bytes()), "Grüße");
    assert_eq!(subject(b"a =?b c"), "a =?b c");
}

#[test]
fn reads_calendars_attached_emails_and_outlook_files() {
    let mail = read(
        b"From: ann@example.com\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nPlease come\r\n\
        --b\r\nContent-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\n\
        SUMMARY:Visit\r\nDTSTART:20260304T091200Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n\
        --b\r\nContent-Type: message/rfc822\r\n\r\nFrom: bob@example.com\r\nSubject: Policy\r\n\r\nYEARLY check\r\n\
        --b\r\nContent-Type: application/ms-tnef; name=winmail.dat\r\n\r\nx\r\n--b--\r\n",
    )
    .unwrap();
    assert_eq!(mail.reply, "Please come");
    assert_eq!(mail.events, ["method: REQUEST; what: Visit; when: 2026-03-04 09:12 UTC"]);
    assert_eq!(mail.attached_emails, ["[Attached e-mail from bob@example.com: Policy]\nYEARLY check"]);
    assert!(mail.attachments.iter().any(|file| file.name == "winmail.dat"), "{:?}", mail.attachments);
}

#[test]
fn converts_html_without_plain_text() {
    let mail = read(b"From: a@x.y\r\nContent-Type: text/html\r\n\r\n<p>Hello<br>you</p>").unwrap();
    assert!(mail.text.contains("Hello") && !mail.text.contains('<'), "{:?}", mail.text);
}

/// Checks bodies of real programs. Sources: Apple Mail (a file in the middle of a mail), Exchange
/// (`inline` bodies with a name), RFC 1896, RFC 1557.
#[test]
fn finds_bodies_in_unusual_places() {
    let mixed = |parts: &str| {
        let head = "From: a@x.y\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n";
        read(format!("{head}{parts}--b--\r\n").as_bytes()).unwrap().reply
    };
    let plan = "--b\r\nContent-Type: application/pdf; name=plan.pdf\r\n\r\nx\r\n";
    let text = "--b\r\nContent-Type: text/plain\r\n\r\nAbove\r\n";
    let html = |words: &str| format!("--b\r\nContent-Type: text/html\r\n\r\n<p>{words}</p>\r\n");
    let both = mixed(&[text, plan, &html("Below")].concat());
    assert!(both.starts_with("Above") && both.ends_with("Below"), "{both:?}");
    assert_eq!(mixed(&[text, plan, &html("Above")].concat()).trim(), "Above");
    let named = "--b\r\nContent-Type: text/plain; name=\"message.txt\"\r\nContent-Disposition: inline\r\n\r\nWords\r\n";
    assert_eq!(mixed(&[named, plan].concat()), "Words");
    for kind in ["enriched", "richtext"] {
        let mail = format!("From: a@x.y\r\nContent-Type: text/{kind}\r\n\r\n<bold>Words</bold>\r\n");
        assert_eq!(read(mail.as_bytes()).unwrap().reply, "Words");
    }
    assert_eq!(read(b"From: a@x.y\r\nContent-Type: text/markdown\r\n\r\nWords\r\n").unwrap().reply, "Words");
    let korean = b"From: a@x.y\r\nSubject: =?ISO-2022-KR?B?GyQpQw4+SDNnDw==?=\r\n\r\nx\r\n";
    assert_eq!(read(korean).unwrap().subject, "\u{c548}\u{b155}");
}

#[test]
fn uses_charsets_named_by_html_and_the_subject() {
    let big5 = encoding_rs::BIG5.encode("謝謝").0;
    let head = b"From: a@x.y\r\nContent-Type: text/html\r\n\r\n<html><head><meta charset=\"big5\"></head><p>";
    assert_eq!(read(&[&head[..], &big5, b"</p>"].concat()).unwrap().reply, "謝謝");
    let subject = base64::Engine::encode(&base64::prelude::BASE64_STANDARD, &big5);
    let head = format!("From: a@x.y\r\nSubject: =?big5?B?{subject}?=\r\n\r\n");
    assert_eq!(read(&[head.as_bytes(), &big5].concat()).unwrap().reply, "謝謝");
}
