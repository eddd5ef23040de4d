//! What happens, told to the developer as it happens.

use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::customer::Customer;
use crate::error::Error;
use crate::memory::timestamp;
use crate::message::{Channel, ToolResult};

/// What can happen, by the name of the option that listens to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum EventKind {
    /// A tool gave a result, good or bad.
    #[serde(rename = "onToolExecute")]
    ToolExecute,
    /// A tool gave none: it failed, took too long or could not be run.
    #[serde(rename = "onToolError")]
    ToolError,
    /// A conversation began.
    #[serde(rename = "onConversationStart")]
    ConversationStart,
    /// A conversation ended.
    #[serde(rename = "onConversationEnd")]
    ConversationEnd,
}

/// Something that happened.
#[derive(Debug, Clone)]
pub enum Event<'a> {
    /// A tool gave a result.
    ToolExecute(ToolEvent<'a>),
    /// A tool gave none, and why.
    ToolError(ToolEvent<'a>, &'a Error),
    /// A conversation began.
    ConversationStart(ConversationEvent<'a>),
    /// A conversation ended.
    ConversationEnd(ConversationEvent<'a>),
}

/// A tool that was run, or was to be.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ToolEvent<'a> {
    /// Name of the tool.
    pub tool_name: &'a str,
    /// What it was called with.
    pub parameters: &'a Value,
    /// What the model was told.
    pub result: &'a ToolResult,
    /// How long it took, in milliseconds.
    #[serde(serialize_with = "milliseconds")]
    pub duration: Duration,
    /// The line.
    pub channel: &'a Channel,
    /// The conversation.
    pub conversation_id: &'a str,
    /// Who the conversation is with.
    pub customer: &'a Customer,
    /// What the developer passed along.
    pub metadata: &'a Map<String, Value>,
    /// Twilio's id of the call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call_sid: Option<&'a str>,
    /// Twilio's id of the message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_sid: Option<&'a str>,
    /// When; milliseconds since 1970 in JSON.
    #[serde(serialize_with = "timestamp::serialize")]
    pub timestamp: DateTime<Utc>,
}

/// The beginning or the end of a conversation.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ConversationEvent<'a> {
    /// The conversation.
    pub conversation_id: &'a str,
    /// The line, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<&'a Channel>,
    /// What is known of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<&'a Map<String, Value>>,
    /// What came of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<&'a str>,
    /// When; milliseconds since 1970 in JSON.
    #[serde(serialize_with = "timestamp::serialize")]
    pub timestamp: DateTime<Utc>,
}

/// Whoever wants to know.
#[async_trait]
pub trait Listener: Send + Sync {
    /// Whether it wants to know of such events.
    fn listens_to(&self, kind: EventKind) -> bool;

    /// Hears of an event. Resolves once it has heard, not when it is done with it, and cannot fail: what happened has
    /// happened.
    async fn hear(&self, event: Event<'_>);
}

impl EventKind {
    /// The name of the option.
    pub fn option(self) -> &'static str {
        match self {
            Self::ToolExecute => "onToolExecute",
            Self::ToolError => "onToolError",
            Self::ConversationStart => "onConversationStart",
            Self::ConversationEnd => "onConversationEnd",
        }
    }
}

impl Event<'_> {
    /// Which of them it is.
    pub fn kind(&self) -> EventKind {
        match self {
            Self::ToolExecute(_) => EventKind::ToolExecute,
            Self::ToolError(..) => EventKind::ToolError,
            Self::ConversationStart(_) => EventKind::ConversationStart,
            Self::ConversationEnd(_) => EventKind::ConversationEnd,
        }
    }
}

fn milliseconds<S: serde::Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(duration.as_millis().try_into().unwrap_or(u64::MAX))
}
