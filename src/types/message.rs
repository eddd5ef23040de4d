//! Conversation types: channels, roles, messages, tool calls and tool results.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Defines an open string enum: rows written by other programs may hold unknown values.
///
/// Input is checked with `is_known`. Reading keeps unknown values, so that one of them does not
/// fail a whole history.
macro_rules! string_enum {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$vdoc])* $variant,)+
            /// A value found in a row that this version does not know.
            Unknown(String),
        }

        impl $name {
            /// Values that this version writes.
            pub const VALUES: &'static [&'static str] = &[$($word),+];

            /// Returns the value as stored.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $word,)+
                    Self::Unknown(word) => word,
                }
            }

            /// Returns `true` if this version knows the value.
            pub fn is_known(&self) -> bool {
                !matches!(self, Self::Unknown(_))
            }
        }

        impl From<&str> for $name {
            fn from(word: &str) -> Self {
                match word {
                    $($word => Self::$variant,)+
                    other => Self::Unknown(other.to_owned()),
                }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                <String as serde::Deserialize>::deserialize(deserializer).map(|word| Self::from(word.as_str()))
            }
        }
    };
}
pub(crate) use string_enum;

string_enum! {
    /// The channel of a message.
    Channel {
        /// A phone call.
        Call = "call",
        /// A text message.
        Sms = "sms",
        /// An e-mail.
        Email = "email",
        /// Text from the developer's own code.
        Text = "text",
    }
}

string_enum! {
    /// The speaker of a message in a transcript.
    Role {
        /// Instructions and session events.
        System = "system",
        /// The customer.
        User = "user",
        /// The agent.
        Assistant = "assistant",
        /// A tool.
        Tool = "tool",
    }
}

/// One message of the transcript sent to a model.
#[derive(Debug, Clone, PartialEq)]
pub enum Message {
    /// Instructions.
    System(String),
    /// A message of the customer.
    User(String),
    /// A message of the agent, with the tool calls it requested.
    Assistant {
        /// Text; empty if the agent only requested tools.
        content: String,
        /// Requested tool calls, in order.
        tool_calls: Vec<ToolCall>,
        /// Reasoning to return to the model together with the calls.
        reasoning: Option<ReasoningDetails>,
    },
    /// The result of one tool call.
    Tool {
        /// `id` of the tool call.
        call_id: String,
        /// The result in the form that the model reads.
        content: String,
    },
}

/// A tool call requested by the model.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ToolCall {
    /// The provider's id of the call.
    pub id: String,
    /// Name of the tool.
    pub name: String,
    /// Arguments: an object, or the raw text if the model did not send a valid JSON object.
    #[serde(default)]
    pub parameters: Value,
}

/// Reasoning and signatures that came with tool calls. The model expects them back during the turn.
/// They are never stored.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ReasoningDetails {
    /// Path of the model's options. Other models do not receive the content.
    pub model: String,
    /// The content, in the format of the model's API.
    pub content: Value,
}

impl ReasoningDetails {
    /// Returns the content if it came from the given model.
    pub(crate) fn of<'a>(reasoning: Option<&'a Self>, model: &str) -> Option<&'a Value> {
        reasoning.filter(|reasoning| reasoning.model == model).map(|reasoning| &reasoning.content)
    }
}

/// The result of a tool.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ToolResult {
    /// `true` if the tool succeeded.
    pub success: bool,
    /// Data for the model and the caller.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub data: Option<Value>,
    /// Error message.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub error: Option<String>,
    /// Response text per channel: `{ speak?, message?, text? }`.
    #[serde(default)]
    pub response: Map<String, Value>,
}
