//! The tool switch_language: changes the language of a call.

use std::sync::{Arc, Weak};

use async_trait::async_trait;
use serde_json::{Value, json};

use crate::channels::shared::tool_names::SWITCH_LANGUAGE;
use crate::channels::voice::VoiceChannel;
use crate::config::VoiceConfig;
use crate::error::{Error, Result};
use crate::llm::ToolDefinition;
use crate::tools::{Tool, ToolContext, argument, done, failed};
use crate::types::message::{Channel, ToolResult};

/// A tool that changes the language of speech and recognition in a live call.
pub struct SwitchLanguage {
    definition: ToolDefinition,
    voice: Weak<VoiceChannel>,
}

impl SwitchLanguage {
    /// Creates the tool, if there are languages to switch to. It holds the channel weakly, because the
    /// channel holds the agent, and the agent its tools.
    pub fn new(voice: &Arc<VoiceChannel>, config: &VoiceConfig) -> Option<Self> {
        let codes = config.switchable_languages();
        if codes.is_empty() {
            return None;
        }
        let definition = ToolDefinition {
            name: SWITCH_LANGUAGE.to_owned(),
            description:
                "Change the language of this call, when the caller clearly speaks or asks for another one. \
                          Then answer in that language."
                    .to_owned(),
            parameters: json!({
                "type": "object",
                "properties": { "language": { "type": "string", "enum": codes, "description": "BCP 47" } },
                "required": ["language"],
            }),
        };
        Some(Self { definition, voice: Arc::downgrade(voice) })
    }
}

#[async_trait]
impl Tool for SwitchLanguage {
    fn definition(&self) -> &ToolDefinition {
        &self.definition
    }

    fn available_on(&self, channel: &Channel) -> bool {
        *channel == Channel::Call
    }

    async fn call(&self, arguments: Value, context: &ToolContext) -> Result<ToolResult> {
        let voice = self.voice.upgrade().ok_or(Error::Disposed("AIReceptionist"))?;
        let language = argument(&arguments, "language").unwrap_or_default();
        let switched = match &context.call_sid {
            Some(call_sid) => voice.lines().switch_language(call_sid, language).await,
            None => None,
        };
        Ok(match switched {
            Some(true) => done(json!({ "language": language }), ""),
            _ => failed(
                "The language cannot be changed on this line.",
                "I cannot change the language on this line.",
            ),
        })
    }
}
