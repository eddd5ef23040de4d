//! The tool send_email: sends an e-mail to the customer, or to recipients that the developer
//! allows.

use std::sync::Arc;

use async_trait::async_trait;
use serde_json::{Value, json};

use crate::config::EmailToolsConfig;
use crate::email::address::is_one_line;
use crate::email::sender::{EmailSender, OutgoingEmail};
use crate::email::{MAX_SUBJECT_CHARS, Mailbox};
use crate::error::{Error, Result};
use crate::llm::ToolDefinition;
use crate::tools::{Tool, ToolContext, argument, done, failed};
use crate::types::message::ToolResult;

const NOT_SENT: &str = "I could not send that e-mail.";

/// A tool that sends an e-mail written by the model.
pub struct SendEmail {
    definition: ToolDefinition,
    email_sender: Arc<EmailSender>,
    allowed: Vec<String>,
}

impl SendEmail {
    /// Creates a tool that sends to the customer's own address and to allowed recipients.
    pub fn new(email_sender: Arc<EmailSender>, config: &EmailToolsConfig) -> Self {
        let definition = ToolDefinition {
            name: "send_email".to_owned(),
            description: "Send an e-mail to the customer, when they asked for one. Do not use it to answer an e-mail: what you say \
                          there is sent by itself."
                .to_owned(),
            parameters: json!({
                "type": "object",
                "properties": {
                    "to": { "type": "string", "maxLength": 320,
                        "description": "The address; the customer's own unless given" },
                    "subject": { "type": "string", "maxLength": MAX_SUBJECT_CHARS, "description": "One line" },
                    "body": { "type": "string", "maxLength": 50_000, "description": "The text, without HTML" },
                },
                "required": ["subject", "body"],
            }),
        };
        let allowed = config.allowed_recipients.iter().map(|one| one.trim().to_lowercase()).collect();
        Self { definition, email_sender, allowed }
    }

    fn is_allowed_recipient(&self, address: &str, context: &ToolContext) -> bool {
        let is_domain = |one: &String| one.starts_with('@') && address.ends_with(one.as_str());
        context.customer.email.as_deref() == Some(address)
            || self.allowed.iter().any(|one| one == address || is_domain(one))
    }
}

#[async_trait]
impl Tool for SendEmail {
    fn definition(&self) -> &ToolDefinition {
        &self.definition
    }

    async fn call(&self, arguments: Value, context: &ToolContext) -> Result<ToolResult> {
        let (Some(subject), Some(body)) = (argument(&arguments, "subject"), argument(&arguments, "body"))
        else {
            return Ok(failed("`subject` and `body` must not be empty.", NOT_SENT));
        };
        if !is_one_line(subject) {
            return Ok(failed("`subject` must be one line.", NOT_SENT));
        }
        let Some(address) = argument(&arguments, "to").or(context.customer.email.as_deref()) else {
            return Ok(failed(
                "The customer's address is not known on this line, so nothing can be sent.",
                NOT_SENT,
            ));
        };
        let Some(to) = Mailbox::parse(address).filter(|to| self.is_allowed_recipient(&to.key(), context))
        else {
            let error =
                "Only the customer's own address may be written to. Offer that somebody will get in touch.";
            return Ok(failed(error, NOT_SENT));
        };
        // Replies of other recipients are not the customer's words, so they do not continue the
        // conversation.
        let own = context.customer.email.as_deref() == Some(to.key().as_str());
        let conversation = own.then_some(context.conversation_id.as_str());
        let outgoing = OutgoingEmail {
            to: vec![to],
            subject: subject.to_owned(),
            text: body.to_owned(),
            automatic: true,
            ..OutgoingEmail::default()
        };
        let message_id = self.email_sender.message_id(&outgoing)?;
        match self.email_sender.send(outgoing, message_id, conversation).await {
            Ok(sent) => Ok(done(json!({ "messageId": sent.message_id }), "The e-mail is sent.")),
            Err(Error::ProviderOutcomeUnknown { .. }) => Ok(failed(
                "Whether the e-mail went out is unknown. Do not send it again.",
                "I am not sure that the e-mail went out.",
            )),
            Err(error) => {
                let reason = format!("The e-mail was not sent ({}). Offer another way.", error.code());
                Ok(failed(reason, NOT_SENT))
            }
        }
    }
}
