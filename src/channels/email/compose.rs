//! E-mails that the agent writes for the developer.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::agent::TurnRequest;
use crate::channels::email::{EmailChannel, EmailSession};
use crate::channels::shared::conversations::new_id;
use crate::email::Mailbox;
use crate::email::message_id::bare_id;
use crate::email::sender::reply_to;
use crate::error::{Error, Result};
use crate::tools::runner::replace_nul;
use crate::types::customer::Customer;
use crate::types::memory::now;
use crate::types::message::Channel;

/// The request of `email.generate`.
#[derive(Debug, Deserialize)]
pub struct GenerateEmail {
    /// The content of the mail, in the developer's words.
    pub prompt: String,
    /// Additional context for the agent.
    pub context: Option<String>,
    /// The tone; default `professional`.
    pub tone: Option<String>,
    /// Metadata, stored with the conversation.
    pub metadata: Option<Map<String, Value>>,
}

/// A draft that was not sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EmailDraft {
    /// The subject, one line.
    pub subject: String,
    /// The plain text.
    pub body: String,
}

/// The request of `email.reply`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReplyEmail {
    /// The id of the mail to answer.
    pub in_reply_to: String,
    /// The content of the reply. By default the agent decides.
    pub prompt: Option<String>,
    /// `true` to send the reply; default is a draft.
    pub auto_send: Option<bool>,
}

impl EmailChannel {
    /// Writes a mail by the agent, without sending it.
    pub async fn generate(&self, request: GenerateEmail) -> Result<EmailDraft> {
        if request.prompt.trim().is_empty() {
            return Err(Error::argument("prompt", "is empty; say what the e-mail is about"));
        }
        let conversation_id = new_id();
        self.agent.memory().start_session(&conversation_id, Channel::Email, request.metadata).await?;
        let tone = request.tone.as_deref().unwrap_or("professional");
        let context = request.context.map_or_else(String::new, |context| format!("\nContext: {context}"));
        let task = format!(
            "[Task from the business, not from a customer] Write an e-mail in a {tone} tone. Do not send it. Begin with a line \
             \"Subject: …\", then an empty line, then only its text.{context}\nThe e-mail: {}",
            request.prompt,
        );
        let written = self.write(task, conversation_id, Customer::default()).await?;
        Ok(draft(&written, "Your request"))
    }

    /// Writes a reply to a mail that was received or sent, and sends it with `autoSend`.
    ///
    /// Fails with `INVALID_ARGUMENT` if the mail is not known.
    pub async fn reply(&self, request: ReplyEmail) -> Result<EmailSession> {
        let id = bare_id(&request.in_reply_to);
        let known = self.email_sender.threads().find(&id).await?.ok_or_else(|| {
            Error::argument("inReplyTo", "is not the id of an e-mail that was sent or received here")
        })?;
        let customer = Mailbox::parse(&known.customer).ok_or_else(|| {
            Error::argument("inReplyTo", "is an e-mail of a customer without a valid address")
        })?;
        let mut outgoing = reply_to(&id, &known);
        let message_id = self.email_sender.message_id(&outgoing)?;
        let instructions = request.prompt.as_deref().unwrap_or("Answer the last e-mail.");
        let task = format!(
            "[Task from the business, not from the customer] Write the answer to the customer's e-mail: only its text, without \
             a subject. Do not send it yourself. {instructions}"
        );
        let person = Customer { email: Some(known.customer.clone()), ..Customer::default() };
        let conversation_id = known.entry.conversation_id.clone();
        let written = self.write(task, conversation_id.clone(), person).await?;
        let draft = draft(&written, &outgoing.subject);
        let from = self.email_sender.transport(None)?.sender().from.address.clone();
        let session = EmailSession {
            id: message_id.clone(),
            message_id: None,
            provider_id: None,
            conversation_id: conversation_id.clone(),
            to: json!(customer.address),
            from,
            subject: outgoing.subject.clone(),
            channel: Channel::Email,
            direction: "outbound",
            status: "draft",
            in_reply_to: Some(id),
            started_at: now(),
            metadata: json!({ "draft": { "subject": outgoing.subject, "body": draft.body } })
                .as_object()
                .cloned(),
        };
        if request.auto_send != Some(true) {
            return Ok(session);
        }
        outgoing.to = vec![customer];
        outgoing.text = draft.body;
        let delivered = self.email_sender.send(outgoing, message_id.clone(), Some(&conversation_id)).await?;
        let (provider_id, message_id) = (delivered.provider_id, Some(message_id));
        Ok(EmailSession { message_id, provider_id, status: "sent", metadata: None, ..session })
    }

    async fn write(&self, task: String, conversation_id: String, customer: Customer) -> Result<String> {
        let turn = TurnRequest {
            channel: Channel::Email,
            conversation_id,
            input: replace_nul(task),
            customer,
            metadata: None,
            call_sid: None,
            message_sid: None,
            memory_id: None,
            instructions: None,
            tool_options: crate::agent::ToolOptions::default(),
        };
        Ok(self.agent.turn(turn).await?.text)
    }
}

/// Returns the subject that the model wrote above its text, or `otherwise`.
fn draft(written: &str, otherwise: &str) -> EmailDraft {
    let written = written.trim();
    let (first, rest) = written.split_once('\n').unwrap_or((written, ""));
    let subject =
        first.trim().trim_matches('*').strip_prefix("Subject:").map(|text| text.trim_matches(['*', ' ']));
    match subject.filter(|subject| !subject.is_empty() && !rest.trim().is_empty()) {
        Some(subject) => EmailDraft { subject: subject.to_owned(), body: rest.trim().to_owned() },
        None => EmailDraft { subject: otherwise.to_owned(), body: written.to_owned() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_drafts_with_and_without_a_subject() {
        for (written, subject, body) in [
            ("Subject: Hello\n\nDear Ann", "Hello", "Dear Ann"),
            ("**Subject:** Hello\n\nDear Ann", "Hello", "Dear Ann"),
            ("Dear Ann", "x", "Dear Ann"),
            ("Subject: only this", "x", "Subject: only this"),
        ] {
            assert_eq!(draft(written, "x"), EmailDraft { subject: subject.into(), body: body.into() });
        }
    }
}
