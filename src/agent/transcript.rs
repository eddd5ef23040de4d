//! From memories to the messages a model is sent: whole exchanges, the newest that fit.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::error::Result;
use crate::llm::ToolDefinition;
use crate::llm::tokens::Budget;
use crate::memory::{Memory, MemoryType};
use crate::message::{Message, Role, ToolCall};
use crate::recall::MemoryManager;

/// Memories read first; four times as many each time more are needed.
const FIRST_READ: u32 = 64;
/// Memories read at most.
const LAST_READ: u32 = 65_536;
/// What a message costs beside its text: four characters that are a token each.
const MESSAGE_OVERHEAD: &str = "\u{1}\u{2}\u{3}\u{4}";

/// How much of a conversation a model sees.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Tokens of instructions, tools, history and input together.
    pub tokens: usize,
    /// Messages of history and input together, when capped.
    pub messages: Option<usize>,
}

/// One or several messages that are sent together or not at all.
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
    /// Oldest first.
    exchanges: Vec<Exchange>,
    /// Whether older ones were left out.
    cut: bool,
}

impl History {
    /// Reads the newest exchanges of a conversation, as many as `limits` could let through. `current`
    /// is the id of the memory being answered: neither it nor anything after it is history.
    pub async fn read(
        memory: &MemoryManager,
        conversation_id: &str,
        current: &str,
        limits: Limits,
    ) -> Result<Self> {
        let most = limits.messages.map_or(usize::MAX, |messages| messages.saturating_sub(1));
        if most == 0 {
            return Ok(Self::default());
        }
        let mut read = FIRST_READ;
        loop {
            let mut memories = memory.recent(conversation_id, read).await?;
            let more = memories.len() >= read as usize;
            if let Some(at) = memories.iter().position(|memory| memory.id == current) {
                memories.truncate(at);
            }
            let mut exchanges = exchanges(&memories);
            // The first tool calls may have older siblings that were not read.
            if more && exchanges.first().is_some_and(Exchange::has_tools) {
                exchanges.remove(0);
            }
            let messages: usize = exchanges.iter().map(|exchange| exchange.0.len()).sum();
            let enough = messages >= most || !fits(&exchanges, limits.tokens);
            if !more || read >= LAST_READ || enough {
                let mut history = Self { exchanges, cut: more };
                history.cap(most);
                return Ok(history);
            }
            read = read.saturating_mul(4).min(LAST_READ);
        }
    }

    /// Keeps the newest exchanges of at most so many messages.
    fn cap(&mut self, most: usize) {
        let mut left = most;
        let kept = self.exchanges.iter().rev().take_while(|exchange| {
            let fits = exchange.0.len() <= left;
            left = left.saturating_sub(exchange.0.len());
            fits
        });
        let kept = kept.count();
        let dropped = self.exchanges.len() - kept;
        self.cut |= dropped > 0;
        self.exchanges.drain(..dropped);
    }

    /// The transcript: instructions, the newest exchanges that fit into `tokens` beside everything
    /// else, and `turn` (the current input and what followed it), which is always sent.
    pub fn transcript(
        &self,
        system: &str,
        tools: &[ToolDefinition],
        turn: &[Message],
        tokens: usize,
    ) -> Vec<Message> {
        let mut budget = Budget::new(tokens);
        budget.charge(system.to_owned());
        for tool in tools {
            budget.charge(format!("{} {} {}", tool.name, tool.description, tool.parameters));
        }
        for message in turn {
            budget.charge(cost(message));
        }
        let fitting = self.exchanges.iter().rev();
        let fitting =
            fitting.take_while(|exchange| budget.take(exchange.0.iter().map(cost).collect())).count();
        let mut first = self.exchanges.len() - fitting;
        // A conversation whose beginning is missing goes on from something the customer said, if that
        // is still there.
        if self.cut || first > 0 {
            let mut rest = self.exchanges[first..].iter();
            first += rest.position(Exchange::starts_with_user).unwrap_or_default();
        }
        let mut messages = vec![Message::System(system.to_owned())];
        messages.extend(self.exchanges[first..].iter().flat_map(|exchange| exchange.0.iter().cloned()));
        messages.extend_from_slice(turn);
        messages
    }
}

/// Whether all of it would fit into the budget, so that more could.
fn fits(exchanges: &[Exchange], tokens: usize) -> bool {
    let mut budget = Budget::new(tokens);
    exchanges.iter().rev().all(|exchange| budget.take(exchange.0.iter().map(cost).collect()))
}

/// The text whose tokens a message costs.
fn cost(message: &Message) -> String {
    let text = match message {
        Message::System(text) | Message::User(text) | Message::Tool { content: text, .. } => text.clone(),
        Message::Assistant { content, tool_calls } => {
            tool_calls.iter().fold(content.clone(), |text, call| {
                format!("{text} {} {} {}", call.id, call.name, call.parameters)
            })
        }
    };
    text + MESSAGE_OVERHEAD
}

/// What memories say, oldest first. Rows that are no part of a dialogue are left out, and so are tool
/// rows that belong to no answer of the model (the TypeScript SDK's, and tools run by the developer).
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
        }];
        messages.extend(calls.into_iter().map(|(call, content)| Message::Tool { call_id: call.id, content }));
        exchanges.push(Exchange(messages));
    }
    exchanges
}

/// The answer of the model that a tool row belongs to.
fn request_id(memory: &Memory) -> Option<&str> {
    if memory.kind != MemoryType::ToolExecution {
        return None;
    }
    memory.parsed_tool_call()?;
    memory.meta("requestId")?.as_str()
}

/// A recorded result as the model reads it.
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

/// Longest tool result a model is sent, in bytes.
const MAX_RESULT_BYTES: usize = 16_000;

/// A tool result as the model reads it: JSON, shortened when it is huge.
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
