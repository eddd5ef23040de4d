//! Support for property tests of streamed answers.

use crate::config::Provider;
use crate::error::Result;
use crate::http::parse_json;
use crate::http::sse::Event;
use crate::llm::anthropic::Anthropic;
use crate::llm::google::Google;
use crate::llm::http_model::WireFormat;
use crate::llm::openai::OpenAi;
use crate::llm::{ChatRequest, ChatResponse};

/// Accumulates events of one of the APIs and parses the answer.
pub(crate) fn answer(api: u8, events: &[Event]) -> Result<ChatResponse> {
    let wire: &dyn WireFormat = match api {
        0 => &OpenAi { service: Provider::OpenAi },
        1 => &Anthropic,
        _ => &Google,
    };
    let mut accumulator = wire.accumulator();
    for event in events.iter().filter_map(|event| parse_json(event.data.as_bytes()).ok()) {
        accumulator.add(&event);
        if accumulator.is_last() {
            break;
        }
    }
    let _ = accumulator.is_complete();
    wire.response(&accumulator.body(), ChatRequest { messages: &[], tools: &[], conversation_id: "c" })
}
