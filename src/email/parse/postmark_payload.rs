//! An inbound e-mail in Postmark's wire format.

use serde::{Deserialize, Deserializer};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use crate::email::Mailbox;
use crate::email::parse::calendar::MAX_CALENDAR_BYTES;
use crate::email::parse::charset;
use crate::email::parse::parsed_email::{AttachmentInfo, ParsedEmail, sender};
use crate::error::{Error, Result};

/// Maximum number of calendars parsed.
const MAX_CALENDARS: usize = 3;

/// The payload of Postmark's inbound webhook. Only the content of small attachments is kept,
/// because they may be calendars.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct PostmarkPayload {
    from: Option<String>,
    from_full: Option<PostmarkAddress>,
    to: Option<String>,
    to_full: Option<Vec<PostmarkAddress>>,
    subject: Option<String>,
    #[serde(rename = "MessageID")]
    message_id: Option<String>,
    date: Option<String>,
    text_body: Option<String>,
    html_body: Option<String>,
    headers: Option<Vec<Header>>,
    attachments: Option<Vec<PostmarkAttachment>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PostmarkAddress {
    email: Option<String>,
    name: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Header {
    name: String,
    value: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PostmarkAttachment {
    name: Option<String>,
    content_type: Option<String>,
    content_length: Option<u64>,
    #[serde(default, deserialize_with = "up_to_calendar_size")]
    content: Option<String>,
}

impl PostmarkAttachment {
    /// Returns the text of the file, if it is a calendar.
    fn calendar(&self) -> Option<String> {
        let kind = self.content_type.as_deref().unwrap_or_default().to_ascii_lowercase();
        let name = self.name.as_deref().unwrap_or_default().to_ascii_lowercase();
        if !kind.starts_with("text/calendar")
            && !kind.starts_with("application/ics")
            && !name.ends_with(".ics")
        {
            return None;
        }
        let bytes = BASE64_STANDARD.decode(self.content.as_deref()?).ok()?;
        Some(charset::decode(&bytes, None, ""))
    }
}

/// Deserializes text that is at most as long as the largest calendar in base64, and drops longer
/// text.
fn up_to_calendar_size<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> std::result::Result<Option<String>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    Ok(text.filter(|text| text.len() <= MAX_CALENDAR_BYTES * 4 / 3))
}

impl PostmarkPayload {
    /// Converts the payload to the parts of an e-mail.
    pub(super) fn into_parsed(self) -> Result<ParsedEmail> {
        let given = |text: &String| !text.trim().is_empty();
        let from = match (self.from_full, self.from) {
            (Some(PostmarkAddress { email: Some(email), name }), _) if given(&email) => {
                sender(&name.unwrap_or_default(), &email)?
            }
            (_, Some(from)) => {
                Mailbox::parse(&from).ok_or_else(|| Error::webhook("From", "must be one e-mail address"))?
            }
            _ => return Err(Error::webhook("From", "is missing")),
        };
        let mut headers: Vec<(String, String)> = self
            .headers
            .unwrap_or_default()
            .into_iter()
            .map(|header| (header.name, header.value.unwrap_or_default()))
            .collect();
        headers.extend(self.date.map(|date| ("Date".to_owned(), date)));
        let to = match self.to_full {
            Some(full) => full.into_iter().filter_map(|to| to.email).collect(),
            None => self.to.into_iter().collect(),
        };
        let files = self.attachments.unwrap_or_default();
        let calendars = files.iter().filter_map(PostmarkAttachment::calendar).take(MAX_CALENDARS).collect();
        let attachments = files.into_iter().map(|file| AttachmentInfo {
            name: file.name.unwrap_or_default(),
            content_type: file.content_type.unwrap_or_default(),
            size: file.content_length.unwrap_or_default(),
        });
        Ok(ParsedEmail {
            from,
            to,
            subject: self.subject.unwrap_or_default(),
            text: self.text_body.unwrap_or_default(),
            html: self.html_body.filter(given),
            headers,
            attachments: attachments.collect(),
            calendars,
            attached_emails: Vec::new(),
            provider_id: self.message_id,
        })
    }
}
