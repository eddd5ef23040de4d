//! Conversion of memories to the messages of a request. Exchanges are kept whole, and the newest
//! are kept first.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::error::Result;
use crate::llm::ToolDefinition;
use crate::llm::tokens::TokenBudget;
use crate::memory::MemoryManager;
use crate::types::memory::{Memory, MemoryType};
use crate::types::message::{Message, Role, ToolCall};

/// Memories of the first read. Every further read quadruples the number.
const INITIAL_READ: u32 = 64;
/// Maximum memories of one read.
const MAX_READ: u32 = 65_536;
/// Overhead of a message in addition to its text: four characters of one token each.
const MESSAGE_OVERHEAD: &str = "\u{1}\u{2}\u{3}\u{4}";

/// Limits of the conversation that a model sees.
#[derive(Debug, Clone, Copy)]
pub struct HistoryLimits {
    /// Maximum tokens of instructions, tools, history and input.
    pub tokens: usize,
    /// Maximum messages of history and input, if limited.
    pub messages: Option<usize>,
}

/// Messages that are sent together or not at all.
#[derive(Debug, Clone, PartialEq)]
struct Exchange(Vec<Message>);

impl Exchange {
    fn starts_with_user(&self) -> bool {
        matches!(self.0.first(), Some(Message::User(_)))
    }

    fn has_tools(&self) -> bool {
        self.0.len() > 1
    }
}

/// The earlier part of a conversation.
#[derive(Debug, Default)]
pub struct History {
    /// Exchanges, oldest first.
    exchanges: Vec<Exchange>,
    /// `true` if older exchanges were omitted.
    truncated: bool,
    /// `true` if not all exchanges fit into the token limit.
    exceeds: bool,
}

impl History {
    /// Reads the newest exchanges of a conversation, as many as `limits` can allow. `current` is
    /// the id of the memory being answered. Neither that memory nor later ones are part of the
    /// history.
    pub async fn read(
        memory: &MemoryManager,
        conversation_id: &str,
        current: &str,
        limits: HistoryLimits,
    ) -> Result<Self> {
        let most = limits.messages.map_or(usize::MAX, |messages| messages.saturating_sub(1));
        if most == 0 {
            return Ok(Self::default());
        }
        let mut read = INITIAL_READ;
        loop {
            let mut memories = memory.recent(conversation_id, read).await?;
            let more = memories.len() >= read as usize;
            if let Some(at) = memories.iter().position(|memory| memory.id == current) {
                memories.truncate(at);
            }
            let mut exchanges = exchanges(&memories);
            // Older calls of the same answer may not have been read.
            if more && exchanges.first().is_some_and(Exchange::has_tools) {
                exchanges.remove(0);
            }
            let messages: usize = exchanges.iter().map(|exchange| exchange.0.len()).sum();
            let exceeds = !fits(&exchanges, limits.tokens);
            if !more || read >= MAX_READ || messages >= most || exceeds {
                let mut history = Self { exchanges, truncated: more, exceeds };
                history.truncate(most);
                return Ok(history);
            }
            read = read.saturating_mul(4).min(MAX_READ);
        }
    }

    /// Returns the number of messages.
    pub fn message_count(&self) -> usize {
        self.exchanges.iter().map(|exchange| exchange.0.len()).sum()
    }

    /// Returns `true` if messages of the conversation are left out.
    pub fn is_cut(&self) -> bool {
        self.truncated || self.exceeds
    }

    /// Keeps the newest exchanges, up to `most` messages.
    fn truncate(&mut self, most: usize) {
        let mut left = most;
        let kept = self.exchanges.iter().rev().take_while(|exchange| {
            let fits = exchange.0.len() <= left;
            left = left.saturating_sub(exchange.0.len());
            fits
        });
        let kept = kept.count();
        let dropped = self.exchanges.len() - kept;
        self.truncated |= dropped > 0;
        self.exchanges.drain(..dropped);
    }

    /// Builds the transcript: instructions, the newest exchanges that fit into `tokens`, and
    /// `turn`. `turn` holds the current input and the messages after it, and is always sent.
    pub fn transcript(
        &self,
        system: &str,
        tools: &[ToolDefinition],
        turn: &[Message],
        tokens: usize,
    ) -> Vec<Message> {
        let mut budget = TokenBudget::new(tokens);
        budget.charge(system.to_owned());
        for tool in tools {
            budget.charge(format!("{} {} {}", tool.name, tool.description, tool.parameters));
        }
        for message in turn {
            budget.charge(cost(message));
        }
        let fitting = self.exchanges.iter().rev();
        let fitting =
            fitting.take_while(|exchange| budget.try_charge(exchange.0.iter().map(cost).collect())).count();
        let mut first = self.exchanges.len() - fitting;
        // A cut conversation starts with a message of the customer, if one is left.
        if self.truncated || first > 0 {
            let mut rest = self.exchanges[first..].iter();
            first += rest.position(Exchange::starts_with_user).unwrap_or_default();
        }
        let mut messages = vec![Message::System(system.to_owned())];
        messages.extend(self.exchanges[first..].iter().flat_map(|exchange| exchange.0.iter().cloned()));
        messages.extend_from_slice(turn);
        messages
    }
}

/// Returns `true` if all exchanges fit into the budget, so that older ones may fit too.
fn fits(exchanges: &[Exchange], tokens: usize) -> bool {
    let mut budget = TokenBudget::new(tokens);
    exchanges.iter().rev().all(|exchange| budget.try_charge(exchange.0.iter().map(cost).collect()))
}

/// Returns the text that determines the token cost of a message.
fn cost(message: &Message) -> String {
    let text = match message {
        Message::System(text) | Message::User(text) | Message::Tool { content: text, .. } => text.clone(),
        Message::Assistant { content, tool_calls, reasoning } => {
            let reasoning =
                reasoning.as_ref().map(|reasoning| reasoning.content.to_string()).unwrap_or_default();
            tool_calls.iter().fold(content.clone() + &reasoning, |text, call| {
                format!("{text} {} {} {}", call.id, call.name, call.parameters)
            })
        }
    };
    text + MESSAGE_OVERHEAD
}

/// Groups memories into exchanges, oldest first. Rows outside the dialogue are omitted. Tool rows
/// without an answer of the model are omitted too: those of the TypeScript SDK, and tools that the
/// developer ran.
fn exchanges(memories: &[Memory]) -> Vec<Exchange> {
    let mut rounds: HashMap<&str, Vec<&Memory>> = HashMap::new();
    for memory in memories {
        if let Some(id) = request_id(memory) {
            rounds.entry(id).or_default().push(memory);
        }
    }
    let mut exchanges = Vec::new();
    for memory in memories {
        let (text, round) = match (&memory.kind, &memory.role) {
            (MemoryType::Conversation, Some(Role::User)) => {
                if !memory.content.is_empty() {
                    exchanges.push(Exchange(vec![Message::User(memory.content.clone())]));
                }
                continue;
            }
            (MemoryType::Conversation, Some(Role::Assistant)) => {
                (memory.content.clone(), rounds.remove(memory.id.as_str()))
            }
            _ => (String::new(), request_id(memory).and_then(|id| rounds.remove(id))),
        };
        let calls: Vec<(ToolCall, String)> = round
            .into_iter()
            .flatten()
            .filter_map(|row| Some((row.parsed_tool_call()?, result(row))))
            .collect();
        if text.is_empty() && calls.is_empty() {
            continue;
        }
        let mut messages = vec![Message::Assistant {
            content: text,
            tool_calls: calls.iter().map(|(call, _)| call.clone()).collect(),
            reasoning: None,
        }];
        messages.extend(calls.into_iter().map(|(call, content)| Message::Tool { call_id: call.id, content }));
        exchanges.push(Exchange(messages));
    }
    exchanges
}

/// Returns the id of the answer that a tool row belongs to, if any.
fn request_id(memory: &Memory) -> Option<&str> {
    if memory.kind != MemoryType::ToolExecution {
        return None;
    }
    memory.parsed_tool_call()?;
    memory.meta("requestId")?.as_str()
}

/// Returns a stored tool result as the model reads it.
fn result(row: &Memory) -> String {
    match &row.tool_result {
        Some(result) => result_content(result),
        None => json!({
            "success": false,
            "error": "No result was recorded. It is not known whether the tool had an effect: check before trying again.",
        })
        .to_string(),
    }
}

/// Maximum length of a tool result, in bytes.
const MAX_RESULT_BYTES: usize = 16_000;

/// Returns a tool result as the model reads it: JSON, truncated at the maximum length.
pub(crate) fn result_content(result: &Value) -> String {
    let mut content = result.to_string();
    if content.len() > MAX_RESULT_BYTES {
        content.truncate(content.floor_char_boundary(MAX_RESULT_BYTES));
        content.push_str(" … (shortened)");
    }
    content
}

#[cfg(test)]
mod tests;
