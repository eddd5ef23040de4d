//! Mails that the agent writes for the developer.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::agent::TurnRequest;
use crate::channels::conversations::new_id;
use crate::channels::email::{EmailChannel, EmailSession};
use crate::customer::Customer;
use crate::error::{Error, Result};
use crate::mail::Mailbox;
use crate::mail::outbox::answer_to;
use crate::mail::threads::bare_id;
use crate::memory::now;
use crate::message::Channel;
use crate::tools::runner::clean_text;

/// What `email.generate` takes.
#[derive(Debug, Deserialize)]
pub struct GenerateEmail {
    /// What the mail is to say.
    pub prompt: String,
    /// What else the agent should know.
    pub context: Option<String>,
    /// `professional` unless given.
    pub tone: Option<String>,
    /// Kept with the conversation.
    pub metadata: Option<Map<String, Value>>,
}

/// A mail that was written and not sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EmailDraft {
    /// One line.
    pub subject: String,
    /// The plain text.
    pub body: String,
}

/// What `email.reply` takes.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReplyEmail {
    /// The id of the mail to answer.
    pub in_reply_to: String,
    /// What the answer is to say; what the agent finds right unless given.
    pub prompt: Option<String>,
    /// Whether it is sent; a draft unless given.
    pub auto_send: Option<bool>,
}

impl EmailChannel {
    /// Has the agent write a mail; nothing is sent.
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

    /// Has the agent answer a mail that was received or sent; sends the answer with `autoSend`.
    ///
    /// Fails with `INVALID_ARGUMENT` when the mail is not known.
    pub async fn reply(&self, request: ReplyEmail) -> Result<EmailSession> {
        let id = bare_id(&request.in_reply_to);
        let known = self.outbox.threads().find(&id).await?.ok_or_else(|| {
            Error::argument("inReplyTo", "is the id of no e-mail that was sent or received here")
        })?;
        let customer = Mailbox::parse(&known.customer)
            .ok_or_else(|| Error::argument("inReplyTo", "is an e-mail of nobody who can be answered"))?;
        let mut letter = answer_to(&id, &known);
        let message_id = self.outbox.message_id(&letter)?;
        let wish = request.prompt.as_deref().unwrap_or("Answer the last e-mail.");
        let task = format!(
            "[Task from the business, not from the customer] Write the answer to the customer's e-mail: only its text, without \
             a subject. Do not send it yourself. {wish}"
        );
        let person = Customer { email: Some(known.customer.clone()), ..Customer::default() };
        let conversation_id = known.place.conversation_id.clone();
        let written = self.write(task, conversation_id.clone(), person).await?;
        let draft = draft(&written, &letter.subject);
        let from = self.outbox.mailer(None)?.sender().from.address.clone();
        let session = EmailSession {
            id: message_id.clone(),
            message_id: None,
            provider_id: None,
            conversation_id: conversation_id.clone(),
            to: json!(customer.address),
            from,
            subject: letter.subject.clone(),
            channel: Channel::Email,
            direction: "outbound",
            status: "draft",
            in_reply_to: Some(id),
            started_at: now(),
            metadata: json!({ "draft": { "subject": letter.subject, "body": draft.body } })
                .as_object()
                .cloned(),
        };
        if request.auto_send != Some(true) {
            return Ok(session);
        }
        letter.to = vec![customer];
        letter.text = draft.body;
        let delivered = self.outbox.deliver(letter, message_id.clone(), Some(&conversation_id)).await?;
        let (provider_id, message_id) = (delivered.provider_id, Some(message_id));
        Ok(EmailSession { message_id, provider_id, status: "sent", metadata: None, ..session })
    }

    async fn write(&self, task: String, conversation_id: String, customer: Customer) -> Result<String> {
        let turn = TurnRequest {
            channel: Channel::Email,
            conversation_id,
            input: clean_text(task),
            customer,
            metadata: None,
            call_sid: None,
            message_sid: None,
            memory_id: None,
            instructions: None,
        };
        Ok(self.agent.turn(turn).await?.text)
    }
}

/// The subject that a model wrote above its text, or another.
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
    fn drafts_with_and_without_a_subject() {
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
