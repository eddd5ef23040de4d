//! For the properties of streamed answers.

use crate::config::Provider;
use crate::error::Result;
use crate::http::parse_json;
use crate::llm::anthropic::Anthropic;
use crate::llm::google::Google;
use crate::llm::openai::OpenAi;
use crate::llm::remote::WireFormat;
use crate::llm::{ChatRequest, ChatResponse};

/// The answer that events of one of the APIs make.
pub(crate) fn answer(api: u8, events: &[String]) -> Result<ChatResponse> {
    let wire: &dyn WireFormat = match api {
        0 => &OpenAi { service: Provider::OpenAi },
        1 => &Anthropic,
        _ => &Google,
    };
    let mut assembly = wire.assembly();
    for event in events.iter().filter_map(|event| parse_json(event.as_bytes()).ok()) {
        assembly.add(&event);
        if assembly.is_last() {
            break;
        }
    }
    let _ = assembly.is_complete();
    wire.response(&assembly.body(), ChatRequest { messages: &[], tools: &[], conversation_id: "c" })
}
