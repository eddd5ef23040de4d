//! Events that the developer's callbacks receive as they happen.

use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::error::Error;
use crate::types::customer::Customer;
use crate::types::memory::timestamp;
use crate::types::message::{Channel, ToolResult};

/// Kinds of events, named by the option that subscribes to them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum EventKind {
    /// A tool returned a result, successful or not.
    #[serde(rename = "onToolExecute")]
    ToolExecute,
    /// A tool returned no result: it failed, timed out or could not be run.
    #[serde(rename = "onToolError")]
    ToolError,
    /// A conversation started.
    #[serde(rename = "onConversationStart")]
    ConversationStart,
    /// A conversation ended.
    #[serde(rename = "onConversationEnd")]
    ConversationEnd,
    /// Values were extracted from a conversation.
    #[serde(rename = "onExtract")]
    Extract,
}

/// An event.
#[derive(Debug, Clone)]
pub enum Event<'a> {
    /// A tool returned a result.
    ToolExecute(ToolEvent<'a>),
    /// A tool returned no result, with the error.
    ToolError(ToolEvent<'a>, &'a Error),
    /// A conversation started.
    ConversationStart(ConversationEvent<'a>),
    /// A conversation ended.
    ConversationEnd(ConversationEvent<'a>),
    /// Values were extracted from a conversation.
    Extract(ExtractEvent<'a>),
}

/// A tool execution, completed or attempted.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ToolEvent<'a> {
    /// Name of the tool.
    pub tool_name: &'a str,
    /// Arguments of the call.
    pub parameters: &'a Value,
    /// The result given to the model.
    pub result: &'a ToolResult,
    /// Duration of the call, in milliseconds.
    #[serde(serialize_with = "milliseconds")]
    pub duration: Duration,
    /// The channel.
    pub channel: &'a Channel,
    /// Id of the conversation.
    pub conversation_id: &'a str,
    /// Customer of the conversation.
    pub customer: &'a Customer,
    /// Metadata passed by the developer.
    pub metadata: &'a Map<String, Value>,
    /// Twilio call SID.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call_sid: Option<&'a str>,
    /// Twilio message SID.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_sid: Option<&'a str>,
    /// Time of the event; milliseconds since 1970 in JSON.
    #[serde(serialize_with = "timestamp::serialize")]
    pub timestamp: DateTime<Utc>,
}

/// The start or the end of a conversation.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ConversationEvent<'a> {
    /// Id of the conversation.
    pub conversation_id: &'a str,
    /// The channel, if known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<&'a Channel>,
    /// Metadata of the conversation, if known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<&'a Map<String, Value>>,
    /// Summary of the outcome.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<&'a str>,
    /// Time of the event; milliseconds since 1970 in JSON.
    #[serde(serialize_with = "timestamp::serialize")]
    pub timestamp: DateTime<Utc>,
}

/// Values that were extracted from a conversation.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ExtractEvent<'a> {
    /// Id of the conversation.
    pub conversation_id: &'a str,
    /// The channel, if known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<&'a Channel>,
    /// The customer to whom the whole conversation belongs, if any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer: Option<&'a Customer>,
    /// The valid values.
    pub extracted: &'a Map<String, Value>,
    /// Time of the event; milliseconds since 1970 in JSON.
    #[serde(serialize_with = "timestamp::serialize")]
    pub timestamp: DateTime<Utc>,
}

/// A listener for events.
#[async_trait]
pub trait EventListener: Send + Sync {
    /// Returns `true` if the listener subscribes to this kind of event.
    fn subscribes_to(&self, kind: EventKind) -> bool;

    /// Delivers an event. Resolves once the event is delivered, not when the listener has finished.
    /// It cannot fail, because the event has already happened.
    async fn on_event(&self, event: Event<'_>);
}

impl EventKind {
    /// Returns the name of the option.
    pub fn option(self) -> &'static str {
        match self {
            Self::ToolExecute => "onToolExecute",
            Self::ToolError => "onToolError",
            Self::ConversationStart => "onConversationStart",
            Self::ConversationEnd => "onConversationEnd",
            Self::Extract => "onExtract",
        }
    }
}

impl Event<'_> {
    /// Returns the kind of the event.
    pub fn kind(&self) -> EventKind {
        match self {
            Self::ToolExecute(_) => EventKind::ToolExecute,
            Self::ToolError(..) => EventKind::ToolError,
            Self::ConversationStart(_) => EventKind::ConversationStart,
            Self::ConversationEnd(_) => EventKind::ConversationEnd,
            Self::Extract(_) => EventKind::Extract,
        }
    }
}

fn milliseconds<S: serde::Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(duration.as_millis().try_into().unwrap_or(u64::MAX))
}
