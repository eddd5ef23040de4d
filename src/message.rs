//! What is said: channels, roles, messages, tool calls and their results.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A word out of a fixed vocabulary that rows written by others may go beyond.
///
/// Input is checked with `known`; reading keeps foreign words instead of failing a whole history.
macro_rules! vocabulary {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$vdoc])* $variant,)+
            /// A word found in a row that this version does not know.
            Foreign(String),
        }

        impl $name {
            /// The words this version writes.
            pub const WORDS: &'static [&'static str] = &[$($word),+];

            /// The word as stored.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $word,)+
                    Self::Foreign(word) => word,
                }
            }

            /// Whether the word belongs to the vocabulary.
            pub fn is_known(&self) -> bool {
                !matches!(self, Self::Foreign(_))
            }
        }

        impl From<&str> for $name {
            fn from(word: &str) -> Self {
                match word {
                    $($word => Self::$variant,)+
                    other => Self::Foreign(other.to_owned()),
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
pub(crate) use vocabulary;

vocabulary! {
    /// The line a message came in on or goes out on.
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

vocabulary! {
    /// Who speaks in a transcript.
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
    /// What the customer said.
    User(String),
    /// What the agent said, and the tools it asked for.
    Assistant {
        /// Text, empty when only tools were asked for.
        content: String,
        /// Tools asked for, in order.
        tool_calls: Vec<ToolCall>,
    },
    /// The result of one tool call.
    Tool {
        /// `id` of the call answered.
        call_id: String,
        /// The result as the model reads it.
        content: String,
    },
}

/// A tool the model asked for.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ToolCall {
    /// The provider's id of this call.
    pub id: String,
    /// Name of the tool.
    pub name: String,
    /// Arguments: an object, or the raw text where the model sent no valid JSON object.
    #[serde(default)]
    pub parameters: Value,
    /// What the provider wants back with the call while the turn lasts (Gemini's `thoughtSignature`); never stored.
    #[serde(skip)]
    pub signature: Option<String>,
}

/// What a tool returns.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ToolResult {
    /// Whether the tool did what was asked.
    pub success: bool,
    /// Facts for the model and for callers.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub data: Option<Value>,
    /// What went wrong.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub error: Option<String>,
    /// Words per channel: `{ speak?, message?, text? }`.
    #[serde(default)]
    pub response: Map<String, Value>,
}
