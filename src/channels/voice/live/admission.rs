//! The admission of sockets. The TwiML of a call has a URL with a single-use token, so that a socket
//! belongs to one call and its signature cannot be replayed.

use std::sync::Arc;

use chrono::TimeDelta;
use serde::Deserialize;
use tracing::Span;
use url::Url;

use super::ticket::{Opening, RELAY, Ticket, token_of};
use crate::channels::voice::VoiceChannel;
use crate::channels::webhook_auth::WebhookVerifier;
use crate::database::{Entry, EntryKind};
use crate::error::{Error, Result};
use crate::json;
use crate::providers::twilio::Form;
use crate::providers::twilio::webhook::VoiceWebhook;
use crate::types::memory::now;

/// Time in which a socket must be opened.
const VALID_FOR: TimeDelta = TimeDelta::minutes(2);

/// The request of a socket.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct UpgradeRequest {
    /// The path, or the URL, as requested.
    pub target: String,
    /// The header `X-Twilio-Signature`.
    pub signature: Option<String>,
}

/// A socket that may serve a call.
pub struct AdmittedLine {
    /// The call.
    pub(super) call: VoiceWebhook,
    /// The text with which the line begins.
    pub(super) opening: Opening,
    /// The id of the session within the call, part of the ids of its memories.
    pub(super) session: String,
    /// The span of the receptionist's log.
    pub(super) span: Span,
    pub(super) channel: Arc<VoiceChannel>,
}

impl VoiceChannel {
    /// Issues the URL of a socket for a call. `webhook` is the public URL that Twilio posted to.
    /// Returns `None` if the public URL is not known.
    pub(in crate::channels::voice) async fn issue_line_url(
        &self,
        call: &VoiceWebhook,
        opening: Opening,
        webhook: Option<&str>,
    ) -> Result<Option<String>> {
        let token = uuid::Uuid::new_v4().simple().to_string();
        let Some(url) = self.line_url(webhook, &token) else { return Ok(None) };
        let ticket = Ticket {
            call_sid: call.call_sid.clone(),
            account_sid: call.account_sid.clone(),
            from: call.from.clone(),
            to: call.to.clone(),
            outbound: call.outbound,
            url: url.clone(),
            opening,
            issued_at: now(),
        };
        let entry = Entry::recorded(EntryKind::Event, ticket_key(&token), json::write(&ticket)?)
            .for_customer(self.party(call).key());
        self.executor.inbox().put(entry).await?;
        Ok(Some(url))
    }

    fn line_url(&self, webhook: Option<&str>, token: &str) -> Option<String> {
        let webhook = self.twilio_endpoint.voice_url("").or_else(|| webhook.map(str::to_owned))?;
        let mut url = Url::parse(&webhook).ok()?;
        let scheme = if url.scheme() == "https" { "wss" } else { "ws" };
        url.set_scheme(scheme).ok()?;
        url.set_query(None);
        url.set_fragment(None);
        let path = format!("{}{RELAY}/{token}", url.path().trim_end_matches('/'));
        url.set_path(&path);
        Some(url.into())
    }

    /// Admits a socket whose token is known, unused and recent, and whose signature is Twilio's.
    /// Returns `None` if no call has the token.
    ///
    /// # Errors
    ///
    /// `WEBHOOK_SIGNATURE_INVALID`, and those of the storage.
    pub async fn admit(
        self: &Arc<Self>,
        request: &UpgradeRequest,
        verifier: &WebhookVerifier,
    ) -> Result<Option<AdmittedLine>> {
        let Some(token) = token_of(&request.target) else { return Ok(None) };
        let inbox = self.executor.inbox();
        let noted = inbox.get(&ticket_key(token)).await?.and_then(|entry| entry.answer);
        let Some(ticket) = noted.and_then(|json| serde_json::from_str::<Ticket>(&json).ok()) else {
            return Ok(None);
        };
        let empty = Form::default();
        verifier.verify_form(&empty, request.signature.as_deref(), &ticket.url)?;
        let refused = |reason| Error::WebhookSignatureInvalid { provider: "Twilio", reason };
        if now() - ticket.issued_at > VALID_FOR {
            return Err(refused("the socket's URL has expired"));
        }
        let used = Entry::recorded(EntryKind::Event, format!("{}:used", ticket_key(token)), None);
        let owner = used.owner.clone();
        if inbox.insert_if_absent(used).await?.owner != owner {
            return Err(refused("the socket's URL was used before"));
        }
        let Ticket { call_sid, account_sid, from, to, outbound, opening, .. } = ticket;
        let call = VoiceWebhook {
            account_sid,
            outbound,
            ..VoiceWebhook::outbound(&call_sid, &from, &to, "in-progress")
        };
        let session = token.chars().take(8).collect();
        Ok(Some(AdmittedLine { call, opening, session, span: Span::current(), channel: Arc::clone(self) }))
    }
}

fn ticket_key(token: &str) -> String {
    format!("line:{token}")
}
